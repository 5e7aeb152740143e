"""What is imported, when, and that the recorder then holds what one single import would give."""

import asyncio
from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import thread_time

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import get_instance
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from hypothesis import HealthCheck, given, settings, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.history.hours import HourMean, hour_of, start_of
from custom_components.gridduck_heimdall.history.series import Series
from custom_components.gridduck_heimdall.history.statistics import HourRows, Statistics, Written
from custom_components.gridduck_heimdall.history.work import ImportState
from tests.conftest import pass_time

from .support import (
    CURRENT,
    ENERGY,
    FIRST,
    HOUR,
    MONTH,
    NOON,
    NOW,
    Formula,
    check,
    new_entry,
    new_importer,
    recorded,
    restart,
    run,
    unload,
)


@pytest.mark.parametrize("first_days", [30])
async def test_first_set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """The last 30 days, in fetches no longer than the service allows, oldest first."""
    source = Formula(window=timedelta(days=7))
    importer = new_importer(hass, entry, source)
    await run(hass, importer)
    await check(hass, source, MONTH)
    assert len(source.asked) == 5
    assert source.asked == sorted(source.asked)
    assert source.asked[0][0] == start_of(MONTH) - HOUR
    progress = importer.progress
    assert (progress.state, progress.percent) == (ImportState.IDLE, 100)
    assert (progress.hours_done, progress.hours_to_do) == (720, 0)


