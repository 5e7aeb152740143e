"""What was shed, kept over a restart."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util
import msgspec

from ..const import DOMAIN
from ..core.persistent_dict import PersistentDict
from ..core.record_reader import RecordReader
from ..core.storage import StorageWriteError
from .underway import Underway

FILE: Final = f"{DOMAIN}.shedding"
SOON: Final = 1.0
"""Seconds within which what is learnt by the way is written down."""
_TIMES: Final = ("since", "sent", "until", "until_else")


class Comeback(msgspec.Struct, frozen=True, kw_only=True):
    """That an asset is to come back before its snooze ends.

    Attributes:
        at: when.
        interval: seconds between this step and the next.
    """

    at: datetime
    interval: float


class Shed(msgspec.Struct, frozen=True, kw_only=True):
    """An asset that was shed.

    Attributes:
        key: what tells the asset from every other: its cloud's address and its id.
        entry_id: the config entry of the account by which it was shed.
        asset_id: GridDuck's id.
        name: what it is called.
        device_id: its device.
        power: what it drew before, W.
        since: since when it is off.
        sent: when the last snooze was sent.
        until: when that snooze ends.
        until_else: when it ends if the last command, which is not confirmed, had no effect.
        accepted: whether the cloud has accepted a snooze.
        seen: whether the cloud has shown the last snooze.
        ahead: by how many seconds the end that the cloud showed is later than `until`, as its
            clock is not ours; None before it showed one.
        tier: when its turn was, as of a candidate: who gives way last comes back first.
        line: the device of the line that it is off for, as was asked last; None where no share of
            a line and no current was the goal.
        saved: by how much its measured power has fallen, W; None before that is known.
        comeback: when it is to come back, where that is on the schedule.
        changed: whether somebody else has changed it, as the cloud showed last.
        ended: whether its end was told.
        why: for what it was shed, for people.
    """

    key: str
    entry_id: str
    asset_id: str
    name: str
    device_id: str | None
    power: float
    since: datetime
    sent: datetime
    until: datetime
    until_else: datetime | None = None
    accepted: bool = False
    seen: bool = False
    ahead: float | None = None
    tier: tuple[int, ...] = ()
    line: str | None = None
    saved: float | None = None
    comeback: Comeback | None = None
    changed: bool = False
    ended: bool = False
    why: str = ""

    @property
    def counts(self) -> float:
        """Watts that it has saved as far as is known: what was expected until it is measured."""
        return self.power if self.saved is None else self.saved


def key_of(cloud: str, asset_id: str) -> str:
    """Return the key of an asset: two accounts of one cloud may see the same one."""
    return f"{cloud} {asset_id}"


class Ledger:
    """All that is shed now, by the key of the asset.

    Attributes:
        underway: the commands that are on their way.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Name the file; nothing is read yet."""
        self.underway = Underway()
        self._saving = asyncio.Lock()
        # Saved on request: no snooze is sent before its record is written.
        self._records = PersistentDict(hass, FILE, decode=_decode, encode=_encode, save_delay=None)
        self._written: dict[str, Shed] = {}

    async def async_load(self) -> None:
        """Read the file, if it exists."""
        await self._records.async_load()
        self._written = dict(self._records)

    def __iter__(self) -> Iterator[Shed]:
        """Return all that is shed, in the order of shedding."""
        return iter(tuple(self._records.values()))

    def get(self, key: str) -> Shed | None:
        """Return what is known of an asset; None where it is not shed."""
        return self._records.get(key)

    @callback
    def put(self, *records: Shed) -> None:
        """Take over what is known now."""
        self._records.update({record.key: record for record in records})

    @callback
    def drop(self, keys: Iterable[str]) -> None:
        """Forget what is not shed any more."""
        for key in keys:
            self._records.pop(key, None)

    async def async_save(self) -> None:
        """Write down what has changed; once it returns, a crash costs nothing of it.

        Raises:
            StorageWriteError: it could not be written.
        """
        async with self._saving:
            records = dict(self._records)
            if records != self._written:
                await self._records.async_save()
                self._written = records

    async def async_try_save(self) -> None:
        """Write down what has changed; what cannot be written is tried again.

        For what has happened already: a failed write raises a repair issue.
        """
        with suppress(StorageWriteError):
            await self.async_save()

    @callback
    def save_soon(self) -> None:
        """Write down before long what could be found out anew."""
        self._records.save_within(SOON)


def _fields(shed: Shed) -> dict[str, Any]:
    """Return a record as it stands in the file, times as unix seconds."""
    fields = msgspec.structs.asdict(shed)
    for name in _TIMES:
        fields[name] = None if fields[name] is None else fields[name].timestamp()
    if (comeback := shed.comeback) is not None:
        fields["comeback"] = {"at": comeback.at.timestamp(), "interval": comeback.interval}
    return fields


def _encode(records: Mapping[str, Shed]) -> list[dict[str, Any]]:
    return [_fields(shed) for shed in records.values()]


def _decode(reader: RecordReader, stored: Any) -> dict[str, Shed]:
    sheds = reader.sequence(stored, dict[str, Any], _read)
    return {shed.key: shed for shed in sheds}


def _read(stored: dict[str, Any]) -> Shed:
    """Return the record that stands in the file.

    Raises:
        msgspec.ValidationError, KeyError, TypeError, ValueError, OverflowError: it is not one.
    """
    fields = dict(stored)
    for name in _TIMES:
        fields[name] = None if fields[name] is None else dt_util.utc_from_timestamp(fields[name])
    # A file may be older than tiers and lines.
    interruptible = fields.pop("interruptible", True)
    fields["tier"] = tuple(fields.get("tier", (0 if interruptible else 1,)))
    if (comeback := fields["comeback"]) is not None:
        fields["comeback"] = {**comeback, "at": dt_util.utc_from_timestamp(comeback["at"])}
    return msgspec.convert(fields, Shed)
