"""The expected load of a line, site or asset; of a line with its forecast rating."""

from typing import Any, override

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..const import DOMAIN
from ..core.device_map import account_of
from ..core.expected_load import (
    ExpectedHour,
    ExpectedLoad,
    Likelihood,
    LineOutlook,
    OutlookHour,
)
from ..forecast.runtime import LOAD_FORECASTS
from .feed import Content, Feed, async_readable_device, milliseconds, sign_in

type _Message = dict[str, Any]


@websocket_api.websocket_command(
    {vol.Required("type"): f"{DOMAIN}/expected_load", vol.Required(ATTR_DEVICE_ID): str}
)
@websocket_api.async_response
async def async_subscribe_expected_load(
    hass: HomeAssistant, connection: ActiveConnection, msg: _Message
) -> None:
    """Send the expected load of a line, site or asset, now and after each change.

    Raises:
        Unauthorized: the user may not read the device.
    """
    if (found := await async_readable_device(hass, connection, msg, what="device")) is None:
        return
    device, entry = found
    feed = _ExpectedLoadFeed(hass, connection, msg["id"], device)
    feed.start(
        hass.data[LOAD_FORECASTS].async_listen(device.id, feed.send),
        entry.async_on_state_change(feed.send),
    )


class _ExpectedLoadFeed(Feed):
    """Sends the expected load of one device to one client, also after its account was reloaded."""

    def __init__(
        self,
        hass: HomeAssistant,
        connection: ActiveConnection,
        message: int,
        device: AnyDeviceEntry,
    ) -> None:
        """Take a line, site or asset, or what belongs to a line."""
        super().__init__(hass, connection, message, device.config_entry_id)
        self._device = device

    @override
    def content(self) -> Content:
        forecasts, device_id = self._hass.data[LOAD_FORECASTS], self._device.id
        is_loaded = account_of(self._hass, device_id) is not None
        load = forecasts.expected_load(device_id) if is_loaded else None
        return {
            "loaded": is_loaded,
            "load": None if load is None else _load(load, forecasts.outlook(device_id)),
            **sign_in(self._hass, self._device.config_entry_id),
        }


def _load(load: ExpectedLoad, outlook: LineOutlook | None) -> _Message:
    joined = {} if outlook is None else {one.start: one for one in outlook.hours}
    return {
        "updated": milliseconds(load.updated),
        "unit": load.unit,
        "hours": [_hour(one, joined.get(one.start)) for one in load.ahead(dt_util.utcnow())],
    }


def _hour(hour: ExpectedHour, joined: OutlookHour | None) -> _Message:
    expected: _Message = {
        "start": milliseconds(hour.start),
        "expected": round(hour.centre, 3),
        "low": round(hour.low, 3),
        "high": round(hour.high, 3),
    }
    if joined is None:
        return expected
    return {
        **expected,
        "in_force": dict(joined.in_force),
        "limited_by": joined.limited_by,
        "probability": round(joined.probability, 3),
        "likelihood": Likelihood.of(joined.probability),
    }
