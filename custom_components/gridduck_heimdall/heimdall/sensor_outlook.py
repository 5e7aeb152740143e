"""Sensors of the congestion that is expected of a line."""

from datetime import datetime
from typing import Final

from homeassistant.util import dt as dt_util

from ..core.description import AssistantValue, TriggerSource
from ..core.expected_load import CongestionAhead
from ..core.line_forecast import Confidence
from .descriptions import AMPERES, TIME, Attributes, HeimdallSensorDescription
from .forecast import FORECASTS, shown_time
from .inventory import LineItem
from .latest import TargetData
from .products import CIRCUIT_FORECAST, CURRENT, DLR_FORECAST

type Line = TargetData[LineItem]

_RATED: Final = (DLR_FORECAST, CIRCUIT_FORECAST)
"""The forecasts that are requested for these sensors; the AAR counts if it is there."""


def _congestion(line: Line) -> CongestionAhead | None:
    if line.outlook is None:
        return None
    return line.outlook.congestion(Confidence.PREDICTION, dt_util.utcnow())


def _first(line: Line) -> datetime | None:
    return None if (found := _congestion(line)) is None else shown_time(found.first)


def _shortfall(line: Line) -> float | None:
    if line.outlook is None:
        return None
    return 0.0 if (found := _congestion(line)) is None else found.shortfall


def _of_first(line: Line) -> Attributes:
    outlook = line.outlook
    return {"likelihood": None if outlook is None else outlook.likelihood(dt_util.utcnow())}


def _of_worst(line: Line) -> Attributes:
    found = _congestion(line)
    return {
        "at": None if found is None else found.worst.isoformat(),
        "apparent_power": None if found is None or found.power is None else round(found.power),
    }


def _exists(line: Line) -> bool:
    return line.has(CURRENT) and any(line.has(product) for product in FORECASTS.values())


def _is_known(line: Line) -> bool:
    return line.outlook is not None and bool(line.outlook.ahead(dt_util.utcnow()))


SENSORS: Final[tuple[HeimdallSensorDescription[LineItem], ...]] = (
    HeimdallSensorDescription(
        key="next_congestion",
        translation_key="next_congestion",
        assistant=(
            AssistantValue(label="next_congestion"),
            AssistantValue(label="likelihood_of_congestion", attribute="likelihood"),
        ),
        trigger=TriggerSource.CONGESTION,
        also=_RATED,
        value_fn=_first,
        exists_fn=_exists,
        available_fn=_is_known,
        attributes_fn=_of_first,
        ahead=True,
        follows_outlook=True,
        **TIME,
    ),
    HeimdallSensorDescription(
        key="expected_shortfall",
        translation_key="expected_shortfall",
        assistant=(AssistantValue(label="expected_shortfall"),),
        also=_RATED,
        value_fn=_shortfall,
        exists_fn=_exists,
        available_fn=_is_known,
        attributes_fn=_of_worst,
        follows_outlook=True,
        **AMPERES,
    ),
)
