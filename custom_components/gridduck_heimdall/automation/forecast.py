"""The forecast of a rating of a line or circuit, over any number of hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from homeassistant.const import Platform, UnitOfElectricCurrent
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.util.unit_conversion import ElectricCurrentConverter
import voluptuous as vol

from ..backends import forecast_descriptions
from ..core.description import RATING_KINDS, ForecastKind
from ..core.device_map import line_account_of
from ..core.line_account import LineAccount
from ..core.line_forecast import Confidence, LowestForecast
from .entity_filter import QuantityFilter
from .threshold import LoadingThreshold

CONF_HOURS: Final = "hours"
CONF_LEVEL: Final = "level"
CONF_RATING: Final = "rating"

DEFAULT_HOURS: Final = 24

MAX_HOURS: Final = 240
"""Hours that the longest forecast covers. Contract: heimdall-api.md §5.6."""

OPTIONS: Final = {
    vol.Required(CONF_RATING, default=ForecastKind.DLR): vol.All(
        vol.Coerce(ForecastKind), vol.In(RATING_KINDS)
    ),
    vol.Required(CONF_LEVEL, default=Confidence.PREDICTION): vol.Coerce(Confidence),
    vol.Required(CONF_HOURS, default=DEFAULT_HOURS): vol.All(
        vol.Coerce(int), vol.Range(min=1, max=MAX_HOURS)
    ),
}
"""The options of a trigger or condition on a forecast, except for its threshold."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ForecastSensors:
    """The forecast of one rating, and the sensors that show it.

    Attributes:
        kind: the rating.
        sensor: the translation key of the sensor that shows the lowest value.
        quantity: all sensors of the forecast, any of which selects it in a target.
    """

    kind: ForecastKind
    sensor: str
    quantity: QuantityFilter


@dataclass(frozen=True, slots=True)
class ForecastTarget:
    """A line or circuit of a loaded account.

    Attributes:
        account: the account, another one after each reload.
        device: the line or facility.
    """

    account: LineAccount
    device: AnyDeviceEntry

    @callback
    def async_follow(
        self, forecast: ForecastSensors, listener: CALLBACK_TYPE
    ) -> CALLBACK_TYPE | None:
        """Call a listener after each change of a forecast; return what stops the calls.

        Returns None where there is no such forecast.
        """
        return self.account.async_follow_forecast(self.device, (forecast.kind,), listener)

    def lowest(
        self, forecast: ForecastSensors, confidence: Confidence, hours: int
    ) -> LowestForecast | None:
        """Return the lowest value of the next hours; None if nothing current is known."""
        return self.account.lowest_forecast(self.device, forecast.kind, confidence, hours)

    def comparable(self, found: LowestForecast, threshold: object) -> float | None:
        """Return a forecast as it is compared with a threshold; None where that is not known.

        Args:
            found: the forecast.
            threshold: as `capacity_threshold` has validated it.
        """
        if not isinstance(threshold, LoadingThreshold):
            return found.value
        state = self.account.line_state(self.device)
        if state is None or state.current is None:
            return None
        return threshold.share_of_needed(found.value, state.current)


def target_of(hass: HomeAssistant, device_id: str) -> ForecastTarget | None:
    """Return the forecasts of a device; None where its account has no lines or is not loaded."""
    found = line_account_of(hass, device_id)
    return None if found is None else ForecastTarget(*found)


def device_of(hass: HomeAssistant, entity_id: str) -> str | None:
    """Return the device of an entity."""
    entry = er.async_get(hass).async_get(entity_id)
    return None if entry is None else entry.device_id


def _forecast(kind: ForecastKind) -> ForecastSensors:
    sensors = [one.translation_key or one.key for one in forecast_descriptions(kind)]
    quantity = QuantityFilter(
        platform=Platform.SENSOR,
        keys=frozenset(sensors),
        unit=UnitOfElectricCurrent.AMPERE,
        units=(UnitOfElectricCurrent.AMPERE,),
        converter=ElectricCurrentConverter,
    )
    return ForecastSensors(kind=kind, sensor=sensors[0], quantity=quantity)


FORECASTS: Final[Mapping[ForecastKind, ForecastSensors]] = {
    kind: _forecast(kind) for kind in RATING_KINDS
}
DEFAULT_FORECAST: Final = FORECASTS[ForecastKind.DLR]
