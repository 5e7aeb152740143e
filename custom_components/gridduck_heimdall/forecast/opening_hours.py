"""Opening hours of a site, from a schedule helper."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final, Self

from ..history.intervals import HOUR, start_of

WEEKDAYS: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
"""The days as the schedule helper names them, in the order of `date.weekday`."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """The times of a week at which a site is open, in local time.

    Attributes:
        blocks: beginning and end of each block, by day of the week; `time.max` is midnight.
        zone: the time zone.
    """

    blocks: Sequence[Sequence[tuple[time, time]]]
    zone: tzinfo

    @classmethod
    def of(cls, schedule: Mapping[str, Any], zone: tzinfo) -> Self:
        """Return the opening hours that a schedule helper has."""
        return cls(
            tuple(
                tuple((one["from"], one["to"]) for one in schedule.get(day, ())) for day in WEEKDAYS
            ),
            zone,
        )

    def open_share(self, first: int, end: int) -> dict[int, float]:
        """Return the share of each hour at which the site is open, for hours with any.

        Args:
            first: the first hour, counted since 1970 (UTC).
            end: the hour after the last.
        """
        shares = dict[int, float]()
        for opens, closes in self._periods(start_of(first), start_of(end)):
            hour = max(first, int(opens.timestamp() // HOUR.total_seconds()))
            while hour < end and (start := start_of(hour)) < closes:
                overlap = min(closes, start + HOUR) - max(opens, start)
                shares[hour] = shares.get(hour, 0.0) + overlap / HOUR
                hour += 1
        return shares

    def _periods(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the periods, in UTC, of all local days that a range touches."""
        day = start.astimezone(self.zone).date()
        last = end.astimezone(self.zone).date()
        while day <= last:
            for begins, ends in self.blocks[day.weekday()]:
                opens = self._moment(day, begins)
                closes = self._moment(day + _DAY, time.min) if ends == time.max else None
                # An hour that the clock shows twice is open both times.
                closes = closes or self._moment(day, ends, fold=1)
                yield opens, closes
            day += _DAY

    def _moment(self, day: date, at: time, *, fold: int = 0) -> datetime:
        return datetime.combine(day, at, self.zone).replace(fold=fold).astimezone(UTC)
