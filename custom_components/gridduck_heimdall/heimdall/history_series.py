"""Compute the series of a line from the history of the service.

Contract: heimdall-api.md §3.4-3.18, §5.4, §7.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from heapq import merge
from itertools import chain, groupby, pairwise
from math import inf
from operator import attrgetter, itemgetter
from typing import Any, Final

from ..api.heimdall import Endpoint, endpoints
from ..api.heimdall.models.common import Measurement, Payload, SpanBreakdown
from ..api.heimdall.models.ratings import CircuitRating, HeimdallDlr
from ..api.heimdall.units import apparent_power_mva
from ..history.series import Sample
from .inventory import LineItem
from .products import MAX_AGE
from .rating import Loading, Rated, Ratings, in_force
from .rating_options import RatingOptions

HOLD: Final = MAX_AGE
"""Maximum time for which a value holds until the next one, as for live values."""

STEP: Final = timedelta(minutes=5)
"""Interval at which a derived value is repeated while it holds, so that it ends within a step of
the first of its inputs."""


class Track(Enum):
    """One value over time of an endpoint."""

    CURRENT = auto()
    DLR = auto()
    DLR_FALLBACK = auto()
    AAR = auto()
    CIRCUIT = auto()
    CIRCUIT_FALLBACK = auto()
    TEMPERATURE_MAX = auto()
    TEMPERATURE_MIN = auto()
    ICE = auto()
    TENSION = auto()
    STRENGTH = auto()
    SAG = auto()
    CLEARANCE = auto()


type TrackSamples = list[list[Sample]]
"""The samples of a track: of the line as a whole, or of each span phase."""
type Tracks = Mapping[Track, TrackSamples]
type Values = Sequence[float | None]
"""The value at one time, if any."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryEndpoint[T: Payload]:
    """An endpoint with history.

    Attributes:
        endpoint: the endpoint.
        tracks: the values in its responses.
        read: returns the values in a response, by track and part.
    """

    endpoint: Endpoint[T]
    tracks: tuple[Track, ...]
    read: Callable[[T], Iterator[tuple[Track, str, Iterable[Sample]]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipe:
    """How to compute the series of an entity.

    Attributes:
        needs: the tracks that it is computed from.
        make: yields its samples.
        hold: the maximum time for which a sample holds.
    """

    needs: tuple[Track, ...]
    make: Callable[[LineItem, Tracks, RatingOptions], Iterable[Sample]]
    hold: timedelta = HOLD


type _Read = Callable[[Iterable[Any]], Iterator[Sample]]
"""Returns the samples of points in time, as a response has them."""


def _of_line[T: Payload](
    endpoint: Endpoint[T], points: str, tracks: Mapping[Track, _Read]
) -> HistoryEndpoint[T]:
    """Return the history of values of the line as a whole.

    Args:
        endpoint: the endpoint.
        points: the field of a response that holds the points, one for each time.
        tracks: by track, how it is read from the points.
    """

    def read(answer: T) -> Iterator[tuple[Track, str, Iterable[Sample]]]:
        for track, samples in tracks.items():
            yield track, "", samples(getattr(answer, points))

    return HistoryEndpoint(endpoint=endpoint, tracks=tuple(tracks), read=read)


def _values(field: str) -> _Read:
    """Read a field of each point."""
    of = attrgetter(field)

    def samples(points: Iterable[Any]) -> Iterator[Sample]:
        for point in points:
            if (value := of(point)) is not None:
                yield point.timestamp.timestamp(), value

    return samples


def _fallbacks(points: Iterable[HeimdallDlr | CircuitRating]) -> Iterator[Sample]:
    """Yield 1 for each fallback, and 0 if one may have ended: nothing means no fallback."""
    before = True
    for point in sorted(points, key=attrgetter("timestamp")):
        now = bool(point.is_fallback)
        if now or before:
            yield point.timestamp.timestamp(), float(now)
        before = now


def _of_phases[T: Payload](
    endpoint: Endpoint[T], spans: str, fields: Mapping[Track, str]
) -> HistoryEndpoint[T]:
    """Return the history of values of each span phase.

    Args:
        endpoint: the endpoint.
        spans: the path to the spans of a response. A span phase occurs in them once for each time.
        fields: the field of a span phase that each track is read from.
    """
    spans_of: Callable[[T], Iterable[SpanBreakdown[Any]]] = attrgetter(spans)

    def read(answer: T) -> Iterator[tuple[Track, str, Iterable[Sample]]]:
        for span in spans_of(answer):
            for phase in span.span_phases:
                at = phase.timestamp.timestamp()
                for track, field in fields.items():
                    measured: Measurement | None = getattr(phase, field)
                    if measured is not None and measured.value is not None:
                        yield track, phase.span_phase_id, ((at, measured.value),)

    return HistoryEndpoint(endpoint=endpoint, tracks=tuple(fields), read=read)


_VALUE: Final = _values("value")

HISTORY_ENDPOINTS: Final[tuple[HistoryEndpoint[Any], ...]] = (
    _of_line(endpoints.CURRENTS, "currents", {Track.CURRENT: _VALUE}),
    _of_line(
        endpoints.DLRS,
        "ratings",
        {Track.DLR: _VALUE, Track.DLR_FALLBACK: _fallbacks},
    ),
    _of_line(endpoints.AARS, "ratings", {Track.AAR: _VALUE}),
    _of_line(
        endpoints.CIRCUIT_RATINGS,
        "ratings",
        {Track.CIRCUIT: _VALUE, Track.CIRCUIT_FALLBACK: _fallbacks},
    ),
    _of_line(
        endpoints.TEMPERATURES,
        "conductor_temperatures",
        {Track.TEMPERATURE_MAX: _values("max"), Track.TEMPERATURE_MIN: _values("min")},
    ),
    _of_phases(
        endpoints.ICINGS,
        "icing.spans",
        {
            Track.ICE: "ice_weight",
            Track.TENSION: "tension",
            Track.STRENGTH: "tension_percentage_of_break_strength",
        },
    ),
    _of_phases(
        endpoints.SAGS_AND_CLEARANCES,
        "sag_and_clearance.spans",
        {Track.SAG: "sag", Track.CLEARANCE: "clearance"},
    ),
)
"""Every endpoint whose history is imported; apparent power is computed from the current."""


def combined(
    parts: Iterable[Iterable[Sample]], value: Callable[[Values], float | None]
) -> Iterator[Sample]:
    """Yield a value derived from several, whenever one of them changes.

    Args:
        parts: the values over time, each of them in the order of time.
        value: derives the value from those of one time; None if there is none.

    Each value holds until the next one of its part, at most `HOLD`. The derived value is repeated
    every `STEP` while it holds.
    """
    tracks = [_changes(index, part) for index, part in enumerate(parts)]
    held: list[float | None] = [None] * len(tracks)
    step = STEP.total_seconds()
    last: Sample | None = None
    for at, changes in groupby(merge(*tracks, key=itemgetter(0)), key=itemgetter(0)):
        while last is not None and last[0] < at:
            yield last
            last = last[0] + step, last[1]
        for _, index, new in changes:
            held[index] = new
        now = value(held)
        last = None if now is None else (at, now)


def _changes(index: int, part: Iterable[Sample]) -> Iterator[tuple[float, int, float | None]]:
    """Yield each value of a part, and its end where no other follows in time."""
    hold = HOLD.total_seconds()
    for (at, value), (after, _) in pairwise(chain(part, ((inf, 0.0),))):
        yield at, index, value
        if after > at + hold:
            yield at + hold, index, None


def samples_of(track: Track) -> Recipe:
    """Return the recipe of a value of the line that is part of a response."""

    def make(_: LineItem, tracks: Tracks, __: RatingOptions) -> Iterator[Sample]:
        return chain.from_iterable(tracks.get(track, ()))

    return Recipe(needs=(track,), make=make)


def extreme_of(track: Track, extreme: Callable[[Iterable[float]], float]) -> Recipe:
    """Return the recipe of the highest or lowest value over all span phases."""

    def value(values: Values) -> float | None:
        known = [one for one in values if one is not None]
        return extreme(known) if known else None

    return Recipe(
        needs=(track,),
        make=lambda _, tracks, __: combined(tracks.get(track, ()), value),
        hold=STEP,
    )


def _apparent_power(item: LineItem, tracks: Tracks, _: RatingOptions) -> Iterator[Sample]:
    """Compute the apparent power as the service does, at the facility's current voltage."""
    if (voltage := item.voltage) is None:
        return
    for at, current in chain.from_iterable(tracks.get(Track.CURRENT, ())):
        yield at, apparent_power_mva(current, voltage)


APPARENT_POWER: Final = Recipe(needs=(Track.CURRENT,), make=_apparent_power)

_LOADING: Final = (
    Track.CURRENT,
    Track.CIRCUIT,
    Track.CIRCUIT_FALLBACK,
    Track.DLR,
    Track.DLR_FALLBACK,
    Track.AAR,
)


def loading_of(value: Callable[[Loading], float]) -> Recipe:
    """Return the recipe of a value that is derived from the current and the rating in force.

    A rating holds from when it was computed until the next one, at most `HOLD`. A rating that is
    missing at a time is ignored at that time, as it is unknown whether the line had it. The static
    rating and the account's rule are the current ones.
    """

    def make(item: LineItem, tracks: Tracks, ratings: RatingOptions) -> Iterator[Sample]:
        bound = ratings.bounds.get(item.id)

        def at_once(values: Values) -> float | None:
            current, circuit, circuit_fallback, dlr, dlr_fallback, aar = values
            if current is None:
                return None
            found = in_force(
                Ratings(
                    circuit=None if circuit is None else Rated(circuit, bool(circuit_fallback)),
                    dlr=None if dlr is None else Rated(dlr, bool(dlr_fallback)),
                    aar=None if aar is None else Rated(aar),
                    bound=bound,
                ),
                ratings.rule,
            )
            return None if found is None else value(Loading(current, found))

        parts = [chain.from_iterable(tracks.get(track, ())) for track in _LOADING]
        return combined(parts, at_once)

    return Recipe(needs=_LOADING, make=make, hold=STEP)
