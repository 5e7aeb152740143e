"""Make foreign text fit to be shown in a message."""

from collections.abc import Iterable
import re

LONGEST_TEXT = 200
"""Characters of foreign text in a message."""

_SPACES = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_SECRETS = re.compile(r"(?i:bearer|basic)\s+[\w.~+/=-]{8,}|eyJ[\w-]+\.[\w.-]+")


def fit_to_show(text: str, secrets: Iterable[str] = ()) -> str:
    """Return `text` on one line, without secrets, cut to 200 characters.

    Args:
        text: anything, for instance the body of an error.
        secrets: text that must not be shown; what looks like a token is hidden anyway.
    """
    for secret in secrets:
        text = text.replace(secret, "***")
    text = _SPACES.sub(" ", _SECRETS.sub("***", text)).strip()
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
