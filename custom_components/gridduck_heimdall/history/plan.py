"""Which hours of a source are to be imported: pure."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Final, NamedTuple

from .intervals import SECONDS, Hours, hour_of, next_hour, start_of

FIRST_RANGE: Final = timedelta(days=30)
"""What is imported when a series is seen for the first time."""

REREAD_RANGE: Final = timedelta(hours=48)
"""What is imported again once a day, since clouds correct their data."""

REREAD_EVERY: Final = timedelta(days=1)

SETTLED: Final = timedelta(minutes=10)
"""How long after its end an hour is imported: the cloud has its data then, and the recorder has
written its own row. A row of ours that is there before would spoil that run of the recorder."""


REFUSED_RANGE: Final = timedelta(days=30)
"""How far back is imported what a service has refused, when it no longer does."""


NONE: Final = Hours()
"""No hours."""


class Bounds(NamedTuple):
    """Which hours of a source can be imported now.

    Parameters:
        reach: the first hour that the service still has whole.
        horizon: the hour after those that are imported without being asked for.
        finished: the hour after those that can be imported at all.
    """

    reach: int
    horizon: int
    finished: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What is known of one source.

    Parameters:
        origins: by series, the first hour that is ever imported without being asked for.
        covered: by series, the hours that need no import any more.
        refused: by series, those of them that the service did not let be read.
        pending: hours that were asked for.
        reread: the hour in which the last days were last asked for again.
        failing_since: unix seconds of the first failure since the last success.
    """

    origins: Mapping[str, int] = field(default_factory=dict)
    covered: Mapping[str, Hours] = field(default_factory=dict)
    refused: Mapping[str, Hours] = field(default_factory=dict)
    pending: Hours = NONE
    reread: int = 0
    failing_since: float | None = None

    def missing(self, keys: Collection[str], bounds: Bounds) -> Hours:
        """Return the hours before the horizon that some of the series with these keys lack."""
        return reduce(or_, (self._lacking(key, bounds) for key in keys), NONE)

    def _lacking(self, key: str, bounds: Bounds) -> Hours:
        wanted = Hours.of((max(self.origins[key], bounds.reach), bounds.horizon))
        return wanted - self.covered[key]

    def to_do(self, keys: Collection[str], bounds: Bounds) -> Hours:
        """Return the hours to import for these series, those that were asked for included."""
        return reduce(or_, self.batches(keys, bounds), NONE)

    def batches(self, keys: Collection[str], bounds: Bounds) -> Mapping[Hours, Collection[str]]:
        """Return the hours to import, each with the series that are to be imported together."""
        asked = self.pending & Hours.of((bounds.reach, bounds.finished))
        found: dict[Hours, list[str]] = {}
        for key in keys:
            if hours := self._lacking(key, bounds) | asked:
                found.setdefault(hours, []).append(key)
        return found

    def with_series(self, keys: Collection[str], bounds: Bounds) -> Record:
        """Return the record with these series, of which some may be new."""
        new = [key for key in keys if key not in self.origins]
        if not new:
            return self
        horizon = bounds.horizon
        first = max(horizon - _hours(FIRST_RANGE), bounds.reach)
        return replace(
            self,
            origins={**self.origins, **dict.fromkeys(new, first)},
            covered={**self.covered, **dict.fromkeys(new, NONE)},
            reread=self.reread or horizon,
        )

    def with_reread(self, bounds: Bounds) -> Record:
        """Return the record with the last days asked for again, if a day has passed.

        What the service has refused is asked for again, too.
        """
        horizon = bounds.horizon
        if not self.reread or horizon - self.reread < _hours(REREAD_EVERY):
            return self
        again = Hours.of((max(horizon - _hours(REREAD_RANGE), bounds.reach), horizon))
        first = max(horizon - _hours(REFUSED_RANGE), bounds.reach)
        lifted = {
            key: self.covered.get(key, NONE) - (hours & Hours.of((first, horizon)))
            for key, hours in self.refused.items()
        }
        return replace(
            self,
            covered={**self.covered, **lifted},
            refused={},
            pending=self.pending | again,
            reread=horizon,
        )

    def with_covered(self, keys: Collection[str], hours: Hours) -> Record:
        """Return the record with hours of these series that need no import any more."""
        if not hours:
            return self
        covered = {key: self.covered.get(key, NONE) | hours for key in keys}
        return replace(self, covered={**self.covered, **covered})

    def with_imported(self, keys: Collection[str], hours: Hours) -> Record:
        """Return the record with hours that have been imported."""
        return replace(self.with_covered(keys, hours), pending=self.pending - hours)

    def with_refused(self, keys: Collection[str], hours: Hours) -> Record:
        """Return the record with hours of these series that the service did not let be read."""
        refused = {key: self.refused.get(key, NONE) | hours for key in keys}
        return replace(self.with_covered(keys, hours), refused={**self.refused, **refused})


def finished_at(now: datetime) -> int:
    """Return the hour after those that have been over for long enough."""
    return hour_of(now - SETTLED)


def reach_at(now: datetime, reach: timedelta) -> int:
    """Return the first hour that a service still has whole."""
    return next_hour(now - reach)


def live_hours(missing: Hours, horizon: int, since: int, live: Callable[[datetime], bool]) -> Hours:
    """Return the newest of the missing hours, which live polling has recorded.

    Parameters:
        missing: hours to be imported.
        horizon: the hour after the newest that may be missing.
        since: the first hour for which live polling can count.
        live: as that of a `Source`.
    """
    first = horizon
    while first - 1 >= since and first - 1 in missing and live(start_of(first - 1)):
        first -= 1
    return Hours.of((first, horizon))


def _hours(span: timedelta) -> int:
    return int(span.total_seconds()) // SECONDS
