"""The sensors of a line."""

from collections.abc import Callable
from functools import partial
from operator import attrgetter
from typing import Any, Final

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import EntityCategory

from ..core.description import AssistantValue, TriggerSource
from ..core.entity import Marker
from ..core.entity_choice import Tier
from .derived import (
    RATINGS,
    apparent_power,
    attribute,
    from_response,
    has_loading,
    has_rating,
    last_measurement,
    limiting_span,
    limits,
    transient_rating,
)
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
    HeimdallSensorDescription,
)
from .history_series import APPARENT_POWER, Track, extreme_of, loading_of, samples_of
from .inventory import LineItem
from .latest import TargetData
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


def _has_any(*products: Product[Any]) -> Callable[[TargetData[LineItem]], bool]:
    return lambda line: any(line.has(product) for product in products)


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
    value_fn=attribute("loading.percent"),
    exists_fn=has_loading,
    attributes_fn=limits,
    recipe=loading_of(attrgetter("percent")),
    **SHARE_NOW,
)

LINE_CURRENT: Final[LineSensor] = HeimdallSensorDescription(
    key="current",
    translation_key="current",
    assistant=(AssistantValue(label="current"),),
    tier=Tier.ESSENTIAL,
    recipe=samples_of(Track.CURRENT),
    **from_response(CURRENT, "current.value"),
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
    value_fn=last_measurement,
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
        value_fn=apparent_power,
        exists_fn=lambda line: line.has(CURRENT) and line.item.voltage is not None,
        recipe=APPARENT_POWER,
        **APPARENT_POWER_NOW,
    ),
    HeimdallSensorDescription(
        key="dlr",
        translation_key="dlr",
        assistant=(AssistantValue(label="dynamic_line_rating"),),
        tier=Tier.ESSENTIAL,
        recipe=samples_of(Track.DLR),
        **from_response(DLR, "rating.value"),
        **RATING_NOW,
    ),
    HeimdallSensorDescription(
        key="aar",
        translation_key="aar",
        assistant=(AssistantValue(label="ambient_adjusted_rating"),),
        recipe=samples_of(Track.AAR),
        **from_response(AAR, "rating.value"),
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
        value_fn=attribute("loading.headroom"),
        exists_fn=has_loading,
        attributes_fn=limits,
        recipe=loading_of(attrgetter("headroom")),
        **RATING_NOW,
    ),
    HeimdallSensorDescription(
        key="limited_by",
        translation_key="limited_by",
        device_class=SensorDeviceClass.ENUM,
        options=[basis.value for basis in Basis],
        also=RATINGS,
        value_fn=attribute("in_force.basis.value"),
        exists_fn=has_rating,
    ),
    HeimdallSensorDescription(
        key="conductor_temperature_max",
        translation_key="conductor_temperature_max",
        assistant=(AssistantValue(label="highest_conductor_temperature"),),
        tier=Tier.ESSENTIAL,
        recipe=samples_of(Track.TEMPERATURE_MAX),
        **from_response(TEMPERATURE, "conductor_temperature.max"),
        **TEMPERATURE_NOW,
    ),
    HeimdallSensorDescription(
        key="conductor_temperature_min",
        translation_key="conductor_temperature_min",
        entity_category=EntityCategory.DIAGNOSTIC,
        recipe=samples_of(Track.TEMPERATURE_MIN),
        **from_response(TEMPERATURE, "conductor_temperature.min", MIN),
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
        **from_response(ICING, "icing.max.ice_weight.value", ICE),
        **ICE_LOAD_NOW,
    ),
    HeimdallSensorDescription(
        key="tension",
        translation_key="tension",
        tier=Tier.DETAIL,
        entity_category=EntityCategory.DIAGNOSTIC,
        recipe=extreme_of(Track.TENSION, max),
        **from_response(ICING, "icing.max.tension.value", TENSION),
        **TENSION_NOW,
    ),
    HeimdallSensorDescription(
        key="breaking_strength_share",
        translation_key="breaking_strength_share",
        tier=Tier.DETAIL,
        recipe=extreme_of(Track.STRENGTH, max),
        **from_response(
            ICING,
            "icing.max.tension_percentage_of_break_strength.value",
            STRENGTH,
        ),
        **SHARE_NOW,
    ),
    HeimdallSensorDescription(
        key="sag_max",
        translation_key="sag_max",
        recipe=extreme_of(Track.SAG, max),
        **from_response(SAG, "sag_and_clearance.max_sag.value", SAG_PART),
        **DISTANCE_NOW,
    ),
    HeimdallSensorDescription(
        key="clearance_min",
        translation_key="clearance_min",
        trigger=TriggerSource.CLEARANCE,
        assistant=(AssistantValue(label="smallest_clearance"),),
        tier=Tier.ESSENTIAL,
        recipe=extreme_of(Track.CLEARANCE, min),
        **from_response(SAG, "sag_and_clearance.min_clearance.value", CLEARANCE),
        **DISTANCE_NOW,
    ),
    HeimdallSensorDescription(
        key="limiting_span",
        translation_key="limiting_span",
        assistant=(AssistantValue(label="limiting_span"),),
        tier=Tier.DETAIL,
        entity_category=EntityCategory.DIAGNOSTIC,
        also=(DLR, AAR),
        value_fn=limiting_span,
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
        needs=(TRANSIENT,),
        part=str(minutes),
        value_fn=partial(transient_rating, TRANSIENT, minutes),
        **RATING_NOW,
    )
    for minutes in DURATIONS
)
