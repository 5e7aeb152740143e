"""The sensors of a line."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any, Final

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import EntityCategory

from ..api.heimdall.derive import apparent_power_mva
from ..api.heimdall.models.common import Point
from ..api.heimdall.models.ratings import LatestLineTransientRating
from ..api.texts import shown_name
from ..core.entity import Marker
from . import loading
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
from .inventory import LineItem, span_name
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
from .value_source import Source, View, of

type LineSensor = HeimdallSensorDescription[LineItem]

DURATIONS: Final = range(1, 61)
"""Minutes that a transient rating can be for. Contract: heimdall-api.md §3.9."""


def _value(point: Point | None) -> float | None:
    return None if point is None else point.value


def _apparent_power(view: View[LineItem]) -> float | None:
    """Compute what the service would, and save asking for it. Contract: heimdall-api.md §5.2."""
    current, voltage = loading.CURRENT_VALUE.read(view), view.item.facility.voltage
    if current is None or voltage is None:
        return None
    return apparent_power_mva(current, voltage)


def _limiting_span(view: View[LineItem]) -> str | None:
    """Return the span that limits the dynamic rating, or the ambient-adjusted one without it."""
    span_id: str | None = None
    if view.has(DLR):
        dlr = view.fresh(DLR)
        span_id = None if dlr is None else dlr.heimdall_dlr.at_span_id
    elif (aar := view.fresh(AAR)) is not None:
        span_id = aar.heimdall_aar.at_span_id
    numbered = enumerate(view.item.asset.spans, start=1)
    spans = {span.id: span_name(span, number) for number, span in numbered}
    return None if span_id is None else spans.get(span_id) or shown_name(span_id)


def _last_measurement(view: View[LineItem]) -> datetime | None:
    """Return when anything was measured last, however long ago that is."""
    times: list[datetime] = []
    if (current := view.latest(CURRENT)) is not None:
        times.append(current.current.timestamp)
    if (temperature := view.latest(TEMPERATURE)) is not None:
        times.append(temperature.conductor_temperature.timestamp)
    return max(times, default=None)


def _any_of(products: Iterable[Product[Any]], view: View[LineItem]) -> bool:
    return any(view.has(product) for product in products)


def _carried(minutes: int, answer: LatestLineTransientRating) -> float | None:
    ratings = answer.line_transient_rating.ratings
    return next((one.value for one in ratings if one.duration_minutes == minutes), None)


SENSORS: Final[tuple[LineSensor, ...]] = (
    HeimdallSensorDescription(
        key="current", translation_key="current", source=loading.CURRENT_VALUE, **CURRENT_NOW
    ),
    HeimdallSensorDescription(
        key="apparent_power",
        translation_key="apparent_power",
        source=Source(
            read=_apparent_power,
            needs=(CURRENT,),
            exists=lambda view: view.has(CURRENT) and view.item.facility.voltage is not None,
        ),
        **APPARENT_POWER_NOW,
    ),
    HeimdallSensorDescription(
        key="dlr", translation_key="dlr", source=loading.DLR_VALUE, **RATING_NOW
    ),
    HeimdallSensorDescription(
        key="aar", translation_key="aar", source=loading.AAR_VALUE, **RATING_NOW
    ),
    HeimdallSensorDescription(
        key="loading",
        marker=Marker.LINE,
        translation_key="loading",
        source=loading.PERCENT,
        attributes=loading.basis,
        **SHARE_NOW,
    ),
    HeimdallSensorDescription(
        key="headroom",
        translation_key="headroom",
        source=loading.HEADROOM,
        attributes=loading.basis,
        **RATING_NOW,
    ),
    HeimdallSensorDescription(
        key="limited_by",
        translation_key="limited_by",
        device_class=SensorDeviceClass.ENUM,
        options=[basis.value for basis in Basis],
        source=loading.LIMITED_BY,
    ),
    HeimdallSensorDescription(
        key="conductor_temperature_max",
        translation_key="conductor_temperature_max",
        source=of(TEMPERATURE, lambda answer: answer.conductor_temperature.max),
        **TEMPERATURE_NOW,
    ),
    HeimdallSensorDescription(
        key="conductor_temperature_min",
        translation_key="conductor_temperature_min",
        entity_category=EntityCategory.DIAGNOSTIC,
        source=of(TEMPERATURE, lambda answer: answer.conductor_temperature.min, MIN),
        **TEMPERATURE_NOW,
    ),
    HeimdallSensorDescription(
        key="ice_load",
        marker=Marker.ICE,
        translation_key="ice_load",
        source=of(ICING, lambda answer: _value(answer.icing.max.ice_weight), ICE),
        **ICE_LOAD_NOW,
    ),
    HeimdallSensorDescription(
        key="tension",
        translation_key="tension",
        entity_category=EntityCategory.DIAGNOSTIC,
        source=of(ICING, lambda answer: _value(answer.icing.max.tension), TENSION),
        **TENSION_NOW,
    ),
    HeimdallSensorDescription(
        key="breaking_strength_share",
        translation_key="breaking_strength_share",
        source=of(
            ICING,
            lambda answer: _value(answer.icing.max.tension_percentage_of_break_strength),
            STRENGTH,
        ),
        **SHARE_NOW,
    ),
    HeimdallSensorDescription(
        key="sag_max",
        translation_key="sag_max",
        source=of(SAG, lambda answer: _value(answer.sag_and_clearance.max_sag), SAG_PART),
        **DISTANCE_NOW,
    ),
    HeimdallSensorDescription(
        key="clearance_min",
        translation_key="clearance_min",
        source=of(SAG, lambda answer: _value(answer.sag_and_clearance.min_clearance), CLEARANCE),
        **DISTANCE_NOW,
    ),
    HeimdallSensorDescription(
        key="limiting_span",
        translation_key="limiting_span",
        entity_category=EntityCategory.DIAGNOSTIC,
        source=Source(read=_limiting_span, also=(DLR, AAR), exists=partial(_any_of, (DLR, AAR))),
    ),
    # Not the age itself, which would have to be written at every poll of a line that is silent.
    HeimdallSensorDescription(
        key="last_measurement",
        translation_key="last_measurement",
        entity_category=EntityCategory.DIAGNOSTIC,
        # Each change of a time is in the logbook, every few minutes of each line.
        entity_registry_enabled_default=False,
        source=Source(
            read=_last_measurement,
            also=(CURRENT, TEMPERATURE),
            exists=partial(_any_of, (CURRENT, TEMPERATURE)),
        ),
        **TIME,
    ),
)

TRANSIENT_RATINGS: Final[tuple[LineSensor, ...]] = tuple(
    HeimdallSensorDescription(
        key=f"transient_rating_{minutes}",
        translation_key="transient_rating",
        translation_placeholders={"minutes": str(minutes)},
        entity_category=EntityCategory.DIAGNOSTIC,
        source=of(TRANSIENT, partial(_carried, minutes), str(minutes)),
        **RATING_NOW,
    )
    for minutes in DURATIONS
)
