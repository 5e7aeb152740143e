"""The rating in force, and the loading of a line by it.

The circuit rating is the service's own minimum over the line and the components of its facility,
and already follows the dynamic line rating (DLR). The ambient-adjusted rating (AAR) assumes a
fixed wind and sun, and is nearly always lower than the DLR: the lower of the two would leave the
DLR without effect.
"""

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace


class Basis(StrEnum):
    """The ratings that can limit a line."""

    CIRCUIT_RATING = "circuit_rating"
    DLR = "dlr"
    AAR = "aar"
    STATIC_RATING = "static_rating"


class Rule(StrEnum):
    """Which of the ratings is in force."""

    STANDARD = "standard"
    """The circuit rating, bounded by the DLR; without it the DLR; AAR only in place of the DLR."""
    LOWEST = "lowest"
    """The lowest of all that the line has; unknown while one of them is unknown."""


# An import creates hundreds of thousands; a struct takes a fraction of the time of a dataclass.
class Rated(Struct, frozen=True, gc=False):
    """A rating that the service offers.

    Attributes:
        value: in amperes; None while it is missing or stale.
        fallback: whether the service calculates it without measurements.
        of_line: for a circuit, whether the line itself limits and none of its components.
    """

    value: float | None
    fallback: bool = False
    of_line: bool = False


class Ratings(Struct, frozen=True, kw_only=True, gc=False):
    """The ratings of a line; None for one that the line does not have.

    Attributes:
        circuit: of the circuit.
        dlr: dynamic line rating.
        aar: ambient-adjusted rating.
        bound: the static rating in amperes, if it is an upper bound.
    """

    circuit: Rated | None = None
    dlr: Rated | None = None
    aar: Rated | None = None
    bound: float | None = None


class InForce(Struct, frozen=True, gc=False):
    """The rating in force.

    Attributes:
        value: in amperes, above zero.
        basis: the rating that limits.
        fallback: whether it replaces a better one, or the service calculates it without
            measurements.
    """

    value: float
    basis: Basis
    fallback: bool


class Loading(Struct, frozen=True, gc=False):
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


def in_force(ratings: Ratings, rule: Rule) -> InForce | None:
    """Return the rating in force; None if it is unknown or not above zero."""
    found = _lowest(ratings) if rule is Rule.LOWEST else _standard(ratings)
    if found is None:
        return None
    if ratings.bound is not None and ratings.bound < found.value:
        # The other ratings do not limit, so their fallback does not matter.
        found = InForce(ratings.bound, Basis.STATIC_RATING, fallback=False)
    return found if found.value > 0 else None


def _standard(ratings: Ratings) -> InForce | None:
    circuit, dlr, aar = ratings.circuit, ratings.dlr, ratings.aar
    line = dynamic = (
        None if dlr is None or dlr.value is None else InForce(dlr.value, Basis.DLR, dlr.fallback)
    )
    if (dynamic is None or dynamic.fallback) and aar is not None and aar.value is not None:
        # In place of a DLR that is missing, stale or a fallback.
        line = InForce(aar.value, Basis.AAR, fallback=dlr is not None)
    if circuit is None:
        return line
    if circuit.value is None:
        # A component may limit more than the line does.
        return None if line is None else replace(line, fallback=True)
    if not circuit.fallback:
        # It follows from the DLR, which bounds it where the two are not of the same time.
        line = dynamic
    if line is not None and line.value < circuit.value:
        return line
    follows_fallback = circuit.of_line and dlr is not None and dlr.fallback
    return InForce(circuit.value, Basis.CIRCUIT_RATING, circuit.fallback or follows_fallback)


def _lowest(ratings: Ratings) -> InForce | None:
    of_service = {
        Basis.CIRCUIT_RATING: ratings.circuit,
        Basis.DLR: ratings.dlr,
        Basis.AAR: ratings.aar,
    }
    offered = {basis: rated for basis, rated in of_service.items() if rated is not None}
    known = [
        InForce(rated.value, basis, rated.fallback)
        for basis, rated in offered.items()
        if rated.value is not None
    ]
    if len(known) < len(offered):
        return None
    return min(known, key=lambda one: one.value, default=None)
