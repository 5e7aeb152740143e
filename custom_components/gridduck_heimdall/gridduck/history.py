"""History sources of assets: telemetry for statistics."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from homeassistant.const import Platform
from homeassistant.core import callback

from ..api.errors import (
    BadRequest,
    ConnectionFailed,
    FeatureUnavailable,
    NotFound,
    PermissionDenied,
    ServerError,
)
from ..api.gridduck import Asset, Feature, GridDuckClient, TelemetryPoint
from ..const import LOGGER
from ..core.slices import in_slices
from ..history.importer import Importer
from ..history.series import Sample, Series
from ..history.source import Fetched, ImportPace, ImportSources
from .energy import hourly_energy_bound
from .history_names import async_names
from .history_series import GRANULARITIES, asset_series, tariff_of
from .power_sensor import POWER
from .runtime_data import GridDuckData
from .sensor import ENERGY
from .telemetry import MEASURES, TelemetryKind, async_points
from .temperature_sensor import shows_temperature

HOUR: Final = timedelta(hours=1)
# The service names no limit.
REACH: Final = timedelta(days=3650)
# Up to this many assets are imported hourly; more of them less often, within the budget below.
HOURLY_UP_TO: Final = 500
CALLS_A_MINUTE: Final = 10
# Pause in seconds after each fetch for more assets: a slower import with less load.
LARGE_PAUSE: Final = 2.0

_TELEMETRY: Final = {Feature.AGGREGATE, Feature.INSTANTANEOUS}
# If other assets have telemetry, these errors mean that this asset has none.
_OF_ONE_ASSET: Final = (BadRequest, NotFound, PermissionDenied)

type Wanted = Callable[[GridDuckData, Asset], bool]
"""Returns whether to import a kind of telemetry of an asset."""


def _metered(data: GridDuckData, asset: Asset) -> bool:
    return (
        asset.energy_wh is not None
        or asset.power_w is not None
        # An existing source stays while its value is missing.
        or data.registered(Platform.SENSOR, asset.id, ENERGY.key) is not None
    )


def _shows_power(data: GridDuckData, asset: Asset) -> bool:
    entry = data.registered(Platform.SENSOR, asset.id, POWER.key)
    # An entity that is not created yet is not disabled.
    shown = POWER.is_registered(data, asset.id) if entry is None else not entry.disabled
    return asset.power_w is not None and shown


def _shows_temperature(data: GridDuckData, asset: Asset) -> bool:
    return asset.id in data.temperatures.data and shows_temperature(data, asset.id)


# Demand and temperature cost one call per day, so they are read only if they are shown.
_WANTED: Final[Mapping[TelemetryKind, Wanted]] = MappingProxyType(
    {
        TelemetryKind.ENERGY: _metered,
        TelemetryKind.DEMAND: _shows_power,
        TelemetryKind.TEMPERATURE: _shows_temperature,
    }
)


def source_key(asset_id: str, kind: TelemetryKind) -> str:
    """Return the key of the source of an asset's telemetry."""
    return f"{asset_id}_{kind.value}"


@dataclass(frozen=True, slots=True)
class AssetSource:
    """One kind of telemetry of one asset; energy includes its cost.

    Each kind is a source of its own, as one request spans weeks of energy and a day of demand,
    and as the endpoints fail on their own.
    """

    history: History
    asset_id: str
    telemetry: TelemetryKind
    reach: timedelta = REACH

    @property
    def key(self) -> str:
        """The stable key of the source, unique within the account."""
        return source_key(self.asset_id, self.telemetry)

    @property
    def window(self) -> timedelta:
        """The longest range of one request."""
        return MEASURES[self.telemetry].endpoint.most * GRANULARITIES[self.telemetry].length

    def series(self) -> Collection[Series]:
        """Return the statistics that this telemetry makes; none once the asset is gone."""
        if (asset := self.history.asset(self.asset_id)) is None:
            return ()
        return self.history.series_of(asset, self.telemetry)

    async def async_fetch(self, start: datetime, end: datetime, keys: Collection[str]) -> Fetched:
        """Return the samples of a range, by the key of their statistic.

        The cost is computed at the current price, as no other is known. Telemetry that the service
        does not have now may become available later.

        Raises:
            ApiError: the request failed.
        """
        try:
            points = await self.history.async_points(self.asset_id, self.telemetry, start, end)
        except NotFound as error:
            return dict.fromkeys(keys, error)
        asset = self.history.asset(self.asset_id)
        if self.telemetry is TelemetryKind.ENERGY:
            # Delivered energy is never negative, nor more than the asset can draw.
            most = hourly_energy_bound(None if asset is None else asset.power_w)
            points = [point for point in points if 0 <= point.value <= most]
        samples = [(point.at.timestamp(), point.value) for point in points]
        found: dict[str, Sequence[Sample]] = {}
        tariff = None if asset is None else tariff_of(asset, self.telemetry)
        for one in self.series():
            if one.priced is None:
                found[one.key] = samples
            elif tariff is not None and tariff.currency == one.unit:
                found[one.key] = [(at, energy * tariff.price) for at, energy in samples]
        return found

    def live(self, _since: datetime) -> bool:
        """Return False: these statistics belong to no entity, so polling records none."""
        return False


