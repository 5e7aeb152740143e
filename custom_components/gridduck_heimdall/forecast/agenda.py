"""Events of a calendar that keep their identity while what is expected moves."""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain, product
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.ulid import ulid_at_time

from ..core.record_reader import RecordReader, UnixSeconds
from ..core.storage import PersistentDict, entry_file

FILE: Final = "agenda"
"""The kind of the file of a config entry."""

SAVE_WITHIN: Final = 60.0
"""Seconds within which changes are written: overrides of many assets begin and end one by one."""

OVER_FOR: Final = timedelta(days=1)
"""How long an event is shown that is over: calendar triggers may fire hours after it."""

MOVES_BY: Final = timedelta(hours=3)
"""How far apart two forecasts of an event may lie that has not begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """Something that is expected, or runs.

    Attributes:
        kind: what it is; a key of the translations.
        subject: id of the line or asset.
        name: what that is called.
        start: when it begins; the present if it has begun at an unknown time.
        end: when it ends.
        location: where it is, if that is known.
        values: what its description says, by placeholder.
    """

    kind: str
    subject: str
    name: str
    start: datetime
    end: datetime
    location: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def topic(self) -> str:
        """What it has in common with other forecasts of the same event."""
        return f"{self.kind} {self.subject}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An event of the calendar, as it is stored.

    Attributes:
        topic: that of its occurrences.
        start: when it begins.
        end: when it ends.
    """

    topic: str
    start: datetime
    end: datetime


def _stored(record: tuple[str, float, float]) -> Known:
    topic, start, end = record
    return Known(
        topic=topic,
        start=dt_util.utc_from_timestamp(start),
        end=dt_util.utc_from_timestamp(end),
    )


def _decode(reader: RecordReader, stored: Any) -> dict[str, Known]:
    return reader.mapping(stored, tuple[str, UnixSeconds, UnixSeconds], _stored)


def _encode(events: Mapping[str, Known]) -> dict[str, list[object]]:
    return {
        uid: [one.topic, one.start.timestamp(), one.end.timestamp()] for uid, one in events.items()
    }


class Agenda:
    """The events of an account, by uid; a restart keeps their uids.

    Attributes:
        events: the occurrence of each event, in no order.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Prepare the file without reading it."""
        self.events: dict[str, Occurrence] = {}
        self._known: Final = PersistentDict[Known](
            hass,
            entry_file(FILE, entry_id),
            decode=_decode,
            encode=_encode,
            save_delay=SAVE_WITHIN,
            in_loop=False,
        )
        self._by_topic: dict[str, set[str]] = {}
        # Those that are over, in the order in which that was noticed; a restart drops them.
        self._over = deque[tuple[str, Occurrence]]()

    async def async_load(self) -> None:
        """Read the file, if it exists."""
        await self._known.async_load()
        for uid, one in self._known.items():
            self._by_topic.setdefault(one.topic, set()).add(uid)

    async def async_close(self) -> None:
        """Write what has changed."""
        await self._known.async_close()

    @property
    def topics(self) -> Collection[str]:
        """The topics of all events, those of before a restart included."""
        return self._by_topic.keys()

    def update(self, topic: str, found: Iterable[Occurrence], now: datetime) -> bool:
        """Replace the events of a topic, and return whether anything changed.

        An event that has begun keeps its beginning, so that a calendar trigger fires once.

        Args:
            topic: the topic.
            found: its occurrences now.
            now: the present; what has ended by now is dropped.
        """
        left = [one for one in found if one.end > now]
        uids = self._by_topic.get(topic, set())
        known = {uid: self._known[uid] for uid in uids if self._known[uid].end > now}
        events = dict(_matched(known, left, now))
        if events == {uid: self.events[uid] for uid in uids if uid in self.events} and (
            events.keys() == uids
        ):
            return False
        for uid in uids - events.keys():
            one = self.events.pop(uid, None)
            del self._known[uid]
            if one is not None and now - OVER_FOR < one.end <= now:
                self._over.append((uid, one))
        while self._over and self._over[0][1].end <= now - OVER_FOR:
            self._over.popleft()
        for uid, one in events.items():
            self.events[uid] = one
            self._known[uid] = Known(topic=topic, start=one.start, end=one.end)
        if events:
            self._by_topic[topic] = set(events)
        else:
            self._by_topic.pop(topic, None)
        return True

    def between(self, start: datetime, end: datetime) -> list[tuple[str, Occurrence]]:
        """Return the events that lie in a range, or overlap it, in order of time.

        Those that are over are among them for a day.
        """
        every = chain(self._over, self.events.items())
        found = [(uid, one) for uid, one in every if one.end > start and one.start < end]
        return sorted(found, key=lambda item: (item[1].start, item[1].end, item[0]))

    def next(self, now: datetime) -> tuple[str, Occurrence] | None:
        """Return the event that runs, or else the next one; None without any."""
        found = ((uid, one) for uid, one in self.events.items() if one.end > now)
        return min(found, key=lambda item: (item[1].start, item[1].end, item[0]), default=None)


def _matched(
    known: Mapping[str, Known], found: Collection[Occurrence], now: datetime
) -> Iterator[tuple[str, Occurrence]]:
    """Yield the occurrences with their uid: that of the known event which they are nearest to.

    An event that has begun goes first, and goes on with the earliest occurrence that touches it.
    """
    pairs = sorted(
        (not begun, one.start - event.start if begun else distance, index, uid)
        for (uid, event), (index, one) in product(known.items(), enumerate(found))
        for begun, distance in ((event.start <= now, _apart(event, one)),)
        if distance <= (timedelta() if begun else MOVES_BY)
    )
    taken = dict[int, str]()
    for _, _, index, uid in pairs:
        if index not in taken and uid not in taken.values():
            taken[index] = uid
    for index, one in enumerate(found):
        if index not in taken:
            yield ulid_at_time(now.timestamp()), one
            continue
        uid = taken[index]
        start = known[uid].start
        yield uid, replace(one, start=start) if start <= now else one


def _apart(event: Known, one: Occurrence) -> timedelta:
    """Return the time between an event and an occurrence; negative as far as they overlap."""
    return max(event.start, one.start) - min(event.end, one.end)
