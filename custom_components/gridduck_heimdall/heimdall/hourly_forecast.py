"""Forecasts of ratings hour by hour, with the rating in force."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.util import dt as dt_util

from ..api.heimdall.models.forecasts import ForecastBucket, ForecastLevel, ForecastPayload
from ..api.sanitizer import sanitize_name
from ..core.description import ForecastKind
from ..core.line_forecast import ForecastHour, HourlyForecast
from .forecast import FORECASTS
from .inventory import FacilityItem, LineItem
from .latest import TargetData
from .rating import InForce, Rated

_HOUR: Final = timedelta(hours=1)

type _Buckets = Mapping[ForecastKind, ForecastBucket[Any]]


def hour_by_hour(
    line: TargetData[LineItem], facility: TargetData[FacilityItem] | None, hours: int
) -> HourlyForecast | None:
    """Return the forecasts of a line and of its facility by hour; None if there are none."""
    answers = dict(_answers(line, facility))
    if not answers:
        return None
    now = dt_util.utcnow()
    by_start: dict[datetime, dict[ForecastKind, ForecastBucket[Any]]] = {}
    for kind, answer in answers.items():
        for bucket in answer.buckets:
            if now - _HOUR < bucket.timestamp < now + timedelta(hours=hours):
                by_start.setdefault(bucket.timestamp, {})[kind] = bucket
    return HourlyForecast(
        updated=min(
            (
                one.updated_timestamp
                for one in answers.values()
                if one.updated_timestamp is not None
            ),
            default=None,
        ),
        hours=tuple(_hour(line, start, by_start[start]) for start in sorted(by_start)),
    )


def _answers(
    line: TargetData[LineItem], facility: TargetData[FacilityItem] | None
) -> Iterable[tuple[ForecastKind, ForecastPayload]]:
    for kind, product in FORECASTS.items():
        target = facility if kind is ForecastKind.CIRCUIT_RATING else line
        if target is not None and (answer := target.fresh(product)) is not None:
            yield kind, answer


def _hour(line: TargetData[LineItem], start: datetime, buckets: _Buckets) -> ForecastHour:
    found = {level: _in_force(line, buckets, level) for level in ForecastLevel}
    predicted = found[ForecastLevel.PREDICTION]
    return ForecastHour(
        start=start,
        in_force={level.value: one.value for level, one in found.items() if one is not None},
        limited_by=None if predicted is None else predicted.basis.value,
        limiting_span=_limiting_span(line.item, buckets),
        ratings={kind: _levels(bucket) for kind, bucket in buckets.items()},
    )


def _levels(bucket: ForecastBucket[Any]) -> dict[str, float]:
    return {
        level.value: value
        for level in ForecastLevel
        if (value := _value(bucket, level)) is not None
    }


def _value(bucket: ForecastBucket[Any] | None, level: ForecastLevel) -> float | None:
    forecast = None if bucket is None else bucket.at(level)
    return None if forecast is None else forecast.value


def _in_force(
    line: TargetData[LineItem], buckets: _Buckets, level: ForecastLevel
) -> InForce | None:
    """Return the rating in force of an hour, as `rating` does of the present."""

    def rated(kind: ForecastKind) -> Rated | None:
        return Rated(_value(buckets[kind], level)) if kind in buckets else None

    return line.rating_in_force(
        circuit=rated(ForecastKind.CIRCUIT_RATING),
        dlr=rated(ForecastKind.DLR),
        aar=rated(ForecastKind.AAR),
    )


def _limiting_span(item: LineItem, buckets: _Buckets) -> str | None:
    bucket = buckets.get(ForecastKind.DLR)
    predicted = None if bucket is None else bucket.at(ForecastLevel.PREDICTION)
    span_id = None if predicted is None else predicted.limited_by
    if span_id is None:
        return None
    return item.span_names.get(span_id) or sanitize_name(span_id)