class History:
    """The sources of an account: of each asset its energy, and demand and temperature if shown.

    An endpoint that this server turns out not to have is logged once, and its sources are left
    out until `Offered` says that it is due again.

    Attributes:
        data: the account's assets.
    """

    def __init__(
        self,
        data: GridDuckData,
        client: GridDuckClient,
        *,
        title: str,
        importer: Callable[[], Importer],
    ) -> None:
        """Prepare the sources.

        Args:
            data: the account's assets.
            client: reads the telemetry.
            title: the name of the account in the log.
            importer: returns what imports the sources.
        """
        self.data = data
        self._client = client
        self._title = title
        self._importer = importer
        self._sources: dict[str, AssetSource] = {}
        self._names: Mapping[str, str] = {}
        client.offered.changed.append(self._offered_changed)

    @property
    def missing(self) -> list[str]:
        """The telemetry that this server does not offer."""
        return sorted(_TELEMETRY & self._client.offered.missing.keys())

    async def async_sources(self) -> ImportSources:
        """Return the current sources; energy first, as it takes the fewest calls."""
        assets = [*self.data.assets.data.values()]
        self._names = await async_names(assets)
        found = filter(None, await in_slices(self._find(assets)))
        self._sources = {one.key: one for one in found}
        # Many assets take hours.
        pause = LARGE_PAUSE if len(assets) > HOURLY_UP_TO else 0.0
        return ImportSources(self._sources, ImportPace(parallel=1, pause=pause))

    def _find(self, assets: Collection[Asset]) -> Iterator[AssetSource | None]:
        """Yield the source of each asset and kind, None where it has none."""
        for kind, wanted in self._offered():
            for asset in assets:
                if wanted(self.data, asset):
                    known = self._sources.get(source_key(asset.id, kind))
                    yield known or AssetSource(self, asset.id, kind)
                else:
                    yield None

    def keys_of(self, asset_id: str) -> list[str]:
        """Return the keys of the sources that an asset has now."""
        if (asset := self.asset(asset_id)) is None:
            return []
        return [
            source_key(asset_id, kind)
            for kind, wanted in self._offered()
            if wanted(self.data, asset)
        ]

    def all_keys_of(self, asset_id: str) -> list[str]:
        """Return the keys of the sources that an asset has, unavailable ones included."""
        return [source_key(asset_id, kind) for kind in _WANTED]

    def every(self) -> timedelta:
        """Return the time between two imports, in whole hours."""
        if len(self.data.assets.data) <= HOURLY_UP_TO:
            return HOUR
        # Each fetch is a call.
        return HOUR * max(1, -(-len(self._sources) // (CALLS_A_MINUTE * 60)))

    def asset(self, asset_id: str) -> Asset | None:
        """Return an asset; None if it is gone."""
        return self.data.assets.data.get(asset_id)

    def series_of(self, asset: Asset, kind: TelemetryKind) -> Collection[Series]:
        """Return the statistics of one kind of an asset's telemetry."""
        name = self._names.get(asset.id, asset.label)
        hass, unit_of = self.data.assets.hass, self._importer().unit_of
        return asset_series(hass, self.data.identity, asset, name, kind, unit_of)

    async def async_points(
        self, asset_id: str, kind: TelemetryKind, start: datetime, end: datetime
    ) -> list[TelemetryPoint]:
        """Return telemetry of an asset at the resolution that statistics need.

        Raises:
            ApiError: it could not be read; `FeatureUnavailable` where this server has none,
                `NotFound` where it has it of others.
        """
        offered, feature = self._client.offered, MEASURES[kind].endpoint.feature
        granularity = GRANULARITIES[kind]
        try:
            async with offered.turn(feature):
                return await async_points(self._client, asset_id, kind, start, end, granularity)
        except FeatureUnavailable as error:
            if offered.works(feature) and isinstance(error.__cause__, _OF_ONE_ASSET):
                raise NotFound(str(error.__cause__)) from error
            raise
        except (ConnectionFailed, ServerError) as error:
            if feature in offered.missing:
                raise FeatureUnavailable(str(error), feature=feature) from error
            raise

    @callback
    def _offered_changed(self, feature: Feature) -> None:
        if feature not in _TELEMETRY:
            return
        if (reason := self._client.offered.missing.get(feature)) is None:
            LOGGER.info("%s: history comes from %s now", self._title, feature)
            return
        LOGGER.info("%s: no history comes from %s. %s", self._title, feature, reason)
        self._importer().retry()

    def _offered(self) -> list[tuple[TelemetryKind, Wanted]]:
        """Return the telemetry of this server, with the check whether an asset needs it."""
        return [
            (kind, wanted)
            for kind, wanted in _WANTED.items()
            if self._client.offered.due(MEASURES[kind].endpoint.feature)
        ]
