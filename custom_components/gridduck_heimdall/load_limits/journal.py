"""The last decisions of all load limits, over restarts."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from . import clock
from .control_law.models import Action, Reason

REMEMBERED: Final = 100
"""Decisions that are kept."""
MEASURED_AFTER: Final = 360.0
"""Seconds after a decision at which what it did to the load is noted."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A decision, and what was measured afterwards.

    Attributes:
        at: when it was decided, Unix time.
        limit_id: id of the config subentry of the load limit.
        asset: name of the asset.
        device_id: its device; None where it had none.
        sent: whether a command was accepted; False for advice.
        until: when the snooze or boost ends; None for a return or the end of a boost.
        power: what the asset drew, W.
        load: the expected load then, in `unit`; None where it was not known.
        limit: the limit then, in `unit`; None as `load`.
        unit: of load and limit.
        load_after: the load some minutes later, in `unit`; None before.
        error: what the service said, where the command failed.
    """

    at: float
    limit_id: str
    limit_name: str
    action: Action
    reason: Reason
    asset: str
    device_id: str | None
    sent: bool
    until: float | None = None
    power: float = 0.0
    load: float | None = None
    limit: float | None = None
    unit: str = ""
    load_after: float | None = None
    error: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the entry as an action answers with it: times in ISO 8601, UTC."""
        fields = msgspec.structs.asdict(self)
        for name in ("at", "until"):
            fields[name] = None if fields[name] is None else clock.iso(fields[name])
        return {key: value for key, value in fields.items() if value is not None}


class Journal:
    """The last decisions, the latest last."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        """Take over what was persisted."""
        self._entries = deque(entries, maxlen=REMEMBERED)

    def __iter__(self) -> Iterator[Entry]:
        """Return the entries, the oldest first."""
        return iter(tuple(self._entries))

    def add(self, entry: Entry) -> None:
        """Add a decision; the oldest is dropped where there are too many."""
        self._entries.append(entry)

    def note_load(self, limit_id: str, load: float, now: float) -> bool:
        """Note a load, in the unit of its load limit, for the decisions of some minutes ago.

        Returns:
            Whether there were any.
        """
        noted = False
        for place, one in enumerate(self._entries):
            due = one.limit_id == limit_id and one.load_after is None and one.load is not None
            if due and MEASURED_AFTER <= now - one.at < 2 * MEASURED_AFTER:
                self._entries[place] = msgspec.structs.replace(one, load_after=load)
                noted = True
        return noted
