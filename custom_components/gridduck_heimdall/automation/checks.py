"""Conditions that look at entities.

An entity that is silent satisfies none: where all of a target have to match, one that is silent
is enough to fail, and so is a target in which there is nothing of ours.
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


class SilenceFails(EntityConditionBase):
    """Let an entity that is silent count as one that does not match."""

    @property
    @override
    def needs_polling(self) -> bool:
        # Of an entity that is named, only its own changes are followed, not those of what it
        # stands for.
        return super().needs_polling or bool(self._target_selection.entity_ids)

    @override
    def _should_include(self, _state: State) -> bool:
        return True

    @override
    def _check_all_match_state(self, states: list[State]) -> bool:
        return bool(states) and super()._check_all_match_state(states)


class Being(FilteredTargetMixin, SilenceFails, EntityStateConditionBase):
    """An entity that is in one state."""


class Beyond(FilteredTargetMixin, SilenceFails, EntityNumericalConditionWithUnitBase):
    """A value on one side of a threshold; the side is set."""

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
        """Take over which value it is, in which unit it is compared, and what may be set."""
        super().__init_subclass__(meant=quantity, **kwargs)
        if quantity is not None:
            cls._base_unit = quantity.unit
            cls._unit_converter = quantity.converter
        if schema is not None:
            # The base class has just set one in which the side is not.
            cls._schema = schema

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Take over the threshold, with its side."""
        options = directed(config.options or {}, self._direction, self._base_unit)
        super().__init__(hass, replace(config, options=options))


def being(meant: EntityFilter, state: str) -> type[Condition]:
    """Return the condition that an entity is in a state."""
    states = set[str | bool]({state})

    class BeingCondition(Being, meant=meant):
        """An entity that is in a state."""

        _states = states

    return BeingCondition


def beyond(
    quantity: QuantityFilter, direction: NumericThresholdType, default: float | None = None
) -> type[Condition]:
    """Return the condition that a value is on one side of a threshold.

    Args:
        quantity: which value.
        direction: on which side; between means from the threshold on, itself included.
        default: the threshold where none is given; None where it has to be.
    """
    options = {required_threshold(default): NUMBER_OR_ENTITY}
    schema = ENTITY_STATE_CONDITION_SCHEMA_ANY_ALL.extend(
        {vol.Required(CONF_OPTIONS, default={}): options}
    )

    class BeyondCondition(Beyond, quantity=quantity, schema=schema):
        """A value on one side of a threshold."""

        _direction = direction

    return BeyondCondition
