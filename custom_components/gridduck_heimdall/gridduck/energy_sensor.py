"""The sensor of the energy that an asset has delivered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, override
from zlib import crc32

from homeassistant.components.sensor import (
    RestoreSensor,
    SensorEntityDescription,
    SensorExtraStoredData,
)
from homeassistant.core import CALLBACK_TYPE, HassJob, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ..api.gridduck import Asset
from ..core.entity import RoundedDescription
from .energy import AcceptedReading, EnergyGuard, Observation
from .entity import AssetDescription, AssetEntity
from .runtime_data import GridDuckData

WH_PER_KWH: Final = 1000
# Delay until a held-back reading that does not change is checked again; spread over time for
# many assets.
RECHECK_AFTER: Final = timedelta(minutes=1)
SPREAD: Final = 30

_METER: Final = "meter"


@dataclass(frozen=True, kw_only=True)
class EnergyDescription(SensorEntityDescription, RoundedDescription, AssetDescription):
    """The sensor of an asset's energy."""


@dataclass
class EnergyStoredData(SensorExtraStoredData):
    """Persisted state of the sensor, with the meter reading behind it.

    Attributes:
        reading: the reading that was accepted last.
    """

    reading: AcceptedReading | None

    @override
    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON."""
        meter = None if self.reading is None else self.reading.as_dict()
        return {**super().as_dict(), _METER: meter}


class EnergySensor(AssetEntity, RestoreSensor):
    """The energy that an asset has delivered; an implausible reading is never shown."""

    entity_description: EnergyDescription

    def __init__(self, description: EnergyDescription, data: GridDuckData, asset_id: str) -> None:
        """Follow one asset."""
        super().__init__(description, data, asset_id)
        self._guard = EnergyGuard()
        self._recheck_delay = RECHECK_AFTER + timedelta(seconds=crc32(asset_id.encode()) % SPREAD)
        self._timer: CALLBACK_TYPE | None = None

    @override
    async def async_added_to_hass(self) -> None:
        """Restore the value from before a restart."""
        if (reading := await self._async_restored()) is not None:
            self._guard.restore(reading)
        self.async_on_remove(self._stop_timer)
        await super().async_added_to_hass()

    async def _async_restored(self) -> AcceptedReading | None:
        """Return the reading before a restart; earlier versions stored only the state."""
        stored = await self.async_get_last_extra_data()
        if stored is None:
            return None
        if (reading := AcceptedReading.from_dict(stored.as_dict().get(_METER))) is not None:
            return reading
        data, state = await self.async_get_last_sensor_data(), await self.async_get_last_state()
        if data is None or state is None or not isinstance(data.native_value, int | float):
            return None
        at = state.last_updated
        return AcceptedReading(counter=float(data.native_value), offset=0.0, since=at, seen=at)

    @property
    @override
    def extra_restore_state_data(self) -> EnergyStoredData:
        """The state to persist."""
        return EnergyStoredData(
            self.native_value,
            self.native_unit_of_measurement,
            self._guard.stored(dt_util.utcnow()),
        )

    @override
    def _show(self, asset: Asset) -> object:
        now = dt_util.utcnow()
        if not asset.connected or not self.coordinator.serving:
            self._guard.mark_stale(now)
            return self.native_value
        watt_hours = asset.energy_wh
        energy = self._guard.check(
            Observation(
                counter=None if watt_hours is None else watt_hours / WH_PER_KWH,
                now=now,
                power=asset.power_w,
                polls=self.coordinator.polls_begun,
                polled=self.coordinator.last_success or now,
            )
        )
        self._attr_native_value = self.entity_description.rounded(energy)
        if self._guard.holds_back and self._timer is None:
            # An unchanged reading is not announced again.
            job = HassJob(self._recheck, f"{self.asset_id} energy", cancel_on_shutdown=True)
            self._timer = async_call_later(self.hass, self._recheck_delay, job)
        return self.native_value

    @callback
    def _recheck(self, _now: datetime) -> None:
        self._timer = None
        if self._refresh():
            self.async_write_ha_state()

    @callback
    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer()
            self._timer = None
