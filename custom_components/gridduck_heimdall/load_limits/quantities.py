"""Numbers and units of entities that a load limit reads."""

import math
from typing import Final

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, UnitOfElectricCurrent, UnitOfPower
from homeassistant.core import State
from homeassistant.util.unit_conversion import ElectricCurrentConverter, PowerConverter

POWER_UNITS: Final = frozenset(map(str, filter(None, PowerConverter.VALID_UNITS)))
CURRENT_UNITS: Final = frozenset(map(str, filter(None, ElectricCurrentConverter.VALID_UNITS)))


def number_of(state: State | None) -> float | None:
    """Return the number that an entity shows; None where it shows none."""
    try:
        number = float("nan" if state is None else state.state)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def unit_of(state: State) -> str | None:
    """Return the unit of an entity; None where it has none."""
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    return None if unit is None else str(unit)


def watts_of(state: State) -> float | None:
    """Return the power that an entity shows, W; None where it shows none."""
    number, unit = number_of(state), unit_of(state)
    if number is None or unit not in POWER_UNITS:
        return None
    return PowerConverter.convert(number, unit, UnitOfPower.WATT)


def amperes_of(state: State) -> float | None:
    """Return the current that an entity shows, A; None where it shows none."""
    number, unit = number_of(state), unit_of(state)
    if number is None or unit not in CURRENT_UNITS:
        return None
    return ElectricCurrentConverter.convert(number, unit, UnitOfElectricCurrent.AMPERE)
