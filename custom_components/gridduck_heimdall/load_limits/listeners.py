"""Listens to what matters to load limits, and to nothing else."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from homeassistant.core import CALLBACK_TYPE, Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import async_track_state_change_event, async_track_time_interval

from ..core.asset_account import AssetAccount
from ..core.backend import Account
from ..core.line_account import LineAccount

TICK: Final = timedelta(minutes=1)
"""How often leases, returns and measurements are looked at even if nothing changes."""


class Listeners:
    """The listeners of entities, accounts and time."""

    def __init__(
        self,
        hass: HomeAssistant,
        *,
        entity_changed: Callable[[Event[EventStateChangedData]], None],
        assets_shown: Callable[[AssetAccount, Collection[str]], None],
        lines_shown: CALLBACK_TYPE,
        tick: Callable[[datetime], None],
    ) -> None:
        """Begin without listeners; the callables are called with what has changed."""
        self._hass = hass
        self._entity_changed, self._tick = entity_changed, tick
        self._assets_shown, self._lines_shown = assets_shown, lines_shown
        self._stop_accounts = dict[str, CALLBACK_TYPE]()
        self._stop_entities: CALLBACK_TYPE | None = None
        self._stop_tick: CALLBACK_TYPE | None = None

    @property
    def is_ticking(self) -> bool:
        """Whether it listens to time, as something matters at present."""
        return self._stop_tick is not None

    @callback
    def follow(
        self, entities: Collection[str], accounts: Mapping[str, Account], *, matters: bool
    ) -> None:
        """Listen to these, in place of those before; to accounts and time only if it matters."""
        if self._stop_entities is not None:
            self._stop_entities()
            self._stop_entities = None
        if entities:
            self._stop_entities = async_track_state_change_event(
                self._hass, entities, self._entity_changed
            )
        if matters and self._stop_tick is None:
            self._stop_tick = async_track_time_interval(
                self._hass, self._tick, TICK, cancel_on_shutdown=True
            )
        elif not matters:
            self.stop_ticking()
        for entry_id, account in accounts.items():
            followed = entry_id in self._stop_accounts
            if followed and not matters:
                self.forget(entry_id)
            elif matters and not followed and (stop := self._follow(account)) is not None:
                self._stop_accounts[entry_id] = stop

    @callback
    def forget(self, entry_id: str) -> None:
        """Stop listening to an account, if it was listened to."""
        if (stop := self._stop_accounts.pop(entry_id, None)) is not None:
            stop()

    @callback
    def stop_ticking(self) -> None:
        """Stop the calls of each minute."""
        if self._stop_tick is not None:
            self._stop_tick()
            self._stop_tick = None

    def _follow(self, account: Account) -> CALLBACK_TYPE | None:
        match account:
            case AssetAccount():
                return account.async_follow_assets(partial(self._assets_shown, account))
            case LineAccount():
                return account.async_follow_lines(self._lines_shown)
            case _:
                return None
