"""Loading and headroom of a line."""

from dataclasses import dataclass
from typing import Final

from .inventory import LineItem
from .latest import TargetData
from .products import AAR, CIRCUIT, CURRENT, DLR
from .rating import InForce, Rated, Ratings, in_force

RATINGS: Final = (CIRCUIT, DLR, AAR)
"""The products that determine the rating in force."""


@dataclass(frozen=True, slots=True)
class Loading:
    """The current of a line and the rating in force.

    Attributes:
        current: in amperes.
        rating: the rating in force.
    """

    current: float
    rating: InForce

    @property
    def percent(self) -> float:
        """The current as a share of the rating in force."""
        return 100 * self.current / self.rating.value

    @property
    def headroom(self) -> float:
        """The rating in force minus the current, A; negative if the line is overloaded."""
        return self.rating.value - self.current


def rating(line: TargetData[LineItem]) -> InForce | None:
    """Return the rating in force of a line; None if it is unknown."""
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
    bound = line.ratings.bounds.get(line.item.id)
    ratings = Ratings(circuit=circuit, dlr=dlr, aar=aar, bound=bound)
    return in_force(ratings, line.ratings.rule)


def loading(line: TargetData[LineItem]) -> Loading | None:
    """Return the loading of a line; None if the current or the rating in force is unknown."""
    measured, found = line.fresh(CURRENT), rating(line)
    current = None if measured is None else measured.current.value
    return None if current is None or found is None else Loading(current, found)


def has_rating(line: TargetData[LineItem]) -> bool:
    """Whether the service offers any rating of a line."""
    return any(line.has(product) for product in RATINGS)
