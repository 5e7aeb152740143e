"""Exclude the objects of large accounts from Python's full garbage collections.

A full collection visits every object that can be part of a reference cycle, and nothing else runs
meanwhile. With an account of thousands of devices that takes about 0.3 seconds, and regular work
such as polls and imports sets one off every few minutes or seconds. What has been loaded stays for
as long as the account does, so visiting it frees nothing. `gc.freeze` excludes it.
"""

from datetime import datetime
import gc
from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import CoreState, HassJob, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.start import async_at_started
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, LOGGER
from .backend import AccountEntry

LARGE: Final = 1_000
"""Devices from which an account counts as large."""

REFREEZE_SECONDS: Final = 60
"""Delay until the objects of the others are frozen again after one account is closed."""

_FROZEN: Final = HassKey[set[str]](f"{DOMAIN}_frozen")


@callback
def async_freeze_when_loaded(hass: HomeAssistant, entry: AccountEntry) -> None:
    """Freeze all objects once this account is loaded and Home Assistant has started.

    They are unfrozen when the account is closed, so that its objects can be collected.
    """
    frozen = hass.data.setdefault(_FROZEN, set())

    @callback
    def freeze(_hass: HomeAssistant | None = None) -> None:
        started = hass.state is CoreState.running
        if started and _is_large(hass, entry) and entry.entry_id not in frozen:
            frozen.add(entry.entry_id)
            _freeze()

    @callback
    def unfreeze() -> None:
        if entry.entry_id in frozen:
            frozen.remove(entry.entry_id)
            gc.unfreeze()
            if frozen:
                job = HassJob(freeze_others, f"{DOMAIN} freeze", cancel_on_shutdown=True)
                async_call_later(hass, REFREEZE_SECONDS, job)

    @callback
    def freeze_others(_now: datetime) -> None:
        if frozen:
            _freeze()

    entry.async_on_unload(async_at_started(hass, freeze))
    entry.async_on_unload(entry.async_on_state_change(freeze))
    entry.async_on_unload(unfreeze)


def _is_large(hass: HomeAssistant, entry: AccountEntry) -> bool:
    if entry.state is not ConfigEntryState.LOADED:
        return False
    return len(dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)) >= LARGE


def _freeze() -> None:
    # A cycle that nothing refers to any more could not be freed later.
    gc.collect()
    gc.freeze()
    LOGGER.debug("Garbage collections leave out %d objects", gc.get_freeze_count())
