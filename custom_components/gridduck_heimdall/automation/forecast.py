"""What is forecast of a line or circuit, for any number of hours."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from homeassistant.const import Platform, UnitOfElectricCurrent
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_conversion import ElectricCurrentConverter
import voluptuous as vol

from ..api.heimdall.derive import ForecastValue, lowest
from ..api.heimdall.models.common import Payload
from ..api.heimdall.models.forecasts import ForecastBucket, ForecastLevel
from ..core.device_map import account_of
from ..heimdall.backend import HeimdallAccount
from ..heimdall.devices import item_of
from ..heimdall.forecast import HOURS_AHEAD
from ..heimdall.inventory import GridItem
from ..heimdall.products import (
    AAR_FORECAST,
    CIRCUIT_FORECAST,
    DLR_FORECAST,
    Group,
    Product,
    reading_key,
)
from ..heimdall.value_source import View
from .entity_filter import Quantity

CONF_HOURS: Final = "hours"
CONF_LEVEL: Final = "level"
CONF_RATING: Final = "rating"

MAX_HOURS: Final = 240
"""How far the longest forecast goes. Contract: heimdall-api.md §5.6."""

_HOUR: Final = timedelta(hours=1)


class Rating(StrEnum):
    """The ratings that are forecast."""

    DLR = "dlr"
    AAR = "aar"
    CIRCUIT_RATING = "circuit_rating"


LEVELS: Final = (ForecastLevel.PREDICTION, ForecastLevel.P95)

OPTIONS: Final = {
    vol.Required(CONF_RATING, default=Rating.DLR): vol.Coerce(Rating),
    vol.Required(CONF_LEVEL, default=ForecastLevel.PREDICTION): vol.All(
        vol.Coerce(ForecastLevel), vol.In(LEVELS)
    ),
    vol.Required(CONF_HOURS, default=HOURS_AHEAD): vol.All(
        vol.Coerce(int), vol.Range(min=1, max=MAX_HOURS)
    ),
}
"""What a trigger or condition on a forecast may set, beside its threshold."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlook:
    """The lowest that is forecast for the hours asked about.

    Attributes:
        lowest: in amperes.
        when: the beginning of its hour; of the hour under way, the present.
        complete: whether the forecast covers all of the hours.
    """

    lowest: float
    when: datetime
    complete: bool


type Look = Callable[[View[Any], ForecastLevel, int], Outlook | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Forecast:
    """The forecast of one rating.

    Attributes:
        sensor: the translation key of the sensor that shows the lowest value of the next day.
        product: what is asked for of the service.
        quantity: the sensors that show something of it, any of which stands for it in a target.
        look: returns what it says of the next hours at a level.
    """

    sensor: str
    product: Product[Any]
    quantity: Quantity
    look: Look


@dataclass(frozen=True, slots=True)
class Place:
    """A line or circuit of an account that is in use.

    Attributes:
        account: the account, another one after each reload.
        item: what the forecast is about.
    """

    account: HeimdallAccount
    item: GridItem

    def key(self, forecast: Forecast) -> str | None:
        """Return the key under which a forecast of it is announced; None where there is none."""
        product = forecast.product
        target_id = self.item.target_id(product.target)
        return None if target_id is None else reading_key(product, target_id)

    def look(self, forecast: Forecast, level: ForecastLevel, hours: int) -> Outlook | None:
        """Return what is forecast of the next hours; None where nothing current is known."""
        view = self.account.view(self.item.key)
        if view is None or not self.account.polls[Group.FORECASTS].serving:
            return None
        return forecast.look(view, level, hours)


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


def _covers(times: Iterable[datetime], now: datetime, hours: int) -> bool:
    """Whether hourly buckets leave no gap until the last of the hours has ended.

    A forecast may begin with the hour after the one under way. Contract: heimdall-api.md §5.6.
    """
    covered = now + _HOUR
    for begin in sorted(times):
        if begin > covered:
            break
        covered = max(covered, begin + _HOUR)
    return covered >= now + timedelta(hours=hours)


def _forecast[T: Payload, Value: ForecastValue](
    sensor: str, product: Product[T], buckets: Callable[[T], Iterable[ForecastBucket[Value]]]
) -> Forecast:
    def look(view: View[Any], level: ForecastLevel, hours: int) -> Outlook | None:
        answer, now = view.fresh(product), dt_util.utcnow()
        if answer is None or (found := lowest(buckets(answer), level, now, hours)) is None:
            return None
        known = (
            bucket.timestamp
            for bucket in buckets(answer)
            if (one := bucket.level(level)) is not None and one.value is not None
        )
        return Outlook(
            lowest=found.value, when=found.timestamp, complete=_covers(known, now, hours)
        )

    quantity = Quantity(
        platform=Platform.SENSOR,
        keys=frozenset({sensor, f"{sensor}_time", f"{sensor}_p95"}),
        unit=UnitOfElectricCurrent.AMPERE,
        units=(UnitOfElectricCurrent.AMPERE,),
        converter=ElectricCurrentConverter,
    )
    return Forecast(sensor=sensor, product=product, quantity=quantity, look=look)


FORECASTS: Final[Mapping[Rating, Forecast]] = {
    Rating.DLR: _forecast(
        "dlr_forecast_lowest", DLR_FORECAST, lambda answer: answer.heimdall_dlr_forecasts
    ),
    Rating.AAR: _forecast(
        "aar_forecast_lowest", AAR_FORECAST, lambda answer: answer.heimdall_aar_forecasts
    ),
    Rating.CIRCUIT_RATING: _forecast(
        "circuit_forecast_lowest",
        CIRCUIT_FORECAST,
        lambda answer: answer.circuit_rating_forecasts,
    ),
}
