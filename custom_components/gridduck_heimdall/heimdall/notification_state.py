"""What was told of lines that still holds, kept over a restart so that it is not told twice."""

from collections.abc import Container
from typing import Any, Final

from homeassistant.core import HomeAssistant

from ..const import DOMAIN
from ..core.storage import Reader, StoredFile, async_remove_file

SAVE_DELAY: Final = 10.0


def _key(entry_id: str) -> str:
    return f"{DOMAIN}.told.{entry_id}"


async def async_remove_store(hass: HomeAssistant, entry_id: str) -> None:
    """Remove the file of an account that is removed."""
    await async_remove_file(hass, _key(entry_id))


def _read(reader: Reader, stored: Any) -> dict[str, float]:
    return reader.mapping(stored, float, float)


class NotificationState:
    """The value that was told last of whatever still holds, by key."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Name the file; nothing is read yet."""
        self._file = StoredFile(hass, _key(entry_id), self._snapshot)
        self._values: dict[str, float] = {}
        self._due = False

    async def async_load(self) -> None:
        """Read the file, if there is one."""
        if (values := await self._file.async_read(_read)) is not None:
            self._values = values
            await self._file.async_settle()

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
            await self._file.async_close()

    def _save(self) -> None:
        self._due = True
        self._file.save_within(SAVE_DELAY)

    def _snapshot(self) -> dict[str, float]:
        self._due = False
        return dict(self._values)
