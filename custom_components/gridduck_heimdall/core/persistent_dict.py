"""A dict in `.storage`, for small state that a restart must not lose."""

from collections import UserDict
from collections.abc import Callable, Container, Mapping
from contextlib import suppress
from typing import Any, override

from homeassistant.core import HomeAssistant, callback

from .record_reader import RecordReader
from .storage import SAVE_SOON, Content, StorageWriteError, StoredFile, delete_issues


class PersistentDict[ValueT](UserDict[str, ValueT]):
    """A dict that is persisted."""

    def __init__(
        self,
        hass: HomeAssistant,
        key: str,
        *,
        decode: Callable[[RecordReader, Any], dict[str, ValueT]],
        encode: Callable[[Mapping[str, ValueT]], Content] = dict,
        save_delay: float | None = SAVE_SOON,
        in_loop: bool = True,
    ) -> None:
        """Prepare the file without reading it.

        Args:
            hass: Home Assistant.
            key: the name of the file.
            decode: returns the values that the file holds; it runs in another thread.
            encode: returns the content of the file for the values.
            save_delay: seconds within which a change is written; if None, the owner saves.
            in_loop: whether `encode` must run in the event loop, as values change in place.
        """
        super().__init__()
        self._hass = hass
        self._key = key
        self._decode = decode
        self._encode = encode
        self._save_delay = save_delay
        self._file = StoredFile(hass, key, self._snapshot, in_loop=in_loop)

    async def async_load(self) -> None:
        """Read the file, if it exists."""
        if (values := await self._file.async_read(self._decode)) is not None:
            self.data = values
            await self._file.async_save_recovered()

    async def async_take_over(self, key: str) -> None:
        """Move the values of a file that an earlier version wrote under another name.

        Existing values win. If they cannot be written, the old file stays.
        """
        old = StoredFile(self._hass, key, dict)
        if (values := await old.async_read(self._decode)) is None:
            return
        self.data = values | self.data
        with suppress(StorageWriteError):
            await self.async_save()
            await old.async_remove()

    @override
    def __setitem__(self, key: str, value: ValueT) -> None:
        super().__setitem__(key, value)
        self._changed()

    @override
    def __delitem__(self, key: str) -> None:
        super().__delitem__(key)
        self._changed()

    def retain(self, keys: Container[str]) -> None:
        """Drop all values but those of these keys."""
        for key in [key for key in self if key not in keys]:
            del self[key]

    @callback
    def save_within(self, delay: float) -> None:
        """Write the values within some seconds; a pending write is never postponed."""
        self._file.save_within(delay)

    async def async_save(self) -> None:
        """Write the values now.

        Raises:
            StorageWriteError: they could not be written.
        """
        await self._file.async_save()

    async def async_close(self) -> None:
        """Write what has changed; later changes are not written."""
        await self._file.async_close()

    async def async_remove(self) -> None:
        """Drop all values, and remove the file and its repair issues."""
        self.data.clear()
        await self._file.async_remove()
        delete_issues(self._hass, self._key)

    def _changed(self) -> None:
        if self._save_delay is not None:
            self._file.save_within(self._save_delay)

    def _snapshot(self) -> Content:
        # A copy, as another thread may be reading what the event loop changes.
        return self._encode(self.data.copy())
