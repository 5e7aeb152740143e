"""The products that the service offers per line and facility, and their endpoints.

No field of the service says which of these a line has. Contract: heimdall-api.md §2, §4, §7.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from sys import intern
from types import MappingProxyType
from typing import Any, Final

from ..api.heimdall import Endpoint, endpoints
from ..api.heimdall.models.common import Payload, SpanBreakdown
from ..api.heimdall.models.forecasts import RatingForecast
from ..api.heimdall.models.insights import (
    LatestConductorTemperature,
    LatestLineCurrent,
    LatestLineIcing,
    LatestLineSagAndClearance,
    LatestReadings,
    LineIcingForecast,
    SpanPhaseIcing,
    SpanPhaseSagAndClearance,
)
from ..api.heimdall.models.ratings import (
    LatestCircuitRating,
    LatestCircuitTransientRating,
    LatestHeimdallAar,
    LatestHeimdallDlr,
    LatestLineTransientRating,
)

WHOLE: Final = ""
"""The value of the line or circuit as a whole."""
MIN: Final = "min"
ICE: Final = "ice_weight"
TENSION: Final = "tension"
STRENGTH: Final = "tension_percentage_of_break_strength"
SAG_PART: Final = "sag"
CLEARANCE: Final = "clearance"
SPAN_CLEARANCE: Final = "/clearance"

MAX_AGE: Final = timedelta(hours=1)
"""Age at which a value becomes stale; also the length of a forecast bucket."""

ICE_STEP: Final = timedelta(minutes=30)
"""Length of an ice forecast bucket. Contract: heimdall-api.md §5.6."""

type ValueTimes = Iterator[tuple[str, datetime]]


class Group(StrEnum):
    """Products that are polled together."""

    MEASUREMENTS = "measurements"
    FORECASTS = "forecasts"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Product[T: Payload]:
    """A kind of data that the service offers for some lines or facilities.

    Attributes:
        key: its name in diagnostics and in the log.
        endpoint: the endpoint that returns it.
        parts: returns the values in a response by name, each with its time.
        group: the products that it is polled with.
        recent: whether to request only values younger than `MAX_AGE`.
    """

    key: str
    endpoint: Endpoint[T]
    parts: Callable[[T], ValueTimes | Mapping[str, datetime]]
    group: Group = Group.MEASUREMENTS
    recent: bool = False


@dataclass(frozen=True, slots=True)
class ProductRequest:
    """A product of one line or facility.

    Attributes:
        product: the product.
        target_id: the id of the line or facility.
        key: the key under which its response is stored and announced.
    """

    product: Product[Any]
    target_id: str
    key: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Compute the key once."""
        object.__setattr__(self, "key", reading_key(self.product, self.target_id))


def reading_key(product: Product[Any], target_id: str) -> str:
    """Return the key under which a response is stored and announced; equal ones are one object."""
    return intern(f"{target_id}/{product.key}")


def _current(answer: LatestLineCurrent) -> ValueTimes:
    yield WHOLE, answer.current.timestamp
    yield from _points(answer.measurement_point_currents)


def _temperature(answer: LatestConductorTemperature) -> ValueTimes:
    values = answer.conductor_temperature
    yield WHOLE, values.timestamp
    if values.min is not None:
        yield MIN, values.timestamp
    yield from _points(answer.measurement_point_temperatures)


def _points(breakdown: Iterable[LatestReadings] | None) -> ValueTimes:
    for span in breakdown or ():
        for phase in span.span_phases:
            for point in phase.measurement_points:
                yield point.measurement_point_id, point.timestamp


def _rating(answer: LatestHeimdallDlr | LatestHeimdallAar | LatestCircuitRating) -> ValueTimes:
    yield WHOLE, answer.rating.timestamp
    if not isinstance(answer, LatestCircuitRating):
        for span in answer.spans or ():
            yield span.span_id, span.rating.timestamp


def _durations(answer: LatestLineTransientRating | LatestCircuitTransientRating) -> ValueTimes:
    for rating in answer.rating.ratings:
        yield str(rating.duration_minutes), answer.rating.timestamp


def _icing(answer: LatestLineIcing) -> ValueTimes:
    icing = answer.icing
    maxima = (
        (ICE, icing.max.ice_weight),
        (TENSION, icing.max.tension),
        (STRENGTH, icing.max.tension_percentage_of_break_strength),
    )
    yield from ((part, value.timestamp) for part, value in maxima if value is not None)
    for span in icing.spans:
        yield from _phases(span)


