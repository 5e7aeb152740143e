"""Our files in `.storage`: what is damaged costs itself alone, and a failed write is known."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, UnsupportedStorageVersionError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.issue_registry import IssueSeverity
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.file import WriteError
import msgspec

from ..const import DOMAIN, LOGGER
from .markdown import in_markdown

VERSION: Final = 1
RETRY_AFTER: Final = 60.0
"""Seconds until a write that failed is tried again."""

LATEST: Final = 253_402_300_799
"""The last second of the year 9999: Python has no later moment."""

type UnixSeconds = Annotated[float, msgspec.Meta(ge=0, le=LATEST)]
"""A moment, as a stored record has it."""

# What a decoder of a record raises when the record is not what it should be.
_UNREADABLE: Final = (
    msgspec.ValidationError,
    ValueError,
    TypeError,
    LookupError,
    OverflowError,
    OSError,
)


class Damage(StrEnum):
    """What is wrong with a file; the values are translation keys of repair issues."""

    NEWER = "storage_newer"
    UNREADABLE = "storage_unreadable"
    PARTLY = "storage_partly_unreadable"


WRITE_FAILED: Final = "storage_write_failed"


class StorageWriteError(HomeAssistantError):
    """A file could not be written."""

    def __init__(self, error: Exception) -> None:
        """Name what went wrong."""
        super().__init__(
            translation_domain=DOMAIN,
            translation_key="storage_not_written",
            translation_placeholders={"error": str(error)},
        )


class Reader:
    """Validates what a file holds, record by record.

    Attributes:
        lost: how many records, or parts of the file, cannot be used.
    """

    def __init__(self) -> None:
        """Start with nothing lost."""
        self.lost = 0

    def mapping[StoredT, RecordT](
        self, stored: object, model: Any, build: Callable[[StoredT], RecordT]
    ) -> dict[str, RecordT]:
        """Return the records of a mapping, by key.

        Args:
            stored: the mapping.
            model: the type of a record as it is stored, for `msgspec.convert`.
            build: makes the record; it may refuse one with any of the usual errors.
        """
        match stored:
            case dict():
                return dict(self._records(stored.items(), model, build))
        self._lose("a mapping", stored)
        return {}

    def sequence[StoredT, RecordT](
        self, stored: object, model: Any, build: Callable[[StoredT], RecordT]
    ) -> list[RecordT]:
        """Return the records of a list; parameters as of `mapping`."""
        match stored:
            case list():
                return [one for _, one in self._records(enumerate(stored), model, build)]
        self._lose("a list", stored)
        return []

    def part(self, stored: object, name: str) -> object:
        """Return a part of a mapping; an empty one where it has none."""
        match stored:
            case dict():
                return stored.get(name, {})
        self._lose("a mapping", stored)
        return {}

    def _records[KeyT, StoredT, RecordT](
        self,
        stored: Iterable[tuple[KeyT, object]],
        model: Any,
        build: Callable[[StoredT], RecordT],
    ) -> Iterator[tuple[KeyT, RecordT]]:
        for key, one in stored:
            try:
                record = build(msgspec.convert(one, model))
            except _UNREADABLE as error:
                LOGGER.debug("The stored record %s cannot be read: %r", key, error)
                self.lost += 1
            else:
                yield key, record

    def _lose(self, wanted: str, stored: object) -> None:
        LOGGER.debug("%s was stored in place of %s", type(stored).__name__, wanted)
        self.lost += 1


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
        """Take over what a newer minor version has written; what follows overwrites the file."""
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
            # That no folder can be made is not among what Home Assistant expects.
            self._owner.write_failed(error)
            raise WriteError(error) from error
        self._owner.write_succeeded()


class StoredFile:
    """A file in `.storage` that outlives a restart.

    A file that cannot be read, or that a newer version wrote, is kept aside under another name,
    as Home Assistant does with one that is not JSON, and a repair issue is raised. A failed write
    is tried again, and its repair issue remains until one succeeds.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        key: str,
        snapshot: Callable[[], Content],
        *,
        in_loop: bool = True,
    ) -> None:
        """Name the file; nothing is read yet.

        Args:
            hass: Home Assistant.
            key: the name of the file.
            snapshot: returns the present state.
            in_loop: whether the snapshot has to be taken in the event loop, as it can change
                while another thread writes it.
        """
        self._hass = hass
        self._key = key
        self._snapshot = snapshot
        self._file = _File(hass, key, self, in_loop=in_loop)
        self._damaged = self._closed = False
        self._error: Exception | None = None

    async def async_read[DataT](self, read: Callable[[Reader, Any], DataT]) -> DataT | None:
        """Return what the file holds; None where there is none that can be read.

        Once what is returned is in use, `async_settle` is called.

        Args:
            read: decodes the content; it runs in another thread.
        """
        try:
            content = await self._file.async_load()
        except UnsupportedStorageVersionError:
            await self.async_set_aside(Damage.NEWER)
            return None
        except (HomeAssistantError, *_UNREADABLE, AttributeError, NotImplementedError) as error:
            # An envelope of another shape breaks Home Assistant's own code in several ways.
            LOGGER.debug("%s cannot be read: %r", self._key, error)
            await self.async_set_aside(Damage.UNREADABLE)
            return None
        if content is None:
            return None
        reader = Reader()
        found = await self._hass.async_add_executor_job(read, reader, content)
        if reader.lost:
            await self.async_set_aside(Damage.PARTLY, count=str(reader.lost))
            self._damaged = True
        return found

    async def async_settle(self) -> None:
        """Write what could be saved of a damaged file, which has been kept aside."""
        if self._damaged:
            self._damaged = False
            await self._file.async_save(self._snapshot())

    @callback
    def save_within(self, delay: float) -> None:
        """Have the present state written within some seconds."""
        self._file.async_delay_save(self._snapshot, delay)

    async def async_save(self) -> None:
        """Write the present state; once it returns, a crash costs nothing of it.

        Raises:
            StorageWriteError: it could not be written.
        """
        await self._file.async_save(self._snapshot())
        if self._error is not None:
            raise StorageWriteError(self._error)

    async def async_close(self) -> None:
        """Write the present state for the last time; the next to open the file reads that."""
        self._closed = True
        await self._file.async_save(self._snapshot())

    @callback
    def write_failed(self, error: Exception) -> None:
        """Tell the user that the file could not be written, and try again."""
        self._error = error
        _raise_issue(
            self._hass, self._key, WRITE_FAILED, IssueSeverity.ERROR, {"error": str(error)}
        )
        if not self._closed:
            self.save_within(RETRY_AFTER)

    @callback
    def write_succeeded(self) -> None:
        """Take back that the file could not be written."""
        if self._error is not None:
            self._error = None
            ir.async_delete_issue(self._hass, DOMAIN, f"{WRITE_FAILED}_{self._key}")

    async def async_set_aside(self, damage: Damage, **placeholders: str) -> None:
        """Rename the file, so that it is not overwritten, and tell the user."""
        path = Path(self._file.path)
        aside = path.with_name(f"{path.name}.corrupt.{dt_util.utcnow().isoformat()}")
        try:
            await self._hass.async_add_executor_job(path.rename, aside)
        except FileNotFoundError:
            LOGGER.debug("%s is not there any more", path)
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


@callback
def _raise_issue(
    hass: HomeAssistant,
    key: str,
    kind: str,
    severity: IssueSeverity,
    placeholders: Mapping[str, str],
) -> None:
    # A file that was set aside is not found again after a restart, so that the issue has to stay.
    lasting = kind != WRITE_FAILED
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{kind}_{key}",
        is_fixable=lasting,
        is_persistent=lasting,
        severity=severity,
        translation_key=kind,
        translation_placeholders={
            name: in_markdown(text) for name, text in {"file": key, **placeholders}.items()
        },
    )


async def async_remove_file(hass: HomeAssistant, key: str) -> None:
    """Remove a file that is no longer needed, and its repair issues."""
    await Store[Content](hass, VERSION, key).async_remove()
    for kind in (*Damage, WRITE_FAILED):
        ir.async_delete_issue(hass, DOMAIN, f"{kind}_{key}")
