"""What load limits and actions curtail, and what a load limit has decided."""

from collections.abc import Iterable, Mapping, Set as AbstractSet
from datetime import timedelta
from typing import Any, Final, override

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryState,
)
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_time_interval
import voluptuous as vol

from ..const import DOMAIN
from ..core.authorization import async_readable
from ..core.backend import Account
from ..core.device_kind import kind_and_id
from ..core.device_map import account_of, line_account_of
from ..load_limits.control_law.ledger import Curtailed
from ..load_limits.journal import Entry
from ..load_limits.runtime import LOAD_LIMITS
from ..load_limits.settings.config import SUBENTRY_TYPE
from .feed import Content, Feed, async_readable_device, last_measured, milliseconds, sign_in

DECISIONS: Final = 20
"""Decisions of a load limit that a card gets at most."""

_MINUTE: Final = timedelta(minutes=1)

type _Message = dict[str, Any]


@websocket_api.websocket_command(
    {vol.Required("type"): f"{DOMAIN}/load_limit", vol.Required(ATTR_DEVICE_ID): str}
)
@websocket_api.async_response
async def async_subscribe_load_limit(
    hass: HomeAssistant, connection: ActiveConnection, msg: _Message
) -> None:
    """Send what a load limit curtails and has decided, now and after each change.

    Raises:
        Unauthorized: the user may not read the device of the load limit.
    """
    found = await async_readable_device(
        hass, connection, msg, what="load limit", kind=SUBENTRY_TYPE
    )
    if found is None:
        return
    device, entry = found
    _, limit_id = kind_and_id(device)
    feed = _LoadLimitFeed(hass, connection, msg["id"], limit_id, entry)
    record = hass.data[LOAD_LIMITS].record
    feed.start(
        record.async_follow(feed.send_soon),
        entry.async_on_state_change(feed.send_soon),
        # A measurement becomes late by the passing of time.
        async_track_time_interval(hass, feed.send_soon, _MINUTE),
    )


@websocket_api.websocket_command({vol.Required("type"): f"{DOMAIN}/curtailed"})
@websocket_api.async_response
async def async_subscribe_curtailed(
    hass: HomeAssistant, connection: ActiveConnection, msg: _Message
) -> None:
    """Send which of the assets that the user may read are curtailed, now and after each change.

    Also which accounts are not loaded, and which wait for new credentials.
    """
    record = hass.data[LOAD_LIMITS].record
    registry = dr.async_get(hass)
    devices = (
        device.id
        for entry in hass.config_entries.async_entries(DOMAIN)
        for device in dr.async_entries_for_config_entry(registry, entry.entry_id)
    )
    user = connection.user
    readable: AbstractSet[str] | None = None
    if not user.permissions.access_all_entities(POLICY_READ):
        readable = await async_readable(hass, user, devices)
    feed = _CurtailedFeed(hass, connection, msg["id"], readable)
    changed = async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, feed.send_soon)
    feed.start(record.async_follow(feed.send_soon), changed)


class _LoadLimitFeed(Feed):
    """Sends what one load limit curtails and has decided."""

    def __init__(
        self,
        hass: HomeAssistant,
        connection: ActiveConnection,
        message: int,
        limit_id: str,
        entry: ConfigEntry[Account],
    ) -> None:
        """Take the load limit, and the config entry that it belongs to."""
        super().__init__(hass, connection, message, entry.entry_id)
        self._limit_id, self._entry = limit_id, entry

    @override
    def content(self) -> Content:
        record = self._hass.data[LOAD_LIMITS].record
        decisions = [one for one in record.journal if one.limit_id == self._limit_id]
        return {
            "loaded": self._entry.state is ConfigEntryState.LOADED,
            "curtailed": _curtailed(record.ledger.of(self._limit_id), record.journal),
            "decisions": [_decision(one) for one in reversed(decisions[-DECISIONS:])],
            "measured": self._measured(),
            **sign_in(self._hass, self._entry.entry_id),
            **self._last_measured(),
        }

    def _measured(self) -> str | None:
        """Return the sensor that is measured, whose statistics begin before the load limit."""
        limit = self._hass.data[LOAD_LIMITS].limits.get(self._limit_id)
        if limit is None or limit.config.device_id is None:
            return None if limit is None else limit.meter.source()
        found = account_of(self._hass, limit.config.device_id)
        load = None if found is None else found[0].measured_load(found[1])
        return None if load is None else load.entity_id

    def _last_measured(self) -> Content:
        """Return when the line that is measured was measured last, if that is late."""
        limit = self._hass.data[LOAD_LIMITS].limits.get(self._limit_id)
        device_id = None if limit is None else limit.config.device_id
        found = None if device_id is None else line_account_of(self._hass, device_id)
        return {} if found is None else last_measured(*found)


class _CurtailedFeed(Feed):
    """Sends what is curtailed by load limits and by actions."""

    def __init__(
        self,
        hass: HomeAssistant,
        connection: ActiveConnection,
        message: int,
        readable: AbstractSet[str] | None,
    ) -> None:
        """Take the devices that the user may read; None for all, also those that are gone."""
        super().__init__(hass, connection, message)
        self._readable = readable

    @override
    def content(self) -> Content:
        record = self._hass.data[LOAD_LIMITS].record
        every = record.ledger.curtailed.values()
        may = self._readable
        shown = [one for one in every if may is None or one.device_id in may]
        entries = self._hass.config_entries.async_entries(DOMAIN)
        return {
            "curtailed": _curtailed(shown, record.journal),
            "not_loaded": [
                one.entry_id for one in entries if one.state is not ConfigEntryState.LOADED
            ],
            "sign_in": [one.entry_id for one in entries if sign_in(self._hass, one.entry_id)],
        }


def _curtailed(every: Iterable[Curtailed], journal: Iterable[Entry]) -> list[Content]:
    """Return assets as cards show them, the first to return first."""
    reasons = {one.device_id: one.reason for one in journal if one.sent}
    return [
        {
            "device_id": one.device_id,
            "name": one.name,
            "why": one.why,
            "by_action": one.by_action,
            "reason": None if one.by_action else reasons.get(one.device_id),
            "since": milliseconds(one.since),
            "until": milliseconds(one.until),
            "power": round(one.counts, 1),
            "returning": one.returning is not None,
        }
        for one in sorted(every, key=lambda each: (each.until, each.name))
    ]


def _decision(entry: Entry) -> Mapping[str, Any]:
    return {
        "at": milliseconds(entry.at),
        "action": entry.action,
        "reason": entry.reason,
        "asset": entry.asset,
        "sent": entry.sent,
        "until": None if entry.until is None else milliseconds(entry.until),
        "power": round(entry.power, 1),
        "load": entry.load,
        "limit": entry.limit,
        "load_after": entry.load_after,
        "unit": entry.unit,
        "error": entry.error,
    }
