"""Access tokens: the token endpoint and the check of bearer tokens.

Contract: heimdall-api.md §1.2 and §9, simulator rules 1 and 2.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
import hmac
import math
import secrets
from typing import Final

from aiohttp import web
import msgspec

from simulator.clock import Clock

from .world import HeimdallWorld

TENANT: Final = "hpadb2cprod"
POLICY: Final = "b2c_1a_clientcredentialsflow"
SCOPE: Final = "https://hpadb2cprod.onmicrosoft.com/dc5758ae-4eea-416e-9e61-812914d9a49a/.default"
SUFFIX: Final = "/oauth2/v2.0/token"
TOKEN_PATH: Final = f"/{TENANT}.onmicrosoft.com/{POLICY}{SUFFIX}"
ROUTE: Final = f"/{{tenant}}/{{policy}}{SUFFIX}"
_FIELDS: Final = ("grant_type", "client_id", "client_secret", "scope")
_FORM: Final = "application/x-www-form-urlencoded"
_HEADER: Final = {"alg": "HS256", "typ": "JWT"}


class _Claims(msgspec.Struct):
    exp: float
    generation: int


class Tokens:
    """Gives tokens and knows which are good."""

    def __init__(self, world: HeimdallWorld, clock: Clock) -> None:
        """Make a key of its own: a token is good only where it came from."""
        self._world = world
        self._clock = clock
        self._key = secrets.token_bytes(32)

    async def answer(self, request: web.Request) -> web.Response:
        """Answer a request for a token."""
        tenant, policy = request.match_info["tenant"], request.match_info["policy"]
        if tenant != f"{TENANT}.onmicrosoft.com" or policy.lower() != POLICY:
            return _oauth_error(404, "invalid_request", "AADB2C90047: no such tenant or policy.")
        if request.content_type != _FORM:
            return _oauth_error(400, "invalid_request", f"The body must be {_FORM}.")
        form = {
            name: value
            for name, value in (await request.post()).items()
            if isinstance(value, str) and value
        }
        return self._refusal(form) or self._granted()

    def good(self, authorization: str | None) -> bool:
        """Tell whether an Authorization header carries a token that is valid now."""
        scheme, _, token = (authorization or "").partition(" ")
        head, _, signature = token.rpartition(".")
        if scheme.lower() != "bearer" or not hmac.compare_digest(
            self._signature(head.encode()), signature.encode()
        ):
            return False
        # Signed by this very service: it can be decoded.
        claims = msgspec.json.decode(_unpadded(head.partition(".")[2]), type=_Claims)
        current = claims.generation == self._world.token_generation
        return current and claims.exp > self._clock.now()

    def _refusal(self, form: dict[str, str]) -> web.Response | None:
        for name in _FIELDS:
            if name not in form:
                return _oauth_error(400, "invalid_request", f"The field {name} is missing.")
        if form["grant_type"] != "client_credentials":
            return _oauth_error(400, "unsupported_grant_type", "The grant type is not supported.")
        if form["client_id"] != self._world.client_id:
            return _oauth_error(400, "unauthorized_client", "The application is not known.")
        if not hmac.compare_digest(
            form["client_secret"].encode(), self._world.client_secret.encode()
        ):
            return _oauth_error(401, "invalid_client", "The client secret is not right.")
        if form["scope"] != SCOPE:
            return _oauth_error(400, "invalid_scope", "The scope is not valid.")
        return None

    def _granted(self) -> web.Response:
        now = math.floor(self._clock.now())
        lifetime: int | str = math.floor(self._world.token_lifetime)
        if self._world.expires_in_as_text:
            lifetime = str(lifetime)
        body: dict[str, object] = {
            "access_token": self._issue(),
            "token_type": "Bearer",
            "not_before": now,
            "expires_in": lifetime,
            "expires_on": now + math.floor(self._world.token_lifetime),
            "resource": SCOPE.split("/")[3],
        }
        if self._world.expires_in == "absent":
            del body["expires_in"]
        elif self._world.expires_in is not None:
            body["expires_in"] = self._world.expires_in
        return web.Response(
            body=msgspec.json.encode(body),
            content_type="application/json",
            headers={"Cache-Control": "no-store"},
        )

    def _issue(self) -> str:
        now = self._clock.now()
        claims: dict[str, object] = {
            "iss": f"https://{TENANT}.b2clogin.com/",
            "aud": SCOPE.split("/")[3],
            "azp": self._world.client_id,
            "iat": math.floor(now),
            "nbf": math.floor(now),
            "exp": math.ceil(now + self._world.token_lifetime),
            "jti": secrets.token_hex(8),
            "generation": self._world.token_generation,
        }
        if self._world.region is not None:
            claims["region"] = self._world.region
        head = b".".join(_packed(msgspec.json.encode(part)) for part in (_HEADER, claims))
        return b".".join((head, self._signature(head))).decode()

    def _signature(self, head: bytes) -> bytes:
        return _packed(hmac.digest(self._key, head, sha256))


def _packed(part: bytes) -> bytes:
    return urlsafe_b64encode(part).rstrip(b"=")


def _unpadded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _oauth_error(status: int, error: str, description: str) -> web.Response:
    body = {"error": error, "error_description": description}
    return web.Response(
        status=status, body=msgspec.json.encode(body), content_type="application/json"
    )
