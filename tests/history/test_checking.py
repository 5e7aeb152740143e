"""What counts as imported is what the recorder has, under the name and in the unit that it has."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import inf

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import DOMAIN as RECORDER, get_instance
from homeassistant.components.recorder.db_schema import Statistics as Rows, StatisticsMeta
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    async_add_external_statistics,
    get_metadata,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.recorder import session_scope
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.history.hours import SECONDS, HourMean, start_of
from custom_components.gridduck_heimdall.history.importer import Importer
from custom_components.gridduck_heimdall.history.series import Series
from custom_components.gridduck_heimdall.history.statistics import Statistics
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
    new_importer,
    recorded,
    restart,
    run,
    unload,
)

DAY = timedelta(days=1)
RENAMED = replace(CURRENT, statistic_id="sensor.my_line")


async def deleted(hass: HomeAssistant, series: Series, first: int, end: int) -> None:
    """Delete the rows of some hours, as a purge by hand or a restored backup does."""

    def delete() -> None:
        with session_scope(hass=hass) as session:
            number = session.query(StatisticsMeta.id).filter_by(statistic_id=series.statistic_id)
            session.query(Rows).filter(
                Rows.metadata_id == number.scalar_subquery(),
                Rows.start_ts >= first * SECONDS,
                Rows.start_ts < end * SECONDS,
            ).delete(synchronize_session=False)

    await get_instance(hass).async_add_executor_job(delete)


async def cleared(hass: HomeAssistant, *some: Series) -> None:
    """Delete statistics as the developer tools do."""
    get_instance(hass).async_clear_statistics([one.statistic_id for one in some])
    await Statistics(hass).async_wait_written()


async def unit_of(hass: HomeAssistant, series: Series) -> str | None:
    found = await get_instance(hass).async_add_executor_job(
        lambda: get_metadata(hass, statistic_ids={series.statistic_id})
    )
    return found[series.statistic_id][1]["unit_of_measurement"]


def follow(importer: Importer) -> list[ImportState]:
    """Return the states that the import goes through from now on."""
    states = list[ImportState]()
    importer.progress.listeners.append(lambda: states.append(importer.progress.state))
    return states


@pytest.mark.parametrize("restarted", [True, False])
async def test_statistics_that_are_gone(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    restarted: bool,
) -> None:
    """All of them are imported again, requested ranges included, and running sums start over."""
    source = Formula()
    importer = new_importer(hass, entry, source)
    await run(hass, importer)
    importer.request(None, NOW - timedelta(days=400), NOW - timedelta(days=398))
    await hass.async_block_till_done(wait_background_tasks=True)
    asked_for = NOON - 400 * 24, NOON - 398 * 24
    await cleared(hass, CURRENT, ENERGY)
    # An entity has got rows of its own meanwhile.
    await Statistics(hass).async_write({CURRENT: {NOON: HourMean(7.0, 7.0, 7.0)}})
    states = follow(importer)
    if restarted:
        freezer.tick(HOUR)
        importer = await restart(hass, entry, source)
    else:
        await pass_time(hass, freezer, HOUR)
        assert states[0] is ImportState.IMPORTING
        assert states[-1] is ImportState.IDLE
    assert "are not in the recorder any more" in caplog.text
    assert importer.progress.hours_to_do == 0
    await pass_time(hass, freezer, 15 * 60)
    for series in source.all_series:
        rows = await recorded(hass, series)
        expected = {
            *range(asked_for[0] + 2, asked_for[1]),
            *range(FIRST, NOON + 1),
        }
        assert expected <= rows.keys()
    rows = await recorded(hass, ENERGY)
    total = 0.0
    for amount, running in rows.values():
        total += amount
        assert running == pytest.approx(total)
    source.asked.clear()
    await pass_time(hass, freezer, HOUR)
    assert len(source.asked) == 1


@pytest.mark.parametrize("first_days", [30])
@pytest.mark.parametrize(("first", "end"), [(-30, -20), (-720, -700), (-1, 0), (-720, -5)])
async def test_some_rows_that_are_gone(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    first: int,
    end: int,
) -> None:
    """Just these are imported again, with the sums that they had."""
    source = Formula(window=timedelta(days=7), holes={NOON - 40, NOON - 25, NOON - 710})
    await run(hass, new_importer(hass, entry, source))
    for series in source.all_series:
        await deleted(hass, series, NOON + first, NOON + end)
    source.asked.clear()
    await pass_time(hass, freezer, HOUR)
    await check(hass, source, MONTH, NOON + 1)
    # Of a hole one series has an hour that the other lacks: they are asked for one by one.
    assert sum((stop - start) // HOUR for start, stop in source.asked) <= 2 * (end - first) + 12


async def test_a_purge(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """The recorder's own purge keeps long-term statistics: nothing is asked for again."""
    source = Formula()
    importer = new_importer(hass, entry, source)
    await run(hass, importer)
    purge = {"keep_days": 0, "repack": False, "apply_filter": True}
    await hass.services.async_call(RECORDER, "purge", purge, blocking=True)
    await Statistics(hass).async_wait_written()
    source.asked.clear()
    await pass_time(hass, freezer, HOUR)
    assert importer.progress.state is ImportState.IDLE
    assert [end - start for start, end in source.asked if end - start > 3 * HOUR] == []
    await check(hass, source, end=NOON + 1)


