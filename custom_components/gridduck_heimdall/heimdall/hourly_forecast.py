"""Forecasts of ratings hour by hour, with the rating in force."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from homeassistant.util import dt as dt_util

from ..api.heimdall.models.forecasts import ForecastLevel, RatingForecast
from ..api.sanitizer import sanitize_name
from ..core.description import ForecastKind
from ..core.line_forecast import ForecastHour, HourlyForecast
from .forecast import FORECASTS
from .inventory import FacilityItem, LineItem
from .latest import TargetData
from .rating import InForce, Rated

_HOUR: Final = timedelta(hours=1)

type _Ratings = dict[ForecastKind, dict[str, float]]
"""The forecast ratings of one hour by kind and level."""


def hour_by_hour(
    line: TargetData[LineItem], facility: TargetData[FacilityItem] | None, hours: int
) -> HourlyForecast | None:
    """Return the forecasts of a line and of its facility by hour; None if there are none.

    The service's hours need not begin with those of the clock, nor all forecasts at the same time:
    each counts for the hour that most of it lies in. Contract: heimdall-api.md §5.6.
    """
    answers = dict(_answers(line, facility))
    if not answers:
        return None
    now = dt_util.utcnow()
    after, before = now - _HOUR, now + timedelta(hours=hours)
    by_start: dict[datetime, _Ratings] = {}
    for kind, answer in answers.items():
        hour_of = {
            start: hour
            for start in answer.hours.starts
            if after - _HOUR < start < before + _HOUR
            and after < (hour := _nearest_hour(start)) < before
        }
        for hour in hour_of.values():
            by_start.setdefault(hour, {})[kind] = {}
        for level in ForecastLevel:
            for start, rating in answer.hours.at(level):
                if (begins := hour_of.get(start)) is not None:
                    by_start[begins][kind][level.value] = rating
    limits = _limiting_spans(line.item, answers.get(ForecastKind.DLR))
    return HourlyForecast(
        updated=min(
            (
                one.updated_timestamp
                for one in answers.values()
                if one.updated_timestamp is not None
            ),
            default=None,
        ),
        hours=tuple(
            _hour(line, start, by_start[start], limits.get(start)) for start in sorted(by_start)
        ),
    )


def _nearest_hour(start: datetime) -> datetime:
    """Return the hour that most of an hour from a time on lies in."""
    return (start + _HOUR / 2).replace(minute=0, second=0, microsecond=0)


def _answers(
    line: TargetData[LineItem], facility: TargetData[FacilityItem] | None
) -> Iterable[tuple[ForecastKind, RatingForecast]]:
    for kind, product in FORECASTS.items():
        target = facility if kind is ForecastKind.CIRCUIT_RATING else line
        if target is not None and (answer := target.fresh(product)) is not None:
            yield kind, answer


def _hour(
    line: TargetData[LineItem], start: datetime, ratings: _Ratings, limiting_span: str | None
) -> ForecastHour:
    found = {level: _in_force(line, ratings, level) for level in ForecastLevel}
    predicted = found[ForecastLevel.PREDICTION]
    return ForecastHour(
        start=start,
        in_force={level.value: one.value for level, one in found.items() if one is not None},
        limited_by=None if predicted is None else predicted.basis.value,
        limiting_span=limiting_span,
        ratings=ratings,
    )


def _in_force(
    line: TargetData[LineItem], ratings: _Ratings, level: ForecastLevel
) -> InForce | None:
    """Return the rating in force of an hour, as `rating` does of the present."""

    def rated(kind: ForecastKind) -> Rated | None:
        return Rated(ratings[kind].get(level)) if kind in ratings else None

    return line.rating_in_force(
        circuit=rated(ForecastKind.CIRCUIT_RATING),
        dlr=rated(ForecastKind.DLR),
        aar=rated(ForecastKind.AAR),
    )


def _limiting_spans(item: LineItem, answer: RatingForecast | None) -> Mapping[datetime, str]:
    """Return the name of the span that is predicted to limit the dynamic rating, by hour."""
    if answer is None:
        return {}
    hours = answer.hours
    return {
        _nearest_hour(start): item.span_names.get(span_id) or sanitize_name(span_id)
        for start, span_id in zip(hours.starts, hours.limits, strict=True)
        if span_id is not None
    }
