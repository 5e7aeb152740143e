"""Applications and the access tokens that they hold."""

from base64 import b64decode
from binascii import Error
from collections.abc import Iterable
from dataclasses import dataclass, field
from hmac import compare_digest
from secrets import token_urlsafe
from urllib.parse import unquote_plus

from simulator.noise import digest

from .settings import BasicForm


@dataclass(frozen=True, slots=True)
class Grant:
    """What an access token allows, until `expires_at` (simulated unix seconds)."""

    scopes: frozenset[str]
    expires_at: float


@dataclass(slots=True)
class Accounts:
    """Client secrets by client id, and grants by access token. Neither shows in its repr."""

    seed: int
    applications: dict[str, str] = field(init=False, repr=False)
    grants: dict[str, Grant] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Make the first application."""
        secret = digest(self.seed, "gridduck client secret", 0, 24).hex()
        self.applications = {self._first_id(): secret}

    @property
    def client_id(self) -> str:
        """The client id of the first application."""
        return self._first_id()

    @property
    def client_secret(self) -> str:
        """The client secret of the first application, as it is now."""
        return self.applications[self._first_id()]

    def application(self, authorization: str | None, form: BasicForm = "either") -> str | None:
        """Return the client id of a good Basic header of a form, literal or form-encoded."""
        method, _, encoded = (authorization or "").partition(" ")
        if method.lower() != "basic":
            return None
        try:
            decoded = b64decode(encoded.strip(), validate=True).decode()
        except Error, UnicodeDecodeError:
            return None
        client_id, colon, secret = decoded.partition(":")
        if not colon:
            return None
        literal = (client_id, secret)
        unquoted = (unquote_plus(client_id), unquote_plus(secret))
        pairs = {"literal": [literal], "encoded": [unquoted], "either": [literal, unquoted]}
        for name, given in pairs[form]:
            known = self.applications.get(name)
            if known is not None and compare_digest(known.encode(), given.encode()):
                return name
        return None

    def grant(self, scopes: Iterable[str], expires_at: float) -> str:
        """Return a new access token."""
        token = token_urlsafe(32)
        self.grants[token] = Grant(frozenset(scopes), expires_at)
        return token

    def check(self, authorization: str | None, now: float) -> Grant | None:
        """Return the grant of a Bearer header; None where it is unknown or over."""
        method, _, token = (authorization or "").partition(" ")
        grant = self.grants.get(token.strip()) if method.lower() == "bearer" else None
        return grant if grant is not None and now < grant.expires_at else None

    def _first_id(self) -> str:
        return f"gd-{digest(self.seed, 'gridduck client id', 0, 12).hex()}"
