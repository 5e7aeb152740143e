"""How much of what a line can carry is used."""

from dataclasses import dataclass
from typing import Final

from .products import AAR, CIRCUIT, CURRENT, DLR
from .subjects import LineSubject
from .view import Source, View, of

CONGESTED_ABOVE: Final = 100.0
"""Percent of what a line can carry."""

RECOVERED_BELOW: Final = 90.0
"""Percent of what a line can carry: some way off, so that a line near its limit does not flap."""

CURRENT_VALUE: Final[Source[LineSubject, float]] = of(CURRENT, lambda answer: answer.current.value)
DLR_VALUE: Final[Source[LineSubject, float]] = of(DLR, lambda answer: answer.heimdall_dlr.value)
AAR_VALUE: Final[Source[LineSubject, float]] = of(AAR, lambda answer: answer.heimdall_aar.value)
_CIRCUIT_VALUE: Final[Source[LineSubject, float]] = of(
    CIRCUIT, lambda answer: answer.circuit_rating.value
)

_LIMITS: Final = {"circuit_rating": _CIRCUIT_VALUE, "dlr": DLR_VALUE, "aar": AAR_VALUE}


@dataclass(frozen=True, slots=True)
class Loading:
    """The current of a line beside the tightest of its limits.

    Parameters:
        current: in amperes.
        limit: in amperes, above zero.
        limited_by: which limit it is.
    """

    current: float
    limit: float
    limited_by: str

    @property
    def percent(self) -> float:
        """The current as a share of the limit."""
        return 100 * self.current / self.limit

    @property
    def headroom(self) -> float:
        """Amperes that are left; below zero when the line is overloaded."""
        return self.limit - self.current


def loading(view: View[LineSubject]) -> Loading | None:
    """Return the loading of a line; None where it is not known for sure.

    Every limit that the line has must be of about the same time as the current: without the
    tightest one, the line would seem to have capacity that it does not have.
    """
    current = CURRENT_VALUE.read(view)
    limits: list[tuple[float, str]] = []
    for name, source in _LIMITS.items():
        if not source.present(view):
            continue
        limit = source.read(view)
        if limit is None or limit <= 0:
            return None
        limits.append((limit, name))
    if current is None or not limits:
        return None
    limit, limited_by = min(limits, key=lambda one: one[0])
    return Loading(current, limit, limited_by)


def limited_by(view: View[LineSubject]) -> dict[str, str | None]:
    """Return the attribute that names the tightest limit."""
    found = loading(view)
    return {"limited_by": None if found is None else found.limited_by}


def _percent(view: View[LineSubject]) -> float | None:
    return None if (found := loading(view)) is None else found.percent


def _headroom(view: View[LineSubject]) -> float | None:
    return None if (found := loading(view)) is None else found.headroom


def _exists(view: View[LineSubject]) -> bool:
    return view.has(CURRENT) and any(source.present(view) for source in _LIMITS.values())


_LIMIT_PRODUCTS: Final = (CIRCUIT, DLR, AAR)

PERCENT: Final = Source(read=_percent, needs=(CURRENT,), also=_LIMIT_PRODUCTS, exists=_exists)
HEADROOM: Final = Source(read=_headroom, needs=(CURRENT,), also=_LIMIT_PRODUCTS, exists=_exists)
