"""Conditions that look at entities.

An unavailable or unknown entity does not match. With behavior `all`, one such entity fails the
condition, and so does a target without any entity of this integration.
"""

from dataclasses import replace
from typing import Any, override

from homeassistant.const import CONF_OPTIONS
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers.condition import (
    ENTITY_STATE_CONDITION_SCHEMA_ANY_ALL,
    Condition,
    ConditionConfig,
    EntityConditionBase,
    EntityNumericalConditionWithUnitBase,
    EntityStateConditionBase,
)
from homeassistant.helpers.selector import NumericThresholdType
from homeassistant.util.unit_conversion import BaseUnitConverter
import voluptuous as vol

from .entity_filter import EntityFilter, FilteredTargetMixin, OnlyUnit, QuantityFilter
from .threshold import NUMBER_OR_ENTITY, directed, required_threshold


class UnavailableFails(EntityConditionBase):
    """Count an unavailable or unknown entity as one that does not match."""

    @property
    @override
    def needs_polling(self) -> bool:
        # Of an entity in the target only its own changes are followed, not those of its device.
        return super().needs_polling or bool(self._target_selection.entity_ids)

    @override
    def _should_include(self, _state: State) -> bool:
        return True

    @override
    def _check_all_match_state(self, states: list[State]) -> bool:
        return bool(states) and super()._check_all_match_state(states)


class Being(FilteredTargetMixin, UnavailableFails, EntityStateConditionBase):
    """Condition: an entity is in a given state."""


class Beyond(FilteredTargetMixin, UnavailableFails, EntityNumericalConditionWithUnitBase):
    """Condition: a value is on a given side of a threshold."""

    _unit_converter: type[BaseUnitConverter] = OnlyUnit
    _direction: NumericThresholdType

    @override
    def __init_subclass__(
        cls,
        *,
        quantity: QuantityFilter | None = None,
        schema: vol.Schema | None = None,
        **kwargs: Any,
    ) -> None:
        """Set the value, its unit and the schema of the options."""
        super().__init_subclass__(wanted=quantity, **kwargs)
        if quantity is not None:
            cls._base_unit = quantity.unit
            cls._unit_converter = quantity.converter
        if schema is not None:
            # The base class has just set a schema without the side.
            cls._schema = schema

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Read the threshold and add its side."""
        options = directed(config.options or {}, self._direction, self._base_unit)
        super().__init__(hass, replace(config, options=options))


def being(wanted: EntityFilter, state: str) -> type[Condition]:
    """Return the condition that an entity is in a state."""
    states = set[str | bool]({state})

    class BeingCondition(Being, wanted=wanted):
        """An entity that is in a state."""

        _states = states

    return BeingCondition


def beyond(
    quantity: QuantityFilter, direction: NumericThresholdType, default: float | None = None
) -> type[Condition]:
    """Return the condition that a value is on one side of a threshold.

    Args:
        quantity: which value.
        direction: the side; `between` means at or above the threshold.
        default: the default threshold; None makes it required.
    """
    options = {required_threshold(default): NUMBER_OR_ENTITY}
    schema = ENTITY_STATE_CONDITION_SCHEMA_ANY_ALL.extend(
        {vol.Required(CONF_OPTIONS, default={}): options}
    )

    class BeyondCondition(Beyond, quantity=quantity, schema=schema):
        """A value on one side of a threshold."""

        _direction = direction

    return BeyondCondition
