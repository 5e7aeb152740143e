"""Thresholds of triggers and conditions, with a fixed direction or one that the user chooses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
import math
from typing import Any, Final

from homeassistant.const import CONF_UNIT_OF_MEASUREMENT, PERCENTAGE
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.selector import (
    ChooseSelector,
    ChooseSelectorChoiceConfig,
    ChooseSelectorConfig,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumericThresholdMode,
    NumericThresholdSelector,
    NumericThresholdSelectorConfig,
    NumericThresholdType,
)
import voluptuous as vol

from .entity_filter import QuantityFilter

CONF_THRESHOLD: Final = "threshold"

_VALUES: Final = ("value", "value_min", "value_max")

_NUMBER: Final = NumberSelector(NumberSelectorConfig(step="any"))
_ENTITY: Final = EntitySelector(EntitySelectorConfig())

NUMBER_OR_ENTITY: Final = vol.All(
    ChooseSelector(
        ChooseSelectorConfig(
            translation_key="number_or_entity",
            choices={
                "number": ChooseSelectorChoiceConfig(selector=_NUMBER.serialize()["selector"]),
                "entity": ChooseSelectorChoiceConfig(selector=_ENTITY.serialize()["selector"]),
            },
        )
    ),
    # The selector also accepts registry ids, which are no entity ids.
    vol.Any(float, cv.entity_id),
)
"""A threshold with a fixed direction: a number, or the id of an entity that shows one."""

CONF_PERCENT: Final = "percent"
_PERCENT: Final = NumberSelector(
    NumberSelectorConfig(min=1, max=1000, step="any", unit_of_measurement=PERCENTAGE)
)


@dataclass(frozen=True, slots=True)
class LoadingThreshold:
    """A threshold of a capacity: the current of the line would load it so far.

    Attributes:
        percent: the current, as a share of the capacity, %.
    """

    percent: float

    def share_of_needed(self, capacity: float, current: float) -> float:
        """Return a capacity as a share of that which the current would load so far, %.

        Args:
            capacity: A.
            current: A.
        """
        return self.percent * capacity / current if current > 0 else math.inf


def capacity_threshold(value: object) -> LoadingThreshold | float | str:
    """Validate a threshold of a capacity: a loading, a number of A, or the id of an entity.

    Raises:
        vol.Invalid: it is none of these.
    """
    if isinstance(value, Mapping) and value.get("active_choice") == CONF_PERCENT:
        return LoadingThreshold(_PERCENT(value.get(CONF_PERCENT)))
    found: float | str = NUMBER_OR_ENTITY(value)
    return found


def any_direction(quantity: QuantityFilter) -> Callable[[object], object]:
    """Return the schema of a threshold with a direction; a number needs no unit."""

    def with_units(value: object) -> object:
        if not isinstance(value, Mapping):
            return value
        return {
            key: {CONF_UNIT_OF_MEASUREMENT: quantity.unit, **entry}
            if key in _VALUES and isinstance(entry, Mapping) and "number" in entry
            else entry
            for key, entry in value.items()
        }

    selector = NumericThresholdSelector(
        NumericThresholdSelectorConfig(
            mode=NumericThresholdMode.CROSSED, unit_of_measurement=list(quantity.units)
        )
    )
    return vol.All(with_units, selector)


def required_threshold(default: float | None) -> vol.Marker:
    """Return the key of a threshold with a fixed direction, and its default, if any."""
    return vol.Required(CONF_THRESHOLD, default=vol.UNDEFINED if default is None else default)


def directed(
    options: Mapping[str, Any], direction: NumericThresholdType, unit: str | None
) -> dict[str, Any]:
    """Return options with the threshold in the form that Home Assistant uses.

    Args:
        options: options whose threshold was validated by `NUMBER_OR_ENTITY`, or by
            `capacity_threshold`: of a loading, what is compared is the share of what is needed.
        direction: above, below, or at and above (between it and infinity).
        unit: the unit of a numeric threshold.
    """
    given: float | str | LoadingThreshold = options[CONF_THRESHOLD]
    if isinstance(given, LoadingThreshold):
        given = 100.0
    limit = {"entity": given} if isinstance(given, str) else _number(given, unit)
    threshold: dict[str, Any] = {"type": direction}
    if direction is NumericThresholdType.BETWEEN:
        threshold |= {"value_min": limit, "value_max": _number(float("inf"), unit)}
    else:
        threshold["value"] = limit
    return {**options, CONF_THRESHOLD: threshold}


def unreported(reason: str, /, **data: Any) -> None:
    """Discard a report of why a trigger did not fire, where a value is only read."""


def _number(value: float, unit: str | None) -> dict[str, Any]:
    return {"number": value, CONF_UNIT_OF_MEASUREMENT: unit}
