"""Unit of a power: W, or kW where it is large."""

from typing import Final

from homeassistant.const import Platform, UnitOfPower

from .runtime_data import GridDuckData

LARGE_W: Final = 10_000
_WATTS: Final = {UnitOfPower.WATT.value: 1, UnitOfPower.KILO_WATT.value: 1_000}
_DECIMALS: Final = {UnitOfPower.WATT.value: 1, UnitOfPower.KILO_WATT.value: 3}


def unit_of(data: GridDuckData, item: str, key: str, *, large: bool) -> str:
    """Return the unit of a power sensor.

    A registered sensor keeps its unit: automations compare its state with numbers.
    The unit is the sensor's own, and not one that Home Assistant converts to, as a state that
    was converted cannot be rounded.

    Args:
        data: the account.
        item: an asset or a site.
        key: of the sensor.
        large: whether a new sensor should show kW.
    """
    before = data.registered(Platform.SENSOR, item, key)
    if before is not None and before.unit_of_measurement in _WATTS:
        return before.unit_of_measurement
    return UnitOfPower.KILO_WATT if large and before is None else UnitOfPower.WATT


def is_large(power_w: float | None) -> bool:
    """Return whether a power is better shown in kW."""
    return power_w is not None and power_w >= LARGE_W


def in_unit(power_w: float | None, unit: str | None) -> float | None:
    """Return a power in a unit, as exact as it is measured."""
    if power_w is None or unit is None:
        return power_w
    return round(power_w / _WATTS[unit], _DECIMALS[unit])


def display_precision(unit: str) -> int:
    """Return the number of decimals that a power in a unit is displayed with."""
    return 1 if unit == UnitOfPower.KILO_WATT else 0
