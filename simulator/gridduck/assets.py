"""The list of assets, boost and snooze, and the list of sites."""

from typing import Annotated, Final

from aiohttp import web
import msgspec

from .timeline import OverrideKind
from .wire import Refused, envelope, json_body, missing_page, parameters, refused, whole_number
from .world import World

_LONGEST: Final = 86_400

type _Seconds = Annotated[int, msgspec.Meta(ge=0, le=_LONGEST)]


class _Command(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    snooze_finish: _Seconds | msgspec.UnsetType = msgspec.UNSET
    boost_finish: _Seconds | msgspec.UnsetType = msgspec.UNSET


class Assets:
    """Lists and controls assets, and lists sites.

    Contract: gridduck-api.md, "List assets", "Snooze an asset", Part 2.
    """

    def __init__(self, world: World) -> None:
        """Take the world."""
        self._world = world

    async def get_assets(self, request: web.Request) -> web.Response:
        """Answer a page of assets."""
        offset, limit = self._page(request)
        results, total = self._world.page(offset, limit)
        if self._world.total is not None:
            total = self._world.total
        return envelope(request.path, results, offset, limit, total)

    async def get_sites(self, request: web.Request) -> web.Response:
        """Answer a page of sites."""
        offset, limit = self._page(request)
        sites = self._world.site_records()
        return envelope(request.path, sites[offset : offset + limit], offset, limit, len(sites))

    async def put_asset(self, request: web.Request) -> web.Response:
        """Boost or snooze an asset; no content on success."""
        asset_id = request.match_info["asset_id"]
        if asset_id not in self._world.assets:
            raise Refused(404, "Asset not found")
        kind, seconds = _read(await json_body(request, _Command))
        if kind == "boost" and "boost" in self._world.endpoints_missing:
            return missing_page()
        if kind == "boost" and (refusal := self._world.endpoints_refused.get("boost")) is not None:
            return refused(refusal)
        if self._world.record(asset_id).get("read_only") is True:
            raise Refused(403, "The asset is read-only")
        self._world.command(asset_id, kind, seconds)
        return web.Response(status=204)

    def _page(self, request: web.Request) -> tuple[int, int]:
        world = self._world
        given = parameters(request.query, {"offset", "limit"})
        if given and world.refuses_queries:
            raise Refused(world.refusal_status, "This list takes no parameters")
        offset = whole_number(given.get("offset", "0"), "offset")
        limit = whole_number(given.get("limit", str(world.default_limit)), "limit")
        if limit == 0:
            raise Refused(400, "Parameter 'limit' must be 1 or more")
        most = world.refuses_limits_above
        if most is not None and "limit" in given and limit > most:
            raise Refused(world.refusal_status, "Parameter 'limit' is too large")
        return 0 if world.ignores_offset else offset, min(limit, world.max_limit)


def _read(command: _Command) -> tuple[OverrideKind, int]:
    match command.snooze_finish, command.boost_finish:
        case int() as seconds, msgspec.UnsetType():
            return "snooze", seconds
        case msgspec.UnsetType(), int() as seconds:
            return "boost", seconds
        case _:
            raise Refused(400, "The body must have exactly one of snooze_finish and boost_finish")
