"""The file that outlives a restart: what is curtailed, the windows, and the last decisions."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
import msgspec

from ..const import DOMAIN
from ..core.record_reader import RecordReader, UnixSeconds
from ..core.storage import StorageWriteError, StoredFile, delete_issues
from .control_law.ledger import Boosted, Curtailed, Ledger, Returned
from .control_law.window import WindowMean
from .journal import Entry, Journal

FILE: Final = f"{DOMAIN}.load_limits"
OLD_FILE: Final = f"{DOMAIN}.shedding"
"""The file in which an earlier version noted what actions had curtailed."""
_TIMES: Final = (
    "since",
    "renewed",
    "until",
    "until_else",
    "seen",
    "returning",
    "ending",
    "held",
    "scheduled",
)
_BOOST_TIMES: Final = ("since", "renewed", "until", "shown", "until_else", "ending")
LONGEST: Final = 24 * 3600.0
"""Longest interval between two steps of a restoration, s."""
SOON: Final = 10.0
"""Seconds within which what could be found out anew is written."""
WINDOWS_SOON: Final = 60.0
"""Seconds within which windows are written; what a crash loses of one counts as a gap."""


class Record:
    """Ledger, journal, and what has passed of windows by load limit, persisted together."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Prepare the file; nothing is read yet."""
        self.ledger = Ledger()
        self.journal = Journal()
        self.windows: dict[str, WindowMean] = {}
        self._hass = hass
        self._file = StoredFile(hass, FILE, self._snapshot)
        self._writing = asyncio.Lock()
        # How many writes were requested, and how many of them are done.
        self._asked = self._written = 0
        self._error: StorageWriteError | None = None
        self._listeners: list[CALLBACK_TYPE] = []

    async def async_load(self) -> None:
        """Read the file, if it exists; a damaged record costs that record alone."""
        if (found := await self._file.async_read(_read)) is not None:
            self.ledger, self.journal, self.windows = found
            await self._file.async_save_recovered()
        await self._async_take_over()

    async def _async_take_over(self) -> None:
        """Take over what an earlier version has written; if that fails, its file stays."""
        old = StoredFile(self._hass, OLD_FILE, dict)
        if (found := await old.async_read(_read_old)) is None:
            return
        for one in found:
            self.ledger.curtailed.setdefault(one.key, one)
        with suppress(StorageWriteError):
            await self.async_save()
            await old.async_remove()

    async def async_save(self) -> None:
        """Write now: before a command is sent that a crash must not forget.

        Many commands at once share a write.

        Raises:
            StorageWriteError: it could not be written.
        """
        self._notify()
        self._asked += 1
        mine = self._asked
        # The others of the same pass ask in this turn of the event loop.
        await asyncio.sleep(0)
        async with self._writing:
            if self._written < mine:
                asked, self._error = self._asked, None
                try:
                    await self._file.async_save()
                except StorageWriteError as error:
                    self._error = error
                self._written = asked
            failed = self._error
        if failed is not None:
            raise failed

    async def async_try_save(self) -> None:
        """Write now what has happened already; a failed write raises a repair issue."""
        with suppress(StorageWriteError):
            await self.async_save()

    @callback
    def save_soon(self) -> None:
        """Write within some seconds."""
        self._notify()
        self._file.save_within(SOON)

    @callback
    def async_follow(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call a listener after each change of ledger and journal; return what removes it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def _notify(self) -> None:
        for listener in tuple(self._listeners):
            listener()

    @callback
    def note_window(self, limit_id: str, window: WindowMean) -> None:
        """Record a window with its last measurement."""
        if window is not self.windows.get(limit_id):
            self.windows[limit_id] = window
            self._file.save_within(WINDOWS_SOON)

    @callback
    def forget_window(self, limit_id: str) -> None:
        """Drop the window of a load limit that has none any more."""
        if self.windows.pop(limit_id, None) is not None:
            self.save_soon()

    async def async_close(self) -> None:
        """Write what has changed, for the last time."""
        await self._file.async_close()

    async def async_remove(self) -> None:
        """Forget everything and remove the file, as the last account is gone."""
        self.ledger, self.journal, self.windows = Ledger(), Journal(), {}
        await self._file.async_remove()
        delete_issues(self._hass, FILE)

    def _snapshot(self) -> dict[str, Any]:
        ledger = self.ledger
        return {
            "curtailed": msgspec.to_builtins(tuple(ledger.curtailed.values())),
            "returned": msgspec.to_builtins(tuple(ledger.returned.values())),
            "blocked": dict(ledger.blocked),
            "boosted": msgspec.to_builtins(tuple(ledger.boosted.values())),
            "left_alone": dict(ledger.left_alone),
            "paused": dict(ledger.paused),
            "unanswered": msgspec.to_builtins(tuple(ledger.unanswered.values())),
            "windows": msgspec.to_builtins(self.windows),
            "decisions": msgspec.to_builtins(tuple(self.journal)),
        }


def _read(reader: RecordReader, stored: object) -> tuple[Ledger, Journal, dict[str, WindowMean]]:
    """Return what the file holds; runs in another thread."""

    def records[RecordT](key: str, kind: type[RecordT], *times: str) -> list[RecordT]:
        def build(one: dict[str, Any]) -> RecordT:
            for name in times:
                msgspec.convert(one.get(name), UnixSeconds | None)
            # As version 1.0 wrote it.
            one.setdefault("unreported", one.get("unasked"))
            return msgspec.convert(one, kind)

        return reader.sequence(reader.part(stored, key) or [], dict[str, Any], build)

    def moment(one: float) -> float:
        return one

    curtailed = [_checked(one) for one in records("curtailed", Curtailed, *_TIMES)]
    returned = records("returned", Returned, "at", "not_before")
    blocked = reader.mapping(reader.part(stored, "blocked"), UnixSeconds, moment)
    boosted = records("boosted", Boosted, *_BOOST_TIMES)
    left_alone = reader.mapping(reader.part(stored, "left_alone") or {}, UnixSeconds, moment)
    paused = reader.mapping(reader.part(stored, "paused") or {}, UnixSeconds, moment)
    unanswered = records("unanswered", Curtailed, *_TIMES)
    ledger = Ledger(
        {one.key: one for one in curtailed},
        {one.key: one for one in returned},
        blocked,
        {one.key: one for one in boosted},
        left_alone,
        paused,
        {one.key: one for one in unanswered},
    )
    windows = reader.mapping(reader.part(stored, "windows") or {}, dict[str, Any], _window)
    return ledger, Journal(records("decisions", Entry, "at", "until")), windows


def _window(stored: dict[str, Any]) -> WindowMean:
    window = msgspec.convert(stored, WindowMean)
    for time in (window.start, 0.0 if window.last is None else window.last[0]):
        msgspec.convert(time, UnixSeconds)
    return window


def _checked(one: Curtailed) -> Curtailed:
    """Return a record with an interval that an action can have."""
    return replace(one, interval=min(max(one.interval, 0.0), LONGEST))


def _read_old(reader: RecordReader, stored: Any) -> list[Curtailed]:
    """Return what an earlier version had curtailed; runs in another thread."""
    found = reader.sequence(stored, dict[str, Any], _read_shed)
    # What had ended was reported before.
    return [one for one, is_over in found if not is_over]


def _read_shed(stored: dict[str, Any]) -> tuple[Curtailed, bool]:
    """Return a record of an earlier version, and whether its end was reported.

    Raises:
        msgspec.ValidationError, KeyError, TypeError, ValueError: it is not one.
    """
    tier = [0 if stored.get("interruptible", True) else 1, 0]
    if (known := msgspec.convert(stored.get("tier"), list[int] | None)) is not None:
        tier = [*known, *tier[len(known) :]][:2]
    comeback = msgspec.convert(stored.get("comeback"), dict[str, float] | None) or {}
    fields = {"accepted": False} | stored
    fields |= {
        "request": "",
        "renewed": stored["sent"],
        "tier": tier,
        "seen": stored["sent"] if stored.get("seen") else None,
        "held": stored["until"],
        "scheduled": comeback.get("at"),
        "interval": comeback.get("interval", 0.0),
        "entry_id": stored["entry_id"],
        "name": stored["name"],
    }
    for name in _TIMES:
        msgspec.convert(fields.get(name), UnixSeconds | None)
    one = _checked(msgspec.convert(fields, Curtailed))
    return one, bool(stored.get("ended") or stored.get("changed"))
