"""Series of telemetry.

Contract: gridduck-api.md, "Telemetry" and Part 2.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from ..errors import UnexpectedAnswer
from .assumed import Granularity, TelemetryType, WirePoint
from .envelope import Page
from .timestamps import moment


@dataclass(frozen=True, slots=True)
class TelemetryPoint:
    """One value of a series.

    Attributes:
        at: the moment, or the beginning of the interval.
        value: in the unit of the series.
    """

    at: datetime
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetrySeries:
    """Telemetry of one asset.

    Attributes:
        unit: the unit that the service names, or None.
        points: sorted by time, without duplicates and empty values.
        malformed: number of dropped points.
        complete: whether the service has no more points.
    """

    asset_id: str
    type: TelemetryType
    granularity: Granularity
    unit: str | None
    points: tuple[TelemetryPoint, ...]
    malformed: int
    complete: bool


def checked_window(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """Return the window of a request in UTC, which has no change of summer time.

    Raises:
        ValueError: a time without a zone, or nothing between them.
    """
    if start.utcoffset() is None or end.utcoffset() is None:
        raise ValueError("The times of a window need a time zone")
    if end.astimezone(UTC) <= start.astimezone(UTC):
        raise ValueError("The end of a window must come after its start")
    return start.astimezone(UTC), end.astimezone(UTC)


def check_points(start: datetime, end: datetime, granularity: Granularity, most: int) -> None:
    """Check that a window fits in one request.

    Raises:
        ValueError: as `checked_window`, or it has more than `most` points.
    """
    start, end = checked_window(start, end)
    if end - start > granularity.length * most:
        raise ValueError(f"A request gives at most {most} points: ask for a shorter window")


def windows(
    start: datetime, end: datetime, granularity: Granularity, most: int
) -> Iterator[tuple[datetime, datetime]]:
    """Yield consecutive parts of a window that fit in one request each.

    Args:
        start: beginning of the first part.
        end: end of the last part.
        granularity: interval of the points.
        most: maximum points of one request.

    Raises:
        ValueError: as `checked_window`.
    """
    start, end = checked_window(start, end)
    # One less if a window does not begin with an interval, as it touches one more.
    whole = int(start.timestamp()) % int(granularity.length.total_seconds()) == 0
    length = granularity.length * (most if whole else most - 1)
    while start < end:
        until = min(start + length, end)
        yield start, until
        start = until


def series_of(
    page: Page[WirePoint], asset_id: str, of_type: TelemetryType, granularity: Granularity
) -> TelemetrySeries:
    """Return the series that a page holds.

    Raises:
        UnexpectedAnswer: none of its entries is a point, or they are in different units.
    """
    values: dict[datetime, float] = {}
    malformed = page.entries - len(page.items)
    for item in page.items:
        if (at := moment(item.stamp)) is None:
            malformed += 1
        elif item.value is not None:
            values[at] = item.value
    if page.entries and malformed == page.entries:
        raise UnexpectedAnswer("The answer holds no points of telemetry")
    units = {
        name.strip(): None for name in (page.unit, *(item.unit for item in page.items)) if name
    }
    if len(units) > 1:
        raise UnexpectedAnswer("The answer holds points in different units")
    unit = next(iter(units), None)
    total = page.pagination.total
    return TelemetrySeries(
        asset_id=asset_id,
        type=of_type,
        granularity=granularity,
        unit=unit,
        points=tuple(TelemetryPoint(at, values[at]) for at in sorted(values)),
        malformed=malformed,
        complete=total is None or page.entries >= total,
    )
