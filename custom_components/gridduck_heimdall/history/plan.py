"""Plan which hours of a source to import; pure functions."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from types import MappingProxyType
from typing import Final, NamedTuple

from .hours import HOUR, Hours, hour_of, start_of

FIRST_RANGE: Final = timedelta(days=30)
"""The range to import for a new series."""

REREAD_RANGE: Final = timedelta(hours=48)
"""The range to import again once a day, because clouds correct their data."""

REREAD_EVERY: Final = timedelta(days=1)

FINAL_AFTER: Final = timedelta(minutes=10)
"""Delay after its end until an hour is imported.

By then the cloud has the data and the recorder has written its own row. A row that is imported
earlier would break that run of the recorder."""


LONGEST_GAP: Final = timedelta(days=366)
"""Maximum range that is imported without a request."""

FIRST_IMPORT: Final = timedelta(days=7)
"""Time for which an account is new.

A long gap within it means that the clock was wrong at setup, or that the account was not loaded."""


REFUSED_RANGE: Final = timedelta(days=30)
"""Maximum age of refused hours that are imported when they are no longer refused."""


NONE: Final = Hours()
"""No hours."""

NOWHERE: Final[Mapping[str, Hours]] = MappingProxyType({})
"""No hours of any series, shared by the records of thousands of sources."""


class Bounds(NamedTuple):
    """The hours of a source that can be imported now.

    Attributes:
        reach: the first hour that the service has completely.
        horizon: the hour after those that are imported without a request.
        finished: the hour after those that can be imported.
    """

    reach: int
    horizon: int
    finished: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportRecord:
    """The import record of one source.

    Attributes:
        origins: by series, the first hour that is imported without a request.
        covered: by series, the hours that need no import.
        empty: by series, covered hours without data and so without a row.
        unchecked: by series, covered hours for which polling should have recorded a row.
        refused: by series, covered hours that the service refused.
        pending: requested hours.
        reread: the hour in which the last days were last imported again.
        failing_since: unix seconds of the first failure since the last success.
    """

    origins: Mapping[str, int] = field(default_factory=dict)
    covered: Mapping[str, Hours] = field(default_factory=dict)
    empty: Mapping[str, Hours] = NOWHERE
    unchecked: Mapping[str, Hours] = NOWHERE
    refused: Mapping[str, Hours] = NOWHERE
    pending: Hours = NONE
    reread: int = 0
    failing_since: float | None = None

    def missing(self, keys: Collection[str], bounds: Bounds) -> Hours:
        """Return the hours before the horizon that any of these series lacks."""
        return reduce(or_, [self._lacking(key, bounds) for key in keys], NONE)

    def _lacking(self, key: str, bounds: Bounds) -> Hours:
        longest = bounds.horizon - LONGEST_GAP // HOUR
        wanted = Hours.of((max(self.origins[key], bounds.reach, longest), bounds.horizon))
        return wanted - self.covered[key]

    def batches(self, keys: Collection[str], bounds: Bounds) -> Mapping[Hours, Collection[str]]:
        """Return the hours to import, requested ones included, with the series of each."""
        requested = self.pending & Hours.of((bounds.reach, bounds.finished))
        found: dict[Hours, list[str]] = {}
        for key in keys:
            if hours := self._lacking(key, bounds) | requested:
                found.setdefault(hours, []).append(key)
        return found

    def with_series(self, keys: Collection[str], bounds: Bounds) -> ImportRecord:
        """Return the record with these series, of which some may be new."""
        new = [key for key in keys if key not in self.origins]
        if not new:
            return self
        horizon = bounds.horizon
        first = max(horizon - FIRST_RANGE // HOUR, bounds.reach)
        return replace(
            self,
            origins={**self.origins, **dict.fromkeys(new, first)},
            covered={**self.covered, **dict.fromkeys(new, NONE)},
            reread=self.reread or horizon,
        )

    def with_reread(self, bounds: Bounds) -> ImportRecord:
        """Return the record with the last days to be imported again, if a day has passed.

        Hours that the service has refused are requested again, too.
        """
        horizon = bounds.horizon
        if not self.reread or horizon - self.reread < REREAD_EVERY // HOUR:
            return self
        again = Hours.of((max(horizon - REREAD_RANGE // HOUR, bounds.reach), horizon))
        first = max(horizon - REFUSED_RANGE // HOUR, bounds.reach)
        lifted = {
            key: self.covered.get(key, NONE) - (hours & Hours.of((first, horizon)))
            for key, hours in self.refused.items()
        }
        return replace(
            self,
            covered={**self.covered, **lifted},
            refused=NOWHERE,
            pending=self.pending | again,
            reread=horizon,
        )

    def with_covered(self, keys: Collection[str], hours: Hours) -> ImportRecord:
        """Return the record with covered hours of these series.

        Whether the recorder has rows of them is still to be checked.
        """
        new = {key: hours - self.covered.get(key, NONE) for key in keys}
        if not any(new.values()):
            return self
        return replace(
            self,
            covered={**self.covered, **{key: self.covered.get(key, NONE) | hours for key in keys}},
            unchecked=_non_empty(
                {
                    **self.unchecked,
                    **{key: self.unchecked.get(key, NONE) | new[key] for key in keys},
                }
            ),
        )

    def with_rows(self, rows: Mapping[str, Hours], hours: Hours, *, whole: bool) -> ImportRecord:
        """Return the record after hours of some series have been written.

        Args:
            rows: by series, the hours that have a row.
            hours: the hours that have been written.
            whole: whether all series were written; if not, requested hours stay requested.
        """
        covered = {key: self.covered.get(key, NONE) | hours for key in rows}
        empty = {key: (self.empty.get(key, NONE) - hours) | (hours - rows[key]) for key in rows}
        unchecked = {key: self.unchecked.get(key, NONE) - hours for key in rows}
        return replace(
            self,
            covered={**self.covered, **covered},
            empty=_non_empty({**self.empty, **empty}),
            unchecked=_non_empty({**self.unchecked, **unchecked}),
            pending=self.pending - hours if whole else self.pending,
        )

    def with_refused(self, keys: Collection[str], hours: Hours) -> ImportRecord:
        """Return the record with refused hours of these series."""
        refused = {key: self.refused.get(key, NONE) | hours for key in keys}
        return replace(self.with_covered(keys, hours), refused={**self.refused, **refused})

    def with_checked(
        self, key: str, lost: Hours, discovered: Hours, bounds: Bounds
    ) -> ImportRecord:
        """Return the record after a series was compared with the recorder.

        Args:
            key: of the series.
            lost: hours whose rows are missing, which are imported again.
            discovered: empty and unchecked hours for which it has a row.
            bounds: which hours can be imported now.
        """
        if not lost and not discovered and not self.unchecked.get(key, NONE):
            return self
        absent = self.unchecked.get(key, NONE) - discovered
        # If rows were lost, so were those that polling had recorded.
        again = lost | absent if lost else NONE
        empty = (self.empty.get(key, NONE) | absent) - again - discovered
        # Older hours are imported only on request.
        first = max(self.origins.get(key, 0), bounds.horizon - LONGEST_GAP // HOUR)
        early = Hours.of((0, first))
        return replace(
            self,
            covered={**self.covered, key: self.covered.get(key, NONE) - again},
            empty=_non_empty({**self.empty, key: empty}),
            unchecked=_non_empty({**self.unchecked, key: NONE}),
            pending=self.pending | (again & early),
        )

    def with_future_dropped(self, keys: Collection[str], bounds: Bounds) -> ImportRecord:
        """Return the record without the effects of a clock that was ahead.

        The assumed end of the data was wrong, and so was everything derived from it: the last days
        before now and the start of the first range.
        """
        past = Hours.of((0, bounds.horizon - REREAD_RANGE // HOUR))
        first = max(bounds.horizon - FIRST_RANGE // HOUR, bounds.reach)

        def cut(hours: Mapping[str, Hours]) -> Mapping[str, Hours]:
            return {**hours, **{key: hours[key] & past for key in keys if key in hours}}

        return replace(
            self,
            origins={**self.origins, **{key: min(self.origins[key], first) for key in keys}},
            covered=cut(self.covered),
            empty=_non_empty(cut(self.empty)),
            unchecked=_non_empty(cut(self.unchecked)),
            refused=_non_empty(cut(self.refused)),
        )

    def with_clock_corrected(
        self, keys: Collection[str], bounds: Bounds, now: float
    ) -> ImportRecord:
        """Return the record with the effects of a wrong clock removed: future times, a false gap.

        Args:
            keys: of the series.
            bounds: which hours can be imported now.
            now: unix seconds.
        """
        record = self
        if self.reread > bounds.horizon or (self.failing_since or 0) > now:
            failing_since = None if self.failing_since is None else min(self.failing_since, now)
            reread = min(self.reread, bounds.horizon)
            record = replace(self, reread=reread, failing_since=failing_since)
        origins = {
            key: bounds.horizon - FIRST_RANGE // HOUR for key in keys if self._new(key, bounds)
        }
        return replace(record, origins={**record.origins, **origins}) if origins else record

    def _new(self, key: str, bounds: Bounds) -> bool:
        """Return whether a series was imported for a few days only, a long time ago."""
        covered = self.covered[key]
        return (
            self.failing_since is None
            and bool(covered)
            and bounds.horizon - covered.last > FIRST_RANGE // HOUR
            and len(covered) < (FIRST_RANGE + FIRST_IMPORT) // HOUR
        )


def _non_empty(hours: Mapping[str, Hours]) -> Mapping[str, Hours]:
    """Return the hours of the series that have any; if none has, as is common, a shared mapping."""
    return {key: one for key, one in hours.items() if one} or NOWHERE


def finished_at(now: datetime) -> int:
    """Return the hour after those that are final."""
    return hour_of(now - FINAL_AFTER)


def live_hours(missing: Hours, horizon: int, since: int, live: Callable[[datetime], bool]) -> Hours:
    """Return the newest of the missing hours, which live polling has recorded.

    Args:
        missing: hours to be imported.
        horizon: the hour after the newest that may be missing.
        since: the first hour for which live polling can count.
        live: as that of a `Source`.
    """
    first = horizon
    while first - 1 >= since and first - 1 in missing and live(start_of(first - 1)):
        first -= 1
    return Hours.of((first, horizon))
