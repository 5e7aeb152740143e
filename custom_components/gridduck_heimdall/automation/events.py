"""Triggers that follow entities.

What a line must not exceed counts as crossed also where the line was silent and comes back beyond
it, so that no overload is missed: after an outage, a reload or a restart it may be told again.

What happens to an asset, and the recovery of a line, is found by looking through a silence: what is
shown after it is compared with what was shown before. Neither a reload nor a restart is an event
in itself.
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


class ThroughSilence(EntityTriggerBase):
    """Compare what is shown after a silence with what was shown before it.

    What was shown is forgotten when Home Assistant restarts.
    """

    _excluded_from_states = _ANY_ORIGIN

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Begin with nothing remembered."""
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
        """Remember what entities show when they fall silent, beside following them."""
        detach = await super().async_attach_runner(run_action, did_not_trigger)

        @callback
        def remove() -> None:
            detach()
            self._follow(set())

        return remove

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Return what is meant, and remember of that what it shows."""
        # The base class asks whenever this may have changed; a second look at the target is dear.
        found = super().entity_filter(entities)
        if found != self._followed:
            self._follow(found)
        return found

    def _follow(self, entities: set[str]) -> None:
        unfollow, self._unfollow, self._followed = self._unfollow, None, entities
        if entities:
            self._unfollow = async_track_state_change_event(self._hass, entities, self._remember)
        # Only now, or else what has been sent and not yet delivered is lost.
        if unfollow is not None:
            unfollow()

    @callback
    def _remember(self, event: Event[EventStateChangedData]) -> None:
        old, new = event.data["old_state"], event.data["new_state"]
        if old is not None and old.state not in _SILENT and new and new.state in _SILENT:
            self._before[old.entity_id] = old

    @override
    def is_valid_transition(self, from_state: State, to_state: State) -> bool:
        """Check the transition from what was last known."""
        before = from_state
        if from_state.state in _SILENT:
            known = self._before.get(from_state.entity_id)
            if known is None:
                return False
            before = known
        return super().is_valid_transition(before, to_state)


class Reaching(ThroughSilence, FilteredTargetMixin, EntityTargetStateTriggerBase):
    """An entity that comes to one state."""


class Leaving(ThroughSilence, FilteredTargetMixin, EntityOriginStateTriggerBase):
    """An entity that leaves one state for whichever other."""


class Failing(FilteredTargetMixin, EntityTargetStateTriggerBase):
    """An entity that comes to the state in which it must not be, wherever it comes from."""

    _excluded_from_states = _ANY_ORIGIN


class Crossing(
    FilteredTargetMixin,
    EntityNumericalStateCrossedThresholdTriggerBase,
    EntityNumericalStateTriggerWithUnitBase,
):
    """A value that comes to lie beyond a threshold, wherever it comes from."""

    _excluded_from_states = _ANY_ORIGIN

    @override
    def __init_subclass__(cls, *, quantity: QuantityFilter | None = None, **kwargs: Any) -> None:
        """Take over which value it is, and in which unit it is compared."""
        super().__init_subclass__(meant=quantity, **kwargs)
        if quantity is not None:
            cls._base_unit = quantity.unit
            cls._unit_converter = quantity.converter


class DirectedCrossing(Crossing):
    """A crossing whose direction is set."""

    _direction: NumericThresholdType

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Take over the threshold, with its direction."""
        options = directed(config.options or {}, self._direction, self._base_unit)
        super().__init__(hass, replace(config, options=options))


def reaching(meant: EntityFilter, state: str) -> type[Trigger]:
    """Return the trigger of an entity that comes to a state."""
    to_states = {state}

    class ReachingTrigger(Reaching, meant=meant):
        """An entity that comes to a state."""

        _to_states = to_states

    return ReachingTrigger


def leaving(meant: EntityFilter, state: str) -> type[Trigger]:
    """Return the trigger of an entity that leaves a state."""

    class LeavingTrigger(Leaving, meant=meant):
        """An entity that leaves a state."""

        _from_state = state

    return LeavingTrigger


def failing(meant: EntityFilter, state: str) -> type[Trigger]:
    """Return the trigger of an entity that comes to a state in which it must not be."""
    to_states = {state}

    class FailingTrigger(Failing, meant=meant):
        """An entity that comes to a state in which it must not be."""

        _to_states = to_states

    return FailingTrigger


def crossing(quantity: QuantityFilter) -> type[Trigger]:
    """Return the trigger of a value that crosses a threshold in a direction of choice."""

    class CrossingTrigger(Crossing, quantity=quantity):
        """A value that crosses a threshold."""

        _schema = _with_threshold(vol.Required(CONF_THRESHOLD), any_direction(quantity))

    return CrossingTrigger


def exceeding(
    quantity: QuantityFilter, direction: NumericThresholdType, default: float | None = None
) -> type[Trigger]:
    """Return the trigger of a value that goes where it must not be.

    Args:
        quantity: which value.
        direction: on which side of the threshold that is.
        default: the threshold where none is given; None where it has to be.
    """

    class ExceedingTrigger(DirectedCrossing, quantity=quantity):
        """A value that goes where it must not be."""

        _direction = direction
        _schema = _with_threshold(required_threshold(default), NUMBER_OR_ENTITY)

    return ExceedingTrigger


def recovering(
    quantity: QuantityFilter, direction: NumericThresholdType, default: float
) -> type[Trigger]:
    """Return the trigger of a value that comes back to where it may be.

    Args:
        quantity: which value.
        direction: on which side of the threshold that is.
        default: the threshold where none is given.
    """

    class RecoveringTrigger(ThroughSilence, DirectedCrossing, quantity=quantity):
        """A value that comes back to where it may be."""

        _direction = direction
        _schema = _with_threshold(required_threshold(default), NUMBER_OR_ENTITY)

    return RecoveringTrigger


def _with_threshold(key: vol.Marker, check: object) -> vol.Schema:
    return ENTITY_STATE_TRIGGER_SCHEMA_WITH_BEHAVIOR.extend(
        {vol.Required(CONF_OPTIONS, default={}): {key: check}}
    )