async def test_hours_without_data_are_not_lost(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Nor is what polling has recorded, or has not as there was no value."""
    source = Formula(holes=set(range(NOON - 40, NOON - 30)), live_since=NOW)
    await run(hass, new_importer(hass, entry, source))
    source.asked.clear()
    for _ in range(4):
        await pass_time(hass, freezer, HOUR)
    # The hour in which the account was set up.
    assert source.asked == [(start_of(NOON) - HOUR, start_of(NOON + 1))]
    await restart(hass, entry, source)
    assert len(source.asked) == 1


async def test_excluded_and_included_again(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """While it is excluded nothing counts as imported, and nothing is asked for it."""
    source = Formula(all_series=(CURRENT,))
    await run(hass, new_importer(hass, entry, source))
    recorder = get_instance(hass)
    recorder.entity_filter = lambda entity_id: entity_id != CURRENT.statistic_id
    await unload(hass, entry)
    source.asked.clear()
    source.live_since = NOW
    importer = new_importer(hass, entry, source)
    await run(hass, importer)
    for _ in range(50):
        await pass_time(hass, freezer, HOUR)
    assert source.asked == []
    assert importer.recorded({source.key}) == (set(), [CURRENT.statistic_id])
    recorder.entity_filter = None
    await restart(hass, entry, source)
    await check(hass, source, end=NOON + 50)


@pytest.mark.parametrize("first_days", [30])
@pytest.mark.parametrize("hand_over", [False, True])
async def test_an_entity_that_is_renamed(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    hand_over: bool,
) -> None:
    """Between question and answer, or while rows are handed over: they go to the name it has."""
    source = Formula(all_series=(CURRENT,), window=timedelta(days=40))
    asked = 0

    def rename() -> None:
        nonlocal asked
        asked += 1
        if source.all_series != (RENAMED,):
            source.all_series = (RENAMED,)
            # As the recorder does by itself where an entity is renamed.
            get_instance(hass).async_update_statistics_metadata(
                CURRENT.statistic_id, new_statistic_id=RENAMED.statistic_id
            )

    if hand_over:
        series = source.series
        # The recorder takes 500 rows at a time: the name changes when it has the first of them.
        times = iter(range(1000))

        def later() -> object:
            if source.asked and next(times) == 2:
                rename()
            return series()

        monkeypatch.setattr(source, "series", later)
    else:
        source.before_answer = rename
    await run(hass, new_importer(hass, entry, source))
    assert asked
    assert await recorded(hass, CURRENT) == {}
    assert await recorded(hass, RENAMED) == source.in_one_go(RENAMED, MONTH, NOON)
    assert len(source.asked) == 1


async def test_an_entity_that_is_removed_meanwhile(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Nothing is written for it, and nothing counts as imported."""
    source = Formula()

    def remove() -> None:
        source.all_series = (ENERGY,)

    source.before_answer = remove
    await run(hass, new_importer(hass, entry, source))
    assert await recorded(hass, CURRENT) == {}
    assert len(await recorded(hass, ENERGY)) == 240
    source.before_answer = None
    source.all_series = (CURRENT, ENERGY)
    await pass_time(hass, freezer, HOUR)
    await check(hass, source, end=NOON + 1)


async def test_a_unit_that_changes_meanwhile(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """What was fetched in one unit is not written in another, but fetched again."""
    in_kiloamperes = replace(CURRENT, unit="kA")
    source = Formula(all_series=(in_kiloamperes,))

    def change() -> None:
        source.all_series = (CURRENT,)

    source.before_answer = change
    await run(hass, new_importer(hass, entry, source))
    await pass_time(hass, freezer, HOUR)
    await check(hass, source, end=NOON + 1)
    assert await unit_of(hass, CURRENT) == "A"


async def test_rows_in_a_unit_that_cannot_be_converted(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """They stay what they are: nothing is written or asked for, until the user has decided."""
    pounds = replace(ENERGY, unit="GBP", unit_class=None)
    await Statistics(hass).async_write({pounds: {NOON - 10: 5.0}})
    source = Formula(all_series=(ENERGY,))
    importer = new_importer(hass, entry, source)
    await run(hass, importer)
    issue_id = f"statistics_in_another_unit_{entry.entry_id}"
    issue = ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert "GBP" in issue.translation_placeholders["unit"]
    await pass_time(hass, freezer, HOUR)
    newest = source.samples(0, NOON * SECONDS)[-9:]
    with pytest.raises(HomeAssistantError) as caught:
        await importer.async_write({ENERGY: newest})
    assert caught.value.translation_key == "recorded_in_another_unit"
    assert source.asked == []
    assert await recorded(hass, ENERGY) == {NOON - 10: (5.0, 5.0)}
    assert await unit_of(hass, ENERGY) == "GBP"
    await cleared(hass, ENERGY)
    # The next check is within an hour; samples of another origin need not wait for it.
    assert await importer.async_write({ENERGY: newest}) == 3
    await pass_time(hass, freezer, HOUR)
    await check(hass, source, FIRST + 2, NOON + 2)
    assert await unit_of(hass, ENERGY) == "kWh"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None


async def test_a_unit_that_is_replaced_while_rows_are_fetched(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """It is not known before the rows are compared; the import ends, and tells of it later."""
    source = Formula(all_series=(ENERGY,))

    def replaced() -> None:
        async_add_external_statistics(
            hass,
            StatisticMetaData(
                mean_type=StatisticMeanType.NONE,
                has_sum=True,
                name=ENERGY.name,
                source=DOMAIN,
                statistic_id=ENERGY.statistic_id,
                unit_class=None,
                unit_of_measurement="GBP",
            ),
            [StatisticData(start=start_of(NOON - 10), state=5.0, sum=5.0)],
        )

    source.before_answer = replaced
    importer = new_importer(hass, entry, source)
    await run(hass, importer)
    assert await unit_of(hass, ENERGY) == "GBP"
    assert await recorded(hass, ENERGY) == {NOON - 10: (5.0, 5.0)}
    assert len(source.asked) == 5


async def test_a_clock_that_was_ahead(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """For half an hour it is 40 days later; nothing after now stays imported."""
    source = Formula()
    # The service does not share the wrong clock: it has no data yet.
    source.data_until = NOW.timestamp() + 1800
    await run(hass, new_importer(hass, entry, source))
    await pass_time(hass, freezer, 40 * DAY)
    await pass_time(hass, freezer, 1800)
    freezer.move_to(NOW + HOUR)
    source.data_until = inf
    source.asked.clear()
    await restart(hass, entry, source)
    for _ in range(3):
        await pass_time(hass, freezer, HOUR)
    await check(hass, source, end=NOON + 4)
    assert all(stop <= NOW + 5 * HOUR for _, stop in source.asked)


async def test_a_clock_that_is_set_back_without_a_restart(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """No moment further ahead than a period is waited for, whatever asks for the next round."""
    source = Formula()
    importer = new_importer(hass, entry, source)
    freezer.move_to(NOW + 40 * DAY)
    source.data_until = NOW.timestamp()
    await run(hass, importer)
    source.data_until = inf
    freezer.move_to(NOW)
    importer.retry()
    await hass.async_block_till_done(wait_background_tasks=True)
    await check(hass, source)


@pytest.mark.parametrize("years", [1, 7])
async def test_a_clock_that_was_behind_at_set_up(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory, years: int
) -> None:
    """When it is right the days of a first import are imported, and not all the years between."""
    source = Formula(step=3600, reach=timedelta(days=3650))
    freezer.move_to(NOW - years * 365 * DAY)
    await run(hass, new_importer(hass, entry, source))
    freezer.move_to(NOW)
    source.asked.clear()
    await restart(hass, entry, source)
    assert len(source.asked) == 5
    rows = await recorded(hass, CURRENT)
    assert [hour for hour in rows if hour >= NOON - 5000] == [*range(FIRST, NOON)]


async def test_a_clock_that_is_behind_for_a_while(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """As of a machine that starts without a clock: what was imported is not forgotten for that."""
    source = Formula()
    await run(hass, new_importer(hass, entry, source))
    freezer.move_to(datetime(2020, 1, 1, tzinfo=UTC))
    source.asked.clear()
    await restart(hass, entry, source)
    assert source.asked == []
    freezer.move_to(NOW + 2 * HOUR)
    await restart(hass, entry, source)
    await check(hass, source, end=NOON + 2)
    assert sum((stop - start) // HOUR for start, stop in source.asked) <= 60
