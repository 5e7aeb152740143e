"""A load limit at work: what it commands, shows and remembers."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.load_limits.runtime import LOAD_LIMITS
from tests.load_limits.yard import Yard

from .feeder import Feeder, add, shown


async def test_it_curtails_and_restores(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    """It brings the load below the limit, holds it there, and brings all back with room."""
    subentry = await add(yard, feeder.limit)
    await feeder.run(5)
    assert feeder.load <= feeder.limit
    assert shown(hass, subentry, "sensor", "load_limit_state").state in {"curtailing", "holding"}
    assert float(shown(hass, subentry, "sensor", "load_limit_power_curtailed").state) > 0
    assert int(shown(hass, subentry, "sensor", "load_limit_assets_curtailed").state) >= 1
    assert shown(hass, subentry, "event", "load_limit_decision").attributes["event_type"] == (
        "curtail"
    )
    count = len(yard.puts())
    await feeder.run(20)
    assert feeder.load <= feeder.limit
    # Leases are long: nothing is sent again meanwhile.
    assert not yard.puts()
    assert count <= 2
    feeder.base = 85
    await feeder.run(40)
    assert shown(hass, subentry, "sensor", "load_limit_state").state == "idle"
    assert shown(hass, subentry, "sensor", "load_limit_assets_curtailed").state == "0"
    bodies = [call.body for call in yard.puts()]
    assert {"snooze_finish": 0} in bodies
    assert feeder.load > 95


async def test_advice_sends_nothing(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    """What would be done is said once, not every minute."""
    subentry = await add(yard, feeder.limit, mode="advise")
    await feeder.run(10)
    assert not yard.puts()
    assert shown(hass, subentry, "event", "load_limit_decision").attributes["event_type"] == (
        "advice"
    )
    journal = list(hass.data[LOAD_LIMITS].record.journal)
    assert 1 <= len(journal) <= 2
    assert not any(one.sent for one in journal)


async def test_reload_keeps_what_is_curtailed(
    hass: HomeAssistant, yard: Yard, feeder: Feeder
) -> None:
    """Neither a reload nor a change of the load limit brings anything back."""
    subentry = await add(yard, feeder.limit)
    await feeder.run(5)
    yard.puts()
    await hass.config_entries.async_reload(yard.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await feeder.run(3)
    assert not yard.puts()
    assert shown(hass, subentry, "sensor", "load_limit_assets_curtailed").state != "0"
    assert feeder.load <= feeder.limit
    current = yard.entry.subentries[subentry.subentry_id]
    hass.config_entries.async_update_subentry(
        yard.entry, current, data={**current.data, "longest_off": 3.0}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    await feeder.run(3)
    assert not yard.puts()


async def test_removal_brings_everything_back(
    hass: HomeAssistant, yard: Yard, feeder: Feeder
) -> None:
    subentry = await add(yard, feeder.limit)
    await feeder.run(5)
    assert yard.puts()
    hass.config_entries.async_remove_subentry(yard.entry, subentry.subentry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await feeder.run(20)
    assert yard.puts()
    assert not hass.data[LOAD_LIMITS].record.ledger.curtailed
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"load_limit:{subentry.subentry_id}"), yard.entry.entry_id
    )
    assert device is None


async def test_restore_now(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    subentry = await add(yard, feeder.limit)
    await feeder.run(5)
    yard.puts()
    button = shown(hass, subentry, "button", "load_limit_restore").entity_id
    await hass.services.async_call("button", "press", {"entity_id": button}, blocking=True)
    await feeder.run(4)
    assert [call.body for call in yard.puts()] == [{"snooze_finish": 0}]
    # Nothing else is curtailed in its place, for a quarter of an hour.
    await feeder.run(9)
    assert not yard.puts()
    assert shown(hass, subentry, "sensor", "load_limit_state").state == "paused"
    await feeder.run(20)
    assert yard.puts()
    assert shown(hass, subentry, "sensor", "load_limit_state").state != "paused"


@pytest.mark.parametrize(("unit", "value"), [("kW", 55.1), ("MW", 0.055), ("GW", 0.001)])
async def test_steps_of_the_limit(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, unit: str, value: float
) -> None:
    """A megawatt has steps of a kilowatt: some connections are smaller than a tenth of it."""
    subentry = await add(yard, 1, unit=unit)
    await feeder.run(1)
    number = shown(hass, subentry, "number", "load_limit_number")
    assert number.attributes["unit_of_measurement"] == unit
    await hass.services.async_call(
        "number", "set_value", {"entity_id": number.entity_id, "value": value}, blocking=True
    )
    await hass.async_block_till_done()
    number = shown(hass, subentry, "number", "load_limit_number")
    assert float(number.state) == value
    steps = value / number.attributes["step"]
    assert steps == pytest.approx(round(steps))


async def test_mode_and_limit_are_stored(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    """What a person sets on the device page is what the form shows, also after a restart."""
    subentry = await add(yard, feeder.limit)
    await feeder.run(5)
    select = shown(hass, subentry, "select", "load_limit_mode").entity_id
    await hass.services.async_call(
        "select", "select_option", {"entity_id": select, "option": "off"}, blocking=True
    )
    number = shown(hass, subentry, "number", "load_limit_number").entity_id
    await hass.services.async_call(
        "number", "set_value", {"entity_id": number, "value": 50}, blocking=True
    )
    await hass.async_block_till_done()
    stored = yard.entry.subentries[subentry.subentry_id].data
    assert (stored["mode"], stored["limit"]) == ("off", 50)
    assert shown(hass, subentry, "select", "load_limit_mode").state == "off"
    assert float(shown(hass, subentry, "number", "load_limit_number").state) == 50
    await feeder.run(5)
    # What was curtailed came back when the mode was turned off.
    assert [call.body for call in yard.puts()][-1] == {"snooze_finish": 0}
    await feeder.run(5)
    assert not yard.puts()


async def test_a_person_is_not_fought(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    """What a person has switched on again stays on."""
    await add(yard, feeder.limit)
    await feeder.run(5)
    (key, *_) = hass.data[LOAD_LIMITS].record.ledger.curtailed
    asset_id = key.rpartition(" ")[2]
    yard.world.command(asset_id, "snooze", 0)
    await feeder.run(5)
    yard.puts()
    await feeder.run(10)
    assert asset_id not in yard.commanded()
