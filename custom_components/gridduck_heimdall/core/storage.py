"""Persist state in `.storage`: damage costs only the damaged record, a failed write is reported."""

from collections import UserDict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from math import inf
from pathlib import Path
from typing import Any, Final, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, UnsupportedStorageVersionError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.issue_registry import IssueSeverity
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.file import WriteError

from ..api.sanitizer import escape_markdown
from ..const import DOMAIN, LOGGER
from .exceptions import explain
from .record_reader import UNREADABLE, RecordReader

VERSION: Final = 1
SAVE_SOON: Final = 10.0
"""Seconds within which a change is written; a crash loses at most these."""
RETRY_DELAY: Final = 60.0
"""Seconds until a failed write is retried."""


def entry_file(kind: str, entry_id: str) -> str:
    """Return the name of a file that belongs to a config entry."""
    return f"{DOMAIN}.{kind}.{entry_id}"


class Damage(StrEnum):
    """Damage of a file; the values are translation keys of repair issues."""

    NEWER = "storage_newer"
    UNREADABLE = "storage_unreadable"
    PARTLY = "storage_partly_unreadable"


WRITE_FAILED: Final = "storage_write_failed"


class StorageWriteError(HomeAssistantError):
    """A file could not be written."""

    def __init__(self, error: Exception) -> None:
        """Describe the error."""
        super().__init__(
            translation_domain=DOMAIN,
            translation_key="storage_not_written",
            translation_placeholders={"error": explain(error)},
        )


type Content = Mapping[str, Any] | Sequence[Any]


class _File(Store[Content]):
    """Home Assistant's store that reports failed writes to its owner, not only to the log."""

    def __init__(self, hass: HomeAssistant, key: str, owner: StoredFile, *, in_loop: bool) -> None:
        super().__init__(hass, VERSION, key, serialize_in_event_loop=in_loop)
        self._owner = owner

    @override
    async def _async_migrate_func(
        self, old_major_version: int, old_minor_version: int, old_data: Any
    ) -> Any:
        """Read what a newer minor version has written; the next write would overwrite it."""
        if old_major_version != self.version:
            raise NotImplementedError
        if old_minor_version > self.minor_version:
            await self._owner.async_set_aside(Damage.NEWER)
        return old_data

    @override
    async def _async_write_data(self, data: dict[str, Any]) -> None:
        try:
            await super()._async_write_data(data)
        except WriteError as error:
            self._owner.write_failed(error)
            raise
        except OSError as error:
            # Home Assistant does not expect that the folder cannot be created.
            self._owner.write_failed(error)
            raise WriteError(error) from error
        self._owner.write_succeeded()


