"""What is forecast of a line or circuit, for any number of hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from homeassistant.const import Platform, UnitOfElectricCurrent
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util.unit_conversion import ElectricCurrentConverter
import voluptuous as vol

from ..api.heimdall.models.forecasts import ForecastLevel
from ..core.device_map import account_of
from ..heimdall.backend import HeimdallAccount
from ..heimdall.devices import item_of
from ..heimdall.forecast import (
    FORECASTS as RATING_FORECASTS,
    HOURS_AHEAD,
    Rating,
    RatingForecast,
)
from ..heimdall.inventory import GridItem
from ..heimdall.products import Group, reading_key
from ..heimdall.sensor_forecast import LOWEST_SENSORS
from .entity_filter import Quantity

CONF_HOURS: Final = "hours"
CONF_LEVEL: Final = "level"
CONF_RATING: Final = "rating"

MAX_HOURS: Final = 240
"""How far the longest forecast goes. Contract: heimdall-api.md §5.6."""


_DEFAULT_RATING: Final = Rating.DLR
LEVELS: Final = (ForecastLevel.PREDICTION, ForecastLevel.P95)

OPTIONS: Final = {
    vol.Required(CONF_RATING, default=_DEFAULT_RATING): vol.Coerce(Rating),
    vol.Required(CONF_LEVEL, default=ForecastLevel.PREDICTION): vol.All(
        vol.Coerce(ForecastLevel), vol.In(LEVELS)
    ),
    vol.Required(CONF_HOURS, default=HOURS_AHEAD): vol.All(
        vol.Coerce(int), vol.Range(min=1, max=MAX_HOURS)
    ),
}
"""What a trigger or condition on a forecast may set, beside its threshold."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LowestAhead:
    """The lowest value that is forecast for some hours.

    Attributes:
        lowest: in amperes.
        when: the beginning of its hour; of the hour under way, the present.
        complete: whether the forecast covers all of the hours.
    """

    lowest: float
    when: datetime
    complete: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Forecast:
    """The forecast of one rating, and the sensors that show it.

    Attributes:
        sensor: the translation key of the sensor of the lowest value.
        rating: the forecast itself.
        quantity: all sensors of it, any of which selects it in a target.
    """

    sensor: str
    rating: RatingForecast[Any]
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Place:
    """A line or circuit of an account that is in use.

    Attributes:
        account: the account, another one after each reload.
        item: what the forecast is about.
    """

    account: HeimdallAccount
    item: GridItem

    @callback
    def async_follow(self, forecast: Forecast, listener: CALLBACK_TYPE) -> CALLBACK_TYPE | None:
        """Call a listener after each change of a forecast, and return how to stop that.

        Returns None where there is no such forecast.
        """
        product = forecast.rating.product
        target_id = self.item.target_id(product.target)
        if target_id is None:
            return None
        key = reading_key(product, target_id)
        return self.account.data.polls[Group.FORECASTS].async_add_listener(listener, (key,))

    def look(self, forecast: Forecast, level: ForecastLevel, hours: int) -> LowestAhead | None:
        """Return what is forecast of the next hours; None if nothing current is known."""
        target = self.account.data.target(self.item.key)
        if target is None or not self.account.data.polls[Group.FORECASTS].serving:
            return None
        if (found := forecast.rating.lowest(target, hours, level)) is None:
            return None
        complete = forecast.rating.covers(target, hours, level)
        return LowestAhead(lowest=found.value, when=found.timestamp, complete=complete)


def place_of(hass: HomeAssistant, device_id: str) -> Place | None:
    """Return what a device stands for; None where its account is not in use or has it no more."""
    match account_of(hass, device_id):
        case (HeimdallAccount() as account, device):
            item = item_of(account.assets.data, device)
            return None if item is None else Place(account, item)
        case _:
            return None


def device_of(hass: HomeAssistant, entity_id: str) -> str | None:
    """Return the device of an entity."""
    entry = er.async_get(hass).async_get(entity_id)
    return None if entry is None else entry.device_id


def _forecast(rating: Rating) -> Forecast:
    sensors = [one.key for one in LOWEST_SENSORS[rating]]
    quantity = Quantity(
        platform=Platform.SENSOR,
        keys=frozenset(sensors),
        unit=UnitOfElectricCurrent.AMPERE,
        units=(UnitOfElectricCurrent.AMPERE,),
        converter=ElectricCurrentConverter,
    )
    return Forecast(sensor=sensors[0], rating=RATING_FORECASTS[rating], quantity=quantity)


FORECASTS: Final[Mapping[Rating, Forecast]] = {rating: _forecast(rating) for rating in Rating}
DEFAULT_FORECAST: Final = FORECASTS[_DEFAULT_RATING]
