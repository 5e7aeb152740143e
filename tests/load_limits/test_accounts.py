"""Several accounts in one target, of one cloud and of two."""

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.gridduck.settings import CONTROL_SCOPES
from simulator.options import Options
from simulator.server import running
from tests.conftest import gridduck_data, setup

from .feeder import Feeder, add
from .test_hostile import curtailed
from .yard import Yard, names


async def see_the_same(yard: Yard) -> MockConfigEntry:
    """Add a second account that sees the same assets."""
    yard.world.add_application("second", "secret", 5678)
    data = gridduck_data(yard.simulator) | {"client_id": "second", "client_secret": "secret"}
    second = MockConfigEntry(
        domain="gridduck_heimdall", title="Second", unique_id="gridduck_5678", data=data
    )
    await setup(yard.hass, second)
    return second


async def test_two_accounts_that_see_the_same_assets(yard: Yard) -> None:
    """Each asset counts once, and is shed once."""
    second = await see_the_same(yard)
    twin = second.runtime_data.device_of(yard.pump)
    both = [yard.device(yard.pump), twin.id]
    yard.puts()
    answer = await yard.shed(power=1_000_000, device_id=both)
    assert names(answer["shed"]) == ["Pump"]
    assert yard.commanded() == [yard.pump]
    again = await yard.shed(power=1_000_000, device_id=[twin.id])
    assert names(again["already_shed"]) == ["Pump"]
    assert not yard.puts()


async def test_two_clouds(yard: Yard) -> None:
    """What one cloud cannot do, the other makes up for."""
    async with running(Options(sites=1, assets=4, lines=1, seed=7)) as elsewhere:
        other = elsewhere.gridduck.world
        heater = other.add_asset("Heater", "ev_charger", created=0, min_time_on=None)
        entry = MockConfigEntry(
            domain="gridduck_heimdall",
            title="Elsewhere",
            unique_id="gridduck_99",
            data=gridduck_data(elsewhere),
        )
        await setup(yard.hass, entry)
        yard.fail(yard.pump)
        device = entry.runtime_data.device_of(heater)
        both = [yard.device(yard.pump), device.id]
        power = other.record(heater)["consumption"]
        answer = await yard.shed(power=1, device_id=both)
        assert names(answer["shed"]) == ["Heater"]
        assert answer["expected_power"] == power
        await yard.hass.config_entries.async_unload(entry.entry_id)


async def test_another_account_may_only_read_the_same_assets(
    hass: HomeAssistant, yard: Yard, feeder: Feeder
) -> None:
    """What is off returns by the one that may control it, also once no load limit is left."""
    yard.world.granted_scopes -= CONTROL_SCOPES
    await see_the_same(yard)
    yard.world.granted_scopes |= CONTROL_SCOPES
    # From now on it is the second of the two.
    await hass.config_entries.async_reload(yard.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    subentry = await add(yard, feeder.limit)
    await feeder.run(3)
    assert curtailed(hass)
    hass.config_entries.async_remove_subentry(yard.entry, subentry.subentry_id)
    await feeder.run(3)
    assert not curtailed(hass)
    assert all(yard.world.assets[one].on(yard.simulator.clock.now()) for one in yard.every)