class StoredFile:
    """A file in `.storage`.

    A file that cannot be read, or that a newer version wrote, is set aside under another name,
    as Home Assistant does with one that is not JSON, and a repair issue is raised. A failed write
    is retried, and its repair issue remains until one succeeds.

    Attributes:
        closed: whether the last write has begun.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        key: str,
        snapshot: Callable[[], Content],
        *,
        in_loop: bool = True,
    ) -> None:
        """Prepare the file without reading it.

        Args:
            hass: Home Assistant.
            key: the name of the file.
            snapshot: returns the current state.
            in_loop: whether the snapshot must be taken in the event loop, as the state changes
                in place.
        """
        self._hass = hass
        self._key = key
        self._snapshot = snapshot
        self._in_loop = in_loop
        self._file = _File(hass, key, self, in_loop=in_loop)
        self._damaged = self._changed = False
        self.closed = False
        # When the pending write is due, in the time of the event loop.
        self._due = inf
        self._error: Exception | None = None

    async def async_read[DataT](self, read: Callable[[RecordReader, Any], DataT]) -> DataT | None:
        """Return the content of the file; None where it does not exist or cannot be read.

        The caller takes over the content and then calls `async_save_recovered`.

        Args:
            read: decodes the content; it runs in another thread.
        """
        try:
            content = await self._file.async_load()
        except UnsupportedStorageVersionError:
            await self.async_set_aside(Damage.NEWER)
            return None
        except (HomeAssistantError, *UNREADABLE, AttributeError, NotImplementedError) as error:
            # Home Assistant's own code fails on an envelope of another shape.
            LOGGER.debug("%s cannot be read: %r", self._key, error)
            await self.async_set_aside(Damage.UNREADABLE)
            return None
        if content is None:
            return None
        reader = RecordReader()
        found = await self._hass.async_add_executor_job(read, reader, content)
        if reader.lost:
            await self.async_set_aside(Damage.PARTLY, count=str(reader.lost))
            self._damaged = True
        return found

    async def async_save_recovered(self) -> None:
        """Write the readable part of a damaged file, which was set aside."""
        if self._damaged:
            self._damaged = False
            await self._async_write()

    @callback
    def save_within(self, delay: float) -> None:
        """Write the state within some seconds, unless the file is closed.

        A pending write is never postponed, however often this is called.
        """
        due = self._hass.loop.time() + delay
        if not self.closed and due < self._due:
            self._changed, self._due = True, due
            self._file.async_delay_save(self._take_snapshot, delay)

    async def async_save(self) -> None:
        """Write the state now; once this returns, a crash loses none of it.

        Raises:
            StorageWriteError: it could not be written.
        """
        await self._async_write()
        if self._error is not None:
            raise StorageWriteError(self._error)

    async def async_close(self) -> None:
        """Write pending changes for the last time, before the file is opened again."""
        self.closed = True
        if self._changed:
            # Also if a write is in flight: it must finish before the file is read again.
            await self._async_write()

    async def async_remove(self) -> None:
        """Remove the file and cancel pending writes; a later change creates it again."""
        self._due = inf
        await self._file.async_remove()

    async def _async_write(self) -> None:
        if self._in_loop:
            content = self._take_snapshot()
        else:
            content = await self._hass.async_add_executor_job(self._take_snapshot)
        await self._file.async_save(content)

    def _take_snapshot(self) -> Content:
        # Later changes need another write.
        self._due = inf
        return self._snapshot()

    @callback
    def write_failed(self, error: Exception) -> None:
        """Raise a repair issue for a failed write, and retry."""
        self._error = error
        _raise_issue(
            self._hass, self._key, WRITE_FAILED, IssueSeverity.ERROR, {"error": explain(error)}
        )
        self.save_within(RETRY_DELAY)

    @callback
    def write_succeeded(self) -> None:
        """Clear the repair issue of a failed write."""
        if self._error is not None:
            self._error = None
            ir.async_delete_issue(self._hass, DOMAIN, f"{WRITE_FAILED}_{self._key}")

    async def async_set_aside(self, damage: Damage, **placeholders: str) -> None:
        """Rename the file, so that it is not overwritten, and raise a repair issue."""
        path = Path(self._file.path)
        aside = path.with_name(f"{path.name}.corrupt.{dt_util.utcnow().isoformat()}")
        try:
            await self._hass.async_add_executor_job(path.rename, aside)
        except FileNotFoundError:
            LOGGER.debug("%s no longer exists", path)
        except OSError as error:
            self._file.make_read_only()
            self.write_failed(error)
            return
        LOGGER.warning("%s: %s was set aside as %s", damage, self._key, aside)
        _raise_issue(
            self._hass,
            self._key,
            damage,
            IssueSeverity.WARNING,
            {"kept": str(aside), **placeholders},
        )


class PersistentDict[ValueT](StoredFile, UserDict[str, ValueT]):
    """A dict that is persisted. Setting a value equal to the present one changes nothing."""

    def __init__(
        self,
        hass: HomeAssistant,
        key: str,
        *,
        decode: Callable[[RecordReader, Any], dict[str, ValueT]],
        encode: Callable[[Mapping[str, ValueT]], Content] = dict,
        save_delay: float = SAVE_SOON,
        in_loop: bool = True,
    ) -> None:
        """Prepare the file without reading it.

        Args:
            hass: Home Assistant.
            key: the name of the file.
            decode: returns the values that the file holds; it runs in another thread.
            encode: returns the content of the file for the values.
            save_delay: seconds within which a change is written.
            in_loop: whether `encode` must run in the event loop, as values change in place.
        """
        UserDict.__init__(self)
        super().__init__(hass, key, self._encoded, in_loop=in_loop)
        self._decode = decode
        self._encode = encode
        self._save_delay = save_delay

    async def async_load(self) -> None:
        """Read the file, if it exists."""
        if (values := await self.async_read(self._decode)) is not None:
            self.data = values
            await self.async_save_recovered()

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
        if self.data.get(key) != value:
            self.data[key] = value
            self.save_within(self._save_delay)

    @override
    def __delitem__(self, key: str) -> None:
        del self.data[key]
        self.save_within(self._save_delay)

    def retain(self, keys: Container[str]) -> None:
        """Drop all values but those of these keys."""
        for key in [key for key in self if key not in keys]:
            del self[key]

    @override
    async def async_remove(self) -> None:
        """Drop all values, and remove the file and its repair issues."""
        self.data.clear()
        await super().async_remove()
        delete_issues(self._hass, self._key)

    def _encoded(self) -> Content:
        # A copy, as another thread may be reading what the event loop changes.
        return self._encode(self.data.copy())


@callback
def _raise_issue(
    hass: HomeAssistant,
    key: str,
    kind: str,
    severity: IssueSeverity,
    placeholders: Mapping[str, str],
) -> None:
    # After a restart nothing detects the file that was set aside, so the issue must persist.
    is_damage = kind != WRITE_FAILED
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{kind}_{key}",
        is_fixable=is_damage,
        is_persistent=is_damage,
        severity=severity,
        translation_key=kind,
        translation_placeholders={
            name: escape_markdown(text) for name, text in {"file": key, **placeholders}.items()
        },
    )


@callback
def delete_issues(hass: HomeAssistant, key: str) -> None:
    """Clear all repair issues of a file."""
    for kind in (*Damage, WRITE_FAILED):
        ir.async_delete_issue(hass, DOMAIN, f"{kind}_{key}")


async def async_remove_file(hass: HomeAssistant, key: str) -> None:
    """Remove a closed file and its repair issues."""
    await Store[Content](hass, VERSION, key).async_remove()
    delete_issues(hass, key)


async def async_remove_entry_files(
    hass: HomeAssistant, entry_id: str, kinds: Iterable[str]
) -> None:
    """Remove the files of a config entry that is removed."""
    for kind in kinds:
        await async_remove_file(hass, entry_file(kind, entry_id))
