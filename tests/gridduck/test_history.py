"""History of GridDuck in the recorder: complete, whatever was down, and equal to the service's."""

from datetime import UTC, datetime, timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.statistics import list_statistic_ids
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from custom_components.gridduck_heimdall.history.work import ImportState
from simulator.faults import Fault
from simulator.gridduck.settings import MISSING
from simulator.gridduck.world import World
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import setup

from .conftest import Pass
from .history_support import (
    AGGREGATE,
    DAY,
    HOUR,
    INSTANTANEOUS,
    LAST,
    MONTH,
    NOW,
    expected,
    id_of,
    named_statistics,
    rows_of,
    truth,
)
from .support import entity_of, named

pytestmark = pytest.mark.usefixtures("recorder_mock", "first_range")

FIRST = 4 * 24
"""How many hours the first import covers where it is not a month."""


@pytest.fixture
def simulator_options() -> Options:
    """Return a site with a single meter."""
    return Options(sites=1, assets=1)


@pytest.fixture
def meter(world: World) -> str:
    """Return the id of the meter."""
    return named(world, "Main meter")


@pytest.mark.parametrize("first_days", [30])
@pytest.mark.parametrize("simulator_options", [Options(sites=1, assets=3)])
async def test_the_last_month(hass: HomeAssistant, account: GridDuckAccount, world: World) -> None:
    """Energy, cost and demand of thirty days are there after the first start, hour by hour."""
    assert account.importer.progress.state is ImportState.IDLE
    for asset_id in world.assets:
        hours = expected(world, asset_id, "delivered", LAST - MONTH, LAST)
        assert len(hours) == 720
        energy = await rows_of(hass, asset_id, "energy")
        assert {at: row["state"] for at, row in energy.items()} == pytest.approx(
            {at: wh / 1000 for at, (wh,) in hours.items()}
        )
        total = 0.0
        for row in energy.values():
            total += row["state"]
            assert row["sum"] == pytest.approx(total)
        price = account.assets.data[asset_id].price
        assert price
        cost = await rows_of(hass, asset_id, "cost")
        assert {at: row["sum"] for at, row in cost.items()} == pytest.approx(
            {at: row["sum"] * price for at, row in energy.items()}
        )
        demand = await rows_of(hass, asset_id, "demand")
        halves = expected(world, asset_id, "consumption", LAST - MONTH, LAST)
        assert demand.keys() == halves.keys()
        for at, values in halves.items():
            assert len(values) == 2
            assert demand[at]["mean"] == pytest.approx(sum(values) / 2)
            assert (demand[at]["min"], demand[at]["max"]) == (min(values), max(values))


async def test_what_it_costs(account: GridDuckAccount, simulator: Simulator, world: World) -> None:
    """A month of energy is one call; demand is a call a day. One is under way at a time."""
    simulator.calls.held_turns = 50
    account.importer.request(
        None, *(datetime.fromtimestamp(at, UTC) for at in (LAST - MONTH, LAST))
    )
    await account.hass.async_block_till_done(wait_background_tasks=True)
    assert simulator.calls.count(path=AGGREGATE) == len(world.assets)
    # The half hour before the range takes one more.
    assert simulator.calls.count(path=INSTANTANEOUS) <= 31 * len(world.assets)
    assert simulator.calls.max_concurrency["gridduck"] == 1


@pytest.mark.english
async def test_as_statistics_are_known(
    hass: HomeAssistant, account: GridDuckAccount, meter: str
) -> None:
    statistics = await named_statistics(hass, meter)
    assert {
        one["name"]: (one["statistics_unit_of_measurement"], one["unit_class"], one["has_sum"])
        for one in statistics
    } == {
        "Main meter energy": ("kWh", "energy", True),
        "Main meter cost": ("GBP", None, True),
        "Main meter demand": ("W", "power", False),
    }
    assert {one["source"] for one in statistics} == {"gridduck_heimdall"}


