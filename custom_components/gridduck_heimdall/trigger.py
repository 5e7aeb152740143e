"""The triggers of the integration."""

from collections.abc import Mapping
from typing import Final

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import NumericThresholdType
from homeassistant.helpers.trigger import Trigger

from .api.override import Override
from .automation.congestion import CongestionExpected
from .automation.entity_filter import (
    CLEARANCE,
    CONNECTION,
    FALLBACK,
    HEADROOM,
    ICE_LOAD,
    LOADING,
    OVERRIDE,
)
from .automation.events import crossing, exceeding, failing, leaving, reaching, recovering
from .automation.forecast_events import ForecastFellBelow
from .automation.hysteresis_trigger import clearing
from .automation.target_cache import changes
from .core.line_account import CONGESTED_ABOVE, RECOVERED_BELOW

TRIGGERS: Final[Mapping[str, type[Trigger]]] = {
    "asset_disconnected": reaching(CONNECTION, STATE_OFF),
    "asset_reconnected": reaching(CONNECTION, STATE_ON),
    "boost_ended": leaving(OVERRIDE, Override.BOOST),
    "boost_started": reaching(OVERRIDE, Override.BOOST),
    "capacity_forecast_fell_below": ForecastFellBelow,
    "clearance_fell_below": exceeding(CLEARANCE, NumericThresholdType.BELOW),
    "congestion_expected": CongestionExpected,
    "headroom_crossed_threshold": crossing(HEADROOM),
    "ice_cleared": clearing(ICE_LOAD, after=1.0, default=0.2),
    "ice_load_crossed_threshold": crossing(ICE_LOAD),
    "line_became_congested": exceeding(LOADING, NumericThresholdType.ABOVE, CONGESTED_ABOVE),
    "line_recovered": recovering(LOADING, NumericThresholdType.BELOW, RECOVERED_BELOW),
    "rating_fell_back": failing(FALLBACK, STATE_ON),
    "snooze_ended": leaving(OVERRIDE, Override.SNOOZE),
    "snooze_started": reaching(OVERRIDE, Override.SNOOZE),
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers by key."""
    changes(hass)
    return dict(TRIGGERS)
