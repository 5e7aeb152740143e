"""Answers in other units than the usual ones. Contract: heimdall-api.md §3.1, §3.2, §5.10."""

from collections.abc import Callable, Mapping
from typing import Final

from .asked import Payload

type Convert = Callable[[float], float]


def _times(factor: float) -> Convert:
    return lambda value: value * factor


CONVERSIONS: Final[Mapping[tuple[str, str], Convert]] = {
    ("Ampere", "kA"): _times(1e-3),
    ("Ampere", "mA"): _times(1e3),
    ("Ampere", "A"): _times(1),
    ("MVA", "kVA"): _times(1e3),
    ("C", "F"): lambda value: value * 1.8 + 32,
    ("C", "K"): lambda value: value + 273.15,
    ("C", "°C"): _times(1),
    ("m", "ft"): _times(1 / 0.3048),
    ("m", "in"): _times(1 / 0.0254),
    ("m", "mi"): _times(1 / 1609.344),
    ("m", "cm"): _times(100),
    ("kg/m", "lb/ft"): _times(0.3048 / 0.45359237),
    ("N", "lbf"): _times(1 / 4.4482216152605),
    ("N", "kN"): _times(1e-3),
}
"""From the unit that the service usually answers in to another."""

_VALUES: Final = frozenset({"value", "min", "max"})


def in_units(answer: Payload, units: Mapping[str, str]) -> Payload:
    """Return an answer with some units replaced, wherever one stands.

    Args:
        answer: what stands under `data`.
        units: the unit to answer in, by the usual one. One that there is no conversion to is
            only said: the numbers stay.
    """
    return _object(answer, units, None)


def _object(found: Mapping[str, object], units: Mapping[str, str], unit: str | None) -> Payload:
    own = found.get("unit")
    unit = own if isinstance(own, str) else unit
    return {key: _field(key, value, units, unit) for key, value in found.items()}


def _field(key: str, value: object, units: Mapping[str, str], unit: str | None) -> object:
    match value:
        case dict():
            return _object(value, units, unit)
        case list():
            return [_field("", one, units, unit) for one in value]
        case str() if key == "unit":
            return units.get(value, value)
        case int() | float() if key in _VALUES and unit is not None and unit in units:
            convert = CONVERSIONS.get((unit, units[unit]))
            return value if convert is None else convert(value)
    return value
