"""Client authentication at a token endpoint.

Contract: gridduck-api.md, "Token"; RFC 6749 §2.3.1.
"""

from base64 import b64encode


def literal_basic(client_id: str, client_secret: str) -> str:
    """Return the Basic header of the unencoded id and secret.

    RFC 6749 wants both form-encoded first. Many servers do not decode them, and GridDuck's guide
    names no encoding.
    """
    return f"Basic {b64encode(f'{client_id}:{client_secret}'.encode()).decode()}"
