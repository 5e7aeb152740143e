"""Trigger with hysteresis, across restarts."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, override

from homeassistant.const import ATTR_ENTITY_ID, CONF_OPTIONS
from homeassistant.core import CALLBACK_TYPE, Context, HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import NumericThresholdType
from homeassistant.helpers.target import (
    TargetStateChangedData,
    async_track_target_selector_state_change_event,
)
from homeassistant.helpers.trigger import (
    ENTITY_STATE_TRIGGER_SCHEMA,
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
import voluptuous as vol

from .entity_filter import QuantityFilter
from .events import DirectedCrossing
from .risen import Risen, async_get_risen
from .threshold import CONF_THRESHOLD, unreported

CONF_AFTER: Final = "after"


class Clearing(DirectedCrossing):
    """A value that falls below a threshold after it has risen above a higher one.

    The rise is persisted. A fall while Home Assistant or the automation is not running fires
    afterwards; a value that was high before the automation existed does not.
    """

    _direction = NumericThresholdType.BELOW

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Read both thresholds."""
        super().__init__(hass, config)
        given: dict[str, Any] = config.options or {}
        self._after: float = given[CONF_AFTER]
        self._limits = f"{given[CONF_AFTER]}_{given[CONF_THRESHOLD]}"
        self._risen = set[str]()
        # By entity.
        self._keys: dict[str, str] = {}

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Follow the values of the target, and fire for those that have fallen meanwhile."""
        stored = await async_get_risen(self._hass)

        @callback
        def look(before: State | None, now: State, context: Context | None = None) -> None:
            entity_id = now.entity_id
            if self._rises(before, now):
                self._risen.add(entity_id)
                stored[self._keys[entity_id]] = self._after
            elif entity_id in self._risen and self.is_valid_state(now, unreported):
                self._risen.remove(entity_id)
                stored.pop(self._keys[entity_id], None)
                payload = {ATTR_ENTITY_ID: entity_id, "from_state": before, "to_state": now}
                run_action(payload, f"state of {entity_id}", context)

        @callback
        def changed(data: TargetStateChangedData) -> None:
            event = data.state_change_event
            if (now := event.data["new_state"]) is not None:
                look(event.data["old_state"], now, event.context)

        @callback
        def found(added: set[str], removed: set[str], states: Mapping[str, State | None]) -> None:
            self._release(stored, removed)
            self._claim(stored, added)
            for now in filter(None, map(states.get, added)):
                look(None, now)

        detach = await async_track_target_selector_state_change_event(
            self._hass, self._target, changed, self.entity_filter, found
        )

        @callback
        def remove() -> None:
            detach()
            self._release(stored, tuple(self._keys))

        return remove

    def _claim(self, stored: Risen, entity_ids: Iterable[str]) -> None:
        """Claim the stored values of entities."""
        for entity_id in entity_ids:
            self._keys[entity_id] = key = stored.claim(self._key(entity_id))
            if key in stored:
                self._risen.add(entity_id)

    def _release(self, stored: Risen, entity_ids: Iterable[str]) -> None:
        """Release the stored values of entities for the next trigger."""
        for entity_id in entity_ids:
            stored.release(self._keys.pop(entity_id))

    def _rises(self, before: State | None, now: State) -> bool:
        """Return whether a value rises above the higher threshold, also after it was unknown."""
        value = self._get_tracked_value(now)
        if before is None or value is None or value <= self._after:
            return False
        earlier = self._get_tracked_value(before)
        return earlier is None or earlier <= self._after

    def _key(self, entity_id: str) -> str:
        entry = er.async_get(self._hass).async_get(entity_id)
        return f"{entity_id if entry is None else entry.id}_{self._limits}"


def clearing(quantity: QuantityFilter, after: float, default: float) -> type[Trigger]:
    """Return a trigger with hysteresis.

    Args:
        quantity: which value.
        after: the default of the threshold that must be exceeded first.
        default: the default of the threshold to fall below.
    """
    number = vol.Coerce(float)
    options = {
        vol.Required(CONF_AFTER, default=after): number,
        vol.Required(CONF_THRESHOLD, default=default): number,
    }

    class ClearingTrigger(Clearing, quantity=quantity):
        """A value falls below a threshold after it exceeded a higher one."""

        _schema = ENTITY_STATE_TRIGGER_SCHEMA.extend(
            {vol.Required(CONF_OPTIONS, default={}): options}
        )

    return ClearingTrigger
