"""Statistics as they are recorded, and as they must be by the simulated world."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.statistics import (
    list_statistic_ids,
    statistics_during_period,
)
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from simulator.gridduck.series import QUANTITIES, Kind, Window, series
from simulator.gridduck.world import World

from .conftest import START
from .support import IDENTITY

HOUR: Final = 3_600
DAY: Final = 24 * HOUR
MONTH: Final = 30 * DAY
# When the tests of this cloud begin. The hour that has just ended is imported ten minutes later.
NOW: Final = datetime.fromisoformat(START).timestamp()
LAST: Final = NOW - HOUR
AGGREGATE: Final = "/telemetry/aggregate"
INSTANTANEOUS: Final = "/telemetry/instantaneous"
_FINEST: Final[dict[str, tuple[Kind, int]]] = {
    "delivered": ("aggregate", HOUR),
    "consumption": ("instantaneous", HOUR // 2),
    "temperature": ("instantaneous", HOUR // 2),
}

type Rows = dict[float, dict[str, Any]]


def id_of(asset_id: str, what: str) -> str:
    """Return the id of an asset's statistic."""
    return f"gridduck_heimdall:{IDENTITY}_{asset_id.replace('-', '_')}_{what}"


async def rows_of(
    hass: HomeAssistant, asset_id: str, what: str, period: Literal["hour", "day"] = "hour"
) -> Rows:
    """Return all rows of an asset's statistic by the time they start, oldest first."""
    statistic_id = id_of(asset_id, what)

    def read() -> Rows:
        found = statistics_during_period(
            hass,
            dt_util.utc_from_timestamp(0),
            None,
            {statistic_id},
            period,
            None,
            {"mean", "min", "max", "state", "sum", "change"},
        )
        return {row["start"]: dict(row) for row in found.get(statistic_id, ())}

    return await get_instance(hass).async_add_executor_job(read)


async def named_statistics(hass: HomeAssistant, asset_id: str) -> list[dict[str, Any]]:
    """Return what users see of all statistics of an asset."""
    ids = {id_of(asset_id, what) for what in ("energy", "cost", "demand", "temperature")}
    return await get_instance(hass).async_add_executor_job(list_statistic_ids, hass, ids)


def expected(
    world: World, asset_id: str, quantity: str, start: float, end: float
) -> dict[float, list[float]]:
    """Return the service's values of a range by the hour that they lie in."""
    kind, step = _FINEST[quantity]
    window = Window(int(start), int(end), step)
    found = defaultdict[float, list[float]](list)
    for stamp, value in series(world.assets[asset_id], QUANTITIES[quantity], kind, window, end):
        found[stamp // HOUR * HOUR].append(value)
    return dict(found)


def truth(world: World, asset_id: str, energy: Mapping[float, Mapping[str, Any]]) -> bool:
    """Check energy without holes against the service's, and that its sum never jumps."""
    hours = expected(world, asset_id, "delivered", min(energy), max(energy) + HOUR)
    assert {at: row["state"] for at, row in energy.items()} == pytest.approx(
        {at: wh / 1000 for at, (wh,) in hours.items()}
    )
    first = next(iter(energy.values()))
    total = first["sum"] - first["state"]
    for row in energy.values():
        total += row["state"]
        assert row["sum"] == pytest.approx(total)
    return True
