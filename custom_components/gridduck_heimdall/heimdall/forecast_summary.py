"""What a line will be able to carry in the hours ahead, for whoever asks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ..api.heimdall.derive import Lowest, lowest
from ..api.heimdall.models.forecasts import ForecastLevel
from .forecast import Peak, ice_peak
from .inventory import LineItem
from .products import AAR_FORECAST, CIRCUIT_FORECAST, DLR_FORECAST, ICING_FORECAST
from .rating import Rule
from .value_source import View

LONGEST: Final = 72
"""Hours ahead that can be asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The hours ahead of a line; None for what is not forecast or not known.

    Attributes:
        dlr: the lowest dynamic line rating, A.
        aar: the lowest ambient-adjusted rating, A.
        circuit: the lowest rating of its circuit, A.
        ice: the heaviest ice of the whole forecast.
        rule: which of the ratings counts.
        bound: the upper bound of all ratings, A; None without one.
    """

    dlr: Lowest | None = None
    aar: Lowest | None = None
    circuit: Lowest | None = None
    ice: Peak | None = None
    rule: Rule = Rule.STANDARD
    bound: float | None = None


def outlook(view: View[LineItem], now: datetime, hours: int) -> Outlook:
    """Return the hours ahead of a line. Contract: heimdall-api.md §5.6."""
    level = ForecastLevel.PREDICTION
    dlr, aar = view.fresh(DLR_FORECAST), view.fresh(AAR_FORECAST)
    circuit, ice = view.fresh(CIRCUIT_FORECAST), view.fresh(ICING_FORECAST)
    return Outlook(
        dlr=None if dlr is None else lowest(dlr.heimdall_dlr_forecasts, level, now, hours),
        aar=None if aar is None else lowest(aar.heimdall_aar_forecasts, level, now, hours),
        circuit=None
        if circuit is None
        else lowest(circuit.circuit_rating_forecasts, level, now, hours),
        ice=None if ice is None else ice_peak(ice),
        rule=view.ratings.rule,
        bound=view.ratings.bound(view.item.id),
    )
