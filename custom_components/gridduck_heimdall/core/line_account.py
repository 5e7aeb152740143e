"""Interface of accounts with measured lines, independent of the cloud."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.device_registry import AnyDeviceEntry, DeviceEntry

from .backend import Account
from .description import ForecastKind
from .expected_load import LineOutlook
from .line_forecast import (
    Confidence,
    ForecastSummary,
    HourlyForecast,
    IceForecast,
    LowestForecast,
)

CONGESTED_ABOVE: Final = 100.0
"""Loading above which a line is congested, %."""

RECOVERED_BELOW: Final = 90.0
"""Loading below which a line has recovered, %; the difference is a hysteresis."""


class LineStatistic(StrEnum):
    """Values of a line that the recorder keeps by the hour."""

    CURRENT = "current"
    DLR = "dlr"
    AAR = "aar"
    LOADING = "loading"
    HEADROOM = "headroom"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineState:
    """The current state of a line.

    Attributes:
        id: the service's id.
        name: its name.
        voltage: phase to phase, V; None if unknown.
        current: A; None if unknown or out of date.
        limit: the rating in force, A; None if it or the current is unknown.
        limited_by: which rating that is.
        fallback: whether that rating is a fallback; None as `limit`.
        measured_at: the time of the measurement; None as `current`.
        short_time: transient ratings above the rating in force, A, by seconds; none while that
            is a fallback.
    """

    id: str
    name: str
    voltage: float | None
    current: float | None = None
    limit: float | None = None
    limited_by: str | None = None
    fallback: bool | None = None
    measured_at: datetime | None = None
    short_time: Mapping[float, float] = field(default_factory=dict)

    @property
    def loading(self) -> float | None:
        """The current as a share of the rating in force, %."""
        if self.current is None or self.limit is None:
            return None
        return 100 * self.current / self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStatistics:
    """The long-term statistics of a line, and the constants to evaluate them with.

    Attributes:
        ids: the ids of its statistics; without those of entities that are not registered.
        static_rating: the rating that the user has set, A; None without one.
        mva_per_ampere: the apparent power of a current; None while the voltage is unknown.
    """

    ids: Mapping[LineStatistic, str]
    static_rating: float | None
    mva_per_ampere: float | None


@dataclass(frozen=True, slots=True)
class Fallbacks:
    """The dynamic line ratings of a range of time, by how they were calculated.

    Attributes:
        ratings: their number.
        fallback: how many of them were calculated without measurements.
    """

    ratings: int
    fallback: int


class LineAccount(Account):
    """An account with lines whose current and rating in force are known."""

    @abstractmethod
    def line_state(self, device: AnyDeviceEntry) -> LineState | None:
        """Return the state of a line; of a facility or sensor, of its line; None without one."""

    @abstractmethod
    def line_devices(self) -> list[DeviceEntry]:
        """Return the devices of all lines that the service lists."""

    @abstractmethod
    def line_device(self, device: AnyDeviceEntry) -> DeviceEntry | None:
        """Return the device of a line; of a facility or sensor, that of its line."""

    @abstractmethod
    def async_follow_lines(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call a listener after each poll of the lines; return a function that removes it."""

    @abstractmethod
    def async_watch_line(self, device: AnyDeviceEntry, until: datetime) -> None:
        """Poll the current of a device's line every minute; other values keep their interval.

        Args:
            device: the line, or its facility or sensor.
            until: when the usual interval is restored unless this is called again; at most 15
                minutes ahead.
        """

    @abstractmethod
    def lowest_forecast(
        self, device: AnyDeviceEntry, kind: ForecastKind, confidence: Confidence, hours: int
    ) -> LowestForecast | None:
        """Return the lowest rating that is forecast for a line or facility; None if unknown.

        Args:
            device: the line or facility.
            kind: a rating.
            confidence: of the forecast.
            hours: how far to look ahead.
        """

    @abstractmethod
    def async_follow_forecast(
        self, device: AnyDeviceEntry, kinds: Iterable[ForecastKind], listener: CALLBACK_TYPE
    ) -> CALLBACK_TYPE | None:
        """Call a listener once after each change of the forecasts of some ratings.

        Returns:
            Stops the calls; None where the device has no such forecast.
        """

    @callback
    @abstractmethod
    def async_show_outlook(self, device: AnyDeviceEntry, outlook: LineOutlook | None) -> None:
        """Show the hours ahead of a line in its entities; None if they are unknown."""

    @property
    @abstractmethod
    def forecasts_serving(self) -> bool:
        """Whether the forecasts are valid."""

    @abstractmethod
    def async_follow_forecasts(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call a listener when a forecast, an outlook or the lines have changed, and each hour.

        Returns a function that removes the listener.
        """

    @abstractmethod
    def ice_forecast(self, device: AnyDeviceEntry) -> IceForecast | None:
        """Return the ice that is forecast for a device's line; None if it is not known."""

    @abstractmethod
    def forecast_summary(self, device: AnyDeviceEntry, hours: int) -> ForecastSummary | None:
        """Return the forecasts of a device's line; None if it has no line, or nothing is known."""

    @abstractmethod
    def hourly_forecast(self, device: AnyDeviceEntry, *, hours: int) -> HourlyForecast | None:
        """Return the ratings of a device's line hour by hour.

        Args:
            device: the line, or a facility or sensor of one.
            hours: how far to look ahead.

        Returns:
            None if the device has no line, or nothing is known.
        """

    @abstractmethod
    def line_statistics(self, device: AnyDeviceEntry) -> LineStatistics | None:
        """Return the statistics of a device's line; None if it has no line."""

    @abstractmethod
    async def async_fallbacks(
        self, device: AnyDeviceEntry, start: datetime, end: datetime
    ) -> Fallbacks | None:
        """Return how many of the dynamic line ratings of a range were fallbacks.

        The service is asked: no statistic holds it.

        Returns:
            None if there are no ratings, or the range is too long for one action.

        Raises:
            ApiError: the service could not be asked.
        """