async def test_hour_by_hour(
    hass: HomeAssistant,
    account: GridDuckAccount,
    world: World,
    simulator: Simulator,
    passing: Pass,
    meter: str,
) -> None:
    """Each finished hour follows; polling alone does not bring it."""
    for _ in range(3):
        await passing(HOUR)
    await passing(900)
    assert simulator.calls.count(path=f"{meter}{AGGREGATE}") == 4
    energy = await rows_of(hass, meter, "energy")
    assert max(energy) == NOW + 2 * HOUR
    assert truth(world, meter, energy)


async def test_the_cloud_was_down(
    hass: HomeAssistant,
    account: GridDuckAccount,
    world: World,
    simulator: Simulator,
    passing: Pass,
    meter: str,
) -> None:
    fault = Fault(service="gridduck", path=".", status=503, count=None)
    fault_id = simulator.faults.add(fault)
    for _ in range(5):
        await passing(HOUR)
    progress = account.importer.progress
    assert progress.state is ImportState.WAITING
    assert max(await rows_of(hass, meter, "energy")) == LAST - HOUR
    simulator.faults.remove(fault_id)
    for _ in range(3):
        await passing(HOUR)
    assert account.importer.progress.state is ImportState.IDLE
    for what in ("energy", "cost", "demand"):
        rows = await rows_of(hass, meter, what)
        assert list(rows) == [LAST + HOUR * hour for hour in range(-FIRST, 8)]
    assert truth(world, meter, await rows_of(hass, meter, "energy"))


