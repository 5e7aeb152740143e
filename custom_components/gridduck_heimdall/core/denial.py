"""Tell the user when a service denies an account what it lives on, and when it no longer does."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..api.errors import PermissionDenied
from ..const import Service
from .coordinator import AnnouncingCoordinator
from .issues import ACCESS_DENIED, async_clear, async_raise


@callback
def async_watch[RuntimeT](
    hass: HomeAssistant,
    entry: ConfigEntry[RuntimeT],
    service: Service,
    poll: AnnouncingCoordinator[Any, Any],
) -> None:
    """Watch a poll for a 403 that lasts.

    It is told at once where the account cannot begin without it, else when the data at hand may
    no longer be shown. Credentials that are refused (401) are another matter: for those Home
    Assistant itself asks anew.

    Args:
        hass: Home Assistant.
        entry: the account.
        service: whose account it is.
        poll: of what the account cannot do without.
    """
    issue = ACCESS_DENIED[service]

    @callback
    def look() -> None:
        if poll.last_update_success:
            async_clear(hass, entry, issue)
            return
        error = None if poll.last_exception is None else poll.last_exception.__cause__
        if isinstance(error, PermissionDenied) and not (poll.last_success and poll.serving):
            async_raise(hass, entry, issue, error=str(error))

    poll.after_trouble.append(look)
