"""A feeder whose load is limited by the loads of the yard, and short ways to do so."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import device_registry as dr, entity_registry as er

from custom_components.gridduck_heimdall.const import DOMAIN
from tests.load_limits.yard import Yard

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


def device_of(yard: Yard, subentry: ConfigSubentry) -> dr.DeviceEntry:
    """Return the device of a load limit."""
    device = dr.async_get(yard.hass).async_get_device_by_identifier(
        (DOMAIN, f"load_limit:{subentry.subentry_id}"), yard.entry.entry_id
    )
    assert device is not None
    return device


def shown(hass: HomeAssistant, subentry: ConfigSubentry, platform: str, key: str) -> State:
    """Return the state of an entity of a load limit."""
    entity_id = er.async_get(hass).async_get_entity_id(
        platform, DOMAIN, f"{subentry.subentry_id}_{key}"
    )
    assert entity_id is not None, f"there is no {platform} {key}"
    state = hass.states.get(entity_id)
    assert state is not None
    return state
