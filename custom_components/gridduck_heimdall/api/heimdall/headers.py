"""Headers that every request to the service carries. Contract: heimdall-api.md §1.2, §1.3."""

import base64
import binascii
from collections.abc import Mapping
import re
from typing import Final

import msgspec

from ..token import Token

CLIENT_NAME: Final = "gridduck-heimdall"
CLIENT_VERSION: Final = "0.1.0"
DEFAULT_REGION: Final = "eu"

_HEADER_SAFE: Final = re.compile(r"[\x20-\x7e]+")


class _Claims(msgspec.Struct, frozen=True):
    region: str = ""


def region_headers(token: Token) -> Mapping[str, str]:
    """Return the headers that name the region of the token and the client."""
    return {
        "x-region": region_of(token.value),
        "x-client-name": CLIENT_NAME,
        "x-client-version": CLIENT_VERSION,
        "Accept": "application/json",
    }


def region_of(jwt: str) -> str:
    """Return the region claim of a token in lower case, "eu" if it has no usable one.

    The signature is not checked: the service does that, and the claim only routes the request.
    The service may open new regions, so the claim is sent without a check against a list.
    """
    _, _, rest = jwt.partition(".")
    payload, _, _ = rest.partition(".")
    try:
        claims = msgspec.json.decode(
            base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=_Claims
        )
    except binascii.Error, msgspec.DecodeError, UnicodeDecodeError, RecursionError:
        return DEFAULT_REGION
    region = claims.region.strip().lower()
    return region if _HEADER_SAFE.fullmatch(region) else DEFAULT_REGION
