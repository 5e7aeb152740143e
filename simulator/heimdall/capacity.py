"""The module `capacity_monitoring`: C1-C7 and F1-F4. Contract: heimdall-api.md §3.4-3.12."""

from typing import Final

from .answers import iso
from .asked import Asked, Payload, Scale
from .ratings import Bucket, CircuitRating, Kind, SpanRating

_LABELS: Final[dict[Kind, str]] = {"dlr": "Heimdall DLR", "aar": "Heimdall AAR"}
_DLR_HOURS: Final = 72


def latest_dlr(asked: Asked) -> Payload | None:
    """C1."""
    return _latest_rating(asked, "dlr")


def dlr_history(asked: Asked) -> Payload | None:
    """C2."""
    return _rating_history(asked, "dlr")


def dlr_forecast(asked: Asked) -> Payload | None:
    """C3."""
    return _line_forecast(asked, "dlr", _DLR_HOURS)


def latest_aar(asked: Asked) -> Payload | None:
    """C4."""
    return _latest_rating(asked, "aar")


def aar_history(asked: Asked) -> Payload | None:
    """C5."""
    return _rating_history(asked, "aar")


def aar_forecast(asked: Asked) -> Payload | None:
    """C6."""
    return _line_forecast(asked, "aar", asked.line.forecast_hours)


def latest_transient(asked: Asked) -> Payload | None:
    """C7."""
    scale, at = asked.scale(), _newest(asked)
    if scale is None or at is None:
        return None
    ratings = asked.models.ratings.transient(asked.line, at)
    return {
        "metric": "Line transient rating",
        "unit": scale.unit,
        "line_transient_rating": {
            "timestamp": iso(at),
            "ratings": [
                {"duration_minutes": minutes, "value": scale.value(value)}
                for minutes, value in ratings.items()
            ],
        },
    }


def latest_circuit(asked: Asked) -> Payload | None:
    """F1."""
    scale, at = asked.scale(), _newest(asked)
    if scale is None or at is None:
        return None
    return {
        "metric": "Circuit rating",
        "unit": scale.unit,
        "circuit_rating": _circuit(asked, scale, at),
    }


def circuit_history(asked: Asked) -> Payload | None:
    """F2."""
    scale = asked.scale()
    if scale is None:
        return None
    return {
        "metric": "Circuit rating",
        "unit": scale.unit,
        "circuit_ratings": [_circuit(asked, scale, at) for at in _times(asked)],
    }


def circuit_forecast(asked: Asked) -> Payload | None:
    """F3."""
    scale = asked.scale()
    if scale is None:
        return None
    buckets = asked.models.ratings.circuit_forecast(
        asked.facility, asked.line, asked.now, _DLR_HOURS
    )

    def value(rating: CircuitRating) -> Payload:
        return {
            "value": scale.value(rating.value),
            "at_facility_component_id": rating.component_id,
        }

    return {
        "metric": "Circuit rating forecast",
        "unit": scale.unit,
        "updated_timestamp": iso(asked.models.ratings.issued(asked.line, asked.now)),
        "circuit_rating_forecasts": [
            {"timestamp": iso(bucket.at)}
            | {level: value(rating) for level, rating in bucket.levels.items()}
            for bucket in buckets
        ],
    }


def latest_circuit_transient(asked: Asked) -> Payload | None:
    """F4."""
    scale, at = asked.scale(), _newest(asked)
    if scale is None or at is None:
        return None
    ratings = asked.models.ratings.circuit_transient(asked.facility, asked.line, at)
    return {
        "metric": "Circuit transient rating",
        "unit": scale.unit,
        "circuit_transient_rating": {
            "timestamp": iso(at),
            "ratings": [
                {
                    "duration_minutes": minutes,
                    "value": scale.value(rating.value),
                    "limiting_component_id": rating.component_id,
                }
                for minutes, rating in ratings.items()
            ],
        },
    }


def _newest(asked: Asked) -> int | None:
    at = asked.models.ratings.newest(asked.line, asked.now)
    return None if at is None or asked.too_old(at) else at