async def test_as_far_as_the_service_reaches(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    source = Formula(reach=timedelta(days=3))
    await run(hass, new_importer(hass, entry, source))
    assert min(await recorded(hass, ENERGY)) == NOON - 71
    assert source.asked[0][0] == NOW - timedelta(days=3)


async def test_each_finished_hour(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    source = Formula()
    await run(hass, new_importer(hass, entry, source))
    source.asked.clear()
    await pass_time(hass, freezer, timedelta(minutes=35))
    assert source.asked == []
    await pass_time(hass, freezer, timedelta(minutes=10))
    assert source.asked == [(start_of(NOON) - HOUR, start_of(NOON + 1))]
    await check(hass, source, end=NOON + 1)


async def test_seldom(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """A large account is imported every few hours."""
    source = Formula()
    await run(hass, new_importer(hass, entry, source, every=3 * HOUR))
    source.asked.clear()
    for _ in range(3):
        await pass_time(hass, freezer, HOUR)
    assert len(source.asked) == 1
    await check(hass, source, end=NOON + 3)


async def test_live_hours_cost_nothing(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Polling has recorded them; the hour in which Home Assistant started is imported."""
    source = Formula(live_since=NOW)
    await run(hass, new_importer(hass, entry, source))
    source.asked.clear()
    for _ in range(5):
        await pass_time(hass, freezer, HOUR)
    assert source.asked == [(start_of(NOON) - HOUR, start_of(NOON + 1))]
    source.live_since = start_of(NOON + 8)
    for _ in range(5):
        await pass_time(hass, freezer, HOUR)
    assert source.asked[1:] == [
        (start_of(hour) - HOUR, start_of(hour + 1)) for hour in (NOON + 5, NOON + 6, NOON + 7)
    ]


async def test_down_for_days(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Exactly the gap is asked for, while the recorder holds rows of its own beside it."""
    source = Formula()
    await run(hass, new_importer(hass, entry, source))
    await unload(hass, entry)
    freezer.tick(timedelta(hours=20))
    await Statistics(hass).async_write({CURRENT: {NOON + 30: HourMean(77.0, 77.0, 77.0)}})
    source.asked.clear()
    await restart(hass, entry, source)
    assert source.asked == [(start_of(NOON) - HOUR, start_of(NOON + 20))]
    rows = await recorded(hass, CURRENT)
    assert rows.pop(NOON + 30) == (77.0, 77.0, 77.0)
    assert rows == source.in_one_go(CURRENT, FIRST, NOON + 20)
    assert await recorded(hass, ENERGY) == source.in_one_go(ENERGY, FIRST, NOON + 20)


async def test_again_once_a_day(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """A value that was corrected within 48 hours is found, and all later sums follow it."""
    source = Formula()
    await run(hass, new_importer(hass, entry, source))
    source.corrections = {NOON - 20: 100.0, NOON - 150: 100.0}
    source.asked.clear()
    for _ in range(24):
        await pass_time(hass, freezer, HOUR)
    assert len(source.asked) == 24
    assert source.asked[-1] == (start_of(NOON + 24 - 48) - HOUR, start_of(NOON + 24))
    del source.corrections[NOON - 150]
    await check(hass, source, end=NOON + 24)


async def test_asked_for(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """An older range goes before the rest, and the sums of all that follows are raised."""
    source, other = Formula(), Formula(key="other", all_series=())
    importer = new_importer(hass, entry, source, other)
    await run(hass, importer)
    source.asked.clear()
    importer.request([source.key], NOW - timedelta(days=20), NOW - timedelta(days=10))
    await hass.async_block_till_done(wait_background_tasks=True)
    await check(hass, source, NOON - 480)
    assert not other.asked
    importer.request(None, NOW - HOUR, NOW + timedelta(days=3))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert source.asked[-1] == (start_of(NOON - 1) - HOUR, start_of(NOON))
    assert importer.progress.state is ImportState.IDLE


async def test_a_year(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    source = Formula(step=3600, window=timedelta(hours=1000))
    importer = new_importer(hass, entry, source)
    await run(hass, importer)
    importer.request(None, NOW - timedelta(days=365), NOW)
    await hass.async_block_till_done(wait_background_tasks=True)
    await check(hass, source, NOON - 365 * 24)


async def test_twice_changes_nothing(
    hass: HomeAssistant, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not a row is written again; samples given twice and out of order are the same samples."""
    source = Formula()
    importer = new_importer(hass, entry, source)
    await run(hass, importer)
    before = [await recorded(hass, series) for series in source.all_series]
    source.twice = True
    written = list[int]()
    record = Statistics.async_record

    async def counting(
        statistics: Statistics,
        batch: Mapping[Series, HourRows],
        current: Callable[[], Collection[Series]],
    ) -> Written:
        done = await record(statistics, batch, current)
        written.append(done.rows)
        return done

    monkeypatch.setattr(Statistics, "async_record", counting)
    importer.request(None, NOW - timedelta(days=10), NOW)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(source.asked) == 10
    assert set(written) == {0}
    assert before == [await recorded(hass, series) for series in source.all_series]


async def test_hours_without_data(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """They get no rows, are not asked for again, and rows that exist stay."""
    source = Formula(holes=set(range(NOON - 40, NOON - 30)))
    importer = new_importer(hass, entry, source)
    await run(hass, importer)
    await check(hass, source)
    rows = await recorded(hass, ENERGY)
    assert rows.keys() & source.holes == set()
    assert rows[NOON - 30][1] - rows[NOON - 41][1] == pytest.approx(rows[NOON - 30][0])
    source.holes = set(range(NOON - 150, NOON))
    importer.request(None, NOW - timedelta(days=10), NOW)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await recorded(hass, ENERGY) == rows


async def test_a_series_that_is_enabled_later(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """It gets the days of a first import too."""
    source = Formula(all_series=(CURRENT,), live_since=NOW)
    importer = new_importer(hass, entry, source)
    await run(hass, importer)
    source.all_series = (CURRENT, ENERGY)
    await pass_time(hass, freezer, HOUR)
    assert await recorded(hass, ENERGY) == source.in_one_go(ENERGY, FIRST + 1, NOON + 1)


@pytest.mark.parametrize(
    "day", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)]
)
async def test_daylight_saving(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory, day: datetime
) -> None:
    """Rows are hours of UTC: on neither day is one doubled or lost."""
    await hass.config.async_set_time_zone("Europe/London")
    freezer.move_to(day + timedelta(hours=36, minutes=30))
    source = Formula()
    await run(hass, new_importer(hass, entry, source))
    last = hour_of(day) + 36
    await check(hass, source, last - 240, last)
    rows = await recorded(hass, ENERGY)
    assert sorted(rows) == list(range(last - 240, last))


async def test_not_before_all_is_set_up(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """The entities decide what is imported, and Home Assistant's start comes first."""
    source = Formula()
    entry.mock_state(hass, ConfigEntryState.SETUP_IN_PROGRESS)
    hass.set_state(CoreState.starting)
    importer = new_importer(hass, entry, source)
    await run(hass, importer)
    hass.set_state(CoreState.running)
    hass.bus.async_fire("homeassistant_started")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert source.asked == []
    entry.mock_state(hass, ConfigEntryState.LOADED)
    await hass.async_block_till_done(wait_background_tasks=True)
    await check(hass, source)


async def test_an_account_that_is_not_set_up_in_the_end(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    source = Formula()
    entry.mock_state(hass, ConfigEntryState.SETUP_IN_PROGRESS)
    await run(hass, new_importer(hass, entry, source))
    entry.mock_state(hass, ConfigEntryState.SETUP_ERROR)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert source.asked == []


async def test_a_recorder_that_is_not_ready(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """It migrates, say: the import waits for it."""
    source = Formula()
    get_instance(hass).async_recorder_ready.clear()
    await run(hass, new_importer(hass, entry, source))
    assert source.asked == []
    get_instance(hass).async_recorder_ready.set()
    await pass_time(hass, freezer, 61)
    await check(hass, source)


async def test_no_recorder(hass: HomeAssistant, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    source = Formula()
    importer = new_importer(hass, new_entry(hass), source)
    await run(hass, importer)
    assert caplog.text.count("nothing is recorded here") == 1
    with pytest.raises(HomeAssistantError) as error:
        importer.request(None, NOW - HOUR, NOW)
    assert error.value.translation_key == "recorder_not_loaded"
    with pytest.raises(HomeAssistantError):
        await importer.async_write({ENERGY: []})
    importer.retry()
    assert source.asked == []
    assert importer.diagnostics()["next"] is None


async def test_samples_from_elsewhere(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """A file of samples ends in the same statistic; the running hour is left out."""
    source = Formula(all_series=(ENERGY,))
    importer = new_importer(hass, entry, source)
    await run(hass, importer)
    samples = source.samples((FIRST - 100) * 3600, NOW.timestamp())
    assert await importer.async_write({ENERGY: samples}) == 340
    await check(hass, source, FIRST - 100)
    assert await importer.async_write({ENERGY: samples}) == 0
    assert await importer.async_write({ENERGY: []}) == 0


ranges = st.lists(
    st.tuples(
        st.integers(0, 60),
        st.integers(1, 30),
        st.booleans(),
        st.dictionaries(st.integers(-60, -1), st.floats(-50, 50), max_size=2),
    ),
    min_size=1,
    max_size=4,
)


@given(ranges=ranges, window=st.integers(2, 30), step=st.sampled_from((300, 1700, 3600, 5000)))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_sequence(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    ranges: list[tuple[int, int, bool, dict[int, float]]],
    window: int,
    step: int,
) -> None:
    """Any imports, corrections between them, and restarts: in the end as if done in one go."""
    examples = hass.data.setdefault("examples", [])
    examples.append(None)
    series = (
        replace(CURRENT, statistic_id=f"sensor.current_{len(examples)}"),
        replace(ENERGY, statistic_id=f"gridduck_heimdall:energy_{len(examples)}"),
    )
    source = Formula(
        key=f"source_{len(examples)}",
        all_series=series,
        window=window * HOUR,
        step=step,
        reach=timedelta(hours=2),
    )
    importer = await restart(hass, entry, source)
    source.reach = timedelta(days=30)
    for back, length, again, corrections in ranges:
        source.corrections |= {NOON + hour: value for hour, value in corrections.items()}
        first = NOON - min(60, back + length)
        importer.request(None, start_of(first), start_of(first + length))
        await hass.async_block_till_done(wait_background_tasks=True)
        if again:
            importer = await restart(hass, entry, source)
    importer.request(None, start_of(NOON - 61), start_of(NOON))
    await hass.async_block_till_done(wait_background_tasks=True)
    await check(hass, source, NOON - 61)


async def test_the_loop_goes_on(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A month of a value a minute for six series: no computing holds up the others for long."""
    source = Formula(
        all_series=tuple(
            replace(CURRENT, key=f"{number}", statistic_id=f"sensor.s{number}")
            for number in range(6)
        ),
        step=60,
    )
    samples = source.samples((MONTH - 1) * 3600, NOON * 3600)
    monkeypatch.setattr(
        source,
        "samples",
        lambda start, end: samples[bisect_left(samples, (start,)) : bisect_left(samples, (end,))],
    )
    busy = list[float]()

    async def watch() -> None:
        while True:
            began = used()
            await asyncio.sleep(0)
            busy.append(used() - began)

    watching = asyncio.create_task(watch())
    await run(hass, new_importer(hass, entry, source))
    watching.cancel()
    # Alone on a machine it is 8 ms; other things run on the loop, too.
    assert sorted(busy)[-5] < 0.03


def used(clock: Callable[[], float] = thread_time) -> float:
    """Return how many seconds this thread has computed, by a clock that does not stand still."""
    return clock()
