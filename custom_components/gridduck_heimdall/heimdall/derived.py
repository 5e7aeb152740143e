"""Values of lines and facilities: one field of a response, or computed from several."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, TypedDict

from ..api.heimdall.models.ratings import (
    LatestCircuitTransientRating,
    LatestLineTransientRating,
)
from ..api.heimdall.units import apparent_power_mva
from ..api.sanitizer import sanitize_name
from .inventory import FacilityItem, LineItem
from .latest import TargetData
from .products import AAR, CIRCUIT, CURRENT, DLR, TEMPERATURE, WHOLE, Product
from .rating import Loading, Rated

RATINGS: Final = (CIRCUIT, DLR, AAR)
"""The products that determine the rating in force."""

LINE_LIMITS: Final = "line"
"""The state that says that no component limits the circuit."""


class FromResponse(TypedDict):
    """The part of a description that says where its value is in a response."""

    value_fn: Callable[[TargetData[Any]], Any]
    needs: tuple[Product[Any], ...]
    part: str


def from_response(product: Product[Any], path: str, part: str = WHOLE) -> FromResponse:
    """Describe a value that is contained in one response.

    Args:
        product: the product that it belongs to.
        path: the fields that lead to the value in a response, separated by dots.
        part: the name of the value in it.
    """
    value = attribute(path)

    def value_fn(target: TargetData[Any]) -> Any:
        return value(target.fresh(product, part))

    return FromResponse(value_fn=value_fn, needs=(product,), part=part)


def attribute(path: str) -> Callable[[object], Any]:
    """Return a function that reads nested attributes; None if any of them is None.

    Args:
        path: the names of the attributes, separated by dots.
    """
    names = path.split(".")

    def read(found: Any) -> Any:
        for name in names:
            if found is None:
                return None
            found = getattr(found, name)
        return found

    return read


def with_loading(line: TargetData[LineItem]) -> TargetData[LineItem]:
    """Return the data of a line with its rating in force and its loading, as far as known."""
    circuit = dlr = aar = None
    # A stale rating exists without a value.
    if line.has(CIRCUIT):
        circuit = Rated(None)
        if (answer := line.fresh(CIRCUIT)) is not None:
            found = answer.rating
            of_line = found.at_facility_component_id is None
            circuit = Rated(found.value, bool(found.is_fallback), of_line=of_line)
    if line.has(DLR):
        dlr = Rated(None)
        if (answered := line.fresh(DLR)) is not None:
            dlr = Rated(answered.rating.value, bool(answered.rating.is_fallback))
    if line.has(AAR):
        latest = line.fresh(AAR)
        aar = Rated(None if latest is None else latest.rating.value)
    in_force = line.rating_in_force(circuit=circuit, dlr=dlr, aar=aar)
    measured = line.fresh(CURRENT)
    current = None if measured is None else measured.current.value
    loading = None if current is None or in_force is None else Loading(current, in_force)
    return replace(line, in_force=in_force, loading=loading)


def has_rating(line: TargetData[LineItem]) -> bool:
    """Return whether the service offers any rating of a line."""
    return any(line.has(product) for product in RATINGS)


def has_loading(line: TargetData[LineItem]) -> bool:
    """Return whether the service offers the current of a line, and any rating."""
    return line.has(CURRENT) and has_rating(line)


def limits(line: TargetData[LineItem]) -> Mapping[str, str | bool | None]:
    """Return the rating that the loading refers to, and whether it is a fallback."""
    found = None if line.loading is None else line.loading.rating
    return {
        "limited_by": None if found is None else found.basis.value,
        "fallback": None if found is None else found.fallback,
    }


def apparent_power(line: TargetData[LineItem]) -> float | None:
    """Compute the apparent power as the service does. Contract: heimdall-api.md §5.2."""
    measured, voltage = line.fresh(CURRENT), line.item.voltage
    current = None if measured is None else measured.current.value
    if current is None or voltage is None:
        return None
    return apparent_power_mva(current, voltage)


def limiting_span(line: TargetData[LineItem]) -> str | None:
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


def limiting_component(facility: TargetData[FacilityItem]) -> str | None:
    """Return the component that limits the circuit."""
    if (answer := facility.fresh(CIRCUIT)) is None:
        return None
    component_id = answer.rating.at_facility_component_id
    if component_id is None:
        return LINE_LIMITS
    return facility.item.component_names.get(component_id) or sanitize_name(component_id)


def last_measurement(line: TargetData[LineItem]) -> datetime | None:
    """Return the time of the last measurement, of any age."""
    readings = (line.reading(CURRENT), line.reading(TEMPERATURE))
    return max((one.parts[WHOLE] for one in readings if WHOLE in one.parts), default=None)


def transient_rating[T: (LatestLineTransientRating, LatestCircuitTransientRating)](
    product: Product[T], minutes: int, target: TargetData[Any]
) -> float | None:
    """Return the transient rating of a line or circuit for some minutes, A."""
    if (answer := target.fresh(product, str(minutes))) is None:
        return None
    for one in answer.rating.ratings:
        if one.duration_minutes == minutes:
            return one.value
    return None
