"""What is expected, as actions return it."""

from datetime import datetime
from typing import Final

from homeassistant.const import UnitOfElectricCurrent
from homeassistant.util.json import JsonObjectType, JsonValueType

from ..core.expected_load import (
    CongestionAhead,
    ExpectedHour,
    ExpectedLoad,
    Likelihood,
    LineOutlook,
    OutlookHour,
)
from ..core.line_forecast import Confidence

_DIGITS: Final = 3


def load_answer(load: ExpectedLoad, now: datetime) -> JsonObjectType:
    """Return the load that is expected of a line, site or asset."""
    return {
        "updated": _iso(load.updated),
        "unit": load.unit,
        "hours": [_hour(one) for one in load.ahead(now)],
    }


def outlook_answer(outlook: LineOutlook, now: datetime) -> JsonObjectType:
    """Return the hours ahead of a line (A), and the congestion at each level of confidence."""
    at_levels = {level.value: outlook.congestion(level, now) for level in Confidence}
    return {
        "updated": _iso(outlook.updated),
        "unit": UnitOfElectricCurrent.AMPERE.value,
        "likelihood": outlook.likelihood(now).value,
        "next": {
            level: None if found is None else _congestion(found)
            for level, found in at_levels.items()
        },
        "hours": [_joined(one) for one in outlook.ahead(now)],
    }


def _congestion(found: CongestionAhead) -> JsonObjectType:
    return {
        "first": _iso(found.first),
        "worst": _iso(found.worst),
        "shortfall": round(found.shortfall, _DIGITS),
        "shortfall_kva": None if found.power is None else round(found.power, _DIGITS),
    }


def _hour(hour: ExpectedHour) -> dict[str, JsonValueType]:
    return {
        "start": _iso(hour.start),
        "expected": round(hour.centre, _DIGITS),
        "low": round(hour.low, _DIGITS),
        "high": round(hour.high, _DIGITS),
    }


def _joined(hour: OutlookHour) -> JsonObjectType:
    return {
        **_hour(hour.expected),
        "in_force": dict(hour.in_force),
        "limited_by": hour.limited_by,
        "shortfall": round(hour.shortfall(Confidence.PREDICTION), _DIGITS),
        "probability": round(hour.probability, _DIGITS),
        "likelihood": Likelihood.of(hour.probability).value,
    }


def _iso(when: datetime) -> str:
    return when.isoformat(timespec="seconds")
