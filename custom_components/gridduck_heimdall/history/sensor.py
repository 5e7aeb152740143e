"""The sensor of the progress of an account's history import."""

from functools import partial
from typing import Final, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity
from homeassistant.const import EntityCategory
from homeassistant.core import callback
from homeassistant.helpers.debounce import Debouncer

from ..const import LOGGER
from .importer import Importer
from .work import ImportState

WRITE_EVERY: Final = 5.0
"""Minimum seconds between two states, unless the import changes its state."""


class ImportProgressSensor(SensorEntity):
    """State and progress of an account's import.

    The sensor has no device: no device represents the account, and an artificial one would be
    offered as a target of actions. Its name starts with the account's instead.
    """

    _attr_device_class = SensorDeviceClass.ENUM
    _attr_entity_category = EntityCategory.DIAGNOSTIC
    _attr_has_entity_name = True
    _attr_should_poll = False
    _attr_translation_key = "import_progress"
    _unrecorded_attributes = frozenset({"percent", "hours_done", "hours_to_do"})

    def __init__(self, identity: str, importer: Importer) -> None:
        """Prepare to follow the import.

        Args:
            identity: the account's identity, the prefix of the unique id.
            importer: the importer of the account.
        """
        self._attr_options = [state.value for state in ImportState]
        self._attr_unique_id = f"{identity}_import_progress"
        self._attr_translation_placeholders = {"account": importer.title}
        self._progress = importer.progress

    @override
    async def async_added_to_hass(self) -> None:
        """Show the progress, and follow it."""
        self._later = Debouncer(
            self.hass, LOGGER, cooldown=WRITE_EVERY, immediate=False, function=self._show
        )
        self.async_on_remove(self._later.async_shutdown)
        self._progress.listeners.append(self._progressed)
        self.async_on_remove(partial(self._progress.listeners.remove, self._progressed))
        self._show()

    @callback
    def _progressed(self) -> None:
        """Show a changed state at once, and progress at most every few seconds."""
        if self._progress.state is self._attr_native_value:
            self._later.async_schedule_call()
        else:
            self._later.async_cancel()
            self._show()

    @callback
    def _show(self) -> None:
        self._attr_native_value = self._progress.state
        self._attr_extra_state_attributes = {
            "percent": self._progress.percent,
            "hours_done": self._progress.hours_done,
            "hours_to_do": self._progress.hours_to_do,
        }
        self.async_write_ha_state()
