"""Find the hours for which the recorder has rows, with few queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import batched
from typing import Final, NamedTuple

from homeassistant.components.recorder.db_schema import Statistics, StatisticsMeta
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import session_scope
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from .hours import SECONDS, Hours
from .plan import NONE
from .statistics import IDS_AT_ONCE, metadata_of

ROWS_COUNTED: Final = 500_000
"""Rows per count, the newest of each series; a database counts this many in its index in about
50 ms."""

SPANS_AT_ONCE: Final = 100
"""Ranges per query: SQLite limits the depth of conditions."""

FUTURE_CHECKED: Final = 1000
"""Number of future hours that are checked to detect a wrong clock."""

_NEVER: Final = 2**31
"""An hour that has no row."""


class Expected(NamedTuple):
    """The rows that one series should have.

    Attributes:
        covered: hours that need no import any more, up to now.
        empty: those of them that had no row.
        unchecked: those of them that may have one.
        future: hours after now that count as covered.
    """

    covered: Hours
    empty: Hours
    unchecked: Hours
    future: Hours

    @property
    def recorded(self) -> Hours:
        """The hours that had a row."""
        return self.covered - self.empty - self.unchecked


class Found(NamedTuple):
    """The rows that one series has.

    Attributes:
        lost: hours that had a row and have none any more.
        discovered: empty and unchecked hours that turned out to have one.
        ahead: whether most of the future hours have none.
    """

    lost: Hours
    discovered: Hours
    ahead: bool


def look_up(hass: HomeAssistant, expected: Mapping[str, Expected]) -> Mapping[str, Found]:
    """Return the rows by statistic id; runs in the recorder's executor."""
    known = metadata_of(hass, expected)
    with session_scope(hass=hass, read_only=True) as session:
        rows = _Rows(session, {key: metadata_id for key, (metadata_id, _) in known.items()})
        return rows.found(expected)


class _Rows:
    """The rows of some series."""

    def __init__(self, session: Session, ids: Mapping[str, int]) -> None:
        """Read only the rows that are needed.

        Args:
            session: open until all is read.
            ids: the metadata id by statistic id; a statistic that is missing has no rows.
        """
        self._session = session
        self._ids = ids

    def found(self, expected: Mapping[str, Expected]) -> Mapping[str, Found]:
        """Return the rows of each series."""
        end = max((one.covered.last for one in expected.values() if one.covered), default=0)
        begin = end - ROWS_COUNTED // max(1, len(expected))
        recent = Hours.of((begin, end))
        counts = self._counts({key: one.covered & recent for key, one in expected.items()})
        older = [key for key, one in expected.items() if one.covered and one.covered.first < begin]
        firsts = self._firsts(older)
        unchecked = self._hours({key: one.unchecked for key, one in expected.items()})
        future = {key: _beginning(one.future) for key, one in expected.items()}
        ahead = self._counts(future)
        found = dict[str, Found]()
        for key, one in expected.items():
            recorded, discovered = one.recorded, unchecked[key]
            whole = key not in firsts or not recorded or firsts[key] <= recorded.first
            lost = NONE
            if not whole or counts[key] != len((recorded | discovered) & recent):
                present = self._hours({key: one.covered})[key]
                lost, discovered = recorded - present, present - recorded
            found[key] = Found(lost, discovered, ahead=2 * ahead[key] < len(future[key]))
        return found

    def _counts(self, wanted: Mapping[str, Hours]) -> Mapping[str, int]:
        """Return how many of the hours of each series have a row."""
        counts = dict.fromkeys(wanted, 0)
        for hours, keys in self._alike(wanted):
            query = (
                select(Statistics.metadata_id, func.count())
                .where(Statistics.metadata_id.in_(keys), _within(hours))
                .group_by(Statistics.metadata_id)
            )
            for metadata_id, count in self._session.execute(query):
                counts[keys[metadata_id]] += count
        return counts

    def _hours(self, wanted: Mapping[str, Hours]) -> Mapping[str, Hours]:
        """Return which of the hours of each series have a row."""
        found = defaultdict[str, list[int]](list)
        for hours, keys in self._alike(wanted):
            query = select(Statistics.metadata_id, Statistics.start_ts).where(
                Statistics.metadata_id.in_(keys), _within(hours)
            )
            for metadata_id, start in self._session.execute(query):
                found[keys[metadata_id]].append(int(start // SECONDS))
        return {key: Hours.of_each(found[key]) if key in found else NONE for key in wanted}

    def _firsts(self, keys: Collection[str]) -> Mapping[str, int]:
        """Return the first hour of each series that has a row."""
        firsts = dict.fromkeys(keys, _NEVER)
        for some in self._batches(keys):
            # Read from the index alone: nothing is counted.
            first = (
                select(func.min(Statistics.start_ts))
                .where(Statistics.metadata_id == StatisticsMeta.id)
                .correlate(StatisticsMeta)
                .scalar_subquery()
            )
            query = select(StatisticsMeta.id, first).where(StatisticsMeta.id.in_(some))
            for metadata_id, start in self._session.execute(query):
                if start is not None:
                    firsts[some[metadata_id]] = int(start // SECONDS)
        return firsts

    def _alike(self, wanted: Mapping[str, Hours]) -> Iterator[tuple[Hours, Mapping[int, str]]]:
        """Group series by hours, and yield hours with the series by metadata id."""
        groups = defaultdict[Hours, list[str]](list)
        for key, hours in wanted.items():
            groups[hours].append(key)
        for hours, keys in groups.items():
            for spans in batched(hours.spans, SPANS_AT_ONCE, strict=False):
                for some in self._batches(keys):
                    yield Hours(spans), some

    def _batches(self, keys: Iterable[str]) -> Iterator[Mapping[int, str]]:
        known = [(self._ids[key], key) for key in keys if key in self._ids]
        yield from map(dict, batched(known, IDS_AT_ONCE, strict=False))


def _beginning(hours: Hours) -> Hours:
    return hours & Hours.of((0, hours.first + FUTURE_CHECKED)) if hours else hours


def _within(hours: Hours) -> ColumnElement[bool]:
    return or_(
        *(
            and_(Statistics.start_ts >= first * SECONDS, Statistics.start_ts < end * SECONDS)
            for first, end in hours.spans
        )
    )
