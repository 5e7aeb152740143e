"""Hourly rows of long-term statistics, in fixed units."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Final, Literal, Self

from homeassistant.components.recorder.statistics import StatisticsRow, statistics_during_period
from homeassistant.core import HomeAssistant

from ..history.hours import SECONDS, hour_of, next_hour, start_of
from ..history.statistics import IDS_AT_ONCE

UNITS: Final[Mapping[str, str]] = {
    "electric_current": "A",
    "energy": "kWh",
    "power": "kW",
    "unitless": "%",
}
"""Units of all rows, whatever unit a user has chosen for an entity."""

type Hourly = Mapping[int, float]
"""Values by hour, counted since 1970 (UTC)."""

type RowField = Literal["mean", "max", "state", "sum", "change"]


@dataclass(frozen=True, slots=True)
class HourRange:
    """The hours that lie in a range of time as a whole.

    Attributes:
        first: the first hour, counted since 1970 (UTC).
        end: the hour after the last.
    """

    first: int
    end: int

    @classmethod
    def within(cls, start: datetime, end: datetime) -> Self:
        """Return the hours that lie in a range as a whole; there may be none."""
        # Before 1970 nothing was recorded; the hour before the first can be asked for, too.
        first = max(1, next_hour(start))
        return cls(first, max(first, hour_of(end)))

    def __len__(self) -> int:
        """Return the number of hours."""
        return self.end - self.first

    def as_dict(self) -> dict[str, object]:
        """Return it as part of a response."""
        return {
            "start": start_of(self.first).isoformat(),
            "end": start_of(self.end).isoformat(),
            "hours": len(self),
        }


def read_rows(
    hass: HomeAssistant,
    statistic_ids: Iterable[str],
    hours: HourRange,
    fields: Iterable[RowField],
) -> dict[str, list[StatisticsRow]]:
    """Return the hourly rows of statistics, oldest first; runs in the recorder's executor."""
    found = dict[str, list[StatisticsRow]]()
    for some in batched(statistic_ids, IDS_AT_ONCE, strict=False):
        found |= statistics_during_period(
            hass,
            start_of(hours.first),
            start_of(hours.end),
            set(some),
            "hour",
            dict(UNITS),
            set(fields),
        )
    return found


def hour_of_row(row: StatisticsRow) -> int:
    """Return the hour of a row, counted since 1970 (UTC)."""
    return int(row["start"] // SECONDS)


def values_of(rows: Iterable[StatisticsRow], field: RowField) -> dict[int, float]:
    """Return one field of rows by hour; hours without it are left out."""
    return {hour_of_row(row): value for row in rows if (value := row.get(field)) is not None}
