"""Condition: a forecast stays above a threshold."""

from typing import Final, override

from homeassistant.const import CONF_OPTIONS, CONF_TARGET
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.condition import (
    ATTR_BEHAVIOR,
    BEHAVIOR_ALL,
    BEHAVIOR_ANY,
    ConditionConfig,
)
from homeassistant.helpers.selector import NumericThresholdType
import voluptuous as vol

from .checks import Beyond
from .forecast import (
    CONF_HOURS,
    CONF_LEVEL,
    CONF_RATING,
    DEFAULT_FORECAST,
    FORECASTS,
    OPTIONS,
    device_of,
    target_of,
)
from .threshold import CONF_THRESHOLD, capacity_threshold, required_threshold

_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_TARGET): cv.TARGET_FIELDS,
        vol.Required(CONF_OPTIONS, default={}): {
            vol.Required(ATTR_BEHAVIOR, default=BEHAVIOR_ANY): vol.In([BEHAVIOR_ANY, BEHAVIOR_ALL]),
            **OPTIONS,
            required_threshold(None): capacity_threshold,
        },
    }
)


class ForecastStaysAbove(Beyond, quantity=DEFAULT_FORECAST.quantity, schema=_SCHEMA):
    """A rating is forecast to stay above a threshold for some hours, without a gap.

    The threshold is as that of the trigger. A forecast that is unknown, has a gap or ends too
    early does not match.
    """

    _direction = NumericThresholdType.ABOVE

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Select the forecast."""
        super().__init__(hass, config)
        options = config.options or {}
        self._forecast = FORECASTS[options[CONF_RATING]]
        self._compared_with = options[CONF_THRESHOLD]
        self._wanted = self._forecast.quantity
        self._confidence, self._hours = options[CONF_LEVEL], options[CONF_HOURS]

    @property
    @override
    def needs_polling(self) -> bool:
        # The hours ahead change without any state change.
        return True

    @override
    def _get_tracked_value(self, entity_state: State) -> float | None:
        device_id = device_of(self._hass, entity_state.entity_id)
        target = None if device_id is None else target_of(self._hass, device_id)
        if target is None:
            return None
        found = target.lowest(self._forecast, self._confidence, self._hours)
        if found is None or not found.complete:
            return None
        return target.comparable(found, self._compared_with)