async def test_home_assistant_was_down(
    hass: HomeAssistant,
    account: GridDuckAccount,
    gridduck_entry: MockConfigEntry,
    world: World,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
    meter: str,
) -> None:
    """Exactly the gap is asked for."""
    await hass.config_entries.async_unload(gridduck_entry.entry_id)
    freezer.tick(timedelta(days=3, hours=2))
    simulator.calls.clear()
    await hass.config_entries.async_setup(gridduck_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    energy = await rows_of(hass, meter, "energy")
    assert list(energy) == [LAST + HOUR * hour for hour in range(-FIRST, 74)]
    assert truth(world, meter, energy)
    (call,) = simulator.calls.list(path=f"{meter}{AGGREGATE}")
    assert int(call.query["from"]) >= LAST - 48 * HOUR
    assert int(call.query["to"]) == LAST + 74 * HOUR


async def test_nothing_is_asked_again_after_a_restart(
    hass: HomeAssistant,
    account: GridDuckAccount,
    gridduck_entry: MockConfigEntry,
    simulator: Simulator,
) -> None:
    await hass.config_entries.async_reload(gridduck_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert simulator.calls.count(path=AGGREGATE) == 0
    assert simulator.calls.count(path=f"{INSTANTANEOUS}$") == 1  # whether it has a temperature


async def test_corrections(
    hass: HomeAssistant, account: GridDuckAccount, world: World, passing: Pass, meter: str
) -> None:
    """What the cloud corrects within two days shows a day later at most, with all later sums."""
    before = await rows_of(hass, meter, "energy")
    world.correct_history(meter, NOW - 20 * HOUR, NOW - 18 * HOUR, 2.0)
    for _ in range(5):
        await passing(5 * HOUR)
    after = await rows_of(hass, meter, "energy")
    assert after[NOW - 20 * HOUR]["state"] == pytest.approx(2 * before[NOW - 20 * HOUR]["state"])
    assert truth(world, meter, after)
    cost = await rows_of(hass, meter, "cost")
    price = account.assets.data[meter].price
    assert price
    assert cost[max(cost)]["sum"] == pytest.approx(after[max(cost)]["sum"] * price)
    demand = await rows_of(hass, meter, "demand")
    halves = expected(world, meter, "consumption", NOW - 20 * HOUR, NOW - 19 * HOUR)
    assert demand[NOW - 20 * HOUR]["mean"] == pytest.approx(sum(halves[NOW - 20 * HOUR]) / 2)


@pytest.mark.parametrize(
    ("now", "hours"), [("2026-03-29T23:30:00Z", 23), ("2026-10-25T23:45:00Z", 25)]
)
async def test_daylight_saving(
    hass: HomeAssistant,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    world: World,
    freezer: FrozenDateTimeFactory,
    meter: str,
    now: str,
    hours: int,
) -> None:
    """Days of 23 and 25 hours: nothing doubles, nothing is lost."""
    await hass.config.async_set_time_zone("Europe/London")
    freezer.move_to(now)
    await setup(hass, gridduck_entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    energy = await rows_of(hass, meter, "energy")
    last = datetime.fromisoformat(now).timestamp() // HOUR * HOUR
    assert list(energy) == [last + HOUR * hour for hour in range(-FIRST, 0)]
    assert truth(world, meter, energy)
    day = await rows_of(hass, meter, "energy", "day")
    (short_or_long,) = [row for row in day.values() if row["end"] - row["start"] == hours * HOUR]
    assert short_or_long["change"] == pytest.approx(
        sum(
            row["state"]
            for at, row in energy.items()
            if short_or_long["start"] <= at < short_or_long["end"]
        )
    )


async def test_an_asset_that_comes_and_goes(
    hass: HomeAssistant,
    account: GridDuckAccount,
    world: World,
    simulator: Simulator,
    passing: Pass,
    meter: str,
) -> None:
    fan = world.add_asset("Fan", "plug", created=NOW - 2 * DAY)
    for _ in range(2):
        await passing(HOUR)
    energy = await rows_of(hass, fan, "energy")
    assert list(energy) == [NOW - 2 * DAY + HOUR * hour for hour in range(len(energy))]
    assert max(energy) >= NOW
    world.remove_asset(fan)
    for _ in range(4):
        await passing(60)
    assert account.history.keys_of(fan) == []
    simulator.calls.clear()
    for _ in range(3):
        await passing(HOUR)
    assert simulator.calls.count(path=f"{fan}/telemetry") == 0
    assert account.importer.progress.state is ImportState.IDLE
    assert await rows_of(hass, fan, "energy") == energy
    assert max(await rows_of(hass, meter, "energy")) >= NOW + 3 * HOUR


@pytest.mark.parametrize(("days", "first_days"), [(5, 10), (40, 30)])
async def test_an_asset_that_was_away(
    hass: HomeAssistant,
    account: GridDuckAccount,
    gridduck_entry: MockConfigEntry,
    world: World,
    passing: Pass,
    meter: str,
    days: int,
    first_days: int,
) -> None:
    """What it measured while it could not send is imported when it is back, a month at most."""
    world.disconnect(meter)
    await passing(60)
    for _ in range(5):
        await passing(days / 5 * DAY)
    assert max(await rows_of(hass, meter, "energy")) <= NOW
    # It is known to be away also after a restart.
    await hass.config_entries.async_reload(gridduck_entry.entry_id)
    world.reconnect(meter)
    await passing(60)
    await passing(HOUR)
    energy = await rows_of(hass, meter, "energy")
    away = [NOW + HOUR * hour for hour in range(24 * days) if hour >= 24 * (days - first_days) + 1]
    assert set(away) <= energy.keys()
    assert truth(world, meter, {at: row for at, row in energy.items() if at >= away[0]})


@pytest.mark.parametrize("first_days", [12])
async def test_an_asset_that_comes_back_while_home_assistant_is_down(
    hass: HomeAssistant,
    account: GridDuckAccount,
    gridduck_entry: MockConfigEntry,
    world: World,
    freezer: FrozenDateTimeFactory,
    passing: Pass,
    meter: str,
) -> None:
    """Since when it was away is known after a restart; two days are not all that is imported."""
    world.disconnect(meter)
    await passing(60)
    for _ in range(5):
        await passing(2 * DAY)
    assert max(await rows_of(hass, meter, "energy")) <= NOW
    await hass.config_entries.async_unload(gridduck_entry.entry_id)
    freezer.tick(timedelta(hours=3))
    world.reconnect(meter)
    await hass.config_entries.async_setup(gridduck_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    energy = await rows_of(hass, meter, "energy")
    assert {NOW + HOUR * hour for hour in range(24 * 10)} <= energy.keys()
    assert truth(world, meter, energy)
    # It is imported once.
    assert not gridduck_entry.runtime_data.importer.store.away


@pytest.mark.parametrize("first_days", [10])
async def test_an_asset_that_comes_back_while_there_is_no_telemetry(
    hass: HomeAssistant,
    account: GridDuckAccount,
    gridduck_entry: MockConfigEntry,
    world: World,
    passing: Pass,
    meter: str,
) -> None:
    """What is to be imported is noted, and imported when the service has telemetry again."""
    world.disconnect(meter)
    await passing(60)
    for _ in range(5):
        await passing(DAY)
    world.endpoints_missing.add("telemetry_aggregate")
    await hass.config_entries.async_reload(gridduck_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await passing(DAY)
    assert gridduck_entry.runtime_data.history.missing == ["aggregate telemetry"]
    world.reconnect(meter)
    await passing(60)
    world.endpoints_missing.clear()
    for _ in range(13):
        await passing(2 * HOUR)
    energy = await rows_of(hass, meter, "energy")
    assert {NOW + HOUR * hour for hour in range(24 * 6)} <= energy.keys()
    assert truth(world, meter, energy)


async def test_demand_that_nobody_looks_at(
    hass: HomeAssistant,
    account: GridDuckAccount,
    gridduck_entry: MockConfigEntry,
    simulator: Simulator,
    passing: Pass,
    meter: str,
) -> None:
    """Demand is asked for only where the power is shown; energy always."""
    power = entity_of(hass, Platform.SENSOR, meter, "power")
    assert power is not None
    er.async_get(hass).async_update_entity(power, disabled_by=er.RegistryEntryDisabler.USER)
    await hass.config_entries.async_reload(gridduck_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    simulator.calls.clear()
    await passing(HOUR)
    assert simulator.calls.count(path=f"{meter}{AGGREGATE}") == 1
    assert not [
        call
        for call in simulator.calls.list(path=f"{meter}{INSTANTANEOUS}")
        if call.query["type"] == "consumption"
    ]


async def test_without_a_price(
    hass: HomeAssistant,
    world: World,
    gridduck_entry: MockConfigEntry,
    passing: Pass,
    meter: str,
) -> None:
    """A cost is counted as soon as the price is known, for all that is known of the energy."""
    for field in ("price_per_kwh", "site_price_per_kwh"):
        world.set_field(meter, field, MISSING)
    await setup(hass, gridduck_entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(await rows_of(hass, meter, "energy")) == FIRST
    assert not await rows_of(hass, meter, "cost")
    world.set_field(meter, "price_per_kwh", "30")
    await passing(HOUR)
    await passing(900)
    energy, cost = await rows_of(hass, meter, "energy"), await rows_of(hass, meter, "cost")
    assert len(cost) >= FIRST
    at = max(cost)
    assert cost[at]["state"] == pytest.approx(0.3 * energy[at]["state"])


async def test_the_sensor_and_the_diagnostics(
    hass: HomeAssistant, account: GridDuckAccount
) -> None:
    entity_id = er.async_get(hass).async_get_entity_id(
        Platform.SENSOR, "gridduck_heimdall", "gridduck_1234_import_progress"
    )
    assert entity_id is not None
    state = hass.states.get(entity_id)
    assert state is not None
    assert state.state == "idle"
    assert state.attributes["percent"] == 100
    history = account.diagnostics()["history"]
    assert (history["state"], history["sources"], history["not_offered"]) == ("idle", 2, [])


async def test_an_hour_keeps_its_price(
    hass: HomeAssistant, account: GridDuckAccount, world: World, passing: Pass, meter: str
) -> None:
    """A new price is for new hours; a corrected hour is priced as it was."""
    before = await rows_of(hass, meter, "cost")
    old = account.assets.data[meter].price
    assert old
    world.set_field(meter, "price_per_kwh", str(old * 200))
    hour = NOW - 20 * HOUR
    world.correct_history(meter, hour, hour + HOUR, 3.0)
    for _ in range(5):
        await passing(5 * HOUR)
    after = await rows_of(hass, meter, "cost")
    assert after[hour]["state"] == pytest.approx(3 * before[hour]["state"])
    untouched = pytest.approx(before[hour + HOUR]["state"], rel=1e-4)
    assert after[hour + HOUR]["state"] == untouched
    energy = await rows_of(hass, meter, "energy")
    newest = max(after)
    assert after[newest]["state"] == pytest.approx(energy[newest]["state"] * old * 2)


@pytest.mark.english
async def test_another_currency(
    hass: HomeAssistant,
    account: GridDuckAccount,
    gridduck_entry: MockConfigEntry,
    world: World,
    passing: Pass,
    meter: str,
) -> None:
    """What was paid in pounds stays pounds; euros are counted apart, also after a restart."""
    pounds = await rows_of(hass, meter, "cost")
    for field in ("currency", "site_currency"):
        world.set_field(meter, field, "€")
    for _ in range(2):
        await passing(HOUR)
    await hass.config_entries.async_reload(gridduck_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    for _ in range(2):
        await passing(HOUR)
    after = await rows_of(hass, meter, "cost")
    assert {at: row["sum"] for at, row in after.items() if at in pounds} == {
        at: row["sum"] for at, row in pounds.items()
    }
    assert len(after) == len(pounds)
    euros = await rows_of(hass, meter, "cost_eur")
    energy = await rows_of(hass, meter, "energy")
    assert max(euros) == max(energy)
    price = gridduck_entry.runtime_data.assets.data[meter].price
    assert euros[max(euros)]["state"] == pytest.approx(energy[max(euros)]["state"] * price)
    statistics = {
        one["statistic_id"]: (one["name"], one["statistics_unit_of_measurement"])
        for one in await get_instance(hass).async_add_executor_job(list_statistic_ids, hass)
    }
    assert statistics[id_of(meter, "cost")] == ("Main meter cost", "GBP")
    assert statistics[id_of(meter, "cost_eur")] == ("Main meter cost (EUR)", "EUR")
    # The pounds go on where they were, should they come back.
    for field in ("currency", "site_currency"):
        world.set_field(meter, field, "£")
    for _ in range(2):
        await passing(HOUR)
    assert max(await rows_of(hass, meter, "cost")) == max(await rows_of(hass, meter, "energy"))


async def test_names_follow_the_language(
    hass: HomeAssistant, account: GridDuckAccount, passing: Pass, meter: str
) -> None:
    """A statistic has its name in the language of Home Assistant, and stays the same statistic."""
    before = {one["statistic_id"] for one in await named_statistics(hass, meter)}
    await hass.config.async_update(language="de")
    await hass.async_block_till_done()
    await passing(HOUR)
    statistics = await named_statistics(hass, meter)
    assert {one["name"] for one in statistics} == {
        "Main meter Energie",
        "Main meter Kosten",
        "Main meter Leistungsaufnahme",
    }
    assert {one["statistic_id"] for one in statistics} == before
    every = await get_instance(hass).async_add_executor_job(list_statistic_ids, hass)
    assert [one["statistic_id"] for one in every if meter.replace("-", "_") in one["statistic_id"]]
    assert len(every) == len({one["statistic_id"] for one in every})
    assert max(await rows_of(hass, meter, "energy")) > LAST - HOUR
