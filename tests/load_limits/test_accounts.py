"""Several accounts in one target, of one cloud and of two."""

from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.options import Options
from simulator.server import running
from tests.conftest import gridduck_data, setup

from .yard import Yard, names


async def test_two_accounts_that_see_the_same_assets(yard: Yard) -> None:
    """Each asset counts once, and is shed once."""
    yard.world.add_application("second", "secret", 5678)
    data = gridduck_data(yard.simulator) | {"client_id": "second", "client_secret": "secret"}
    second = MockConfigEntry(
        domain="gridduck_heimdall", title="Second", unique_id="gridduck_5678", data=data
    )
    await setup(yard.hass, second)
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
