"""The sensor of the progress of an account's history import."""

from datetime import datetime
from typing import Final, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity
from homeassistant.const import EntityCategory
from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.event import async_call_later

from .importer import Importer
from .work import ImportProgress, ImportState

WRITE_EVERY: Final = 5.0
"""Minimum seconds between two states, unless the import changes its state."""


def build(identity: str, importer: Importer) -> SensorEntity:
    """Return the sensor of one account.

    Args:
        identity: the account's identity, the prefix of the unique id.
        importer: the importer of the account.

    The sensor has no device: no device represents the account, and an artificial one would be
    offered as a target of actions. Its name starts with the account's instead.
    """
    return ImportProgressSensor(identity, importer)


class ImportProgressSensor(SensorEntity):
    """State and progress of the import."""

    _attr_device_class = SensorDeviceClass.ENUM
    _attr_entity_category = EntityCategory.DIAGNOSTIC
    _attr_has_entity_name = True
    _attr_should_poll = False
    _attr_translation_key = "import_progress"
    _unrecorded_attributes = frozenset({"percent", "hours_done", "hours_to_do"})

    def __init__(self, identity: str, importer: Importer) -> None:
        """Follow the import."""
        self._attr_options = [state.value for state in ImportState]
        self._attr_unique_id = f"{identity}_import_progress"
        self._attr_translation_placeholders = {"account": importer.title}
        self._importer = importer
        self._shown: ImportProgress = importer.progress
        self._timer: CALLBACK_TYPE | None = None

    @override
    async def async_added_to_hass(self) -> None:
        """Show the progress, and follow it."""
        self._take(self._importer.progress)
        self.async_on_remove(self._importer.async_add_listener(self._progressed))
        self.async_on_remove(self._stop_timer)

    @callback
    def _progressed(self) -> None:
        """Show a changed state at once, and progress at most every few seconds."""
        if self._importer.progress.state is not self._shown.state:
            self._stop_timer()
            self._show()
        elif self._timer is None:
            self._timer = async_call_later(self.hass, WRITE_EVERY, self._show)

    @callback
    def _show(self, _now: datetime | None = None) -> None:
        self._timer = None
        if self._shown != self._importer.progress:
            self._take(self._importer.progress)
            self.async_write_ha_state()

    def _take(self, progress: ImportProgress) -> None:
        self._shown = progress
        self._attr_native_value = progress.state
        self._attr_extra_state_attributes = {
            "percent": progress.percent,
            "hours_done": progress.hours_done,
            "hours_to_do": progress.hours_to_do,
        }

    @callback
    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer()
            self._timer = None
