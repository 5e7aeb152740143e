"""The GridDuck service: its routes, who may use them, and the errors it gives."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from simulator.core import Core

from .accounts import Grant
from .assets import Assets
from .downloads import Downloads
from .real_time import PATH as REAL_TIME_PATH, RealTime
from .settings import ASSUMED, CONTROL_SCOPES
from .telemetry import Telemetry
from .tokens import Tokens
from .wire import Refused, missing_page, refused
from .world import World

_GRANT: Final = web.RequestKey("grant", Grant)
_OAUTH_PATH: Final = "/oauth/token"
_DOWNLOAD_PATH: Final = "/download/"

type _Endpoint = Callable[[web.Request], Awaitable[web.StreamResponse]]


class GridDuckService:
    """One GridDuck cloud; `base_url` is set when its port is bound.

    Attributes:
        world: its sites and assets.
        real_time: its WebSocket.
    """

    def __init__(self, core: Core) -> None:
        """Build its world."""
        self.base_url = ""
        self._clock = core.clock
        self.world = World(core)
        self.real_time = RealTime(self.world, core)

    @property
    def client_id(self) -> str:
        """The client id of the application."""
        return self.world.accounts.client_id

    @property
    def client_secret(self) -> str:
        """The client secret of the application, as it is now."""
        return self.world.accounts.client_secret

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        world, clock = self.world, self._clock
        tokens, assets = Tokens(world, clock), Assets(world)
        telemetry = Telemetry(world, clock)
        downloads = Downloads(world, clock, lambda: self.base_url)
        view, control = frozenset({"asset:view"}), CONTROL_SCOPES
        one_asset, data_request = "/asset/{asset_id}", "/data_request/{request_id}"
        # Method, path, name, scopes of which one is enough, handler.
        table: list[tuple[str, str, str, Collection[str], _Endpoint]] = [
            ("POST", _OAUTH_PATH, "token", (), tokens.post),
            ("GET", "/asset/", "asset", view, assets.get_assets),
            ("PUT", one_asset, "control", control, assets.put_asset),
            ("GET", "/site/", "site", {"site:view"}, assets.get_sites),
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
            ("GET", "/data_request/", "data_request_list", view, downloads.list_all),
            ("GET", data_request, "data_request", view, downloads.get),
            ("DELETE", data_request, "data_request_delete", view, downloads.delete),
            ("POST", f"{data_request}/link", "data_request_link", view, downloads.create_link),
            ("GET", REAL_TIME_PATH, "real_time", view, self.real_time.get),
            ("GET", f"{_DOWNLOAD_PATH}{{key}}/{{name}}", "download", (), downloads.download),
        ]
        return [
            *(
                web.route(method, path, self._endpoint(name, scopes, handler))
                for method, path, name, scopes, handler in table
            ),
            *(
                web.route(
                    method, path.rstrip("/"), self._endpoint(name, scopes, self._slashless(handler))
                )
                for method, path, name, scopes, handler in table
                if method == "GET" and path.endswith("/")
            ),
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

    def _slashless(self, handler: _Endpoint) -> _Endpoint:
        """Return what answers a list without its trailing slash: only where that redirects."""

        async def answer(request: web.Request) -> web.StreamResponse:
            if self.world.redirects_slash is None:
                return self.error(404, "Not Found")
            return await handler(request)

        return answer

    def _endpoint(self, name: str, scopes: Collection[str], handler: _Endpoint) -> _Endpoint:
        async def answer(request: web.Request) -> web.StreamResponse:
            if scopes and self.world.simulate_slow:
                await asyncio.sleep(self.world.simulate_slow)
            if name in self.world.endpoints_missing & ASSUMED:
                return missing_page()
            if (refusal := self.world.endpoints_refused.get(name)) is not None:
                return refused(refusal)
            if scopes and not self._allowed(request[_GRANT], scopes):
                return self.error(403, f"The scope {min(scopes)} is required")
            slash = request.method == "GET" and request.path.endswith("/")
            if slash and (status := self.world.redirects_slash) is not None:
                location = request.rel_url.with_path(request.path.rstrip("/"), keep_query=True)
                return web.Response(status=status, headers={"Location": str(location)})
            try:
                return await handler(request)
            except Refused as error:
                return error.response()

        return answer

    def _allowed(self, grant: Grant, scopes: Collection[str]) -> bool:
        return any(one in grant.scopes and one in self.world.granted_scopes for one in scopes)
