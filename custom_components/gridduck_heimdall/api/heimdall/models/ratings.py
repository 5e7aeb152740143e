"""Ratings of lines and circuits, in amperes or, if requested, MVA.

Contract: heimdall-api.md §3.4 to §3.5 (C1, C2), §3.7 (C4, C5), §3.9 (C7), §3.10 (F1, F2),
§3.12 (F4). The breakdown by span is None if it was not requested. Attributes have one name for
all ratings; `name=` is the service's.
"""

from msgspec import field

from ...decoding import Number
from .common import Identifier, MeasuredPayload, Model, Point, Timestamp


class HeimdallSpanDlr(Point, frozen=True, kw_only=True):
    """Dynamic rating of one span."""

    is_fallback: bool | None = None


class HeimdallDlr(HeimdallSpanDlr, frozen=True, kw_only=True):
    """Dynamic rating of a line, with the span that limits it."""

    at_span_id: str | None = None


class LatestHeimdallSpanDlr(Model, frozen=True, kw_only=True):
    """Newest dynamic rating of one span."""

    span_id: Identifier
    rating: HeimdallSpanDlr = field(name="heimdall_dlr")


class HeimdallSpanDlrSeries(Model, frozen=True, kw_only=True):
    """Dynamic ratings of one span over a window."""

    span_id: Identifier
    ratings: tuple[HeimdallSpanDlr, ...] = field(default=(), name="heimdall_dlrs")


class LatestHeimdallDlr(MeasuredPayload, frozen=True, kw_only=True):
    """Newest dynamic rating of a line (C1)."""

    rating: HeimdallDlr = field(name="heimdall_dlr")
    spans: tuple[LatestHeimdallSpanDlr, ...] | None = field(default=None, name="heimdall_span_dlrs")


class HeimdallDlrs(MeasuredPayload, frozen=True, kw_only=True):
    """Dynamic ratings of a line over a window (C2)."""

    ratings: tuple[HeimdallDlr, ...] = field(name="heimdall_dlrs")
    spans: tuple[HeimdallSpanDlrSeries, ...] | None = field(default=None, name="heimdall_span_dlrs")


type HeimdallSpanAar = Point
"""Ambient-adjusted rating of one span."""


class HeimdallAar(Point, frozen=True, kw_only=True):
    """Ambient-adjusted rating of a line, with the span that limits it."""

    at_span_id: str | None = None


class LatestHeimdallSpanAar(Model, frozen=True, kw_only=True):
    """Newest ambient-adjusted rating of one span."""

    span_id: Identifier
    rating: HeimdallSpanAar = field(name="heimdall_aar")


class HeimdallSpanAarSeries(Model, frozen=True, kw_only=True):
    """Ambient-adjusted ratings of one span over a window."""

    span_id: Identifier
    ratings: tuple[HeimdallSpanAar, ...] = field(default=(), name="heimdall_aars")


class LatestHeimdallAar(MeasuredPayload, frozen=True, kw_only=True):
    """Newest ambient-adjusted rating of a line (C4)."""

    rating: HeimdallAar = field(name="heimdall_aar")
    spans: tuple[LatestHeimdallSpanAar, ...] | None = field(default=None, name="heimdall_span_aars")


class HeimdallAars(MeasuredPayload, frozen=True, kw_only=True):
    """Ambient-adjusted ratings of a line over a window (C5)."""

    ratings: tuple[HeimdallAar, ...] = field(name="heimdall_aars")
    spans: tuple[HeimdallSpanAarSeries, ...] | None = field(default=None, name="heimdall_span_aars")


class LineTransientRatingValue(Model, frozen=True, kw_only=True):
    """What a line carries for a number of minutes, 1 to 60."""

    duration_minutes: int
    value: Number | None = None


class LineTransientRating(Model, frozen=True, kw_only=True):
    """Transient ratings of a line, all calculated at one time, ascending by duration."""

    timestamp: Timestamp
    ratings: tuple[LineTransientRatingValue, ...] = ()


class LatestLineTransientRating(MeasuredPayload, frozen=True, kw_only=True):
    """Newest transient ratings of a line (C7)."""

    rating: LineTransientRating = field(name="line_transient_rating")


class CircuitRating(Point, frozen=True, kw_only=True):
    """Rating of a whole circuit; no component means that the line or the upper limit limits."""

    is_fallback: bool | None = None
    at_facility_component_id: str | None = None


class LatestCircuitRating(MeasuredPayload, frozen=True, kw_only=True):
    """Newest rating of a circuit (F1)."""

    rating: CircuitRating = field(name="circuit_rating")


class CircuitRatings(MeasuredPayload, frozen=True, kw_only=True):
    """Ratings of a circuit over a window (F2)."""

    ratings: tuple[CircuitRating, ...] = field(name="circuit_ratings")


class CircuitTransientRatingValue(LineTransientRatingValue, frozen=True, kw_only=True):
    """What a circuit carries for a number of minutes; no component means that the line limits."""

    limiting_component_id: str | None = None


class CircuitTransientRating(Model, frozen=True, kw_only=True):
    """Transient ratings of a circuit, all calculated at one time, ascending by duration."""

    timestamp: Timestamp
    ratings: tuple[CircuitTransientRatingValue, ...] = ()


class LatestCircuitTransientRating(MeasuredPayload, frozen=True, kw_only=True):
    """Newest transient ratings of a circuit (F4)."""

    rating: CircuitTransientRating = field(name="circuit_transient_rating")
