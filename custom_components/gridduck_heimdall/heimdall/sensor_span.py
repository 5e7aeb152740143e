"""The sensors of a span and of a sensor on a conductor ("Neuron")."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from ..api.heimdall.models.common import SpanBreakdown
from ..api.heimdall.models.insights import LatestReadings, SpanPhaseIcing, SpanPhaseSagAndClearance
from .descriptions import (
    CURRENT_NOW,
    DISTANCE_NOW,
    ICE_LOAD_NOW,
    RATING_NOW,
    TEMPERATURE_NOW,
    HeimdallSensorDescription,
)
from .inventory import SensorItem, SpanItem
from .products import AAR, CURRENT, DLR, ICING, SAG, SPAN_CLEARANCE, TEMPERATURE, Product
from .value_source import Source, View


def _dlr(view: View[SpanItem]) -> float | None:
    answer = view.fresh(DLR)
    spans = () if answer is None else answer.heimdall_span_dlrs or ()
    return next((one.heimdall_dlr.value for one in spans if one.span_id == view.item.id), None)


def _aar(view: View[SpanItem]) -> float | None:
    answer = view.fresh(AAR)
    spans = () if answer is None else answer.heimdall_span_aars or ()
    return next((one.heimdall_aar.value for one in spans if one.span_id == view.item.id), None)


def _phases[PhaseT: SpanPhaseIcing | SpanPhaseSagAndClearance](
    view: View[SpanItem], product: Product[Any], spans: Iterable[SpanBreakdown[PhaseT]]
) -> Iterator[PhaseT]:
    """Return what is known of the span's conductors and not too old."""
    return (
        phase
        for span in spans
        if span.span_id == view.item.id
        for phase in span.span_phases
        if view.current_item(product, phase.span_phase_id)
    )


def _ice(view: View[SpanItem]) -> float | None:
    if (answer := view.fresh(ICING)) is None:
        return None
    loads = (phase.ice_weight.value for phase in _phases(view, ICING, answer.icing.spans))
    return max((load for load in loads if load is not None), default=None)


def _sag(view: View[SpanItem]) -> float | None:
    if (answer := view.fresh(SAG)) is None:
        return None
    phases = _phases(view, SAG, answer.sag_and_clearance.spans)
    sags = (phase.sag.value for phase in phases)
    return max((sag for sag in sags if sag is not None), default=None)


def _clearance(view: View[SpanItem]) -> float | None:
    if (answer := view.fresh(SAG, SPAN_CLEARANCE)) is None:
        return None
    phases = _phases(view, SAG, answer.sag_and_clearance.spans)
    clearances = (phase.clearance.value for phase in phases if phase.clearance is not None)
    return min((clear for clear in clearances if clear is not None), default=None)


def _point(view: View[SensorItem], breakdown: Iterable[LatestReadings] | None) -> float | None:
    values = (
        point.value
        for span in breakdown or ()
        for phase in span.span_phases
        for point in phase.measurement_points
        if point.measurement_point_id == view.item.id
    )
    return next(values, None)


def _current(view: View[SensorItem]) -> float | None:
    answer = view.fresh(CURRENT)
    return None if answer is None else _point(view, answer.measurement_point_currents)


def _temperature(view: View[SensorItem]) -> float | None:
    answer = view.fresh(TEMPERATURE)
    return None if answer is None else _point(view, answer.measurement_point_temperatures)


SPAN_SENSORS: Final[tuple[HeimdallSensorDescription[SpanItem], ...]] = (
    HeimdallSensorDescription(
        key="dlr", translation_key="dlr", source=Source(read=_dlr, needs=(DLR,)), **RATING_NOW
    ),
    HeimdallSensorDescription(
        key="aar", translation_key="aar", source=Source(read=_aar, needs=(AAR,)), **RATING_NOW
    ),
    HeimdallSensorDescription(
        key="ice_load",
        translation_key="ice_load",
        source=Source(read=_ice, needs=(ICING,)),
        **ICE_LOAD_NOW,
    ),
    HeimdallSensorDescription(
        key="sag_max",
        translation_key="sag_max",
        source=Source(read=_sag, needs=(SAG,)),
        **DISTANCE_NOW,
    ),
    HeimdallSensorDescription(
        key="clearance_min",
        translation_key="clearance_min",
        source=Source(read=_clearance, needs=(SAG,), part=SPAN_CLEARANCE),
        **DISTANCE_NOW,
    ),
)

# Raw readings of one sub-conductor, which cannot be compared with the current of the line.
POINT_SENSORS: Final[tuple[HeimdallSensorDescription[SensorItem], ...]] = (
    HeimdallSensorDescription(
        key="current",
        translation_key="sub_conductor_current",
        source=Source(read=_current, needs=(CURRENT,)),
        **CURRENT_NOW,
    ),
    HeimdallSensorDescription(
        key="conductor_temperature",
        translation_key="conductor_temperature",
        source=Source(read=_temperature, needs=(TEMPERATURE,)),
        **TEMPERATURE_NOW,
    ),
)
