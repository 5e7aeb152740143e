"""Parameters of the endpoints, and how they are written into a query.

Contract: heimdall-api.md §2.1, §2.2, §5.7.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, TypedDict

MAX_WINDOW: Final = timedelta(days=30)
MAX_WINDOW_WITH_SPANS: Final = timedelta(days=7)


class Quantity(StrEnum):
    """The quantity of ratings: amperes, the service's default, or MVA."""

    CURRENT = "current"
    APPARENT_POWER = "apparent_power"


class UnitSystem(StrEnum):
    """Units of temperatures, icing, sag and clearance. Contract: heimdall-api.md §5.10."""

    METRIC = "metric"
    IMPERIAL = "imperial"


class Include(StrEnum):
    """Breakdowns that an answer can carry beside the line's own value."""

    SPANS = "spans"
    MEASUREMENT_POINTS = "measurement_points"


class Parameters(TypedDict, total=False):
    """All parameters; None is the same as left out. Each endpoint takes some of them."""

    since: datetime | None
    """Oldest time that a value may have."""
    start: datetime | None
    """Start of the window, inclusive."""
    end: datetime | None
    """End of the window, inclusive."""
    quantity: Quantity | None
    unit_system: UnitSystem | None
    include: Include | None


def format_timestamp(when: datetime) -> str:
    """Return a time in UTC with a literal Z, the only form that the service takes.

    Raises:
        ValueError: the time has no zone.
    """
    if when.utcoffset() is None:
        raise ValueError("A time without time zone is ambiguous")
    return f"{when.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"


def format_window(
    start: datetime | None, end: datetime | None, longest: timedelta
) -> dict[str, str]:
    """Return the query for a window of history.

    Raises:
        ValueError: an end is missing or has no zone, the window runs backwards, or it is longer
            than the service allows.
    """
    if start is None or end is None:
        raise ValueError("A window of history needs a start and an end")
    query = {"from_timestamp": format_timestamp(start), "to_timestamp": format_timestamp(end)}
    # Zones that are alike would be compared by the wall clock, summer time or not.
    length = end.astimezone(UTC) - start.astimezone(UTC)
    if length < timedelta(0):
        raise ValueError("The window ends before it starts")
    if length > longest:
        raise ValueError(f"The window is longer than {longest.days} days")
    return query
