"""How much of what a line can carry is used."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ..api.heimdall.models.common import Payload
from ..api.heimdall.models.ratings import LatestCircuitRating, LatestHeimdallAar, LatestHeimdallDlr
from .inventory import LineItem
from .products import AAR, CIRCUIT, CURRENT, DLR, Product
from .rating import Basis, InForce, Rated, Ratings, in_force
from .value_source import Source, View, of

CONGESTED_ABOVE: Final = 100.0
"""Percent of what a line can carry."""

RECOVERED_BELOW: Final = 90.0
"""Percent of what a line can carry: some way off, so that a line near its limit does not flap."""

CURRENT_VALUE: Final[Source[LineItem, float]] = of(CURRENT, lambda answer: answer.current.value)
DLR_VALUE: Final[Source[LineItem, float]] = of(DLR, lambda answer: answer.heimdall_dlr.value)
AAR_VALUE: Final[Source[LineItem, float]] = of(AAR, lambda answer: answer.heimdall_aar.value)

_RATINGS: Final = (CIRCUIT, DLR, AAR)


@dataclass(frozen=True, slots=True)
class Loading:
    """The current of a line beside the rating in force.

    Attributes:
        current: in amperes.
        rating: what the line can carry.
    """

    current: float
    rating: InForce

    @property
    def limit(self) -> float:
        """The rating in force, in amperes, above zero."""
        return self.rating.value

    @property
    def limited_by(self) -> Basis:
        """Which rating is in force."""
        return self.rating.basis

    @property
    def percent(self) -> float:
        """The current as a share of the rating in force."""
        return 100 * self.current / self.limit

    @property
    def headroom(self) -> float:
        """Amperes that are left; below zero when the line is overloaded."""
        return self.limit - self.current


def rating(view: View[LineItem]) -> InForce | None:
    """Return the rating in force of a line; None where it is not known."""
    return in_force(
        Ratings(
            circuit=_rated(view, CIRCUIT, _circuit),
            dlr=_rated(view, DLR, _dlr),
            aar=_rated(view, AAR, _aar),
            bound=view.ratings.bound(view.item.id),
        ),
        view.ratings.rule,
    )


def loading(view: View[LineItem]) -> Loading | None:
    """Return the loading of a line; None where the current or the rating in force is unknown."""
    current, found = CURRENT_VALUE.read(view), rating(view)
    return None if current is None or found is None else Loading(current, found)


def _rated[T: Payload](
    view: View[LineItem], product: Product[T], read: Callable[[T], Rated]
) -> Rated | None:
    """Return a rating, without a value while it is stale; None where the line has none."""
    if not view.has(product):
        return None
    answer = view.fresh(product)
    return Rated(None) if answer is None else read(answer)


def _circuit(answer: LatestCircuitRating) -> Rated:
    found = answer.circuit_rating
    of_line = found.at_facility_component_id is None
    return Rated(found.value, bool(found.is_fallback), of_line=of_line)


def _dlr(answer: LatestHeimdallDlr) -> Rated:
    found = answer.heimdall_dlr
    return Rated(found.value, bool(found.is_fallback))


def _aar(answer: LatestHeimdallAar) -> Rated:
    return Rated(answer.heimdall_aar.value)


def basis(view: View[LineItem]) -> dict[str, str | bool | None]:
    """Return the attributes that say which rating is in force, and whether it is a fallback."""
    found = loading(view)
    return {
        "limited_by": None if found is None else found.limited_by.value,
        "fallback": None if found is None else found.rating.fallback,
    }


def _percent(view: View[LineItem]) -> float | None:
    return None if (found := loading(view)) is None else found.percent


def _headroom(view: View[LineItem]) -> float | None:
    return None if (found := loading(view)) is None else found.headroom


def _limited_by(view: View[LineItem]) -> str | None:
    return None if (found := rating(view)) is None else found.basis.value


def _has_rating(view: View[LineItem]) -> bool:
    return any(view.has(product) for product in _RATINGS)


def _exists(view: View[LineItem]) -> bool:
    return view.has(CURRENT) and _has_rating(view)


PERCENT: Final = Source(read=_percent, needs=(CURRENT,), also=_RATINGS, exists=_exists)
HEADROOM: Final = Source(read=_headroom, needs=(CURRENT,), also=_RATINGS, exists=_exists)
LIMITED_BY: Final = Source(read=_limited_by, also=_RATINGS, exists=_has_rating)
