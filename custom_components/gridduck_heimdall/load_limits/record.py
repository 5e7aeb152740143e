"""The file that outlives a restart: what is curtailed, and the last decisions."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
import msgspec

from ..const import DOMAIN
from ..core.record_reader import RecordReader
from ..core.storage import StoredFile
from .journal import Entry, Journal
from .ledger import Curtailed, Ledger, Returned

FILE: Final = f"{DOMAIN}.load_limits"
SOON: Final = 10.0
"""Seconds within which what could be found out anew is written."""


class Record:
    """Ledger and journal, persisted together.

    Attributes:
        ledger: what is curtailed.
        journal: the last decisions.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Prepare the file; nothing is read yet."""
        self.ledger = Ledger()
        self.journal = Journal()
        self._file = StoredFile(hass, FILE, self._snapshot)

    async def async_load(self) -> None:
        """Read the file, if it exists; a damaged record costs that record alone."""
        if (found := await self._file.async_read(_read)) is not None:
            self.ledger, self.journal = found
            await self._file.async_save_recovered()

    async def async_save(self) -> None:
        """Write now: before a command is sent that a crash must not forget.

        Raises:
            StorageWriteError: it could not be written.
        """
        await self._file.async_save()

    @callback
    def save_soon(self) -> None:
        """Write within some seconds."""
        self._file.save_within(SOON)

    async def async_close(self) -> None:
        """Write what has changed, for the last time."""
        await self._file.async_close()

    def _snapshot(self) -> dict[str, Any]:
        ledger = self.ledger
        return {
            "curtailed": [asdict(one) for one in ledger.curtailed.values()],
            "returned": [asdict(one) for one in ledger.returned.values()],
            "blocked": dict(ledger.blocked),
            "decisions": [msgspec.to_builtins(one) for one in self.journal],
        }


def _read(reader: RecordReader, stored: Mapping[str, Any]) -> tuple[Ledger, Journal]:
    """Return what the file holds; runs in another thread."""

    def records[RecordT](key: str, kind: type[RecordT]) -> list[RecordT]:
        def build(one: dict[str, Any]) -> RecordT:
            return msgspec.convert(one, kind)

        return reader.sequence(stored.get(key, []), dict[str, Any], build)

    ledger = Ledger(
        {one.key: one for one in records("curtailed", Curtailed)},
        {one.key: one for one in records("returned", Returned)},
        msgspec.convert(stored.get("blocked", {}), dict[str, float]),
    )
    return ledger, Journal(records("decisions", Entry))
