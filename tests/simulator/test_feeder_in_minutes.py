"""A feeder whose evening comes soon, and that is measured often."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

from aiohttp import ClientSession
import pytest

from simulator.__main__ import parse_options
from simulator.clock import Clock
from simulator.feeder import LINE, SITE
from simulator.heimdall.assets import Line
from simulator.options import Options
from simulator.server import running

from .support import Api, stamp

# Far from any evening.
MORNING: Final = datetime(2026, 11, 17, 5, 2, 10, tzinfo=UTC)
OPTIONS: Final = Options(
    sites=1, assets=8, lines=2, feeders=1, evening_in=1.5, evening_lasts=2, tempo=20
)
STEP: Final = 15
READING: Final = 3


@pytest.fixture
def clock() -> Clock:
    return Clock(MORNING.timestamp)


@pytest.fixture
async def hurried(socket_enabled: None, clock: Clock) -> AsyncGenerator[Api]:
    """Run both services with such a feeder."""
    async with running(OPTIONS, clock) as simulator, ClientSession() as session:
        yield Api(simulator, session)


def feeder(api: Api) -> Line:
    return next(line for line in api.lines if line.name == LINE)


async def loading(api: Api) -> float:
    current = await api.values("G1", feeder(api))
    rating = await api.values("F1", feeder(api))
    return float(100 * current["current"]["value"] / rating["circuit_rating"]["value"])


async def measured(api: Api, line: Line, start: float, end: float) -> list[float]:
    """Return when a line was measured, unix times."""
    times = {
        "from_timestamp": stamp(datetime.fromtimestamp(start, UTC)),
        "to_timestamp": stamp(datetime.fromtimestamp(end, UTC)),
    }
    data = await api.values("G2", line, **times)
    return [datetime.fromisoformat(each["timestamp"]).timestamp() for each in data["currents"]]


async def test_the_evening_comes_and_goes(hurried: Api, clock: Clock) -> None:
    found: list[float] = []
    for _ in range(20):
        found.append(await loading(hurried))
        clock.advance(STEP)
    above = [number for number, value in enumerate(found) if value > 100]
    # Two minutes of it, which come and go within a minute: above the rating in one piece.
    assert above == [*range(above[0], above[-1] + 1)]
    assert 4 <= len(above) <= 8
    assert 90 <= above[0] * STEP <= 90 + 3 * STEP
    assert max(found) < 125
    edge = 45 // STEP
    assert all(value < 95 for value in (*found[: above[0] - edge], *found[above[-1] + edge :]))


async def test_it_is_measured_often_from_the_start_on(hurried: Api, clock: Clock) -> None:
    clock.advance(600)
    start, line = MORNING.timestamp(), feeder(hurried)
    before = await measured(hurried, line, start - 3_600, start - 300)
    gaps = {round(later - earlier) for earlier, later in pairwise(before)}
    assert gaps
    assert all(gap % 60 == 0 for gap in gaps)
    since = await measured(hurried, line, start, clock.now())
    assert len(since) > 60
    assert all(round(later - earlier) % READING == 0 for earlier, later in pairwise(since))


async def test_other_lines_are_measured_as_ever(hurried: Api, clock: Clock) -> None:
    clock.advance(1_800)
    other = next(line for line in hurried.lines if line.name != LINE)
    times = await measured(hurried, other, MORNING.timestamp(), clock.now())
    assert times
    assert all(round(later - earlier) % 60 == 0 for earlier, later in pairwise(times))


async def test_assets_may_be_switched_sooner_and_be_off_as_long(hurried: Api) -> None:
    world = hurried.simulator.gridduck.world
    records = [world.record(asset.id) for asset in world.assets.values() if asset.site.name == SITE]
    limits = {record["name"]: (record["min_time_on"], record["max_time_off"]) for record in records}
    assert limits["Electrode boiler"] == (15, 14_400)
    assert limits["District heat pumps"] == (60, 3_600)
    assert limits["Hall ventilation"] == (None, None)


def test_the_command_line() -> None:
    given = ["--evening-in", "1.5", "--evening-lasts", "2", "--tempo", "20"]
    given += ["--current-window", "aligned"]
    options = parse_options(given)
    assert (options.evening_in, options.evening_lasts, options.tempo) == (1.5, 2, 20)
    assert options.current_window == "aligned"


@pytest.mark.parametrize(
    "given",
    ["--tempo=7", "--tempo=0", "--evening-in=-1", "--evening-lasts=0", "--current-window=both"],
)
def test_what_cannot_be(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_options([given])
    name = given.removeprefix("--").partition("=")[0].replace("-", "_")
    assert f"error: {name} must" in capsys.readouterr().err
