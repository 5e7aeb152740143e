"""History of whole accounts: temperatures, the Energy dashboard, names, and the budget."""

from datetime import UTC, datetime, timedelta

from homeassistant.components.energy.data import async_get_manager
from homeassistant.components.energy.validate import async_validate
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from custom_components.gridduck_heimdall.gridduck.telemetry import TelemetryKind
from custom_components.gridduck_heimdall.history.work import ImportState
from simulator.gridduck.world import World
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import THREE_SITES, setup

from .conftest import Pass
from .history_support import HOUR, LAST, MONTH, expected, id_of, rows_of
from .support import named

TELEMETRY = "/telemetry/"


@pytest.mark.parametrize("simulator_options", [Options(sites=1, assets=1)])
async def test_temperature(
    hass: HomeAssistant, recorder_mock: object, world: World, gridduck_entry: MockConfigEntry
) -> None:
    """It follows as soon as it is known which assets have one."""
    room = world.add_asset("Archive", "temperature", created=LAST - 2 * MONTH)
    await setup(hass, gridduck_entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    rows = await rows_of(hass, room, "temperature")
    halves = expected(world, room, "temperature", LAST - MONTH, LAST)
    assert rows.keys() == halves.keys()
    for at, values in halves.items():
        assert rows[at]["mean"] == pytest.approx(sum(values) / 2)
        assert (rows[at]["min"], rows[at]["max"]) == (min(values), max(values))
    account: GridDuckAccount = gridduck_entry.runtime_data
    assert account.history.keys_of(room) == [f"{room}_temperature"]


@pytest.mark.parametrize("simulator_options", [Options(sites=1, assets=1)])
async def test_the_energy_dashboard_takes_it(
    hass: HomeAssistant, recorder_mock: object, account: GridDuckAccount, world: World
) -> None:
    """Energy with its cost can be chosen, and nothing is wrong with either."""
    meter = named(world, "Main meter")
    assert await async_setup_component(hass, "energy", {})
    manager = await async_get_manager(hass)
    await manager.async_update(
        {
            "energy_sources": [
                {
                    "type": "grid",
                    "stat_energy_from": id_of(meter, "energy"),
                    "stat_energy_to": None,
                    "stat_cost": id_of(meter, "cost"),
                    "entity_energy_price": None,
                    "number_energy_price": None,
                    "stat_compensation": None,
                    "entity_energy_price_export": None,
                    "number_energy_price_export": None,
                    "cost_adjustment_day": 0,
                }
            ],
            "device_consumption": [],
        }
    )
    await hass.async_block_till_done()
    found = (await async_validate(hass)).as_dict()
    assert found["energy_sources"]
    assert not any(found["energy_sources"])


@pytest.mark.english
@THREE_SITES
async def test_names(hass: HomeAssistant, account: GridDuckAccount, world: World) -> None:
    """Where several assets have one name, the site tells them apart."""
    history = account.history
    names = {
        series.name
        for source in (await history.async_sources()).by_key.values()
        for series in source.series()
    }
    assert {"Lamp energy", "Lamp cost", "Lamp demand", "Meeting room temperature"} <= names
    assert {
        "Harbour Office Main meter energy",
        "Mill Lane Depot Main meter energy",
        "North School Main meter energy",
    } <= names
    lamp = named(world, "Lamp")
    (source,) = (
        one
        for one in (await history.async_sources()).by_key.values()
        if one.key == f"{lamp}_energy"
    )
    assert [series.statistic_id for series in source.series()] == [
        id_of(lamp, "energy"),
        id_of(lamp, "cost"),
    ]
    assert source.window == timedelta(hours=1000)
    assert not source.live(datetime.fromtimestamp(LAST, UTC))


async def test_hourly(account: GridDuckAccount) -> None:
    assert account.history.every() == timedelta(hours=1)


@pytest.mark.parametrize("simulator_options", [Options(sites=2, assets=520)])
async def test_less_often(account: GridDuckAccount) -> None:
    """More than 500 assets are imported at no more than ten calls a minute."""
    sources = (await account.history.async_sources()).by_key
    every = account.history.every()
    assert every == timedelta(hours=2)
    assert len(sources) <= 10 * every / timedelta(minutes=1)


async def test_nothing_is_recorded(
    hass: HomeAssistant, account: GridDuckAccount, simulator: Simulator, passing: Pass, world: World
) -> None:
    """Without the recorder nothing is asked, and an asset that comes back is no error."""
    lamp = named(world, "Lamp")
    world.disconnect(lamp)
    await passing(HOUR)
    world.reconnect(lamp)
    await passing(HOUR)
    await passing(60)
    assert account.importer.progress.state is ImportState.IDLE
    assert {call.query["type"] for call in simulator.calls.list(path=TELEMETRY)} == {"temperature"}


@THREE_SITES
async def test_of_a_device(hass: HomeAssistant, account: GridDuckAccount, world: World) -> None:
    """A site stands for all its assets, in downloads and imports alike."""
    registry = dr.async_get(hass)
    found = dr.async_entries_for_config_entry(registry, account.entry.entry_id)
    devices = {device.name: device for device in found}
    lamp = named(world, "Lamp")
    assert account.assets_under([devices["Lamp"], devices["Lamp"]]) == [lamp]
    assert account.importer.keys_of(devices["Lamp"]) == [f"{lamp}_energy", f"{lamp}_demand"]
    office = devices["Harbour Office"]
    assert set(account.assets_under([office])) == set(world.ids(site_id=world.assets[lamp].site.id))
    assert set(account.importer.keys_of(devices["Lamp"])) < set(account.importer.keys_of(office))
    assert account.history.keys_of("unknown") == []
    assert account.history.keys_of(named(world, "Meeting room")) == [
        f"{named(world, 'Meeting room')}_{TelemetryKind.TEMPERATURE}"
    ]


@pytest.mark.english
async def test_names_of_one_site(
    hass: HomeAssistant, account: GridDuckAccount, world: World, passing: Pass
) -> None:
    """Assets of one site and name get different names, whatever distinguishes them."""
    lamp = named(world, "Lamp")
    site = world.assets[lamp].site
    twins = [one.id for one in world.assets.values() if one.site is site and one.id != lamp][:2]
    for one in twins:
        world.rename_asset(one, "Lamp")
    await passing(60)

    async def names() -> dict[str, set[str | None]]:
        sources = (await account.history.async_sources()).by_key
        return {
            one: {series.name for series in sources[f"{one}_energy"].series()}
            for one in (lamp, *twins)
        }

    first = await names()
    assert len(set.union(*first.values())) == sum(map(len, first.values())) >= 5
    assert all(name and "Lamp" in name for name in set.union(*first.values()))
    # One that is called otherwise now leaves the other two their names.
    world.rename_asset(twins[1], "Heater")
    await passing(60)
    second = await names()
    assert [second[one] for one in (lamp, twins[0])] == [first[one] for one in (lamp, twins[0])]
    assert {"Heater energy"} <= second[twins[1]]
