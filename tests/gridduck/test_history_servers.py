"""History from servers that have less than is assumed, or answer something odd."""

from datetime import UTC, datetime
import logging

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.api.errors import UnexpectedAnswer
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from custom_components.gridduck_heimdall.gridduck.telemetry import TelemetryKind
from custom_components.gridduck_heimdall.history.work import ImportState
from simulator.faults import Fault
from simulator.gridduck.world import World
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import setup

from .conftest import Pass
from .history_support import (
    AGGREGATE,
    HOUR,
    LAST,
    NOW,
    expected,
    rows_of,
)
from .support import named

pytestmark = pytest.mark.usefixtures("recorder_mock", "first_range")

FIRST = 4 * 24
"""How many hours the first import covers."""


@pytest.fixture
def simulator_options() -> Options:
    """Return a site with a single meter."""
    return Options(sites=1, assets=1)


@pytest.fixture
def meter(world: World) -> str:
    """Return the id of the meter."""
    return named(world, "Main meter")


async def test_no_aggregate_telemetry(
    hass: HomeAssistant,
    world: World,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    passing: Pass,
    caplog: pytest.LogCaptureFixture,
    meter: str,
) -> None:
    """It is said once, in words, and seldom asked for again; demand is imported all the same."""
    world.endpoints_missing.add("telemetry_aggregate")
    caplog.set_level(logging.INFO)
    await setup(hass, gridduck_entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    asked = simulator.calls.count(path=AGGREGATE)
    assert asked == 1
    for _ in range(26):
        await passing(HOUR)
    # After one hour, then two, four and eight.
    assert simulator.calls.count(path=AGGREGATE) == asked + 4
    said = [one.getMessage() for one in caplog.records if "no history comes" in one.getMessage()]
    (reported,) = said
    assert reported.startswith(
        "GridDuck test: no history comes from aggregate telemetry. This Grid"
    )
    account: GridDuckAccount = gridduck_entry.runtime_data
    assert account.importer.progress.state is ImportState.IDLE
    assert account.diagnostics()["history"]["not_offered"] == ["aggregate telemetry"]
    assert not await rows_of(hass, meter, "energy")
    assert len(await rows_of(hass, meter, "demand")) == FIRST + 26
    assert account.assets.last_update_success


async def test_no_telemetry_at_all(
    hass: HomeAssistant, world: World, simulator: Simulator, gridduck_entry: MockConfigEntry
) -> None:
    world.endpoints_missing.update(("telemetry_aggregate", "telemetry_instantaneous"))
    await setup(hass, gridduck_entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    account: GridDuckAccount = gridduck_entry.runtime_data
    assert (await account.history.async_sources()).by_key == {}
    assert account.importer.progress.state is ImportState.IDLE


async def test_one_asset_without_telemetry(
    hass: HomeAssistant,
    account: GridDuckAccount,
    world: World,
    simulator: Simulator,
    passing: Pass,
) -> None:
    """Where others are answered, one 404 is no data, and no failure however long it lasts.

    When it has some after all, all of it is imported within a day.
    """
    fan = world.add_asset("Fan")
    await passing(60)
    fault = Fault(service="gridduck", path=f"{fan}{AGGREGATE}", status=404, count=None)
    fault_id = simulator.faults.add(fault)
    for _ in range(12):
        await passing(6 * HOUR)
    assert account.importer.progress.state is ImportState.IDLE
    assert account.diagnostics()["history"]["failing"] == 0
    assert not await rows_of(hass, fan, "energy")
    simulator.faults.remove(fault_id)
    for _ in range(5):
        await passing(5 * HOUR)
    assert account.importer.progress.state is ImportState.IDLE
    assert account.history.missing == []
    assert {NOW + HOUR * hour for hour in range(72 + 20)} <= (
        await rows_of(hass, fan, "energy")
    ).keys()


async def test_one_garbled_answer_is_not_the_end(
    hass: HomeAssistant,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    passing: Pass,
    meter: str,
) -> None:
    """The very first one may be: an hour later all of the past is imported."""
    simulator.faults.add(Fault(service="gridduck", path=AGGREGATE, kind="malformed"))
    await setup(hass, gridduck_entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    account: GridDuckAccount = gridduck_entry.runtime_data
    assert account.history.missing == ["aggregate telemetry"]
    assert not await rows_of(hass, meter, "energy")
    for _ in range(3):
        await passing(HOUR)
    assert account.history.missing == []
    assert len(await rows_of(hass, meter, "energy")) >= FIRST


async def test_units_are_converted(
    hass: HomeAssistant,
    world: World,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    meter: str,
) -> None:
    """A server that sends kWh is understood; one that sends who knows what is not believed."""
    other = world.add_asset("Fan")
    for asset_id, unit in ((meter, "kWh"), (other, "furlong")):
        simulator.faults.add(
            Fault(
                service="gridduck",
                path=f"{asset_id}{AGGREGATE}",
                kind="patch",
                patch={"unit": unit},
                count=None,
            )
        )
    await setup(hass, gridduck_entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    energy = await rows_of(hass, meter, "energy")
    ((wh,),) = expected(world, meter, "delivered", LAST - HOUR, LAST).values()
    assert energy[LAST - HOUR]["state"] == pytest.approx(wh)
    assert not await rows_of(hass, other, "energy")
    account: GridDuckAccount = gridduck_entry.runtime_data
    assert account.importer.progress.state is ImportState.WAITING
    start, end = (datetime.fromtimestamp(at, UTC) for at in (LAST - HOUR, LAST))
    sources = (await account.history.async_sources()).by_key
    with pytest.raises(UnexpectedAnswer, match="Telemetry of delivered came in furlong"):
        await sources[f"{other}_energy"].async_fetch(start, end, ())


async def test_telemetry_dated_in_iso_8601(
    hass: HomeAssistant, world: World, gridduck_entry: MockConfigEntry, meter: str
) -> None:
    world.iso_stamps = True
    await setup(hass, gridduck_entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    energy = await rows_of(hass, meter, "energy")
    assert len(energy) == FIRST
    ((wh,),) = expected(world, meter, "delivered", LAST - HOUR, LAST).values()
    assert energy[LAST - HOUR]["state"] == pytest.approx(wh / 1000)


async def test_amounts_that_cannot_be(
    hass: HomeAssistant, account: GridDuckAccount, simulator: Simulator, passing: Pass, meter: str
) -> None:
    """An hour that claims a negative amount, or what nothing can draw, does not count."""
    before = await rows_of(hass, meter, "energy")
    for wrong in (-5, 12_964_000):
        simulator.faults.add(
            Fault(
                service="gridduck",
                path=f"{meter}{AGGREGATE}",
                kind="patch",
                patch=[("/results/*/value", wrong)],
            )
        )
        await passing(HOUR)
        assert await rows_of(hass, meter, "energy") == before


async def test_an_answer_that_is_cut_short(
    hass: HomeAssistant, account: GridDuckAccount, simulator: Simulator, world: World, meter: str
) -> None:
    """A server that gives less at once than was asked for is asked for the rest."""
    start, end = (datetime.fromtimestamp(at, UTC) for at in (LAST - 5 * HOUR, LAST))
    stamp = int(LAST - 5 * HOUR)
    simulator.faults.add(
        Fault(
            service="gridduck",
            path=f"{meter}{AGGREGATE}",
            kind="patch",
            patch={
                "pagination": {"total": 5},
                "results": [{"stamp": stamp, "value": 1000}, {"stamp": stamp, "value": 2000}],
            },
        )
    )
    points = await account.history.async_points(meter, TelemetryKind.ENERGY, start, end)
    assert simulator.calls.count(path=AGGREGATE) == 2
    assert [point.at.timestamp() for point in points] == [stamp + HOUR * hour for hour in range(5)]
    assert points[0].value == 2
