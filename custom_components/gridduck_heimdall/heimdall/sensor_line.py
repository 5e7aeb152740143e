"""The sensors of a line."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Final

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import EntityCategory

from ..api.heimdall.models.assets import apparent_power_mva
from ..api.heimdall.models.common import Point
from ..api.heimdall.models.ratings import (
    LatestCircuitTransientRating,
    LatestLineTransientRating,
)
from ..api.sanitizer import sanitize_name
from ..core.description import AssistantValue, TriggerSource
from ..core.entity import Marker
from ..core.entity_choice import Tier
from .descriptions import (
    APPARENT_POWER_NOW,
    CURRENT_NOW,
    DISTANCE_NOW,
    ICE_LOAD_NOW,
    RATING_NOW,
    SHARE_NOW,
    TEMPERATURE_NOW,
    TENSION_NOW,
    TIME,
    Attributes,
    HeimdallSensorDescription,
    from_response,
)
from .history_series import APPARENT_POWER, Track, extreme_of, loading_of, samples_of
from .inventory import LineItem
from .latest import TargetData
from .loading import RATINGS, Loading, has_rating, loading, rating
from .products import (
    AAR,
    CLEARANCE,
    CURRENT,
    DLR,
    ICE,
    ICING,
    MIN,
    SAG,
    SAG_PART,
    STRENGTH,
    TEMPERATURE,
    TENSION,
    TRANSIENT,
    Product,
)
from .rating import Basis

type LineSensor = HeimdallSensorDescription[LineItem]

DURATIONS: Final = range(1, 61)
"""Durations of transient ratings, minutes. Contract: heimdall-api.md §3.9."""


def _value(point: Point | None) -> float | None:
    return None if point is None else point.value


def _apparent_power(line: TargetData[LineItem]) -> float | None:
    """Compute the apparent power as the service does. Contract: heimdall-api.md §5.2."""
    measured, voltage = line.fresh(CURRENT), line.item.facility.voltage
    current = None if measured is None else measured.current.value
    if current is None or voltage is None:
        return None
    return apparent_power_mva(current, voltage)


def _limiting_span(line: TargetData[LineItem]) -> str | None:
    """Return the span that limits the dynamic rating, or the ambient-adjusted one without it."""
    span_id: str | None = None
    if line.has(DLR):
        dlr = line.fresh(DLR)
        span_id = None if dlr is None else dlr.rating.at_span_id
    elif (aar := line.fresh(AAR)) is not None:
        span_id = aar.rating.at_span_id
    if span_id is None:
        return None
    return line.item.span_names.get(span_id) or sanitize_name(span_id)


def _last_measurement(line: TargetData[LineItem]) -> datetime | None:
    """Return the time of the last measurement, of any age."""
    times: list[datetime] = []
    if (current := line.reading(CURRENT).payload) is not None:
        times.append(current.current.timestamp)
    if (temperature := line.reading(TEMPERATURE).payload) is not None:
        times.append(temperature.conductor_temperature.timestamp)
    return max(times, default=None)


def _of_loading(
    value: Callable[[Loading], float],
) -> Callable[[TargetData[LineItem]], float | None]:
    """Return the function of a value derived from the loading of a line."""

    def value_fn(line: TargetData[LineItem]) -> float | None:
        return None if (found := loading(line)) is None else value(found)

    return value_fn


def _has_loading(line: TargetData[LineItem]) -> bool:
    return line.has(CURRENT) and has_rating(line)


def _limits(line: TargetData[LineItem]) -> Attributes:
    """Return the rating in force and whether it is a fallback."""
    found = loading(line)
    return {
        "limited_by": None if found is None else found.rating.basis.value,
        "fallback": None if found is None else found.rating.fallback,
    }


def _limited_by(line: TargetData[LineItem]) -> str | None:
    return None if (found := rating(line)) is None else found.basis.value


def _has_any(*products: Product[Any]) -> Callable[[TargetData[LineItem]], bool]:
    return lambda line: any(line.has(product) for product in products)


def carried(
    minutes: int, answer: LatestLineTransientRating | LatestCircuitTransientRating
) -> float | None:
    """Return the transient rating for some minutes."""
    for one in answer.rating.ratings:
        if one.duration_minutes == minutes:
            return one.value
    return None


_LIMITS: Final = (
    AssistantValue(label="limited_by", attribute="limited_by"),
    AssistantValue(label="rating_in_force_is_fallback", attribute="fallback"),
)

LOADING: Final[LineSensor] = HeimdallSensorDescription(
    key="loading",
    translation_key="loading",
    trigger=TriggerSource.LOADING,
    assistant=(AssistantValue(label="loading"), *_LIMITS),
    tier=Tier.ESSENTIAL,
    marker=Marker.LINE,
    needs=(CURRENT,),
    also=RATINGS,
    value_fn=_of_loading(lambda found: found.percent),
    exists_fn=_has_loading,
    attributes_fn=_limits,
    recipe=loading_of(lambda found: found.percent),
    **SHARE_NOW,
)

LINE_CURRENT: Final[LineSensor] = HeimdallSensorDescription(
    key="current",
    translation_key="current",
    assistant=(AssistantValue(label="current"),),
    tier=Tier.ESSENTIAL,
    recipe=samples_of(Track.CURRENT),
    **from_response(CURRENT, lambda answer: answer.current.value),
    **CURRENT_NOW,
)

# Not the age itself: it would be written at every poll, even without measurements.
LAST_MEASUREMENT: Final[LineSensor] = HeimdallSensorDescription(
    key="last_measurement",
    translation_key="last_measurement",
    assistant=(AssistantValue(label="last_measurement"),),
    tier=Tier.DETAIL,
    entity_category=EntityCategory.DIAGNOSTIC,
    # The logbook would show each change of a time, every few minutes for each line.
    entity_registry_enabled_default=False,
    also=(CURRENT, TEMPERATURE),
    value_fn=_last_measurement,
    exists_fn=_has_any(CURRENT, TEMPERATURE),
    **TIME,
)

SENSORS: Final[tuple[LineSensor, ...]] = (
    LINE_CURRENT,
    HeimdallSensorDescription(
        key="apparent_power",
        translation_key="apparent_power",
        assistant=(AssistantValue(label="apparent_power"),),
        needs=(CURRENT,),
        value_fn=_apparent_power,
        exists_fn=lambda line: line.has(CURRENT) and line.item.facility.voltage is not None,
        recipe=APPARENT_POWER,
        **APPARENT_POWER_NOW,
    ),
    HeimdallSensorDescription(
        key="dlr",
        translation_key="dlr",
        assistant=(AssistantValue(label="dynamic_line_rating"),),
        tier=Tier.ESSENTIAL,
        recipe=samples_of(Track.DLR),
        **from_response(DLR, lambda answer: answer.rating.value),
        **RATING_NOW,
    ),
    HeimdallSensorDescription(
        key="aar",
        translation_key="aar",
        assistant=(AssistantValue(label="ambient_adjusted_rating"),),
        recipe=samples_of(Track.AAR),
        **from_response(AAR, lambda answer: answer.rating.value),
        **RATING_NOW,
    ),
    LOADING,
    HeimdallSensorDescription(
        key="headroom",
        translation_key="headroom",
        trigger=TriggerSource.HEADROOM,
        assistant=(AssistantValue(label="headroom"), *_LIMITS),
        tier=Tier.ESSENTIAL,
        needs=(CURRENT,),
        also=RATINGS,
        value_fn=_of_loading(lambda found: found.headroom),
        exists_fn=_has_loading,
        attributes_fn=_limits,
        recipe=loading_of(lambda found: found.headroom),
        **RATING_NOW,
    ),
    HeimdallSensorDescription(
        key="limited_by",
        translation_key="limited_by",
        device_class=SensorDeviceClass.ENUM,
        options=[basis.value for basis in Basis],
        also=RATINGS,
        value_fn=_limited_by,
        exists_fn=has_rating,
    ),
    HeimdallSensorDescription(
        key="conductor_temperature_max",
        translation_key="conductor_temperature_max",
        assistant=(AssistantValue(label="highest_conductor_temperature"),),
        tier=Tier.ESSENTIAL,
        recipe=samples_of(Track.TEMPERATURE_MAX),
        **from_response(TEMPERATURE, lambda answer: answer.conductor_temperature.max),
        **TEMPERATURE_NOW,
    ),
    HeimdallSensorDescription(
        key="conductor_temperature_min",
        translation_key="conductor_temperature_min",
        entity_category=EntityCategory.DIAGNOSTIC,
        recipe=samples_of(Track.TEMPERATURE_MIN),
        **from_response(TEMPERATURE, lambda answer: answer.conductor_temperature.min, MIN),
        **TEMPERATURE_NOW,
    ),
    HeimdallSensorDescription(
        key="ice_load",
        translation_key="ice_load",
        trigger=TriggerSource.ICE_LOAD,
        assistant=(AssistantValue(label="ice_load"),),
        tier=Tier.ESSENTIAL,
        marker=Marker.ICE,
        recipe=extreme_of(Track.ICE, max),
        **from_response(ICING, lambda answer: _value(answer.icing.max.ice_weight), ICE),
        **ICE_LOAD_NOW,
    ),
    HeimdallSensorDescription(
        key="tension",
        translation_key="tension",
        tier=Tier.DETAIL,
        entity_category=EntityCategory.DIAGNOSTIC,
        recipe=extreme_of(Track.TENSION, max),
        **from_response(ICING, lambda answer: _value(answer.icing.max.tension), TENSION),
        **TENSION_NOW,
    ),
    HeimdallSensorDescription(
        key="breaking_strength_share",
        translation_key="breaking_strength_share",
        tier=Tier.DETAIL,
        recipe=extreme_of(Track.STRENGTH, max),
        **from_response(
            ICING,
            lambda answer: _value(answer.icing.max.tension_percentage_of_break_strength),
            STRENGTH,
        ),
        **SHARE_NOW,
    ),
    HeimdallSensorDescription(
        key="sag_max",
        translation_key="sag_max",
        recipe=extreme_of(Track.SAG, max),
        **from_response(SAG, lambda answer: _value(answer.sag_and_clearance.max_sag), SAG_PART),
        **DISTANCE_NOW,
    ),
    HeimdallSensorDescription(
        key="clearance_min",
        translation_key="clearance_min",
        trigger=TriggerSource.CLEARANCE,
        assistant=(AssistantValue(label="smallest_clearance"),),
        tier=Tier.ESSENTIAL,
        recipe=extreme_of(Track.CLEARANCE, min),
        **from_response(
            SAG, lambda answer: _value(answer.sag_and_clearance.min_clearance), CLEARANCE
        ),
        **DISTANCE_NOW,
    ),
    HeimdallSensorDescription(
        key="limiting_span",
        translation_key="limiting_span",
        assistant=(AssistantValue(label="limiting_span"),),
        tier=Tier.DETAIL,
        entity_category=EntityCategory.DIAGNOSTIC,
        also=(DLR, AAR),
        value_fn=_limiting_span,
        exists_fn=_has_any(DLR, AAR),
    ),
    LAST_MEASUREMENT,
)

TRANSIENT_RATINGS: Final[tuple[LineSensor, ...]] = tuple(
    HeimdallSensorDescription(
        key=f"transient_rating_{minutes}",
        translation_key="transient_rating",
        translation_placeholders={"minutes": str(minutes)},
        tier=Tier.DETAIL,
        entity_category=EntityCategory.DIAGNOSTIC,
        **from_response(TRANSIENT, partial(carried, minutes), str(minutes)),
        **RATING_NOW,
    )
    for minutes in DURATIONS
)
