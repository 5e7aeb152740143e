"""What happens to lines, told once: congestion, recovery, and ratings that fall back."""

from typing import TYPE_CHECKING, Final

from homeassistant.const import Platform
from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.significant_change import check_absolute_change

from ..const import DOMAIN
from ..core.events import Details, Happened, async_tell
from .inventory import FacilityItem, GridItem, LineItem
from .loading import CONGESTED_ABOVE, RECOVERED_BELOW, Loading, loading
from .notification_state import NotificationState
from .products import CIRCUIT, DLR, Group
from .value_source import View

if TYPE_CHECKING:
    from .backend import HeimdallAccount

# Percentage points.
_SIGNIFICANT_CHANGE: Final = 5


def significant(before: float, percent: float) -> bool:
    """Tell whether the loading of a congested line has changed enough to report it again."""
    return check_absolute_change(before, percent, _SIGNIFICANT_CHANGE)


class LineEvents:
    """Looks at the lines after each poll of measurements, and tells what has changed.

    What is not known just now is as it was before. A line that stays congested is told again
    when its loading has changed by what matters.
    """

    def __init__(self, account: HeimdallAccount) -> None:
        """Take the account; nothing is read yet."""
        self._account: Final = account
        self._told: Final = NotificationState(account.hass, account.entry.entry_id)

    async def async_open(self) -> None:
        """Read what was told before, and begin to look."""
        await self._told.async_load()
        self._account.entry.async_on_unload(self._told.async_close)
        self._account.polls[Group.MEASUREMENTS].after_poll.append(self._look)

    @callback
    def _look(self) -> None:
        poll, assets = self._account.polls[Group.MEASUREMENTS], self._account.assets
        if not poll.last_update_success:
            return
        grid_items = assets.data.grid_items
        self._told.retain({_key(one, what) for one in grid_items.values() for what in _KEYS})
        for key in grid_items:
            match self._account.view(key):
                case View(item=LineItem()) as line:
                    self._look_at_loading(line)
                    dlr = line.fresh(DLR)
                    fallback = None if dlr is None else dlr.heimdall_dlr.is_fallback
                    self._look_at_rating(line.item, _DLR_FALLBACK, fallback=fallback)
                case View(item=FacilityItem()) as facility:
                    circuit = facility.fresh(CIRCUIT)
                    fallback = None if circuit is None else circuit.circuit_rating.is_fallback
                    self._look_at_rating(facility.item, _CIRCUIT_FALLBACK, fallback=fallback)

    def _look_at_loading(self, view: View[LineItem]) -> None:
        found, key = loading(view), _key(view.item, _LOADING)
        if found is None:
            return
        before = self._told.get(key)
        if found.percent > CONGESTED_ABOVE:
            if before is None or significant(before, found.percent):
                self._tell_loading(Happened.LINE_CONGESTED, view.item, found)
                self._told[key] = found.percent
        elif before is not None and found.percent < RECOVERED_BELOW:
            self._tell_loading(Happened.LINE_RECOVERED, view.item, found)
            del self._told[key]

    def _tell_loading(self, what: Happened, line: LineItem, found: Loading) -> None:
        details = Details(
            loading=round(found.percent, 1),
            limit=round(found.limit, 1),
            limited_by=found.limited_by,
        )
        self._tell(what, line, Platform.SENSOR, _LOADING, details)

    def _look_at_rating(self, item: GridItem, key: str, *, fallback: bool | None) -> None:
        before = self._told.get(_key(item, key)) is not None
        if fallback is None or fallback is before:
            return
        if fallback:
            self._told[_key(item, key)] = 1
        else:
            del self._told[_key(item, key)]
        what = Happened.RATING_FELL_BACK if fallback else Happened.RATING_RECOVERED
        self._tell(what, item, Platform.BINARY_SENSOR, key, Details())

    def _tell(
        self, what: Happened, item: GridItem, platform: Platform, key: str, details: Details
    ) -> None:
        """Tell it, unless the entity that shows it is disabled: not all it takes is polled then."""
        hass, account = self._account.hass, self._account
        entities = er.async_get(hass)
        unique_id = f"{account.identity}_{_key(item, key)}"
        entity_id = entities.async_get_entity_id(platform, DOMAIN, unique_id)
        entry = None if entity_id is None else entities.async_get(entity_id)
        device = dr.async_get(hass).async_get_device_by_identifier(
            item.identifier, account.entry.entry_id
        )
        if device is not None and (entry is None or not entry.disabled):
            async_tell(hass, what, device, entity_id, details)


_LOADING: Final = "loading"
_DLR_FALLBACK: Final = "dlr_fallback"
_CIRCUIT_FALLBACK: Final = "circuit_fallback"
_KEYS: Final = (_LOADING, _DLR_FALLBACK, _CIRCUIT_FALLBACK)
"""The keys of the entities that show what is told."""


def _key(item: GridItem, key: str) -> str:
    return f"{item.id}_{key}"
