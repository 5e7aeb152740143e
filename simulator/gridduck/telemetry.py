"""The two telemetry endpoints."""

from typing import Final

from aiohttp import web

from simulator.clock import Clock

from .files import iso
from .series import GRANULARITIES, QUANTITIES, Kind, Window, series
from .wire import Refused, envelope, one_of, parameters, required, whole_number
from .world import World

_LIMITS: Final[dict[Kind, int]] = {"aggregate": 1_000, "instantaneous": 48}
_PARAMETERS: Final = frozenset({"type", "from", "to", "granularity"})


class Telemetry:
    """Answers telemetry of one asset. Contract: gridduck-api.md, "Telemetry" and Part 2."""

    def __init__(self, world: World, clock: Clock) -> None:
        """Take the world and its time."""
        self._world = world
        self._clock = clock

    async def get_aggregate(self, request: web.Request) -> web.Response:
        """Answer totals over intervals, 1,000 at most."""
        return self._answer(request, "aggregate")

    async def get_instantaneous(self, request: web.Request) -> web.Response:
        """Answer averages at points in time, 48 at most."""
        return self._answer(request, "instantaneous")

    def _answer(self, request: web.Request, kind: Kind) -> web.Response:
        asset = self._world.assets.get(request.match_info["asset_id"])
        if asset is None:
            raise Refused(404, "Asset not found")
        given = parameters(request.query, _PARAMETERS)
        quantity = one_of(QUANTITIES, required(given, "type"), "type")
        step = one_of(GRANULARITIES, required(given, "granularity"), "granularity")
        start, end = (whole_number(required(given, name), name) for name in ("from", "to"))
        if end <= start:
            raise Refused(400, "Parameter 'to' must be after 'from'")
        window = Window(start, end, step)
        limit = _LIMITS[kind]
        if len(window.stamps) > limit:
            raise Refused(400, f"At most {limit} points a request, not {len(window.stamps)}")
        points = [
            {"stamp": iso(stamp) if self._world.iso_stamps else stamp, "value": value}
            for stamp, value in series(asset, quantity, kind, window, self._clock.now())
        ]
        return envelope(request.path, points, 0, limit, len(points), unit=quantity.unit)
