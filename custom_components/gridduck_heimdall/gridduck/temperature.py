"""Temperatures, read from telemetry: the list of assets does not have them."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import batched, islice
from math import ceil
from typing import Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..api.concurrency import Backoff, async_for_each
from ..api.errors import ApiError, AuthenticationFailed, FeatureUnavailable, RateLimited
from ..api.gridduck import (
    Asset,
    Feature,
    Granularity,
    GridDuckClient,
    TelemetryPoint,
    TelemetryType,
)
from ..api.gridduck.offered import FIRST_WAIT
from ..core.coordinator import PollingCoordinator

POLL_INTERVAL: Final = timedelta(minutes=5)
# At 20 every 5 minutes, more than 5,000 assets are probed in a day.
PROBES: Final = 20
PROBE_AGAIN: Final = timedelta(days=1)
# Assets checked per turn of the event loop: one or two milliseconds.
LOOKED_AT_ONCE: Final = 250
# Maximum backoff if no asset can be read.
LONGEST_BACKOFF: Final = timedelta(hours=1)
# With the probes, an account costs no more than 30 calls a minute.
READS: Final = 130
AT_ONCE: Final = 4
# Age up to which a value is fetched and shown.
CURRENT: Final = timedelta(minutes=30)


class TemperatureCoordinator(PollingCoordinator[str, Mapping[str, float | None]]):
    """Keep the temperature of the assets that have one, in °C by asset id; None where unknown.

    The list of assets does not say which have one, so each is probed, a few at a time.
    """

    def __init__[RuntimeT](
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[RuntimeT],
        client: GridDuckClient,
        *,
        assets: Callable[[], Mapping[str, Asset]],
        wanted: Callable[[str], bool],
    ) -> None:
        """Prepare to poll.

        Args:
            hass: Home Assistant.
            entry: the account's config entry.
            client: reads the telemetry.
            assets: returns the current assets.
            wanted: returns whether a user wants an asset's temperature.
        """
        super().__init__(hass, entry, name="temperatures", update_interval=POLL_INTERVAL)
        self.data = {}
        self._client = client
        self._assets = assets
        self._wanted = wanted
        self._points: dict[str, TelemetryPoint | None] = {}
        self._probed: dict[str, datetime] = {}
        self._read = 0
        self._failure: ApiError | None = None
        self._backoff = Backoff(POLL_INTERVAL, LONGEST_BACKOFF)
        client.offered.changed.append(self._offered_changed)

    @property
    def offered(self) -> bool:
        """Whether the service has telemetry where it is looked for."""
        return Feature.INSTANTANEOUS not in self._client.offered.missing

    @property
    def calls(self) -> float:
        """Average calls per poll, once every asset was probed."""
        if not self.offered:
            return POLL_INTERVAL.total_seconds() / FIRST_WAIT
        assets = self._assets()
        reads = sum(1 for _ in self._to_read(assets))
        unknown = sum(self._wanted(one) for one in assets.keys() - self._points.keys())
        probes = unknown * (POLL_INTERVAL / PROBE_AGAIN)
        return reads + min(PROBES, probes)

    def expect(self, asset_ids: Iterable[str]) -> None:
        """Add assets that had a temperature when Home Assistant last ran."""
        self._points |= dict.fromkeys(asset_ids)
        self.data = self._current(dt_util.utcnow())

    @override
    async def _async_poll(self) -> Mapping[str, float | None]:
        now, assets = dt_util.utcnow(), self._assets()
        for known in (self._points, self._probed):
            for asset_id in known.keys() - assets.keys():
                del known[asset_id]
        due = [*self._to_read(assets), *await self._async_to_probe(assets, now)]
        backing_off = self._backoff.is_closed(now.timestamp())
        self.without_requests = (
            backing_off or not self._client.offered.due(Feature.INSTANTANEOUS) or not due
        )
        try:
            if backing_off and self._failure is not None:
                # Not polled again yet, so the value is still stale.
                raise self._failure.with_traceback(None)
            if not self.without_requests:
                await self._async_read_all(due, now)
        except FeatureUnavailable:
            # `_offered_changed` logs it once.
            self.without_requests = True
        finally:
            # Stale values are announced also when the poll fails.
            self.data = self._marked(self._current(now))
        return self.data

    @callback
    def _offered_changed(self, feature: Feature) -> None:
        if feature is not Feature.INSTANTANEOUS:
            return
        if (reason := self._client.offered.missing.get(feature)) is None:
            self.logger.info("%s are there now", self.name)
        else:
            self.logger.info("%s has no temperatures: %s", self.name, reason)

    def _marked(self, current: Mapping[str, float | None]) -> Mapping[str, float | None]:
        """Return the current values, and mark those that changed."""
        before = self.data
        self.mark(
            asset_id
            for asset_id in current.keys() | before.keys()
            if asset_id not in before or current.get(asset_id) != before[asset_id]
        )
        return current

    def _to_read(self, assets: Mapping[str, Asset]) -> Iterable[str]:
        """Return the assets to read, the least recently read first."""
        due = (one for one in self._points if assets[one].connected and self._wanted(one))
        return islice(due, READS)

    @property
    def _max_age(self) -> timedelta:
        """Maximum age of a value; longer if not all can be read in one poll."""
        return CURRENT * ceil(len(self._points) / READS)

    async def _async_to_probe(self, assets: Mapping[str, Asset], now: datetime) -> Sequence[str]:
        """Return the assets to probe for the first time, or again after a day.

        If no entity would show a temperature, each of thousands of assets is checked.
        """
        found = list[str]()
        for some in batched(assets.values(), LOOKED_AT_ONCE, strict=False):
            found += (asset.id for asset in some if self._is_to_probe(asset, now))
            if len(found) >= PROBES:
                break
            await asyncio.sleep(0)
        return found[:PROBES]

    def _is_to_probe(self, asset: Asset, now: datetime) -> bool:
        return (
            asset.connected
            and asset.id not in self._points
            and (asset.id not in self._probed or self._probed[asset.id] + PROBE_AGAIN <= now)
            and self._wanted(asset.id)
        )

    async def _async_read_all(self, asset_ids: list[str], now: datetime) -> None:
        """Read the assets, `AT_ONCE` at a time; a failed one costs none of the others.

        Raises:
            ApiError: no asset could be read, or further requests are useless now.
        """
        failures: list[ApiError] = []
        self._read = 0

        async def async_read(asset_id: str) -> None:
            try:
                await self._async_read(asset_id, now)
            except AuthenticationFailed, RateLimited, FeatureUnavailable:
                raise
            except ApiError as error:
                if error.without_token:
                    raise
                failures.append(error)

        await async_for_each(asset_ids, async_read, limit=AT_ONCE)
        self._failure = failures[0] if len(failures) == len(asset_ids) else None
        if self._read or not self._points:
            self._backoff.open()
        else:
            self._backoff.fail(now.timestamp())
        if self._failure is not None:
            raise self._failure

    async def _async_read(self, asset_id: str, now: datetime) -> None:
        offered = self._client.offered
        try:
            async with offered.turn(Feature.INSTANTANEOUS):
                series = await self._client.async_telemetry_instantaneous(
                    asset_id, TelemetryType.TEMPERATURE, now - CURRENT, now, Granularity.MINUTE
                )
        except FeatureUnavailable:
            if not offered.works(Feature.INSTANTANEOUS):
                raise
            # Others have telemetry: this one cannot be read at present.
            found = None
        else:
            self._read += 1
            found = series.points[-1] if series.points else None
        if found is not None:
            self._probed.pop(asset_id, None)
        elif asset_id not in self._points:
            self._probed[asset_id] = now
            return
        # Last in the reading order.
        before = self._points.pop(asset_id, None)
        self._points[asset_id] = found or before

    def _current(self, now: datetime) -> Mapping[str, float | None]:
        return {
            asset_id: None if point is None or point.at < now - self._max_age else point.value
            for asset_id, point in self._points.items()
        }
