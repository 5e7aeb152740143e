"""Repair issue while the list of assets is incomplete."""

from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..api.gridduck import IncompleteReason
from ..core.issues import ASSETS_INCOMPLETE, ASSETS_UNCERTAIN, async_clear, async_raise
from .coordinator import AssetCoordinator

POLLS: Final = 3
"""Incomplete lists in a row before a repair is raised: a list may change while it is paged."""
UNEXPLAINED: Final = frozenset({IncompleteReason.REPEATED, IncompleteReason.UNPAGED})
"""What cannot be explained by a list that changes: these raise a repair at once."""


class Completeness:
    """Raise a repair for a list that is not complete; the first complete one clears it."""

    def __init__[RuntimeT](
        self, hass: HomeAssistant, entry: ConfigEntry[RuntimeT], assets: AssetCoordinator
    ) -> None:
        """Watch the list from its next poll on."""
        self._hass = hass
        self._entry = entry
        self._assets = assets
        # The first list after a start raises a repair at once.
        self._incomplete = POLLS - 1
        assets.after_problem.append(self._check)

    @callback
    def _check(self) -> None:
        assets = self._assets
        if not assets.last_update_success:
            return
        if assets.list_status.incomplete is None:
            self._incomplete = 0
            async_clear(self._hass, self._entry, ASSETS_INCOMPLETE)
            async_clear(self._hass, self._entry, ASSETS_UNCERTAIN)
            return
        self._incomplete += 1
        if self._incomplete >= POLLS or assets.list_status.incomplete in UNEXPLAINED:
            self._raise_issue(assets.list_status.received, assets.list_status.total)

    def _raise_issue(self, received: int, total: int | None) -> None:
        numbers = {"received": str(received), "total": str(total)}
        if total is None:
            async_clear(self._hass, self._entry, ASSETS_INCOMPLETE)
            async_raise(self._hass, self._entry, ASSETS_UNCERTAIN, received=str(received))
        else:
            async_clear(self._hass, self._entry, ASSETS_UNCERTAIN)
            async_raise(self._hass, self._entry, ASSETS_INCOMPLETE, **numbers)
