"""Trigger: a forecast falls below a threshold."""

from dataclasses import replace
from typing import Any, Final, override

from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID, CONF_OPTIONS
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.selector import NumericThresholdType
from homeassistant.helpers.trigger import (
    ENTITY_STATE_TRIGGER_SCHEMA,
    EntityNumericalStateTriggerWithUnitBase,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
import voluptuous as vol

from ..core.line_forecast import LowestForecast
from .entity_filter import FilteredTargetMixin
from .forecast import (
    CONF_HOURS,
    CONF_LEVEL,
    CONF_RATING,
    FORECASTS,
    OPTIONS,
    ForecastTarget,
    target_of,
)
from .forecast_watch import ForecastWatch
from .threshold import (
    CONF_THRESHOLD,
    capacity_threshold,
    directed,
    required_threshold,
    unreported,
)

ATTR_LOWEST: Final = "lowest"
ATTR_WHEN: Final = "when"


class ForecastFellBelow(FilteredTargetMixin, EntityNumericalStateTriggerWithUnitBase):
    """A rating is forecast to fall below a threshold within some hours.

    The threshold is a capacity, or how far the present current of the line would load it. It is
    evaluated after each new forecast and every hour. It fires once, and again only after
    the forecast was not below the threshold. An unknown forecast changes nothing. A forecast
    that is below the threshold when the automation starts does not fire; one that is unknown
    then fires if it is below the threshold once it is known.
    """

    _schema = ENTITY_STATE_TRIGGER_SCHEMA.extend(
        {
            vol.Required(CONF_OPTIONS, default={}): {
                **OPTIONS,
                required_threshold(None): capacity_threshold,
            }
        }
    )

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Select the forecast."""
        options = config.options or {}
        self._forecast = FORECASTS[options[CONF_RATING]]
        self._compared_with = options[CONF_THRESHOLD]
        quantity = self._forecast.quantity
        self._wanted = quantity
        self._base_unit, self._unit_converter = quantity.unit, quantity.converter
        options = directed(options, NumericThresholdType.BELOW, quantity.unit)
        super().__init__(hass, replace(config, options=options))
        # By device: whether the last known forecast was below; None before the first.
        self._below: dict[str, bool | None] = {}

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Follow the forecasts of the target."""

        @callback
        def look(device_id: str) -> None:
            target = target_of(self._hass, device_id)
            found = None if target is None else self._lowest_forecast(target)
            below = None
            if target is not None and found is not None:
                below = self._is_below(target, found)
            if device_id not in self._below:
                self._below[device_id] = below
            elif found is not None and below is not None:
                if below and not self._below[device_id]:
                    entity_id = watch.entities[device_id]
                    run_action(
                        self._variables(device_id, entity_id, found), f"state of {entity_id}"
                    )
                self._below[device_id] = below

        watch = ForecastWatch(
            self._hass, self._target, self._forecast.sensor, self.entity_filter, self._follow, look
        )
        return await watch.async_setup()

    @callback
    def _follow(self, device_id: str, listener: CALLBACK_TYPE) -> CALLBACK_TYPE | None:
        target = target_of(self._hass, device_id)
        return None if target is None else target.async_follow(self._forecast, listener)

    def _lowest_forecast(self, target: ForecastTarget) -> LowestForecast | None:
        return target.lowest(self._forecast, self._options[CONF_LEVEL], self._options[CONF_HOURS])

    def _is_below(self, target: ForecastTarget, found: LowestForecast) -> bool | None:
        """Return whether the forecast is below the threshold; None where that is not known."""
        value = target.comparable(found, self._compared_with)
        limit = self._get_threshold_value(self.threshold, unreported)
        return None if limit is None or value is None else value < limit

    def _variables(self, device_id: str, entity_id: str, found: LowestForecast) -> dict[str, Any]:
        return {
            ATTR_DEVICE_ID: device_id,
            ATTR_ENTITY_ID: entity_id,
            CONF_RATING: self._options[CONF_RATING],
            CONF_LEVEL: self._options[CONF_LEVEL],
            CONF_HOURS: self._options[CONF_HOURS],
            ATTR_LOWEST: found.value,
            ATTR_WHEN: found.timestamp,
        }
