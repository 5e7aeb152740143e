"""What a Heimdall Power account says of its lines."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
import time
from typing import override

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.device_registry import AnyDeviceEntry, DeviceEntry
from homeassistant.helpers.event import async_track_utc_time_change
from homeassistant.util import dt as dt_util

from ..api.concurrency import RetryAfterGate
from ..api.heimdall import HeimdallClient
from ..api.heimdall.models.forecasts import ForecastLevel
from ..core.description import ForecastKind
from ..core.expected_load import LineOutlook
from ..core.line_account import Fallbacks, LineAccount, LineState, LineStatistics
from ..core.line_forecast import (
    Confidence,
    ForecastSummary,
    HourlyForecast,
    IceForecast,
    LowestForecast,
)
from ..core.measured_load import MeasuredLoad
from .assets_coordinator import AssetsCoordinator
from .coordinator import ReadingsCoordinator
from .forecast import FORECASTS, covers, ice_ahead, lowest, summarize
from .hourly_forecast import hour_by_hour
from .line_history import async_fallbacks, line_statistics, measured_load
from .line_state import line_state
from .products import CURRENT, Group, reading_key
from .runtime_data import HeimdallData


class HeimdallLines(LineAccount):
    """The lines of an account, for all that knows no cloud.

    Attributes:
        client: the client of the account.
        throttle: the gate that a Retry-After closes.
        assets: polls the assets.
        polls: poll the measurements and the forecasts.
        data: the runtime data of the account's entities.
    """

    client: HeimdallClient
    throttle: RetryAfterGate
    assets: AssetsCoordinator
    polls: Mapping[Group, ReadingsCoordinator]
    data: HeimdallData

    @override
    def line_state(self, device: AnyDeviceEntry) -> LineState | None:
        """Return the state of a device's line, or of that of a facility; None if it has none."""
        if (line := self.data.line_near(device)) is None:
            return None
        serving = self.polls[Group.MEASUREMENTS].serving
        facility = self.data.facility_of(line)
        return line_state(line, facility, serving=serving, now=dt_util.utcnow())

    @callback
    @override
    def async_watch_line(self, device: AnyDeviceEntry, until: datetime) -> None:
        if (line := self.data.line_near(device)) is not None:
            key = reading_key(CURRENT, line.item.id)
            self.polls[Group.MEASUREMENTS].async_watch(key, until)

    @override
    def line_device(self, device: AnyDeviceEntry) -> DeviceEntry | None:
        line = self.data.line_near(device)
        return None if line is None else self.data.device_of(line.item)

    @override
    def line_devices(self) -> list[DeviceEntry]:
        devices = map(self.data.device_of, self.assets.data.lines)
        return [one for one in devices if one is not None]

    @callback
    @override
    def async_follow_lines(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        return self.polls[Group.MEASUREMENTS].async_follow_polls(listener)

    @override
    def lowest_forecast(
        self, device: AnyDeviceEntry, kind: ForecastKind, confidence: Confidence, hours: int
    ) -> LowestForecast | None:
        item = self.assets.data.item_of(device)
        target = None if item is None else self.data.target(item.key)
        if target is None or not self.polls[Group.FORECASTS].serving:
            return None
        if (answer := target.fresh(FORECASTS[kind])) is None:
            return None
        level, now = ForecastLevel(confidence), dt_util.utcnow()
        if (found := lowest(answer, level, now, hours)) is None:
            return None
        return LowestForecast(
            value=found.value,
            timestamp=found.timestamp,
            complete=covers(answer, level, now, hours),
        )

    @callback
    @override
    def async_follow_forecast(
        self, device: AnyDeviceEntry, kinds: Iterable[ForecastKind], listener: CALLBACK_TYPE
    ) -> CALLBACK_TYPE | None:
        if (item := self.assets.data.item_of(device)) is None:
            return None
        products = (FORECASTS[kind] for kind in kinds)
        keys = [
            reading_key(product, target_id)
            for product in products
            if (target_id := item.target_ids.get(product.endpoint.target)) is not None
        ]
        return self.polls[Group.FORECASTS].async_add_listener(listener, keys) if keys else None

    @callback
    @override
    def async_show_outlook(self, device: AnyDeviceEntry, outlook: LineOutlook | None) -> None:
        if (item := self.assets.data.item_of(device)) is not None:
            self.data.show_outlook(item, outlook)

    @property
    @override
    def forecasts_serving(self) -> bool:
        return self.polls[Group.FORECASTS].serving

    @callback
    @override
    def async_follow_forecasts(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        @callback
        def hour_passed(_now: datetime) -> None:
            listener()

        ends = (
            self.polls[Group.FORECASTS].async_add_listener(listener, (Group.FORECASTS,)),
            self.assets.async_add_listener(listener),
            async_track_utc_time_change(self.hass, hour_passed, minute=0, second=5),
        )

        @callback
        def end() -> None:
            for one in ends:
                one()

        return end

    @override
    def ice_forecast(self, device: AnyDeviceEntry) -> IceForecast | None:
        line = self.data.line_near(device)
        if line is None or not self.polls[Group.FORECASTS].serving:
            return None
        return ice_ahead(line)

    @override
    def forecast_summary(self, device: AnyDeviceEntry, hours: int) -> ForecastSummary | None:
        line = self.data.line_near(device)
        if line is None or not self.polls[Group.FORECASTS].serving:
            return None
        facility = self.data.facility_of(line)
        return summarize(line, facility, hours)

    @override
    def hourly_forecast(self, device: AnyDeviceEntry, *, hours: int) -> HourlyForecast | None:
        line = self.data.line_near(device)
        if line is None or not self.polls[Group.FORECASTS].serving:
            return None
        facility = self.data.facility_of(line)
        return hour_by_hour(line, facility, hours)

    @override
    def line_statistics(self, device: AnyDeviceEntry) -> LineStatistics | None:
        line = self.data.line_near(device)
        return None if line is None else line_statistics(self.data, line.item)

    @override
    async def async_fallbacks(
        self, device: AnyDeviceEntry, start: datetime, end: datetime
    ) -> Fallbacks | None:
        if (line := self.data.line_near(device)) is None:
            return None
        with self.throttle.passing(time.time):
            return await async_fallbacks(self.client, line.item, start, end)

    @override
    def measured_loads(self) -> Iterator[MeasuredLoad]:
        for line in self.assets.data.lines:
            if (load := measured_load(self.data, line)) is not None:
                yield load

    @override
    def measured_load(self, device: AnyDeviceEntry) -> MeasuredLoad | None:
        line = self.data.line_near(device)
        return None if line is None else measured_load(self.data, line.item)
