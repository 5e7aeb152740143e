"""The local day and hour of each hour: loads of the same kind of day are alike."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from enum import IntEnum
from typing import Final

from ..history.hours import HOUR, start_of

SATURDAY: Final = 5


class DayKind(IntEnum):
    """Days whose loads are alike."""

    WORKDAY = 0
    SATURDAY = 1
    SUNDAY = 2
    """Or a holiday."""


@dataclass(frozen=True, slots=True)
class LocalHour:
    """An hour by the local clock.

    Attributes:
        day: the proleptic ordinal of its date.
        kind: what kind of day that is.
        hour: 0 to 23. Where clocks are set back, two hours in a row have the same number.
    """

    day: int
    kind: DayKind
    hour: int


def local_hours(
    first: int, end: int, zone: tzinfo, holidays: Collection[date] = ()
) -> Mapping[int, LocalHour]:
    """Return the local day and hour of hours, each known by its number since 1970 (UTC).

    Args:
        first: the first hour.
        end: the hour after the last.
        zone: the time zone.
        holidays: days that count as Sundays.
    """
    return {hour: _local(hour, zone, holidays) for hour in range(first, end)}


def _local(hour: int, zone: tzinfo, holidays: Collection[date]) -> LocalHour:
    # Where local hours begin within those of UTC, most of the hour counts.
    moment = (start_of(hour) + HOUR / 2).astimezone(zone)
    day = moment.date()
    weekday = day.weekday()
    if day in holidays or weekday > SATURDAY:
        kind = DayKind.SUNDAY
    else:
        kind = DayKind.SATURDAY if weekday == SATURDAY else DayKind.WORKDAY
    return LocalHour(day.toordinal(), kind, moment.hour)
