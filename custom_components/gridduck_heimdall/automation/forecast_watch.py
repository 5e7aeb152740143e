"""Follow what is forecast for the lines and circuits of a target."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, override

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
)
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.target import TargetEntityChangeTracker, TargetSelection
from homeassistant.util import dt as dt_util

from ..const import DOMAIN

_HOUR: Final = timedelta(hours=1)


class ForecastWatch(TargetEntityChangeTracker):
    """Follow the forecasts of a target, across reloads of their accounts.

    Attributes:
        entities: the entity that represents the forecast, by device of the target.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        target: Mapping[str, Any],
        sensor: str,
        wanted: Callable[[set[str]], set[str]],
        follow: Callable[[str, CALLBACK_TYPE], CALLBACK_TYPE | None],
        look: Callable[[str], None],
    ) -> None:
        """Prepare to follow.

        Args:
            hass: Home Assistant.
            target: the target of the automation.
            sensor: the translation key of the sensor that represents a forecast best.
            wanted: returns those entities of the target that represent the forecast.
            follow: has a listener called after each change of the forecast of a device, and
                returns what removes it; None where there is no such forecast.
            look: called with a device whose forecast may have changed.
        """
        super().__init__(hass, TargetSelection(dict(target)), wanted)
        self.entities: dict[str, str] = {}
        self._sensor = sensor
        self._follow_forecast = follow
        self._look = look
        self._following: list[CALLBACK_TYPE] = []

    @override
    async def async_setup(self) -> CALLBACK_TYPE:
        remove_target = await super().async_setup()
        remove_accounts = async_dispatcher_connect(
            self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._account_changed
        )
        self._await_hour()

        @callback
        def remove() -> None:
            remove_target()
            remove_accounts()
            self._cancel_hour()
            self._unfollow()

        return remove

    @callback
    @override
    def _handle_entities_update(self, tracked_entities: set[str]) -> None:
        registry = er.async_get(self._hass)
        found = [one for entity_id in tracked_entities if (one := registry.async_get(entity_id))]
        # Prefer the sensor that shows the lowest value itself.
        found.sort(key=lambda one: (one.translation_key != self._sensor, one.entity_id))
        entities = dict[str, str]()
        for entry in found:
            if entry.device_id is not None:
                entities.setdefault(entry.device_id, entry.entity_id)
        if entities != self.entities:
            self.entities = entities
            self._follow()

    @callback
    def _account_changed[RuntimeT](
        self, _change: ConfigEntryChange, entry: ConfigEntry[RuntimeT]
    ) -> None:
        if entry.domain == DOMAIN:
            self._follow()

    @callback
    def _await_hour(self) -> None:
        """Evaluate again right after the hour: another hour of the forecast is within range."""
        now = dt_util.utcnow()
        hour = now.replace(minute=0, second=1, microsecond=0) + _HOUR
        self._cancel_hour = async_call_later(
            self._hass, hour - now, HassJob(self._hour_passed, cancel_on_shutdown=True)
        )

    @callback
    def _hour_passed(self, _now: datetime) -> None:
        self._await_hour()
        for device_id in tuple(self.entities):
            self._look(device_id)

    @callback
    def _follow(self) -> None:
        """Follow the accounts that are loaded now, and evaluate every device once."""
        self._unfollow()
        for device_id in tuple(self.entities):
            remove = self._follow_forecast(device_id, partial(self._look, device_id))
            if remove is not None:
                self._following.append(remove)
            self._look(device_id)

    @callback
    def _unfollow(self) -> None:
        for remove in self._following:
            remove()
        self._following.clear()
