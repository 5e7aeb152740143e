"""Servers that are none of ours, and a clock for tokens."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import ipaddress
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
import ssl
from threading import Thread
import time
from typing import override

from aiohttp import web
from aiohttp.resolver import AsyncResolver
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from homeassistant.core import HomeAssistant
from homeassistant.helpers import aiohttp_client
import pytest

from custom_components.gridduck_heimdall.core import auth

from .house import house

__all__ = ["house"]


@dataclass
class Foreign:
    """A server on another port that must never be asked for anything.

    Attributes:
        url: its address.
        requests: what it was asked for all the same.
    """

    url: str = ""
    requests: list[str] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        self.requests.append(f"{request.method} {request.rel_url}")
        return web.Response(text="{}")


@pytest.fixture
async def foreign(socket_enabled: None) -> AsyncGenerator[Foreign]:
    """Run the foreign server; that it was asked for nothing is checked at the end."""
    server = Foreign()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.handle)
    async with TestServer(app) as running:
        server.url = str(running.make_url("")).rstrip("/").replace("127.0.0.1", "localhost")
        yield server
    assert server.requests == []


@pytest.fixture(scope="session")
def self_signed(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """Return the server side of TLS with a certificate that nobody trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    path: Path = tmp_path_factory.mktemp("tls") / "server.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@pytest.fixture
def wrong_certificate(socket_enabled: None, self_signed: ssl.SSLContext) -> Iterator[str]:
    """Return the address of a server whose certificate nobody trusts; nobody may talk to it."""
    heard: list[bytes] = []

    class Talk(BaseRequestHandler):
        @override
        def handle(self) -> None:
            # The client hangs up when it has seen the certificate.
            with suppress(OSError), self_signed.wrap_socket(self.request, server_side=True) as tls:
                heard.append(tls.recv(1))

    with ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"https://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()
    assert not any(heard)


@pytest.fixture
def addresses(wrong_certificate: str, unused_tcp_port: int) -> dict[str, str]:
    """Return addresses where nobody can be reached, by why."""
    return {
        "closed port": f"http://127.0.0.1:{unused_tcp_port}",
        "unknown name": "https://api.gridduck-heimdall.invalid",
        "wrong certificate": wrong_certificate,
    }


@dataclass
class TokenClock:
    """The clock by which tokens and the token endpoint's pauses are measured."""

    moved: float = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.moved


@pytest.fixture
def token_clock(monkeypatch: pytest.MonkeyPatch) -> TokenClock:
    """Return that clock, to be moved."""
    clock = TokenClock()
    monkeypatch.setattr(auth, "monotonic", clock)
    return clock


@pytest.fixture(autouse=True)
async def without_tracebacks_of_tasks(hass: HomeAssistant) -> None:
    """Leave out what asyncio's debugging costs: more than all requests together."""
    asyncio.get_running_loop().set_debug(False)


class Resolver(AsyncResolver):
    """A resolver of names as Home Assistant's own, without what hears of local services."""

    async def real_close(self) -> None:
        """Close it at the end of Home Assistant."""
        await self.close()


@pytest.fixture(autouse=True)
def names_are_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look names up for real; the test plugin's resolver does so only in the first test."""
    monkeypatch.setattr(aiohttp_client, "_async_make_resolver", lambda _hass: Resolver())
