"""The load limits that are configured: as config subentries of the accounts."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
import voluptuous as vol

from .active_limit import ActiveLimit
from .issues import LimitIssues
from .record import Record
from .settings.config import SUBENTRY_TYPE, LimitConfig

type Adder = Callable[[ActiveLimit], None]
"""Adds the entities of a load limit on one platform."""


class ConfiguredLimits:
    """The load limits in use, and what follows from a change of their settings.

    They exist also while their account is not loaded: what they curtail stays off.

    Attributes:
        in_use: the load limits, by the id of their config subentry.
        issues: their repair issues.
    """

    def __init__(self, hass: HomeAssistant, record: Record) -> None:
        """Begin with none."""
        self._hass, self._record = hass, record
        self.in_use: dict[str, ActiveLimit] = {}
        self.issues = LimitIssues(hass)
        # Titles and data of the load limits as they were taken over, by account.
        self._taken = dict[str, Mapping[str, tuple[str, Mapping[str, Any]]]]()
        self._adders = defaultdict[str, list[Adder]](list)

    @callback
    def add_entities(self, entry_id: str, add: Adder) -> None:
        """Add entities for each load limit of an account, now and until it is closed."""
        self._adders[entry_id].append(add)
        for one in self.in_use.values():
            if one.entry_id == entry_id:
                add(one)

    @callback
    def forget_adders(self, entry_id: str) -> None:
        """Add no more entities for an account that is closed."""
        self._adders.pop(entry_id, None)

    def take_all[RuntimeT](self, entry: ConfigEntry[RuntimeT], *, gone: bool = False) -> bool:
        """Take the load limits of an account into use, or apply their changes.

        Args:
            entry: the account; the load limits of a disabled one are not used.
            gone: whether it is removed, and its load limits with it.

        Returns:
            Whether what any of them measures or may curtail has changed.
        """
        in_use = not gone and entry.disabled_by is None
        wanted = {
            key: (one.title, one.data)
            for key, one in entry.subentries.items()
            if one.subentry_type == SUBENTRY_TYPE and in_use
        }
        known = self._taken.get(entry.entry_id, {})
        for key in known.keys() - wanted.keys():
            self._drop(key)
        self._taken[entry.entry_id] = wanted
        changed = [key for key, stored in wanted.items() if known.get(key) != stored]
        rebuild = [self._take(entry, key) for key in changed]
        return any(rebuild) or bool(known.keys() - wanted.keys())

    def _take[RuntimeT](self, entry: ConfigEntry[RuntimeT], subentry_id: str) -> bool:
        """Take a load limit into use, or apply its changes.

        Returns:
            Whether what it measures or may curtail has changed.
        """
        subentry = entry.subentries[subentry_id]
        before = self.in_use.get(subentry_id)
        try:
            config = LimitConfig.of(subentry.data)
        except vol.Invalid as error:
            self._drop(subentry_id)
            self.issues.damaged(subentry_id, subentry.title, error)
            return before is not None
        self.issues.repaired(subentry_id)
        if before is not None:
            return self._reconfigure(before, subentry.title, config)
        self.in_use[subentry_id] = limit = ActiveLimit(
            self._hass, entry.entry_id, subentry_id, subentry.title, config
        )
        limit.paused_until = self._record.ledger.paused.get(subentry_id, 0.0)
        for add in self._adders[entry.entry_id]:
            add(limit)
        return True

    def _reconfigure(self, limit: ActiveLimit, name: str, config: LimitConfig) -> bool:
        """Apply the changes of a load limit; return as `_take`."""
        scope, shape = limit.config.scope, limit.shape
        limit.configure(name, config)
        if limit.shape != shape:
            # Its entities are others, or have other units.
            self._hass.config_entries.async_schedule_reload(limit.entry_id)
        return scope != config.scope

    @callback
    def _drop(self, subentry_id: str) -> None:
        """Take a load limit out of use; what it curtails returns."""
        self.issues.forget(subentry_id)
        self._record.forget_window(subentry_id)
        if (limit := self.in_use.pop(subentry_id, None)) is not None:
            limit.close()
