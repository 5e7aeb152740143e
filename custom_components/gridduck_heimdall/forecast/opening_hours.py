"""Opening hours of a site, from a schedule helper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Any, Final, Self

from ..history.hours import HOUR, start_of

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
_MINUTE: Final = timedelta(minutes=1)


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
        found = dict[int, float]()
        local = start_of(first).astimezone(self.zone)
        for hour in range(first, end):
            following = start_of(hour + 1).astimezone(self.zone)
            if local.utcoffset() == following.utcoffset():
                is_open = self._open(local, HOUR)
            else:
                # The clock is changed within the hour, or at the end of it.
                minutes = (start_of(hour) + count * _MINUTE for count in range(HOUR // _MINUTE))
                parts = (self._open(one.astimezone(self.zone), _MINUTE) for one in minutes)
                is_open = sum(parts, timedelta())
            if is_open:
                found[hour] = is_open / HOUR
            local = following
        return found

    def _open(self, local: datetime, length: timedelta) -> timedelta:
        """Return for how much of a short time the site is open, by the clock on the wall.

        Args:
            local: its beginning, from which on the clock runs on.
            length: less than a day.
        """
        begin = local.replace(tzinfo=None)
        end, total = begin + length, timedelta()
        for day in {begin.date(), end.date()}:
            midnight = datetime.combine(day, time.min)
            for begins, ends in self.blocks[day.weekday()]:
                opens = datetime.combine(day, begins)
                closes = midnight + _DAY if ends == time.max else datetime.combine(day, ends)
                total += max(timedelta(), min(closes, end) - max(opens, begin))
        return total
