"""Numbers and units of entities that a load limit reads."""

from typing import Final

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import State
from homeassistant.util.unit_conversion import ElectricCurrentConverter, PowerConverter

from ...api.decoding import LARGEST_NUMBER

POWER_UNITS: Final = frozenset(map(str, filter(None, PowerConverter.VALID_UNITS)))
CURRENT_UNITS: Final = frozenset(map(str, filter(None, ElectricCurrentConverter.VALID_UNITS)))


def number_of(state: State | None) -> float | None:
    """Return the number that an entity shows; None where it shows none."""
    try:
        number = float("nan" if state is None else state.state)
    except ValueError:
        return None
    # Its square has to be a number, too; this is neither for infinity nor for NaN.
    return number if abs(number) <= LARGEST_NUMBER else None


def unit_of(state: State) -> str | None:
    """Return the unit of an entity; None where it has none."""
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    return None if unit is None else str(unit)


def converted(number: float, unit: str, wanted: str) -> float | None:
    """Return a number in another unit; None where the two measure different things."""
    if unit == wanted:
        return number
    if {unit, wanted} <= POWER_UNITS:
        return PowerConverter.convert(number, unit, wanted)
    if {unit, wanted} <= CURRENT_UNITS:
        return ElectricCurrentConverter.convert(number, unit, wanted)
    return None


def shown_in(state: State, wanted: str) -> float | None:
    """Return the number that an entity shows, in a unit; None where it shows none of that."""
    number, unit = number_of(state), unit_of(state)
    return None if number is None or unit is None else converted(number, unit, wanted)
