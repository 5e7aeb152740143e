"""Validate addresses: the only module that decides where a request may go."""

import ipaddress
import re
from typing import Final, Literal
from urllib.parse import quote

from yarl import URL

_PATH = re.compile(r"(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)+")
_DOT_SEGMENT = re.compile(r"/(?:\.|%2[Ee]){1,2}(?:/|$)")
_ENCODED = re.compile(r"(?:http|ws)s?://[!-~]+")
_SEGMENT = re.compile(r"(?!\.{1,2}\Z)(?=.*\S)[^\x00-\x1f\x7f]+")

type Fault = Literal["url", "host", "credentials", "scheme"]
"""What is wrong with an address."""
_TEXTS: Final[dict[Fault, str]] = {
    "url": "The address is not a valid URL",
    "host": "The address names no host",
    "credentials": "The address must not hold a user or a password",
}


class BadAddress(ValueError):
    """A secret must not be sent to an address. The text does not repeat the address.

    Attributes:
        fault: what is wrong.
    """

    def __init__(self, fault: Fault, text: str = "") -> None:
        """Set the fault, and a text if that of the fault does not apply."""
        super().__init__(text or _TEXTS[fault])
        self.fault = fault


def checked_url(address: str) -> URL:
    """Return an address that a secret or a download may be exchanged with.

    Raises:
        BadAddress: it is not https (http is allowed on loopback only), names no host, or
            carries a user or password.
    """
    url, host = _parsed(address)
    if url.scheme != "https" and not (url.scheme == "http" and is_loopback(host)):
        raise BadAddress("scheme", "The address must begin with https://")
    return url


def checked_websocket_url(address: str, base_url: str) -> URL:
    """Return the address of a WebSocket, just as it is written.

    Args:
        address: the address.
        base_url: of the API of the same account.

    Raises:
        BadAddress: it is not wss, names no host, carries a user or password, or a fragment. On
            loopback, ws is allowed for an account that is itself on loopback.
    """
    url, host = _parsed(address)
    is_local = is_loopback(host) and is_loopback(URL(base_url).raw_host or "")
    if url.scheme != "wss" and not (url.scheme == "ws" and is_local):
        raise BadAddress("scheme", "The address must begin with wss://")
    if url.raw_fragment:
        raise BadAddress("url")
    return _exact(address, url)


def _parsed(address: str) -> tuple[URL, str]:
    """Return an address without credentials, and its host.

    Raises:
        BadAddress: it is no URL, names no host, or carries a user or password.
    """
    try:
        url = URL(address)
        host, _, _ = url.raw_host, url.port, url.host
        # A resolver would raise this UnicodeError, which is not one of the network.
        (host or "").encode("idna")
    except ValueError, TypeError:
        raise BadAddress("url") from None
    if not host:
        raise BadAddress("host" if url.scheme else "scheme", "The address names no host")
    if url.raw_user is not None or url.raw_password is not None:
        raise BadAddress("credentials")
    return url, host


def exact_url(address: str) -> URL:
    """Return a checked address unchanged, as any change breaks a signed link.

    Raises:
        ValueError: as `checked_url`.
    """
    return _exact(address, checked_url(address))


def _exact(address: str, parsed: URL) -> URL:
    return URL(address, encoded=True) if _ENCODED.fullmatch(address) else parsed


def checked_base_url(address: str) -> URL:
    """Return the address of an API, without a trailing slash in its path.

    Raises:
        ValueError: as `checked_url`, or it holds a query or a fragment.
    """
    url = checked_url(address.strip())
    if url.raw_query_string or url.raw_fragment:
        raise ValueError("The address must end with its path")
    return url.with_path(url.raw_path.rstrip("/"), encoded=True)


def other_slash(asked: URL, location: str) -> URL | None:
    """Return the target of a redirect that only adds or removes the trailing slash.

    Args:
        asked: the redirected address, with its query.
        location: the `Location` of the response.

    Returns:
        The address, without a query; None if anything else differs.
    """
    try:
        target = asked.join(URL(location))
        there = (target.scheme, target.raw_host, target.port, target.raw_user)
    except ValueError:
        return None
    path = asked.raw_path
    if (
        there != (asked.scheme, asked.raw_host, asked.port, None)
        or target.raw_path != (path[:-1] if path.endswith("/") else f"{path}/")
        # A server may omit the query; it is sent again anyway.
        or (target.raw_query_string and not _same_items(target, asked))
    ):
        return None
    return asked.with_path(target.raw_path, encoded=True)


def _same_items(one: URL, other: URL) -> bool:
    """Return whether two queries are equal, ignoring the order."""
    return sorted(one.query.items()) == sorted(other.query.items())


def is_loopback(host: str) -> bool:
    """Return whether a host is loopback."""
    if host.casefold() == "localhost":
        return True
    try:
        # A zone selects an interface; loopback needs none.
        return "%" not in host and ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_path_segment(value: str) -> bool:
    """Return whether a quoted id can be part of a path."""
    return _SEGMENT.fullmatch(value) is not None


def path_segment(value: str) -> str:
    """Quote an id so that it stays one segment of a path.

    Raises:
        ValueError: the id is blank, a dot segment, or holds control characters.
    """
    if not _SEGMENT.fullmatch(value):
        raise ValueError("The id cannot be part of an address")
    return quote(value, safe="")


def join(base: URL, path: str) -> URL:
    """Append an encoded path that begins with "/" to the address of an API.

    Raises:
        ValueError: the path is not encoded, has a query, or would leave the base.
    """
    if not _PATH.fullmatch(path) or _DOT_SEGMENT.search(path):
        raise ValueError("The path is not a plain encoded path")
    return base.with_path(base.raw_path.rstrip("/") + path, encoded=True)
