"""Connections to public addresses only.

An address in a cloud's answer must not make this machine send requests to its own network, where
services may trust any local client (server-side request forgery). The address that the socket
connects to is checked, so neither DNS nor an unusual notation of an address gets around it.
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
import socket
import ssl
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


class AddressNotPublic(OSError):
    """The address is not public."""

    def __init__(self) -> None:
        """Use a constant message: aiohttp merges equal errors of several addresses."""
        super().__init__("The address is not public")


def public_session(
    context: ssl.SSLContext, resolver: AbstractResolver | None = None
) -> aiohttp.ClientSession:
    """Return a session of its own that connects to public addresses only.

    It shares no connections, as the address of an open connection is not checked.

    Args:
        context: the TLS context.
        resolver: the DNS resolver; by default the operating system's.
    """
    connector = aiohttp.TCPConnector(
        ssl=context,
        resolver=resolver or aiohttp.ThreadedResolver(),
        socket_factory=_public_socket,
        force_close=True,
    )
    return aiohttp.ClientSession(connector=connector)


def is_public(address: str) -> bool:
    """Return whether an IP address is public."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        embedded = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            embedded = IPv4Address(ip.packed[-4:])
        if embedded is None:
            return ip in _GLOBAL_UNICAST and ip.is_global
        ip = embedded
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _public_socket(info: tuple[Any, ...]) -> socket.socket:
    """Return a socket for a resolved address.

    Raises:
        AddressNotPublic: the address is not public.
    """
    family, kind, protocol, _, (address, *_) = info
    if not is_public(address):
        raise AddressNotPublic
    return socket.socket(family, kind, protocol)
