"""The trigger of a value that has risen and is low again, also where a restart lies between."""

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any, Final, override

from homeassistant.const import ATTR_ENTITY_ID, CONF_OPTIONS
from homeassistant.core import CALLBACK_TYPE, Context, HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import NumericThresholdType
from homeassistant.helpers.singleton import singleton
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
from homeassistant.util.hass_dict import HassKey
import voluptuous as vol

from ..const import DOMAIN
from ..heimdall.notification_state import NotificationState
from .entity_filter import Quantity
from .events import DirectedCrossing
from .threshold import CONF_THRESHOLD, unreported

CONF_AFTER: Final = "after"

RISEN: Final = HassKey["Risen"](f"{DOMAIN}_risen")


class Risen(NotificationState):
    """What has risen for any trigger, and is not low again.

    Triggers that are the same share nothing: what one has told is still to be told by the other.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Name the file; nothing is read yet."""
        super().__init__(hass, "triggers")
        self._taken = set[str]()

    def take(self, key: str) -> str:
        """Return a key that no other trigger has now; with the same ones there, it is the same."""
        keys = (f"{key}_{number}" if number else key for number in count())
        own = next(one for one in keys if one not in self._taken)
        self._taken.add(own)
        return own

    def leave(self, key: str) -> None:
        """Let another trigger have a key; what is kept under it stays."""
        self._taken.discard(key)


@singleton(RISEN, async_=True)
async def _async_risen(hass: HomeAssistant) -> Risen:
    """Return what has risen for any trigger, and is not low again."""
    risen = Risen(hass)
    await risen.async_load()
    return risen


class Clearing(DirectedCrossing):
    """A value that falls below a threshold after it has risen above a higher one.

    That it has risen is kept over a restart. What falls while Home Assistant or the automation is
    not running is told when it is back; what was high before the automation was there is not.
    """

    _direction = NumericThresholdType.BELOW

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Take over both thresholds."""
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
        """Follow the values of the target, and look at what fell meanwhile."""
        kept = await _async_risen(self._hass)

        @callback
        def look(before: State | None, now: State, context: Context | None = None) -> None:
            entity_id = now.entity_id
            if self._rises(before, now):
                self._risen.add(entity_id)
                kept.put(self._keys[entity_id], self._after)
            elif entity_id in self._risen and self.is_valid_state(now, unreported):
                self._risen.remove(entity_id)
                kept.end(self._keys[entity_id])
                payload = {ATTR_ENTITY_ID: entity_id, "from_state": before, "to_state": now}
                run_action(payload, f"state of {entity_id}", context)

        @callback
        def changed(data: TargetStateChangedData) -> None:
            event = data.state_change_event
            if (now := event.data["new_state"]) is not None:
                look(event.data["old_state"], now, event.context)

        @callback
        def found(added: set[str], removed: set[str], states: Mapping[str, State | None]) -> None:
            self._leave(kept, removed)
            self._take(kept, added)
            for now in filter(None, map(states.get, added)):
                look(None, now)

        detach = await async_track_target_selector_state_change_event(
            self._hass, self._target, changed, self.entity_filter, found
        )

        @callback
        def remove() -> None:
            detach()
            self._leave(kept, tuple(self._keys))

        return remove

    def _take(self, kept: Risen, entity_ids: Iterable[str]) -> None:
        """Take over what is kept of entities."""
        for entity_id in entity_ids:
            self._keys[entity_id] = key = kept.take(self._key(entity_id))
            if kept.get(key) is not None:
                self._risen.add(entity_id)

    def _leave(self, kept: Risen, entity_ids: Iterable[str]) -> None:
        """Leave what is kept of entities to whoever comes next."""
        for entity_id in entity_ids:
            kept.leave(self._keys.pop(entity_id))

    def _rises(self, before: State | None, now: State) -> bool:
        """Whether a value comes to lie above the higher threshold, be it after a silence."""
        value = self._get_tracked_value(now)
        if before is None or value is None or value <= self._after:
            return False
        earlier = self._get_tracked_value(before)
        return earlier is None or earlier <= self._after

    def _key(self, entity_id: str) -> str:
        entry = er.async_get(self._hass).async_get(entity_id)
        return f"{entity_id if entry is None else entry.id}_{self._limits}"


def clearing(quantity: Quantity, after: float, default: float) -> type[Trigger]:
    """Return the trigger of a value that has risen and is low again.

    Args:
        quantity: which value.
        after: the threshold above which it has to have been, where none is given.
        default: the threshold below which it is low again, where none is given.
    """
    number = vol.Coerce(float)
    options = {
        vol.Required(CONF_AFTER, default=after): number,
        vol.Required(CONF_THRESHOLD, default=default): number,
    }

    class ClearingTrigger(Clearing, quantity=quantity):
        """A value that has risen and is low again."""

        _schema = ENTITY_STATE_TRIGGER_SCHEMA.extend(
            {vol.Required(CONF_OPTIONS, default={}): options}
        )

    return ClearingTrigger
