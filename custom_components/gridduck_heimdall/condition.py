"""The conditions of the integration."""

from collections.abc import Mapping
from typing import Final

from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers.condition import Condition
from homeassistant.helpers.selector import NumericThresholdType

from .api.override import Override
from .automation.checks import being, beyond
from .automation.congestion import CongestionIsExpected
from .automation.entity_filter import CONNECTION, HEADROOM, LOADING, OVERRIDE
from .automation.forecast_checks import ForecastStaysAbove
from .automation.target_cache import changes
from .core.line_account import CONGESTED_ABOVE, RECOVERED_BELOW

CONDITIONS: Final[Mapping[str, type[Condition]]] = {
    "asset_is_boosted": being(OVERRIDE, Override.BOOST),
    "asset_is_connected": being(CONNECTION, STATE_ON),
    "asset_is_snoozed": being(OVERRIDE, Override.SNOOZE),
    "capacity_forecast_stays_above": ForecastStaysAbove,
    "congestion_is_expected": CongestionIsExpected,
    "line_has_headroom": beyond(HEADROOM, NumericThresholdType.BETWEEN),
    "line_has_recovered": beyond(LOADING, NumericThresholdType.BELOW, RECOVERED_BELOW),
    "line_is_congested": beyond(LOADING, NumericThresholdType.ABOVE, CONGESTED_ABOVE),
}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions by key."""
    changes(hass)
    return dict(CONDITIONS)
