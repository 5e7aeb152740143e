"""A feeder carries a site's load: what GridDuck switches off, the line no longer carries."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from itertools import pairwise
import math
from typing import Final

from aiohttp import ClientSession
import pytest

from simulator.clock import Clock
from simulator.feeder import LINE, SITE
from simulator.gridduck.asset import Asset
from simulator.heimdall.assets import Line
from simulator.options import Options
from simulator.server import running

from .support import Api, window

EVENING: Final = datetime(2026, 11, 17, 18, 30, tzinfo=UTC)
VOLTAGE: Final = 22_000


@pytest.fixture
def clock() -> Clock:
    return Clock(EVENING.timestamp)


@pytest.fixture
async def fed(socket_enabled: None, clock: Clock) -> AsyncGenerator[Api]:
    """Run both services with a feeder between them."""
    async with running(Options(feeders=1), clock) as simulator, ClientSession() as session:
        yield Api(simulator, session)


def feeder(api: Api) -> Line:
    return next(line for line in api.lines if line.name == LINE)


def loads(api: Api) -> list[Asset]:
    world = api.simulator.gridduck.world
    return [asset for asset in world.assets.values() if asset.site.name == SITE]


async def current(api: Api) -> float:
    data = await api.values("G1", feeder(api))
    value = data["current"]["value"]
    assert isinstance(value, float)
    return value


async def limit(api: Api) -> float:
    data = await api.values("F1", feeder(api))
    value = data["circuit_rating"]["value"]
    assert isinstance(value, float)
    return value


async def test_the_evening_overloads_the_feeder_and_the_night_does_not(
    fed: Api, clock: Clock
) -> None:
    assert 1.02 < await current(fed) / await limit(fed) < 1.2
    clock.advance(8 * 3_600)
    assert await current(fed) / await limit(fed) < 0.9


async def test_the_line_carries_less_by_what_is_snoozed(fed: Api, clock: Clock) -> None:
    before = await current(fed)
    snoozed = sorted(loads(fed), key=lambda asset: asset.power(clock.now()) or 0)[-2:]
    saved = sum(asset.power(clock.now()) or 0 for asset in snoozed) / VOLTAGE / math.sqrt(3)
    for asset in snoozed:
        fed.simulator.gridduck.world.command(asset.id, "snooze", 3_600)
    clock.advance(600)
    # All that remains goes on swaying.
    assert before - await current(fed) == pytest.approx(saved, rel=0.3)
    assert await current(fed) < await limit(fed)
    clock.advance(3_600)
    assert await current(fed) > before - saved / 2


async def test_a_switch_shows_once_all_five_minutes_are_without_it(fed: Api, clock: Clock) -> None:
    """The current is that of the last five minutes, and its time that of the newest reading."""
    before = await current(fed)
    largest = max(loads(fed), key=lambda asset: asset.power(clock.now()) or 0)
    saved = (largest.power(clock.now()) or 0) / VOLTAGE / math.sqrt(3)
    fed.simulator.gridduck.world.command(largest.id, "snooze", 3_600)
    dropped: list[bool] = []
    for _ in range(7):
        clock.advance(60)
        data = await fed.values("G1", feeder(fed))
        dropped.append(data["current"]["value"] < before - 0.8 * saved)
        age = clock.now() - datetime.fromisoformat(data["current"]["timestamp"]).timestamp()
        assert 0 <= age < 300
    assert dropped == [False] * 4 + [True] * 3


@pytest.mark.parametrize(("kind", "step"), [("sliding", 60), ("aligned", 300)])
async def test_minutes_that_a_current_is_the_highest_of(
    socket_enabled: None, clock: Clock, kind: str, step: int
) -> None:
    options = Options(feeders=1, current_window=kind)
    async with running(options, clock) as simulator, ClientSession() as session:
        api = Api(simulator, session)
        data = await api.values("G2", feeder(api), **window(hours=2))
        times = [datetime.fromisoformat(one["timestamp"]) for one in data["currents"]]
    gaps = [round((later - earlier).total_seconds()) for earlier, later in pairwise(times)]
    assert min(gaps) == step
    assert all(gap % step == 0 for gap in gaps)


async def test_its_load_can_be_shed_but_for_the_ventilation(fed: Api) -> None:
    kinds = {asset.name: asset.kind.interruptible is not None for asset in loads(fed)}
    assert [name for name, may in kinds.items() if not may] == ["Hall ventilation"]
    assert sum(kinds.values()) >= 5


async def test_without_a_feeder_the_world_is_as_ever(api: Api) -> None:
    assert LINE not in {line.name for line in api.lines}
    assert not loads(api)
