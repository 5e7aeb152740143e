"""What the recorder is told, and how it is read."""

from dataclasses import replace
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.components.recorder.statistics import get_metadata
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.history.hours import HourMean, start_of
from custom_components.gridduck_heimdall.history.series import Series, SeriesKind
from custom_components.gridduck_heimdall.history.statistics import Statistics
from tests.conftest import pass_time

from .support import CURRENT, ENERGY, NOON, Formula, new_importer, recorded, run

TEMPERATURE = Series(
    key="temperature",
    statistic_id="sensor.temperature",
    name=None,
    unit="°C",
    unit_class="temperature",
    kind=SeriesKind.MEAN,
)


async def test_metadata(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    cost = replace(
        ENERGY, statistic_id="gridduck_heimdall:cost", name="Cost", unit="GBP", unit_class=None
    )
    load = replace(CURRENT, statistic_id="sensor.load", unit="MVA", unit_class=None)
    rows = {NOON: HourMean(1.0, 1.0, 1.0)}
    await Statistics(hass).async_write(
        {CURRENT: rows, load: rows, ENERGY: {NOON: 2.0}, cost: {NOON: 3.0}}
    )
    ids = {"sensor.line_current", "sensor.load", ENERGY.statistic_id, cost.statistic_id}
    found = await get_instance(hass).async_add_executor_job(
        lambda: get_metadata(hass, statistic_ids=ids)
    )
    current, energy = found["sensor.line_current"][1], found[ENERGY.statistic_id][1]
    assert (current["source"], current["has_sum"], current["name"]) == ("recorder", False, None)
    assert current["mean_type"] is StatisticMeanType.ARITHMETIC
    assert (current["unit_of_measurement"], current["unit_class"]) == ("A", "electric_current")
    assert (energy["source"], energy["has_sum"]) == ("gridduck_heimdall", True)
    assert (energy["name"], energy["mean_type"]) == ("Lamp energy", StatisticMeanType.NONE)
    assert found[cost.statistic_id][1]["unit_of_measurement"] == "GBP"
    assert found["sensor.load"][1]["unit_class"] is None


async def test_the_recorders_unit_stays(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Where rows are in another unit, a user's choice, ours are converted to it."""
    statistics = Statistics(hass)
    chosen = replace(TEMPERATURE, unit="°F")
    await statistics.async_write({chosen: {NOON - 3: HourMean(50.0, 41.0, 59.0)}})
    hass.states.async_set("sensor.temperature", "10", {"unit_of_measurement": "°C"})
    rows = {NOON - 2: HourMean(20.0, 10.0, 30.0)}
    assert await statistics.async_write({TEMPERATURE: rows}) == 1
    assert await statistics.async_write({TEMPERATURE: rows}) == 0
    hass.states.async_remove("sensor.temperature")
    assert await recorded(hass, TEMPERATURE) == {
        NOON - 3: (50.0, 41.0, 59.0),
        NOON - 2: (68.0, 50.0, 86.0),
    }
    in_wh = replace(ENERGY, unit="Wh")
    await statistics.async_write({in_wh: {NOON - 3: 500.0}})
    await statistics.async_write({ENERGY: {NOON - 2: 1.5}})
    assert await recorded(hass, ENERGY) == {NOON - 3: (500.0, 500.0), NOON - 2: (1500.0, 2000.0)}


async def test_the_sum_before_may_be_old(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    statistics = Statistics(hass)
    for hour in (NOON - 9000, NOON - 5000, NOON - 4000, NOON - 1, NOON):
        assert await statistics.async_write({ENERGY: {hour: 1.0}}) == 1
    assert [row[1] for row in (await recorded(hass, ENERGY)).values()] == [1, 2, 3, 4, 5]
    assert await statistics.async_write({ENERGY: {NOON - 7000: 1.0}}) == 5


async def test_what_an_hour_costs_that_is_corrected(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """At the price that it was counted at; at the present one where none was used yet."""
    statistics = Statistics(hass)
    cost = replace(
        ENERGY,
        key="cost",
        statistic_id="gridduck_heimdall:cost",
        unit="GBP",
        unit_class=None,
        priced=ENERGY.statistic_id,
    )
    energy = {NOON: 0.0, NOON + 1: 0.5, NOON + 2: 0.5, NOON + 3: 0.0}
    price = {NOON: 0.14, NOON + 1: 0.14, NOON + 2: 0.0, NOON + 3: 0.14}
    before = {hour: amount * price[hour] for hour, amount in energy.items()}
    await statistics.async_write({ENERGY: energy, cost: before})
    # All of it is read again at a price of 0.3, some of it with an amount that came late.
    energy = {NOON - 1: 0.2, NOON: 0.63, NOON + 1: 1.0, NOON + 2: 1.0, NOON + 3: 0.0, NOON + 4: 2.0}
    again = {hour: amount * 0.3 for hour, amount in energy.items()}
    await statistics.async_write({ENERGY: energy, cost: again})
    due = {NOON - 1: 0.06, NOON: 0.189, NOON + 1: 0.14, NOON + 2: 0, NOON + 3: 0, NOON + 4: 0.6}
    found = await recorded(hass, cost)
    assert {hour: row[0] for hour, row in found.items()} == pytest.approx(due)
    assert found[NOON + 4][1] == pytest.approx(sum(due.values()))
    # What is priced by now stays so.
    assert await statistics.async_write({ENERGY: energy, cost: {NOON: 0.63 * 0.9}}) == 0


@pytest.mark.parametrize("recorder_config", [{"exclude": {"entities": ["sensor.line_current"]}}])
async def test_what_a_user_has_excluded(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    source = Formula()
    await run(hass, new_importer(hass, entry, source))
    assert await recorded(hass, CURRENT) == {}
    assert len(await recorded(hass, ENERGY)) == 240


async def test_nothing_to_write(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    assert await Statistics(hass).async_write({ENERGY: {}}) == 0


@pytest.mark.parametrize("enable_statistics", [True])
async def test_beside_the_recorders_own_rows(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The recorder still writes its row of an hour, of this entity and of all others."""
    assert await async_setup_component(hass, "sensor", {})
    source = Formula(all_series=(CURRENT,), live_since=start_of(NOON + 1))
    await run(hass, new_importer(hass, entry, source))
    attributes = {"state_class": "measurement", "unit_of_measurement": "A"}
    for _ in range(20):
        for name in ("sensor.line_current", "sensor.other"):
            hass.states.async_set(name, "100", {**attributes, "device_class": "current"})
        await pass_time(hass, freezer, timedelta(minutes=5))
        get_instance(hass).async_periodic_statistics()
    await Statistics(hass).async_wait_written()
    rows = await recorded(hass, CURRENT)
    assert rows.pop(NOON + 1) == (100.0, 100.0, 100.0)
    assert rows == source.in_one_go(CURRENT, NOON - 240, NOON + 1)
    others = await recorded(hass, replace(CURRENT, statistic_id="sensor.other"))
    assert others == dict.fromkeys((NOON, NOON + 1), (100.0, 100.0, 100.0))
    assert "duplicate" not in caplog.text.lower()


def test_what_no_recorder_can_hold() -> None:
    with pytest.raises(ValueError, match="has no name"):
        replace(ENERGY, name=None)
    with pytest.raises(ValueError, match="cannot be summed up"):
        replace(CURRENT, kind=SeriesKind.SUM)
