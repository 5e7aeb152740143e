"""Downloads that must not lead into the network of this machine."""

import socket
import ssl
from typing import override

from aiohttp.abc import AbstractResolver, ResolveResult
import pytest

from custom_components.gridduck_heimdall.api.download import download
from custom_components.gridduck_heimdall.api.errors import UnexpectedAnswer
from custom_components.gridduck_heimdall.api.public_only import is_public, public_session

from .conftest import Cloud, answer


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700:4700::1111", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::808:808", True),
        ("2002:808:808::1", True),
        ("0.1.2.3", False),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("127.0.0.1", False),
        ("127.255.255.254", False),
        ("169.254.169.254", False),
        ("172.16.0.1", False),
        ("192.0.2.1", False),
        ("192.168.1.1", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("233.252.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::7f00:1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:0:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b:1::808:808", False),
        ("2001::1", False),
        ("2001:db8::1", False),
        ("2002:7f00:1::1", False),
        ("fc00::1", False),
        ("fd12:3456::1", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("ff02::1", False),
    ],
)
def test_public_addresses(address: str, *, public: bool) -> None:
    assert is_public(address) is public


class Loopback(AbstractResolver):
    """Resolves numbers in any form, as operating systems do, and every name to loopback."""

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        try:
            address = socket.inet_ntoa(socket.inet_aton(host))
        except OSError:
            address = "127.0.0.1"
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
        ]

    @override
    async def close(self) -> None:
        pass


async def refused(link: str) -> None:
    async with public_session(ssl.create_default_context(), Loopback()) as session:
        with pytest.raises(UnexpectedAnswer, match=r"not public|not a valid address"):
            await anext(download(session, link))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.9.9.9",
        "localhost",
        "LOCALHOST",
        "[::1]",
        "[::ffff:127.0.0.1]",
    ],
)
async def test_a_link_to_this_machine(cloud: Cloud, host: str) -> None:
    cloud.will(answer("x"))
    port = cloud.url.rpartition(":")[2]
    for scheme in ("http", "https"):
        await refused(f"{scheme}://{host}:{port}/file?sig=1")
    assert cloud.requests == []


@pytest.mark.parametrize(
    "host",
    [
        "localhost.",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "017700000001",
        "0",
        "0.0.0.1",
        "[::]",
        "[fe80::1]",
        "10.0.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "[fc00::1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::a00:1]",
    ],
)
async def test_a_link_into_this_network(host: str) -> None:
    await refused(f"https://{host}/file")


async def test_a_name_that_leads_to_this_machine(cloud: Cloud) -> None:
    """What a name was resolved to before does not count, only where the connection would go."""
    cloud.will(answer("x"))
    port = cloud.url.rpartition(":")[2]
    await refused(f"https://files.example.com:{port}/file")
    assert cloud.requests == []
