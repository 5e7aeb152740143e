"""Which change of a value matters.

Home Assistant asks the platform of an entity's domain, `sensor` for a sensor, and never this one.
What the integration itself tells again goes by the same table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    UnitOfApparentPower,
    UnitOfElectricCurrent,
    UnitOfEnergy,
    UnitOfLength,
    UnitOfPower,
    UnitOfRatio,
    UnitOfTemperature,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.significant_change import (
    check_absolute_change,
    check_percentage_change,
    check_valid_float,
)


@dataclass(frozen=True, slots=True)
class Change:
    """The smallest change that matters; both have to be reached.

    Attributes:
        absolute: in the unit of the value.
        percent: of the former value.
    """

    absolute: float
    percent: float = 0.0


CHANGES: Final[Mapping[str, Change]] = {
    # Loading, and share of breaking strength: points.
    UnitOfRatio.PERCENTAGE: Change(5),
    UnitOfElectricCurrent.AMPERE: Change(1, percent=5),
    UnitOfPower.WATT: Change(10, percent=5),
    UnitOfPower.KILO_WATT: Change(0.01, percent=5),
    "MVA": Change(0.1, percent=5),
    UnitOfApparentPower.VOLT_AMPERE: Change(10, percent=5),
    UnitOfTemperature.CELSIUS: Change(0.5),
    UnitOfTemperature.FAHRENHEIT: Change(1),
    "kg/m": Change(0.1),
    "N": Change(100, percent=5),
    UnitOfLength.METERS: Change(0.1),
    UnitOfLength.FEET: Change(0.3),
    UnitOfEnergy.KILO_WATT_HOUR: Change(0.1),
    UnitOfEnergy.WATT_HOUR: Change(100),
}


def significant(unit: str, old: float, new: float) -> bool | None:
    """Tell whether the change of a value matters; None for a unit that is not known."""
    if (change := CHANGES.get(unit)) is None:
        return None
    return check_absolute_change(old, new, change.absolute) and check_percentage_change(
        old, new, change.percent
    )


@callback
def async_check_significant_change(
    hass: HomeAssistant,
    old_state: str,
    old_attrs: Mapping[str, Any],
    new_state: str,
    new_attrs: Mapping[str, Any],
    **kwargs: Any,
) -> bool | None:
    """Tell whether an entity has changed in a way that matters; None where that is not known."""
    unit: str | None = new_attrs.get(ATTR_UNIT_OF_MEASUREMENT)
    if unit != old_attrs.get(ATTR_UNIT_OF_MEASUREMENT):
        return True
    if unit is None:
        return old_state != new_state
    if not check_valid_float(new_state):
        return False
    if not check_valid_float(old_state):
        return True
    return significant(unit, float(old_state), float(new_state))
