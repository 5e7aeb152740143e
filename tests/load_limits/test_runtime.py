"""A load limit at work: what it commands, shows and remembers."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.load_limits.runtime import LOAD_LIMITS
from tests.shedding.yard import Yard

SENSOR: Final = "sensor.feeder"


class Feeder:
    """A sensor that measures a base load and what the loads of the yard draw, which is constant."""

    def __init__(self, yard: Yard) -> None:
        self.yard, self.base = yard, 100.0
        watts = (8000, 4000, 300, 400)
        self.watts = dict(zip(yard.every, watts, strict=True))
        self.limit = self.load - 5

    @property
    def load(self) -> float:
        """What flows now, kW."""
        now = self.yard.simulator.clock.now()
        on = (one for one in self.yard.every if self.yard.world.assets[one].on(now))
        return self.base + sum(self.watts[one] for one in on) / 1000

    def measure(self) -> None:
        """Show what flows now, and have GridDuck report what each load draws."""
        now = self.yard.simulator.clock.now()
        for asset_id, watts in self.watts.items():
            on = self.yard.world.assets[asset_id].on(now)
            self.yard.world.set_field(asset_id, "consumption", watts if on else 0)
        self.yard.hass.states.async_set(SENSOR, f"{self.load:.3f}", {"unit_of_measurement": "kW"})

    async def run(self, minutes: int) -> None:
        """Let minutes pass, with a measurement in each."""
        for _ in range(minutes):
            self.measure()
            await self.yard.wait(60)


def data(yard: Yard, limit: float, **other: object) -> Mapping[str, Any]:
    """Return what a config subentry stores."""
    return MappingProxyType(
        {
            "measured": "sensor",
            "sensor": SENSOR,
            "limit": limit,
            "limit_unit": "of_sensor",
            "candidates": {"device_id": [yard.site]},
            "mode": "automatic",
            "min_time_on": 0,
            "allow_non_interruptible": True,
            **other,
        }
    )


async def add(yard: Yard, limit: float, **other: object) -> ConfigSubentry:
    """Add a load limit, as the form does."""
    subentry = ConfigSubentry(
        data=MappingProxyType(dict(data(yard, limit, **other))),
        subentry_type="load_limit",
        title="Feeder",
        unique_id=None,
    )
    yard.hass.config_entries.async_add_subentry(yard.entry, subentry)
    await yard.hass.async_block_till_done(wait_background_tasks=True)
    return subentry


def shown(hass: HomeAssistant, subentry: ConfigSubentry, platform: str, key: str) -> State:
    """Return the state of an entity of a load limit."""
    entity_id = er.async_get(hass).async_get_entity_id(
        platform, DOMAIN, f"{subentry.subentry_id}_{key}"
    )
    assert entity_id is not None, f"there is no {platform} {key}"
    state = hass.states.get(entity_id)
    assert state is not None
    return state


@pytest.fixture
async def feeder(yard: Yard) -> Feeder:
    """Return a feeder whose limit is exceeded by less than the charger draws."""
    found = Feeder(yard)
    # The account has seen what each draws.
    await found.run(2)
    return found


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
    await feeder.run(20)
    assert yard.puts()


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
