"""The token endpoint."""

from typing import Final
from urllib.parse import parse_qsl

from aiohttp import web
from multidict import MultiDict

from simulator.clock import Clock

from .settings import DEFAULT, MISSING
from .wire import Refused, json_response, parameters
from .world import World

_FORM: Final = "application/x-www-form-urlencoded"


class Tokens:
    """Gives access tokens. Contract: gridduck-api.md, "Token"."""

    def __init__(self, world: World, clock: Clock) -> None:
        """Take the world, which holds the applications."""
        self._world = world
        self._clock = clock

    async def post(self, request: web.Request) -> web.Response:
        """Answer a token, or an error that says which part of the request is wrong."""
        world = self._world
        parameters(request.query, ())
        client_id = world.accounts.application(request.headers.get("Authorization"), world.basic)
        if client_id is None:
            raise Refused(401, "Client authentication failed", "invalid_client")
        if request.content_type != _FORM:
            raise Refused(400, f"Content-Type must be {_FORM}", "invalid_request")
        body = (await request.read()).decode(errors="replace")
        given = MultiDict(parse_qsl(body, keep_blank_values=True))
        form = parameters(given, {"grant_type", "scope"})
        if form.get("grant_type") != "client_credentials":
            raise Refused(
                400, "Only the grant type client_credentials is allowed", "unsupported_grant_type"
            )
        scopes = self._granted(form.get("scope", "").split())
        return json_response(self._answer(client_id, scopes))

    def _granted(self, asked: list[str]) -> list[str]:
        granted = [scope for scope in dict.fromkeys(asked) if scope in self._world.granted_scopes]
        if not granted or (self._world.strict_scopes and set(granted) != set(asked)):
            status, code = self._world.scope_refusal
            raise Refused(status, "The requested scope is invalid or not granted", code)
        return granted

    def _answer(self, client_id: str, scopes: list[str]) -> dict[str, object]:
        world = self._world
        expires_at = self._clock.now() + world.token_lifetime
        expires_in = world.expires_in
        answer: dict[str, object] = {
            "access_token": world.accounts.grant(scopes, expires_at),
            "token_type": "Bearer",
            # The guide prints it as a string.
            "expires_in": str(int(world.token_lifetime)) if expires_in is DEFAULT else expires_in,
            "mfa_requires_setup": False,
            "refresh_token": None,
            "scope": world.scope_separator.join(scopes),
        }
        if (user_id := world.users.get(client_id)) is not None:
            answer["user"] = {"id": user_id}
        return {key: value for key, value in answer.items() if value is not MISSING}
