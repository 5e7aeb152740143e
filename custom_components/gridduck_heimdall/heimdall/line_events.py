"""Events of lines, fired once each: congestion, recovery, and fallback of ratings."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.const import Platform
from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.significant_change import check_absolute_change

from ..const import DOMAIN
from ..core.events import Details, EventType, async_fire
from ..core.line_account import CONGESTED_ABOVE, RECOVERED_BELOW
from .binary_sensor import CIRCUIT_FALLBACK, DLR_FALLBACK
from .inventory import FacilityItem, GridItem, Kind, LineItem
from .issues import Issues
from .latest import TargetData
from .notification_state import NotificationState
from .products import CIRCUIT, DLR, Group, Product
from .rating import Loading
from .runtime_data import HeimdallData
from .sensor_line import LOADING

# Percentage points.
_SIGNIFICANT_CHANGE: Final = 5


def significant(before: float, percent: float) -> bool:
    """Return whether the loading of a congested line has changed significantly."""
    return check_absolute_change(before, percent, _SIGNIFICANT_CHANGE)


class LineEvents:
    """Compare the lines with their last known state after each poll, and fire events.

    A value that is unknown changes nothing. For a line that stays congested the event is fired
    again when its loading has changed significantly. The repair issue of ratings on fallback is
    checked only while there is such a rating, or was one at the last check.
    """

    def __init__(self, data: HeimdallData, issues: Issues) -> None:
        """Prepare without loading anything."""
        self._data: Final = data
        self._issues: Final = issues
        self._fired: Final = NotificationState(data.hass, data.entry.entry_id)

    async def async_open(self) -> None:
        """Load the last fired state, and check after each poll."""
        await self._fired.async_load()
        self._data.entry.async_on_unload(self._fired.async_close)
        self._data.assets.after_poll.append(self._drop_gone)
        self._data.polls[Group.MEASUREMENTS].after_poll.append(self._check)

    @callback
    def _drop_gone(self) -> None:
        """Drop the state of lines and facilities that no longer exist."""
        assets = self._data.assets
        if assets.last_update_success:
            items = assets.data.grid_items.values()
            self._fired.retain({f"{item.id}_{key}" for item in items for key in _KEYS})

    @callback
    def _check(self) -> None:
        has_fallback = False
        if self._data.polls[Group.MEASUREMENTS].last_update_success:
            has_fallback = self._check_lines()
        if has_fallback or self._issues.follows_fallbacks:
            self._issues.look_for_fallbacks()

    def _check_lines(self) -> bool:
        """Fire the events of lines and facilities; return whether any rating is a fallback."""
        has_fallback = False
        for key, item in self._data.assets.data.grid_items.items():
            if not isinstance(item, LineItem | FacilityItem):
                continue
            if (target := self._data.target(key)) is None:
                continue
            if isinstance(item, LineItem):
                self._check_loading(target)
            product, entity_key = _FALLBACKS[item.kind]
            if (answer := target.fresh(product)) is not None:
                has_fallback |= bool(answer.rating.is_fallback)
                self._check_rating(item, entity_key, fallback=answer.rating.is_fallback)
        return has_fallback

    def _check_loading(self, line: TargetData[LineItem]) -> None:
        found, key = line.loading, f"{line.item.id}_{LOADING.key}"
        if found is None:
            return
        before = self._fired.get(key)
        if found.percent > CONGESTED_ABOVE:
            if before is None or significant(before, found.percent):
                self._fire_loading(EventType.LINE_CONGESTED, line.item, found)
                self._fired[key] = found.percent
        elif before is not None and found.percent < RECOVERED_BELOW:
            self._fire_loading(EventType.LINE_RECOVERED, line.item, found)
            del self._fired[key]

    def _fire_loading(self, event_type: EventType, line: LineItem, found: Loading) -> None:
        details = Details(
            loading=round(found.percent, 1),
            limit=round(found.rating.value, 1),
            limited_by=found.rating.basis,
        )
        self._fire(event_type, line, Platform.SENSOR, LOADING.key, details)

    def _check_rating(self, item: GridItem, key: str, *, fallback: bool | None) -> None:
        state = f"{item.id}_{key}"
        before = state in self._fired
        if fallback is None or fallback is before:
            return
        if fallback:
            self._fired[state] = 1
        else:
            del self._fired[state]
        event_type = EventType.RATING_FELL_BACK if fallback else EventType.RATING_RECOVERED
        self._fire(event_type, item, Platform.BINARY_SENSOR, key, Details())

    def _fire(
        self, event_type: EventType, item: GridItem, platform: Platform, key: str, details: Details
    ) -> None:
        """Fire an event, unless its entity is disabled: its products may not be polled then."""
        hass = self._data.hass
        entities = er.async_get(hass)
        unique_id = f"{self._data.identity}_{item.id}_{key}"
        entity_id = entities.async_get_entity_id(platform, DOMAIN, unique_id)
        entry = None if entity_id is None else entities.async_get(entity_id)
        device = dr.async_get(hass).async_get_device_by_identifier(
            item.identifier, self._data.entry.entry_id
        )
        if device is not None and (entry is None or not entry.disabled):
            async_fire(hass, event_type, device, entity_id, details)


_FALLBACKS: Final[Mapping[Kind, tuple[Product[Any], str]]] = {
    Kind.LINE: (DLR, DLR_FALLBACK.key),
    Kind.FACILITY: (CIRCUIT, CIRCUIT_FALLBACK.key),
}
"""By kind of item, the rating that may be a fallback, and the key of the entity that says so."""

_KEYS: Final = (LOADING.key, DLR_FALLBACK.key, CIRCUIT_FALLBACK.key)
"""The keys of the entities that the events refer to."""
