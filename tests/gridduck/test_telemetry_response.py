"""The answer that tells an asset's telemetry: any range, split and joined."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest

from custom_components.gridduck_heimdall.api.errors import FeatureUnavailable
from custom_components.gridduck_heimdall.api.gridduck import Granularity
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from custom_components.gridduck_heimdall.gridduck.telemetry_response import async_telemetry
from simulator.faults import Fault
from simulator.gridduck.series import QUANTITIES, Window, series
from simulator.gridduck.world import World
from simulator.options import Options
from simulator.server import Simulator

from .support import named

END = datetime(2026, 11, 18, 17, tzinfo=UTC)
TELEMETRY = "/telemetry/"


@pytest.fixture
def simulator_options() -> Options:
    """Return one site."""
    return Options(sites=1, assets=8)


@pytest.mark.parametrize(
    ("name", "kind", "granularity", "hours", "unit", "calls"),
    [
        ("Lamp", "energy", Granularity.HOUR, 2500, "kWh", 3),
        ("Lamp", "energy", Granularity.DAY, 480, "kWh", 1),
        ("Lamp", "demand", Granularity.HALF_HOUR, 70, "W", 3),
        ("Lamp", "demand", Granularity.MINUTE, 3, "W", 4),
        ("Meeting room", "temperature", Granularity.HOUR, 100, "°C", 3),
        ("Meeting room", "energy", Granularity.HOUR, 100, "kWh", 1),
    ],
)
async def test_any_range(
    account: GridDuckAccount,
    simulator: Simulator,
    world: World,
    name: str,
    kind: str,
    granularity: Granularity,
    hours: int,
    unit: str,
    calls: int,
) -> None:
    asset_id, start = named(world, name), END - timedelta(hours=hours)
    answer: dict[str, Any] = await async_telemetry(account, asset_id, kind, start, END, granularity)
    assert (answer["kind"], answer["unit"], answer["granularity"]) == (kind, unit, granularity)
    assert simulator.calls.count(path=TELEMETRY) == calls
    quantity = {"energy": "delivered", "demand": "consumption", "temperature": "temperature"}[kind]
    window = Window(
        int(start.timestamp()), int(END.timestamp()), int(granularity.length.total_seconds())
    )
    expected = series(
        world.assets[asset_id],
        QUANTITIES[quantity],
        "aggregate" if kind == "energy" else "instantaneous",
        window,
        simulator.clock.now(),
    )
    factor = 1000 if kind == "energy" else 1
    points = answer["points"]
    assert isinstance(points, list)
    assert [(one["time"], one["value"]) for one in points] == [
        (datetime.fromtimestamp(stamp, UTC).isoformat(), pytest.approx(value / factor))
        for stamp, value in expected
    ]
    times = [datetime.fromisoformat(one["time"]) for one in points]
    assert all(a < b for a, b in pairwise(times))
    assert bool(points) == ((name, kind) != ("Meeting room", "energy"))


async def test_a_range_that_begins_anywhere(account: GridDuckAccount, world: World) -> None:
    """Duplicates where two parts meet are dropped, and nothing beyond the range is told."""
    lamp = named(world, "Lamp")
    start = END - timedelta(hours=50, minutes=7, seconds=3)
    answer: dict[str, Any] = await async_telemetry(
        account, lamp, "demand", start, END, Granularity.HALF_HOUR
    )
    points = answer["points"]
    assert isinstance(points, list)
    assert len(points) == 100
    assert points[0]["time"] == (END - timedelta(hours=50)).isoformat()


async def test_duplicates(account: GridDuckAccount, simulator: Simulator, world: World) -> None:
    lamp, stamp = named(world, "Lamp"), int(END.timestamp()) - 3600
    points = [
        {"stamp": stamp, "value": 2},
        {"stamp": stamp - 7200, "value": 1},
        {"stamp": stamp, "value": 3},
        {"stamp": stamp + 3600, "value": 4},
    ]
    simulator.faults.add(
        Fault(service="gridduck", path=TELEMETRY, kind="patch", patch={"results": points})
    )
    answer = await async_telemetry(
        account, lamp, "demand", END - timedelta(hours=3), END, Granularity.HOUR
    )
    assert answer["points"] == [
        {"time": (END - timedelta(hours=3)).isoformat(), "value": 1},
        {"time": (END - timedelta(hours=1)).isoformat(), "value": 3},
    ]


async def test_too_much(account: GridDuckAccount, simulator: Simulator, world: World) -> None:
    with pytest.raises(ServiceValidationError) as raised:
        await async_telemetry(
            account,
            named(world, "Lamp"),
            "demand",
            END - timedelta(days=14),
            END,
            Granularity.MINUTE,
        )
    assert raised.value.translation_key == "too_many_points"
    assert simulator.calls.count(path=TELEMETRY) == 0


async def test_not_offered(hass: HomeAssistant, account: GridDuckAccount, world: World) -> None:
    world.endpoints_missing.add("telemetry_aggregate")
    with pytest.raises(FeatureUnavailable, match="does not offer aggregate telemetry"):
        await async_telemetry(
            account, named(world, "Lamp"), "energy", END - timedelta(days=1), END, Granularity.HOUR
        )
