"""What was told of lines that still holds, kept over a restart so that it is not told twice."""

from collections.abc import Container
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from custom_components.gridduck_heimdall.const import DOMAIN

VERSION: Final = 1
SAVE_DELAY: Final = 10.0


def _file(hass: HomeAssistant, entry_id: str) -> Store[dict[str, float]]:
    return Store(hass, VERSION, f"{DOMAIN}.told.{entry_id}")


async def async_remove_store(hass: HomeAssistant, entry_id: str) -> None:
    """Remove the file of an account that is removed."""
    await _file(hass, entry_id).async_remove()


class Told:
    """The value that was told last of whatever still holds, by key."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Name the file; nothing is read yet."""
        self._file = _file(hass, entry_id)
        self._values: dict[str, float] = {}
        self._due = False

    async def async_load(self) -> None:
        """Read the file, if there is one."""
        self._values = await self._file.async_load() or {}

    def get(self, key: str) -> float | None:
        """Return what was told last; None where it was not, or does not hold any more."""
        return self._values.get(key)

    def put(self, key: str, value: float) -> None:
        """Note what is told."""
        self._values[key] = value
        self._save()

    def end(self, key: str) -> None:
        """Note that it does not hold any more."""
        if self._values.pop(key, None) is not None:
            self._save()

    def keep(self, keys: Container[str]) -> None:
        """Forget all but these."""
        for key in self._values.keys() - {key for key in self._values if key in keys}:
            self.end(key)

    async def async_close(self) -> None:
        """Write everything down."""
        if self._due:
            await self._file.async_save(self._snapshot())

    def _save(self) -> None:
        self._due = True
        self._file.async_delay_save(self._snapshot, SAVE_DELAY)

    def _snapshot(self) -> dict[str, float]:
        self._due = False
        return dict(self._values)
