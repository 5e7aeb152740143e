"""Triggers on changes of entities.

A safety limit of a line also counts as crossed if the line was unavailable and returns beyond it,
so no overload is missed; the trigger may therefore fire again after an outage, reload or restart.

Changes of assets and the recovery of lines are detected across an outage: the state after it is
compared with the state before it. A reload or restart alone triggers nothing.
"""

from dataclasses import replace
from typing import Any, Final, override

from homeassistant.const import CONF_OPTIONS, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.helpers.selector import NumericThresholdType
from homeassistant.helpers.trigger import (
    ENTITY_STATE_TRIGGER_SCHEMA_WITH_BEHAVIOR,
    EntityNumericalStateCrossedThresholdTriggerBase,
    EntityNumericalStateTriggerWithUnitBase,
    EntityOriginStateTriggerBase,
    EntityTargetStateTriggerBase,
    EntityTriggerBase,
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
import voluptuous as vol

from .entity_filter import EntityFilter, FilteredTargetMixin, QuantityFilter
from .threshold import CONF_THRESHOLD, NUMBER_OR_ENTITY, any_direction, directed, required_threshold

_SILENT: Final = frozenset({STATE_UNAVAILABLE, STATE_UNKNOWN})
_ANY_ORIGIN: Final = frozenset[str]()


class AcrossOutage(EntityTriggerBase):
    """Compare the state after an outage with the last known state before it.

    A restart of Home Assistant clears the known states.
    """

    _excluded_from_states = _ANY_ORIGIN

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Start without known states."""
        super().__init__(hass, config)
        self._before: dict[str, State] = {}
        self._followed = set[str]()
        self._unfollow: CALLBACK_TYPE | None = None

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Follow the entities, and remember their states when they become unavailable."""
        detach = await super().async_attach_runner(run_action, did_not_trigger)

        @callback
        def remove() -> None:
            detach()
            self._follow(set())

        return remove

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Return the matching entities, and remember their states."""
        # The base class calls this after each possible change; resolving a target again is
        # expensive.
        found = super().entity_filter(entities)
        if found != self._followed:
            self._follow(found)
        return found

    def _follow(self, entities: set[str]) -> None:
        unfollow, self._unfollow, self._followed = self._unfollow, None, entities
        if entities:
            self._unfollow = async_track_state_change_event(self._hass, entities, self._remember)
        # Only now, so that events that were fired but not yet delivered are not lost.
        if unfollow is not None:
            unfollow()

    @callback
    def _remember(self, event: Event[EventStateChangedData]) -> None:
        old, new = event.data["old_state"], event.data["new_state"]
        if old is not None and old.state not in _SILENT and new and new.state in _SILENT:
            self._before[old.entity_id] = old

    @override
    def is_valid_transition(self, from_state: State, to_state: State) -> bool:
        """Check the transition from the last known state."""
        before = from_state
        if from_state.state in _SILENT:
            known = self._before.get(from_state.entity_id)
            if known is None:
                return False
            before = known
        return super().is_valid_transition(before, to_state)


class Reaching(AcrossOutage, FilteredTargetMixin, EntityTargetStateTriggerBase):
    """Trigger: an entity enters a given state."""


class Leaving(AcrossOutage, FilteredTargetMixin, EntityOriginStateTriggerBase):
    """Trigger: an entity leaves a given state for any other."""


class Failing(FilteredTargetMixin, EntityTargetStateTriggerBase):
    """Trigger: an entity enters a fault state, from any other state, unavailable included."""

    _excluded_from_states = _ANY_ORIGIN


class Crossing(
    FilteredTargetMixin,
    EntityNumericalStateCrossedThresholdTriggerBase,
    EntityNumericalStateTriggerWithUnitBase,
):
    """Trigger: a value is beyond a threshold after any other state, unavailable included."""

    _excluded_from_states = _ANY_ORIGIN

    @override
    def __init_subclass__(cls, *, quantity: QuantityFilter | None = None, **kwargs: Any) -> None:
        """Set the value and its unit."""
        super().__init_subclass__(wanted=quantity, **kwargs)
        if quantity is not None:
            cls._base_unit = quantity.unit
            cls._unit_converter = quantity.converter


class DirectedCrossing(Crossing):
    """Trigger: a value crosses a threshold in a given direction."""

    _direction: NumericThresholdType

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Read the threshold and add its direction."""
        options = directed(config.options or {}, self._direction, self._base_unit)
        super().__init__(hass, replace(config, options=options))


def reaching(wanted: EntityFilter, state: str) -> type[Trigger]:
    """Return the trigger of an entity that enters a state."""
    to_states = {state}

    class ReachingTrigger(Reaching, wanted=wanted):
        """An entity enters a state."""

        _to_states = to_states

    return ReachingTrigger


def leaving(wanted: EntityFilter, state: str) -> type[Trigger]:
    """Return the trigger of an entity that leaves a state."""

    class LeavingTrigger(Leaving, wanted=wanted):
        """An entity leaves a state."""

        _from_state = state

    return LeavingTrigger


def failing(wanted: EntityFilter, state: str) -> type[Trigger]:
    """Return the trigger of an entity that enters a fault state."""
    to_states = {state}

    class FailingTrigger(Failing, wanted=wanted):
        """An entity enters a fault state."""

        _to_states = to_states

    return FailingTrigger


def crossing(quantity: QuantityFilter) -> type[Trigger]:
    """Return the trigger of a value that crosses a threshold in the user's direction."""

    class CrossingTrigger(Crossing, quantity=quantity):
        """A value crosses a threshold."""

        _schema = _with_threshold(vol.Required(CONF_THRESHOLD), any_direction(quantity))

    return CrossingTrigger


def exceeding(
    quantity: QuantityFilter, direction: NumericThresholdType, default: float | None = None
) -> type[Trigger]:
    """Return the trigger of a value that exceeds a safety limit.

    Args:
        quantity: which value.
        direction: the unsafe side of the threshold.
        default: the default threshold; None makes it required.
    """

    class ExceedingTrigger(DirectedCrossing, quantity=quantity):
        """A value exceeds a safety limit."""

        _direction = direction
        _schema = _with_threshold(required_threshold(default), NUMBER_OR_ENTITY)

    return ExceedingTrigger


def recovering(
    quantity: QuantityFilter, direction: NumericThresholdType, default: float
) -> type[Trigger]:
    """Return the trigger of a value that recovers.

    Args:
        quantity: which value.
        direction: the safe side of the threshold.
        default: the default threshold.
    """

    class RecoveringTrigger(AcrossOutage, DirectedCrossing, quantity=quantity):
        """A value recovers."""

        _direction = direction
        _schema = _with_threshold(required_threshold(default), NUMBER_OR_ENTITY)

    return RecoveringTrigger


def _with_threshold(key: vol.Marker, check: object) -> vol.Schema:
    return ENTITY_STATE_TRIGGER_SCHEMA_WITH_BEHAVIOR.extend(
        {vol.Required(CONF_OPTIONS, default={}): {key: check}}
    )
