"""The current state of a line."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..core.line_account import LineState
from .derived import transient_rating
from .inventory import FacilityItem, LineItem
from .latest import TargetData
from .products import CIRCUIT_TRANSIENT, CURRENT, MAX_AGE, TRANSIENT, WHOLE, Product
from .rating import InForce


def line_state(
    line: TargetData[LineItem],
    facility: TargetData[FacilityItem] | None,
    *,
    serving: bool,
    now: datetime,
) -> LineState:
    """Return the state of a line.

    Args:
        line: its latest data.
        facility: that of its facility.
        serving: whether the data is valid.
        now: the present.
    """
    item = line.item
    known = LineState(id=item.id, name=item.name, voltage=item.voltage)
    answer, rating = line.fresh(CURRENT), line.in_force
    measured_at = line.reading(CURRENT).parts.get(WHOLE)
    if answer is None or measured_at is None or not serving or now - measured_at > MAX_AGE:
        return known
    measured = replace(known, current=answer.current.value, measured_at=measured_at)
    if rating is None:
        return measured
    return replace(
        measured,
        limit=rating.value,
        limited_by=rating.basis,
        fallback=rating.fallback,
        short_time={} if rating.fallback else _short_time(line, facility, rating),
    )


def _short_time(
    line: TargetData[LineItem], facility: TargetData[FacilityItem] | None, rating: InForce
) -> Mapping[float, float]:
    """Return the transient ratings above the rating in force, A, by seconds.

    Those of the circuit take its components into account: if it has any, those of the line alone
    do not count.
    """
    target: TargetData[Any] = line
    product: Product[Any] = TRANSIENT
    if facility is not None and facility.reading(CIRCUIT_TRANSIENT).payload is not None:
        target, product = facility, CIRCUIT_TRANSIENT
    minutes = map(int, target.reading(product).parts)
    ratings = ((60.0 * each, transient_rating(product, each, target)) for each in minutes)
    return {
        seconds: amperes
        for seconds, amperes in ratings
        if amperes is not None and amperes > rating.value
    }