def _times(asked: Asked) -> list[int]:
    query = asked.query
    return [*asked.models.ratings.times(asked.line, query.start, query.end, asked.now)]


def _latest_rating(asked: Asked, kind: Kind) -> Payload | None:
    scale, at = asked.scale(), _newest(asked)
    if scale is None or at is None:
        return None
    spans: list[Payload] | None = None
    if asked.query.include:
        spans = [
            {
                "span_id": rating.span_id,
                f"heimdall_{kind}": _span_rating(asked, kind, scale, at, rating),
            }
            for rating in _span_ratings(asked, kind, at)
        ]
    return {
        "metric": _LABELS[kind],
        "unit": scale.unit,
        f"heimdall_{kind}": _line_rating(asked, kind, scale, at),
        f"heimdall_span_{kind}s": spans,
    }


def _rating_history(asked: Asked, kind: Kind) -> Payload | None:
    scale = asked.scale()
    if scale is None:
        return None
    times = _times(asked)
    series: dict[str, list[Payload]] = {}
    if asked.query.include:
        for at in times:
            for rating in _span_ratings(asked, kind, at):
                entry = _span_rating(asked, kind, scale, at, rating)
                series.setdefault(rating.span_id, []).append(entry)
    breakdown = [{"span_id": span, f"heimdall_{kind}s": part} for span, part in series.items()]
    return {
        "metric": _LABELS[kind],
        "unit": scale.unit,
        f"heimdall_{kind}s": [_line_rating(asked, kind, scale, at) for at in times],
        f"heimdall_span_{kind}s": breakdown if asked.query.include else None,
    }


def _line_rating(asked: Asked, kind: Kind, scale: Scale, at: float) -> Payload:
    rating = asked.models.ratings.line(asked.line, kind, at)
    return _with_fallback(
        asked,
        kind,
        {"timestamp": iso(at), "value": scale.value(rating.value), "at_span_id": rating.span_id},
    )


def _span_rating(asked: Asked, kind: Kind, scale: Scale, at: float, rating: SpanRating) -> Payload:
    return _with_fallback(asked, kind, {"timestamp": iso(at), "value": scale.value(rating.value)})


def _with_fallback(asked: Asked, kind: Kind, entry: Payload) -> Payload:
    """Add the mark that only DLR has."""
    if kind == "dlr":
        entry["is_fallback"] = asked.line.fallback
    return entry


def _span_ratings(asked: Asked, kind: Kind, at: float) -> tuple[SpanRating, ...]:
    """Return what is stored by span: no DLR on the legacy path. Contract: §5.5."""
    if kind == "dlr" and not asked.line.span_ratings_stored:
        return ()
    ratings = asked.models.ratings
    return ratings.spans(asked.line, ratings.kind(asked.line, kind), at)


def _line_forecast(asked: Asked, kind: Kind, hours: int) -> Payload | None:
    scale = asked.scale()
    if scale is None:
        return None
    buckets = asked.models.ratings.forecast(asked.line, kind, asked.now, hours)
    return {
        "metric": f"{_LABELS[kind]} forecast",
        "unit": scale.unit,
        "updated_timestamp": iso(asked.models.ratings.issued(asked.line, asked.now)),
        f"heimdall_{kind}_forecasts": [_line_bucket(bucket, scale) for bucket in buckets],
    }


def _line_bucket(bucket: Bucket[SpanRating], scale: Scale) -> Payload:
    entry: Payload = {"timestamp": iso(bucket.at)}
    for level, rating in bucket.levels.items():
        entry[level] = {"value": scale.value(rating.value), "at_span_id": rating.span_id}
    return entry


def _circuit(asked: Asked, scale: Scale, at: float) -> Payload:
    rating = asked.models.ratings.circuit(asked.facility, asked.line, at)
    return {
        "timestamp": iso(at),
        "value": scale.value(rating.value),
        "is_fallback": asked.line.fallback,
        "at_facility_component_id": rating.component_id,
    }
