"""Sends what a card subscribes to, now and after each change."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.components.websocket_api import ERR_NOT_FOUND, ActiveConnection
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    CALLBACK_TYPE,
    DOMAIN as HOMEASSISTANT_DOMAIN,
    Event,
    HomeAssistant,
    callback,
)
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..core.authorization import async_check_devices
from ..core.backend import Account
from ..core.device_kind import kind_of
from ..core.line_account import LineAccount

type Content = Mapping[str, Any]

SOON: Final = 0.25
"""Seconds within which many changes at once are sent as one."""
_LATE: Final = timedelta(minutes=15)
"""Age of a measurement that is late.

A line is measured every five minutes, polled as often, and the service takes some to publish.
"""
_SIGN_IN: Final = f"config_entry_reauth_{DOMAIN}_"
"""What Home Assistant's issue of an account that has to sign in again begins with; then its id."""


class Feed(ABC):
    """Sends some content to one client, unless it is what was sent last."""

    def __init__(
        self,
        hass: HomeAssistant,
        connection: ActiveConnection,
        message: int,
        entry_id: str | None = None,
    ) -> None:
        """Prepare; nothing is sent yet.

        Args:
            hass: Home Assistant.
            connection: of the client.
            message: id of the subscription.
            entry_id: the account of the content; None for all.
        """
        self._hass = hass
        self._connection = connection
        self._message = message
        self._concerned = entry_id
        self._sent: Content | None = None
        self._ends: list[CALLBACK_TYPE] = []
        self._waiting: CALLBACK_TYPE | None = None

    @abstractmethod
    def content(self) -> Content:
        """Return the current content."""

    @callback
    def start(self, *ends: CALLBACK_TYPE) -> None:
        """Confirm the subscription and send what there is.

        Args:
            ends: called when the client unsubscribes or is gone.
        """
        self._ends.extend(ends)
        self._ends.append(async_follow_sign_in(self._hass, self._sign_in_changed))
        self._connection.subscriptions[self._message] = self._end
        self._connection.send_result(self._message)
        self.send()

    @callback
    def send(self) -> None:
        """Send the content, unless it is what was sent last."""
        self._waiting = None
        content = self.content()
        if content != self._sent:
            self._sent = content
            self._connection.send_event(self._message, content)

    @callback
    def send_soon(self, *_changed: object) -> None:
        """Send the content soon, once for all changes until then."""
        if self._waiting is None:
            self._waiting = async_call_later(self._hass, SOON, self._send_now)

    @callback
    def _send_now(self, _now: datetime) -> None:
        self.send()

    @callback
    def _sign_in_changed(self, entry_id: str) -> None:
        if self._concerned in (None, entry_id):
            self.send_soon()

    @callback
    def _end(self) -> None:
        if self._waiting is not None:
            self._waiting()
        for end in self._ends:
            end()


async def async_readable_device(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    *,
    what: str,
    kind: str | None = None,
) -> tuple[AnyDeviceEntry, ConfigEntry[Account]] | None:
    """Return the device of a command and its account; None if it sent an error instead.

    Args:
        hass: Home Assistant.
        connection: of the client.
        msg: the command.
        what: the device in words, as the error names it.
        kind: the kind that the device has to have; None admits any.

    Raises:
        Unauthorized: the user may not read the device.
    """
    device_id = msg[ATTR_DEVICE_ID]
    device, entry = dr.async_get_device_and_config_entry_for_domain(hass, device_id, domain=DOMAIN)
    if device is None or entry is None or kind not in (None, kind_of(device)):
        connection.send_error(msg["id"], ERR_NOT_FOUND, f"No such {what}")
        return None
    await async_check_devices(hass, connection.context(msg), (device_id,), POLICY_READ)
    return device, entry


def sign_in(hass: HomeAssistant, entry_id: str) -> Content:
    """Return that an account waits for new credentials; an empty content for any other."""
    entry = hass.config_entries.async_get_entry(entry_id)
    flows = () if entry is None else entry.async_get_active_flows(hass, {SOURCE_REAUTH})
    return {"sign_in": True} if any(flows) else {}


@callback
def async_follow_sign_in(hass: HomeAssistant, listener: Callable[[str], None]) -> CALLBACK_TYPE:
    """Follow which accounts wait for new credentials.

    Args:
        hass: Home Assistant.
        listener: is called with the config entry's id when an account begins or ends to wait.

    Returns:
        What removes the listener.
    """

    @callback
    def concerns_an_account(issue: Mapping[str, Any]) -> bool:
        is_of_core = issue["domain"] == HOMEASSISTANT_DOMAIN
        return is_of_core and str(issue["issue_id"]).startswith(_SIGN_IN)

    @callback
    def changed(event: Event[ir.EventIssueRegistryUpdatedData]) -> None:
        listener(event.data["issue_id"].removeprefix(_SIGN_IN))

    return hass.bus.async_listen(
        ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED, changed, event_filter=concerns_an_account
    )


def last_measured(account: LineAccount, device: AnyDeviceEntry) -> Content:
    """Return when a line was measured last if that is longer ago than expected, else nothing.

    After an hour its values are unknown.
    """
    line = account.line_state(device)
    measured = None if line is None else line.measured_at
    is_late = measured is not None and dt_util.utcnow() - measured > _LATE
    return {"last_measured": milliseconds(measured)} if measured and is_late else {}


def milliseconds(when: datetime | float) -> int:
    """Return a time as the browser counts it.

    Args:
        when: a time, or a Unix time.
    """
    return round((when.timestamp() if isinstance(when, datetime) else when) * 1000)
