"""WebSocket commands of the cards."""

from datetime import datetime
from typing import Any

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import AnyDeviceEntry
import voluptuous as vol

from ..const import DOMAIN
from ..core.authorization import async_check_devices
from ..core.description import RATING_KINDS
from ..core.device_map import line_account_of
from ..core.line_account import LineAccount
from ..core.line_forecast import MAX_SUMMARY_HOURS, ForecastHour, HourlyForecast

type _Message = dict[str, Any]


@callback
def async_register_commands(hass: HomeAssistant) -> None:
    """Register the WebSocket commands."""
    websocket_api.async_register_command(hass, async_subscribe_forecast)


@websocket_api.websocket_command(
    {vol.Required("type"): f"{DOMAIN}/forecast", vol.Required(ATTR_DEVICE_ID): str}
)
@websocket_api.async_response
async def async_subscribe_forecast(
    hass: HomeAssistant, connection: ActiveConnection, msg: _Message
) -> None:
    """Send the forecast of the ratings of a line, now and after each change.

    Raises:
        Unauthorized: the user may not read the device.
    """
    device_id = msg[ATTR_DEVICE_ID]
    device, entry = dr.async_get_device_and_config_entry_for_domain(hass, device_id, domain=DOMAIN)
    if device is None or entry is None:
        connection.send_error(msg["id"], websocket_api.ERR_NOT_FOUND, "No such line")
        return
    await async_check_devices(hass, connection.context(msg), (device_id,), POLICY_READ)
    feed = _ForecastFeed(hass, connection, msg["id"], device)
    following = entry.async_on_state_change(feed.async_follow)

    @callback
    def end() -> None:
        following()
        feed.async_stop()

    connection.subscriptions[msg["id"]] = end
    connection.send_result(msg["id"])
    feed.async_follow()


class _ForecastFeed:
    """Sends the forecast of one line to one client, also after its account was reloaded."""

    def __init__(
        self,
        hass: HomeAssistant,
        connection: ActiveConnection,
        message: int,
        device: AnyDeviceEntry,
    ) -> None:
        """Prepare; nothing is sent yet.

        Args:
            hass: Home Assistant.
            connection: of the client.
            message: id of the subscription.
            device: a line, or what belongs to one.
        """
        self._hass = hass
        self._connection = connection
        self._message = message
        self._device = device
        self._sent: _Message | None = None
        self._stop: CALLBACK_TYPE | None = None

    @callback
    def async_follow(self) -> None:
        """Follow the account as it is now; it may have been unloaded or loaded again."""
        self.async_stop()
        if (account := self._account()) is not None:
            self._stop = account.async_follow_forecast(self._device, RATING_KINDS, self._send)
        self._send()

    @callback
    def async_stop(self) -> None:
        """Stop following the account."""
        if self._stop is not None:
            self._stop()
            self._stop = None

    def _account(self) -> LineAccount | None:
        found = line_account_of(self._hass, self._device.id)
        return None if found is None else found[0]

    @callback
    def _send(self) -> None:
        """Send the forecast, unless it is what was sent last."""
        account = self._account()
        forecast = (
            None
            if account is None
            else account.hourly_forecast(self._device, hours=MAX_SUMMARY_HOURS)
        )
        content = {"loaded": account is not None, "forecast": _forecast(forecast)}
        if content != self._sent:
            self._sent = content
            self._connection.send_event(self._message, content)


def _forecast(forecast: HourlyForecast | None) -> _Message | None:
    if forecast is None:
        return None
    return {
        "updated": None if forecast.updated is None else _milliseconds(forecast.updated),
        "hours": [_hour(one) for one in forecast.hours],
    }


def _hour(hour: ForecastHour) -> _Message:
    return {
        "start": _milliseconds(hour.start),
        "in_force": dict(hour.in_force),
        "limited_by": hour.limited_by,
        "limiting_span": hour.limiting_span,
        **{kind.value: dict(levels) for kind, levels in hour.ratings.items()},
    }


def _milliseconds(when: datetime) -> int:
    """Return a time as the browser counts it."""
    return round(when.timestamp() * 1000)
