"""WebSocket commands of the cards."""

from typing import Any, override

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.device_registry import AnyDeviceEntry
import voluptuous as vol

from ..const import DOMAIN
from ..core.description import RATING_KINDS
from ..core.device_map import line_account_of
from ..core.line_account import LineAccount
from ..core.line_forecast import MAX_SUMMARY_HOURS, ForecastHour, HourlyForecast
from .curtailed_feed import async_subscribe_curtailed, async_subscribe_load_limit
from .expected_load_feed import async_subscribe_expected_load
from .feed import Content, Feed, async_readable_device, last_measured, milliseconds, sign_in
from .lines_feed import async_subscribe_lines

type _Message = dict[str, Any]


@callback
def async_register_commands(hass: HomeAssistant) -> None:
    """Register the WebSocket commands."""
    for command in (
        async_subscribe_forecast,
        async_subscribe_expected_load,
        async_subscribe_lines,
        async_subscribe_load_limit,
        async_subscribe_curtailed,
    ):
        websocket_api.async_register_command(hass, command)


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
    if (found := await async_readable_device(hass, connection, msg, what="line")) is None:
        return
    device, entry = found
    feed = _ForecastFeed(hass, connection, msg["id"], device)
    feed.async_follow()
    feed.start(feed.async_stop, entry.async_on_state_change(feed.async_reload))


class _ForecastFeed(Feed):
    """Sends the forecast of one line to one client, also after its account was reloaded."""

    def __init__(
        self,
        hass: HomeAssistant,
        connection: ActiveConnection,
        message: int,
        device: AnyDeviceEntry,
    ) -> None:
        """Take a line, or what belongs to one."""
        super().__init__(hass, connection, message, device.config_entry_id)
        self._device = device
        self._ends_of_account: tuple[CALLBACK_TYPE, ...] = ()

    @callback
    def async_follow(self) -> None:
        """Follow the account as it is now; it may have been unloaded or loaded again."""
        self.async_stop()
        if (account := self._account()) is not None:
            changes = account.async_follow_forecast(self._device, RATING_KINDS, self.send)
            # A poll without a measurement makes the last one late.
            polls = account.async_follow_lines(self.send)
            self._ends_of_account = (polls,) if changes is None else (polls, changes)

    @callback
    def async_reload(self) -> None:
        """Follow an account whose state has changed, and send what that changes."""
        self.async_follow()
        self.send()

    @callback
    def async_stop(self) -> None:
        """Stop following the account."""
        for end in self._ends_of_account:
            end()
        self._ends_of_account = ()

    def _account(self) -> LineAccount | None:
        found = line_account_of(self._hass, self._device.id)
        return None if found is None else found[0]

    @override
    def content(self) -> Content:
        account = self._account()
        forecast = (
            None
            if account is None
            else account.hourly_forecast(self._device, hours=MAX_SUMMARY_HOURS)
        )
        return {
            "loaded": account is not None,
            "forecast": _forecast(forecast),
            **sign_in(self._hass, self._device.config_entry_id),
            **({} if account is None else last_measured(account, self._device)),
        }


def _forecast(forecast: HourlyForecast | None) -> _Message | None:
    if forecast is None:
        return None
    return {
        "updated": None if forecast.updated is None else milliseconds(forecast.updated),
        "hours": [_hour(one) for one in forecast.hours],
    }


def _hour(hour: ForecastHour) -> _Message:
    return {
        "start": milliseconds(hour.start),
        "in_force": dict(hour.in_force),
        "limited_by": hour.limited_by,
        "limiting_span": hour.limiting_span,
        **{kind.value: dict(levels) for kind, levels in hour.ratings.items()},
    }
