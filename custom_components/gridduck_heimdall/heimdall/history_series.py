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
from ..api.heimdall.models.common import Measurement, Payload, Point, SpanBreakdown
from ..api.heimdall.models.insights import (
    LineConductorTemperatures,
    LineIcings,
    LineSagAndClearances,
    SpanPhaseIcing,
    SpanPhaseSagAndClearance,
)
from ..api.heimdall.models.ratings import (
    CircuitRating,
    CircuitRatings,
    HeimdallDlr,
    HeimdallDlrs,
)
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


type Parts = list[list[Sample]]
"""The samples of a track: of the line as a whole, or of each span phase."""
type Tracks = Mapping[Track, Parts]
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


def _points(points: Iterable[Point]) -> Iterator[Sample]:
    for point in points:
        if point.value is not None:
            yield point.timestamp.timestamp(), point.value


def _line_track[T: Payload](
    endpoint: Endpoint[T], track: Track, points: Callable[[T], Iterable[Point]]
) -> HistoryEndpoint[T]:
    return HistoryEndpoint(
        endpoint=endpoint,
        tracks=(track,),
        read=lambda answer: iter([(track, "", _points(points(answer)))]),
    )


def _rating_tracks[T: (HeimdallDlrs, CircuitRatings)](
    endpoint: Endpoint[T], track: Track, fallback: Track
) -> HistoryEndpoint[T]:
    """Return a history whose values say whether they are a fallback."""

    def read(answer: T) -> Iterator[tuple[Track, str, Iterable[Sample]]]:
        yield track, "", _points(answer.ratings)
        yield fallback, "", _fallbacks(answer.ratings)

    return HistoryEndpoint(endpoint=endpoint, tracks=(track, fallback), read=read)


def _fallbacks(points: Iterable[HeimdallDlr | CircuitRating]) -> Iterator[Sample]:
    """Yield 1 for each fallback, and 0 if one may have ended: nothing means no fallback."""
    before = True
    for point in sorted(points, key=attrgetter("timestamp")):
        now = bool(point.is_fallback)
        if now or before:
            yield point.timestamp.timestamp(), float(now)
        before = now


def _temperatures(
    answer: LineConductorTemperatures,
) -> Iterator[tuple[Track, str, Iterable[Sample]]]:
    values = answer.conductor_temperatures
    highest = ((one.timestamp.timestamp(), one.max) for one in values if one.max is not None)
    lowest = ((one.timestamp.timestamp(), one.min) for one in values if one.min is not None)
    yield Track.TEMPERATURE_MAX, "", highest
    yield Track.TEMPERATURE_MIN, "", lowest


def _phases[PhaseT: SpanPhaseIcing | SpanPhaseSagAndClearance](
    spans: Iterable[SpanBreakdown[PhaseT]],
    values: Mapping[Track, Callable[[PhaseT], Measurement | None]],
) -> Iterator[tuple[Track, str, Iterable[Sample]]]:
    """Yield the values of each span phase, which occurs once for each time."""
    for span in spans:
        for phase in span.span_phases:
            at = phase.timestamp.timestamp()
            for track, of in values.items():
                measured = of(phase)
                if measured is not None and measured.value is not None:
                    yield track, phase.span_phase_id, ((at, measured.value),)


_ICING: Final[Mapping[Track, Callable[[SpanPhaseIcing], Measurement | None]]] = {
    Track.ICE: attrgetter("ice_weight"),
    Track.TENSION: attrgetter("tension"),
    Track.STRENGTH: attrgetter("tension_percentage_of_break_strength"),
}
_SAG: Final[Mapping[Track, Callable[[SpanPhaseSagAndClearance], Measurement | None]]] = {
    Track.SAG: attrgetter("sag"),
    Track.CLEARANCE: attrgetter("clearance"),
}


def _icing(answer: LineIcings) -> Iterator[tuple[Track, str, Iterable[Sample]]]:
    return _phases(answer.icing.spans, _ICING)


def _sag(answer: LineSagAndClearances) -> Iterator[tuple[Track, str, Iterable[Sample]]]:
    return _phases(answer.sag_and_clearance.spans, _SAG)


HISTORY_ENDPOINTS: Final[tuple[HistoryEndpoint[Any], ...]] = (
    _line_track(endpoints.CURRENTS, Track.CURRENT, attrgetter("currents")),
    _rating_tracks(endpoints.DLRS, Track.DLR, Track.DLR_FALLBACK),
    _line_track(endpoints.AARS, Track.AAR, attrgetter("ratings")),
    _rating_tracks(endpoints.CIRCUIT_RATINGS, Track.CIRCUIT, Track.CIRCUIT_FALLBACK),
    HistoryEndpoint(
        endpoint=endpoints.TEMPERATURES,
        tracks=(Track.TEMPERATURE_MAX, Track.TEMPERATURE_MIN),
        read=_temperatures,
    ),
    HistoryEndpoint(endpoint=endpoints.ICINGS, tracks=tuple(_ICING), read=_icing),
    HistoryEndpoint(endpoint=endpoints.SAGS_AND_CLEARANCES, tracks=tuple(_SAG), read=_sag),
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