def _sag(answer: LatestLineSagAndClearance) -> ValueTimes:
    sag = answer.sag_and_clearance
    extremes = ((SAG_PART, sag.max_sag), (CLEARANCE, sag.min_clearance))
    yield from ((part, value.timestamp) for part, value in extremes if value is not None)
    for span in sag.spans:
        yield from _phases(span)
        if cleared := [phase.timestamp for phase in span.span_phases if phase.clearance]:
            yield span.span_id + SPAN_CLEARANCE, max(cleared)


def _phases(
    span: SpanBreakdown[SpanPhaseIcing] | SpanBreakdown[SpanPhaseSagAndClearance],
) -> ValueTimes:
    times = {phase.span_phase_id: phase.timestamp for phase in span.span_phases}
    yield from times.items()
    if times:
        yield span.span_id, max(times.values())


def _hours(answer: RatingForecast) -> Mapping[str, datetime]:
    return _of_hours(answer.hours.starts)


@lru_cache(maxsize=64)
def _of_hours(starts: tuple[datetime, ...]) -> Mapping[str, datetime]:
    """Return the parts of a forecast; all lines have forecasts of the same hours."""
    return MappingProxyType(dict(_ahead(starts)))


def _icing_forecast(answer: LineIcingForecast) -> ValueTimes:
    times = {
        point.timestamp
        for span in answer.icing.spans
        for phase in span.span_phases
        for point in phase.forecast
    }
    if (peak := answer.icing.max.ice_weight) is not None:
        times.add(peak.timestamp)
    yield from _ahead(times, lasts=ICE_STEP)


def _ahead(times: Iterable[datetime], lasts: timedelta = MAX_AGE) -> Iterator[tuple[str, datetime]]:
    """Yield the last time, and each, so that its end counts as a change.

    Args:
        times: in any order.
        lasts: the time for which each of them holds.
    """
    if ordered := sorted(times):
        yield WHOLE, ordered[-1]
    early = MAX_AGE - lasts
    # All lines have forecasts of the same hours: the names are shared.
    yield from ((intern(when.isoformat()), when - early if early else when) for when in ordered)


CURRENT: Final = Product(
    key="current",
    endpoint=endpoints.LATEST_CURRENT,
    parts=_current,
)
TEMPERATURE: Final = Product(
    key="temperature",
    endpoint=endpoints.LATEST_TEMPERATURE,
    parts=_temperature,
)
DLR: Final = Product(key="dlr", endpoint=endpoints.LATEST_DLR, parts=_rating)
AAR: Final = Product(key="aar", endpoint=endpoints.LATEST_AAR, parts=_rating)
TRANSIENT: Final = Product(
    key="transient",
    endpoint=endpoints.LATEST_TRANSIENT_RATING,
    parts=_durations,
)
# Without a time the service may answer with anything from 30 minutes to no limit at all
# (heimdall-api.md §5.3). Values come about every 30 minutes: a limit of just that would lose a
# value that is a little late, and one beyond `MAX_AGE` would let old span phases into the maxima.
ICING: Final = Product(
    key="icing",
    endpoint=endpoints.LATEST_ICING,
    parts=_icing,
    recent=True,
)
SAG: Final = Product(
    key="sag",
    endpoint=endpoints.LATEST_SAG_AND_CLEARANCE,
    parts=_sag,
    recent=True,
)
CIRCUIT: Final = Product(
    key="circuit",
    endpoint=endpoints.LATEST_CIRCUIT_RATING,
    parts=_rating,
)
CIRCUIT_TRANSIENT: Final = Product(
    key="circuit_transient",
    endpoint=endpoints.LATEST_CIRCUIT_TRANSIENT_RATING,
    parts=_durations,
)
DLR_FORECAST: Final = Product(
    key="dlr_forecast",
    endpoint=endpoints.DLR_FORECAST,
    parts=_hours,
    group=Group.FORECASTS,
)
AAR_FORECAST: Final = Product(
    key="aar_forecast",
    endpoint=endpoints.AAR_FORECAST,
    parts=_hours,
    group=Group.FORECASTS,
)
CIRCUIT_FORECAST: Final = Product(
    key="circuit_forecast",
    endpoint=endpoints.CIRCUIT_RATING_FORECAST,
    parts=_hours,
    group=Group.FORECASTS,
)
ICING_FORECAST: Final = Product(
    key="icing_forecast",
    endpoint=endpoints.ICING_FORECAST,
    parts=_icing_forecast,
    group=Group.FORECASTS,
)


def outlook_key(line_id: str) -> str:
    """Return the key that is announced when the hours ahead of a line have changed."""
    return f"{line_id}/outlook"
