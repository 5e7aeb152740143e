"""The GridDuck service: its routes, who may use them, and the errors it gives."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from simulator.core import Core

from .accounts import Grant
from .assets import Assets
from .downloads import Downloads
from .settings import ASSUMED
from .telemetry import Telemetry
from .tokens import Tokens
from .wire import Refused, missing_page
from .world import World

_GRANT: Final = web.RequestKey("grant", Grant)
_OAUTH_PATH: Final = "/oauth/token"
_DOWNLOAD_PATH: Final = "/download/"

type _Endpoint = Callable[[web.Request], Awaitable[web.Response]]


class GridDuckService:
    """One GridDuck cloud; `base_url` is set when its port is bound."""

    def __init__(self, core: Core) -> None:
        """Build its world."""
        self.base_url = ""
        self._clock = core.clock
        self.world = World(core)

    @property
    def client_id(self) -> str:
        """The client id of the application."""
        return self.world.accounts.client_id

    @property
    def client_secret(self) -> str:
        """The client secret of the application, as it is now."""
        return self.world.accounts.client_secret

    def routes(self) -> list[web.RouteDef]:
        """Return the routes. Without the slash, `/asset` is not one of them."""
        world, clock = self.world, self._clock
        tokens, assets = Tokens(world, clock), Assets(world)
        telemetry = Telemetry(world, clock)
        downloads = Downloads(world, clock, lambda: self.base_url)
        view, control = "asset:view", "asset:boost_snooze"
        one_asset, data_request = "/asset/{asset_id}", "/data_request/{request_id}"
        # Method, path, name, scope, handler.
        table: list[tuple[str, str, str, str | None, _Endpoint]] = [
            ("POST", _OAUTH_PATH, "token", None, tokens.post),
            ("GET", "/asset/", "asset", view, assets.get_assets),
            ("PUT", one_asset, "control", control, assets.put_asset),
            ("GET", "/site/", "site", "site:view", assets.get_sites),
            (
                "GET",
                f"{one_asset}/telemetry/aggregate",
                "telemetry_aggregate",
                view,
                telemetry.get_aggregate,
            ),
            (
                "GET",
                f"{one_asset}/telemetry/instantaneous",
                "telemetry_instantaneous",
                view,
                telemetry.get_instantaneous,
            ),
            ("POST", "/data_request/", "data_request_create", view, downloads.create),
            ("GET", data_request, "data_request", view, downloads.get),
            ("POST", f"{data_request}/link", "data_request_link", view, downloads.create_link),
            ("GET", f"{_DOWNLOAD_PATH}{{key}}/{{name}}", "download", None, downloads.download),
        ]
        return [
            web.route(method, path, self._endpoint(name, scope, handler))
            for method, path, name, scope, handler in table
        ]

    async def authenticate(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer 401 to a request without a good token, where one is due."""
        if request.path != _OAUTH_PATH and not request.path.startswith(_DOWNLOAD_PATH):
            header = request.headers.get("Authorization")
            grant = self.world.accounts.check(header, self._clock.now())
            if grant is None:
                return self.error(401, "The access token is missing, unknown or expired")
            request[_GRANT] = grant
        return await handler(request)

    def error(self, status: int, message: str) -> web.Response:
        """Return an error as the service words it."""
        return Refused(status, message).response()

    def _endpoint(self, name: str, scope: str | None, handler: _Endpoint) -> _Endpoint:
        async def answer(request: web.Request) -> web.Response:
            if scope is not None and self.world.simulate_slow:
                await asyncio.sleep(self.world.simulate_slow)
            if name in self.world.endpoints_missing & ASSUMED:
                return missing_page()
            if scope is not None and not self._allowed(request[_GRANT], scope):
                return self.error(403, f"The scope {scope} is required")
            try:
                return await handler(request)
            except Refused as refused:
                return refused.response()

        return answer

    def _allowed(self, grant: Grant, scope: str) -> bool:
        return scope in grant.scopes and scope in self.world.granted_scopes
