"""The sensors of a span and of a sensor on a conductor ("Neuron")."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from ..api.heimdall.models.common import SpanBreakdown
from ..api.heimdall.models.insights import LatestReadings, SpanPhaseIcing, SpanPhaseSagAndClearance
from ..api.heimdall.models.ratings import LatestHeimdallAar, LatestHeimdallDlr
from ..core.entity_choice import Tier
from .descriptions import (
    CURRENT_NOW,
    DISTANCE_NOW,
    ICE_LOAD_NOW,
    RATING_NOW,
    TEMPERATURE_NOW,
    HeimdallSensorDescription,
)
from .inventory import SensorItem, SpanItem
from .latest import TargetData
from .products import AAR, CURRENT, DLR, ICING, SAG, SPAN_CLEARANCE, TEMPERATURE, Product


def _rating[T: (LatestHeimdallDlr, LatestHeimdallAar)](
    product: Product[T],
) -> Callable[[TargetData[SpanItem]], float | None]:
    """Return the function of a rating of a span."""

    def value_fn(target: TargetData[SpanItem]) -> float | None:
        answer = target.fresh(product)
        spans = () if answer is None else answer.spans or ()
        return next((one.rating.value for one in spans if one.span_id == target.item.id), None)

    return value_fn


def _phases[PhaseT: SpanPhaseIcing | SpanPhaseSagAndClearance](
    target: TargetData[SpanItem], product: Product[Any], spans: Iterable[SpanBreakdown[PhaseT]]
) -> Iterator[PhaseT]:
    """Return the values of the span's conductors that are not stale."""
    return (
        phase
        for span in spans
        if span.span_id == target.item.id
        for phase in span.span_phases
        if phase.span_phase_id not in target.reading(product).stale
    )


def _ice(target: TargetData[SpanItem]) -> float | None:
    if (answer := target.fresh(ICING)) is None:
        return None
    loads = (phase.ice_weight.value for phase in _phases(target, ICING, answer.icing.spans))
    return max((load for load in loads if load is not None), default=None)


def _sag(target: TargetData[SpanItem]) -> float | None:
    if (answer := target.fresh(SAG)) is None:
        return None
    phases = _phases(target, SAG, answer.sag_and_clearance.spans)
    sags = (phase.sag.value for phase in phases)
    return max((sag for sag in sags if sag is not None), default=None)


def _clearance(target: TargetData[SpanItem]) -> float | None:
    if (answer := target.fresh(SAG, SPAN_CLEARANCE)) is None:
        return None
    phases = _phases(target, SAG, answer.sag_and_clearance.spans)
    clearances = (phase.clearance.value for phase in phases if phase.clearance is not None)
    return min((clear for clear in clearances if clear is not None), default=None)


def _point(
    target: TargetData[SensorItem], breakdown: Iterable[LatestReadings] | None
) -> float | None:
    values = (
        point.value
        for span in breakdown or ()
        for phase in span.span_phases
        for point in phase.measurement_points
        if point.measurement_point_id == target.item.id
    )
    return next(values, None)


def _current(target: TargetData[SensorItem]) -> float | None:
    answer = target.fresh(CURRENT)
    return None if answer is None else _point(target, answer.measurement_point_currents)


def _temperature(target: TargetData[SensorItem]) -> float | None:
    answer = target.fresh(TEMPERATURE)
    return None if answer is None else _point(target, answer.measurement_point_temperatures)


SPAN_SENSORS: Final[tuple[HeimdallSensorDescription[SpanItem], ...]] = (
    HeimdallSensorDescription(
        key="dlr",
        tier=Tier.ESSENTIAL,
        translation_key="dlr",
        needs=(DLR,),
        value_fn=_rating(DLR),
        **RATING_NOW,
    ),
    HeimdallSensorDescription(
        key="aar", translation_key="aar", needs=(AAR,), value_fn=_rating(AAR), **RATING_NOW
    ),
    HeimdallSensorDescription(
        key="ice_load",
        tier=Tier.ESSENTIAL,
        translation_key="ice_load",
        needs=(ICING,),
        value_fn=_ice,
        **ICE_LOAD_NOW,
    ),
    HeimdallSensorDescription(
        key="sag_max",
        translation_key="sag_max",
        needs=(SAG,),
        value_fn=_sag,
        **DISTANCE_NOW,
    ),
    HeimdallSensorDescription(
        key="clearance_min",
        tier=Tier.ESSENTIAL,
        translation_key="clearance_min",
        needs=(SAG,),
        part=SPAN_CLEARANCE,
        value_fn=_clearance,
        **DISTANCE_NOW,
    ),
)

# Raw readings of one sub-conductor, which cannot be compared with the current of the line.
POINT_SENSORS: Final[tuple[HeimdallSensorDescription[SensorItem], ...]] = (
    HeimdallSensorDescription(
        key="current",
        tier=Tier.ESSENTIAL,
        translation_key="sub_conductor_current",
        needs=(CURRENT,),
        value_fn=_current,
        **CURRENT_NOW,
    ),
    HeimdallSensorDescription(
        key="conductor_temperature",
        translation_key="conductor_temperature",
        needs=(TEMPERATURE,),
        value_fn=_temperature,
        **TEMPERATURE_NOW,
    ),
)
