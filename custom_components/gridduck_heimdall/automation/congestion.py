"""Trigger and condition: congestion of a line is expected."""

from typing import Any, Final, override

from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID, CONF_OPTIONS, CONF_TARGET
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, State, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.condition import (
    ATTR_BEHAVIOR,
    BEHAVIOR_ALL,
    BEHAVIOR_ANY,
    ConditionConfig,
    EntityConditionBase,
)
from homeassistant.helpers.trigger import (
    ENTITY_STATE_TRIGGER_SCHEMA,
    EntityTriggerBase,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..core.expected_load import HOURS_AHEAD, CongestionAhead, Likelihood, LineOutlook
from ..core.line_forecast import Confidence
from ..forecast.runtime import LOAD_FORECASTS
from .checks import UnavailableFails
from .entity_filter import CONGESTION, FilteredTargetMixin
from .forecast import CONF_HOURS, CONF_LEVEL, device_of
from .forecast_watch import ForecastWatch

CONF_LIKELIHOOD: Final = "likelihood"
DEFAULT_HOURS: Final = 24

OPTIONS: Final = {
    vol.Required(CONF_HOURS, default=DEFAULT_HOURS): vol.All(
        vol.Coerce(int), vol.Range(min=1, max=HOURS_AHEAD)
    ),
    vol.Required(CONF_LEVEL, default=Confidence.PREDICTION): vol.Coerce(Confidence),
    vol.Required(CONF_LIKELIHOOD, default=Likelihood.UNLIKELY): vol.Coerce(Likelihood),
}
SENSOR: Final = "next_congestion"
_RANKS: Final = {one: rank for rank, one in enumerate(Likelihood)}


def expected(
    outlook: LineOutlook, confidence: Confidence, hours: int, least: Likelihood
) -> CongestionAhead | None:
    """Return the congestion that is expected in the next hours; None where there is none.

    Args:
        outlook: the hours ahead of a line.
        confidence: of the rating.
        hours: how far to look ahead.
        least: how likely it has to be.
    """
    found = outlook.congestion(confidence, dt_util.utcnow(), hours)
    return None if found is None or _RANKS[found.likelihood] < _RANKS[least] else found


class CongestionExpected(FilteredTargetMixin, EntityTriggerBase, wanted=CONGESTION):
    """Congestion of a line is expected within some hours.

    It is evaluated after each change of the expected load or the forecast, and every hour. It
    fires once, and again only after no congestion was expected. An unknown forecast changes
    nothing. Congestion that is expected when the automation starts does not fire.
    """

    _schema = ENTITY_STATE_TRIGGER_SCHEMA.extend({vol.Required(CONF_OPTIONS, default={}): OPTIONS})

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Read the options."""
        super().__init__(hass, config)
        options = config.options or {}
        self._hours, self._confidence = options[CONF_HOURS], options[CONF_LEVEL]
        self._least = options[CONF_LIKELIHOOD]
        # By device: whether congestion was expected when that was known last; None before.
        self._was_expected: dict[str, bool | None] = {}

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Follow the lines of the target."""

        @callback
        def look(device_id: str) -> None:
            outlook = self._hass.data[LOAD_FORECASTS].outlook(device_id)
            if outlook is None:
                self._was_expected.setdefault(device_id, None)
                return
            found = expected(outlook, self._confidence, self._hours, self._least)
            is_new = device_id in self._was_expected and not self._was_expected[device_id]
            self._was_expected[device_id] = found is not None
            if found is not None and is_new:
                entity_id = watch.entities[device_id]
                run_action(self._variables(device_id, entity_id, found), f"state of {entity_id}")

        watch = ForecastWatch(
            self._hass, self._target, SENSOR, self.entity_filter, self._follow, look
        )
        return await watch.async_setup()

    @callback
    def _follow(self, device_id: str, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        return self._hass.data[LOAD_FORECASTS].async_listen(device_id, listener)

    def _variables(self, device_id: str, entity_id: str, found: CongestionAhead) -> dict[str, Any]:
        return {
            ATTR_DEVICE_ID: device_id,
            ATTR_ENTITY_ID: entity_id,
            CONF_LEVEL: self._confidence,
            CONF_HOURS: self._hours,
            "first": found.first,
            "worst": found.worst,
            "shortfall": found.shortfall,
            CONF_LIKELIHOOD: found.likelihood,
        }


class CongestionIsExpected(
    FilteredTargetMixin, UnavailableFails, EntityConditionBase, wanted=CONGESTION
):
    """Congestion of a line is expected within some hours; an unknown forecast does not match."""

    _schema = vol.Schema(
        {
            vol.Required(CONF_TARGET): cv.TARGET_FIELDS,
            vol.Required(CONF_OPTIONS, default={}): {
                vol.Required(ATTR_BEHAVIOR, default=BEHAVIOR_ANY): vol.In(
                    [BEHAVIOR_ANY, BEHAVIOR_ALL]
                ),
                **OPTIONS,
            },
        }
    )

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Read the options."""
        super().__init__(hass, config)
        options = config.options or {}
        self._hours, self._confidence = options[CONF_HOURS], options[CONF_LEVEL]
        self._least = options[CONF_LIKELIHOOD]

    @property
    @override
    def needs_polling(self) -> bool:
        # The hours ahead change without any state change.
        return True

    @override
    def is_valid_state(self, entity_state: State) -> bool:
        """Return whether congestion of the line of the sensor is expected."""
        device_id = device_of(self._hass, entity_state.entity_id)
        if device_id is None:
            return False
        outlook = self._hass.data[LOAD_FORECASTS].outlook(device_id)
        return outlook is not None and (
            expected(outlook, self._confidence, self._hours, self._least) is not None
        )
