"""Sources of the history import: lines with their facilities."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import batched
from typing import Any, Final

from homeassistant.components.recorder.statistics import STATISTIC_UNIT_TO_UNIT_CONVERTER
from homeassistant.components.sensor import UNIT_CONVERTERS
from homeassistant.const import Platform
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.util import dt as dt_util

from ..api.errors import (
    ApiError,
    AuthenticationFailed,
    ConnectionFailed,
    PermissionDenied,
    RateLimited,
)
from ..api.heimdall.endpoint import MAX_WINDOW
from ..const import DOMAIN
from ..core.slices import in_slices
from ..history.series import BY_TIME, Sample, Series, SeriesKind
from ..history.source import Fetched, ImportPace, ImportSources
from .catalog import SENSORS
from .descriptions import HeimdallSensorDescription
from .history_series import HISTORY_ENDPOINTS, HOLD, HistoryEndpoint, Recipe, Track, TrackSamples
from .inventory import GridItem, Inventory, Kind, LineItem, item_key
from .products import Group, reading_key
from .runtime_data import HeimdallData

EVERY: Final = timedelta(hours=1)
"""How often hours that polling has missed are imported."""

AT_FULL_SPEED: Final = 100
"""Maximum number of lines for fetches without a pause."""

LARGE_WINDOW: Final = timedelta(days=10)
"""The longest range to request if there are more. A month of a line takes 20 MB for a moment, which
the process does not free: small objects fragment the heap between the large buffers."""

LARGE_PAUSE: Final = 1.0
"""Seconds to pause after each fetch if there are more, to leave Home Assistant room."""

SAMPLES_AT_ONCE: Final = 50
"""This many samples take about 0.1 ms."""

REACH: Final = timedelta(days=3652)
"""How far back history is requested; the service documents no limit."""


_RECORDED: Final[Mapping[Kind, Sequence[tuple[HeimdallSensorDescription[Any], Recipe]]]] = {
    kind: [(one, one.recipe) for one in descriptions if one.recipe is not None]
    for kind, descriptions in SENSORS.items()
}
"""The sensors that have a history."""


@dataclass(frozen=True, slots=True)
class _HistoryEntity:
    """An enabled entity that has a history."""

    item: GridItem
    description: HeimdallSensorDescription[Any]
    series: Series
    recipe: Recipe


class LineSource:
    """The history of one line and of its facility's circuit.

    Attributes:
        key: the id of the line.
        line: the line.
        window: the longest range of a fetch.
    """

    reach: Final = REACH

    def __init__(self, data: HeimdallData, line: LineItem, window: timedelta) -> None:
        """Prepare the source of a line.

        Args:
            data: the account.
            line: the line.
            window: the longest range of a fetch.
        """
        self.key: Final = line.id
        self.line: Final = line
        self.window = window
        self._data: Final = data
        # Cache of `_entities`, with the inventory and registry changes it was computed for.
        self._cached: tuple[Inventory, int, list[_HistoryEntity]] | None = None

    def series(self) -> Collection[Series]:
        """Return the series of the enabled entities."""
        return [one.series for one in self._entities()]

    async def async_fetch(self, start: datetime, end: datetime, keys: Collection[str]) -> Fetched:
        """Return the samples of a range, and of some time before it, by key of their series.

        Endpoints are requested one after the other, so the import has no more requests in flight
        than fetches. One that fails costs only the series that need it.

        Raises:
            ApiError: no endpoint could be read. Missing data is no error.
        """
        left = [one for one in self._entities() if one.series.key in keys]
        tracks_needed = {track for one in left for track in one.recipe.needs}
        needed = [one for one in HISTORY_ENDPOINTS if not tracks_needed.isdisjoint(one.tracks)]
        missing = {track for history in needed for track in history.tracks}
        tracks: dict[Track, TrackSamples] = {}
        errors: dict[Track, ApiError] = {}
        fetched: dict[str, ApiError | list[Sample]] = {}
        for history in needed:
            try:
                tracks |= await self._async_tracks(history, start - HOLD, end)
            except AuthenticationFailed, ConnectionFailed, RateLimited:
                raise
            except ApiError as error:
                if error.without_token:
                    raise
                errors |= dict.fromkeys(history.tracks, error)
            missing.difference_update(history.tracks)
            ready = [one for one in left if missing.isdisjoint(one.recipe.needs)]
            for one in ready:
                failure = _failure(one.recipe, errors) if errors else None
                fetched[one.series.key] = failure or await in_slices(
                    one.recipe.make(self.line, tracks, self._data.ratings),
                    at_once=SAMPLES_AT_ONCE,
                )
            # A month of a line takes tens of megabytes: drop the tracks no longer needed.
            left = [one for one in left if one not in ready]
            used = {track for one in left for track in one.recipe.needs}
            tracks = {track: parts for track, parts in tracks.items() if track in used}
        if errors:
            _raise_if_all_failed(fetched.values())
        return fetched

    def live(self, since: datetime) -> bool:
        """Return whether polling has had no gap since then in what the enabled entities show."""
        slots = self._data.polls[Group.MEASUREMENTS].schedule.slots
        now = dt_util.utcnow()
        return all(
            (slot := slots.get(key)) is not None and slot.unbroken(since, now)
            for key in self._polled()
        )

    async def _async_tracks(
        self, history: HistoryEndpoint[Any], start: datetime, end: datetime
    ) -> dict[Track, TrackSamples]:
        target_id = self.line.target_ids.get(history.endpoint.target)
        found: defaultdict[Track, defaultdict[str, list[Sample]]]
        found = defaultdict(partial(defaultdict, list))
        async for answer in self._data.client.async_history(
            history.endpoint, target_id, start, end, line=self.line.asset
        ):
            await in_slices(_sort_in(found, history.read(answer)))
            del answer
        return {
            track: await in_slices(map(partial(sorted, key=BY_TIME), by_part.values()))
            for track, by_part in found.items()
        }

    def _entities(self) -> list[_HistoryEntity]:
        inventory, changes = self._data.assets.data, self._data.subscriptions.changes
        cached = self._cached
        if cached is not None and cached[0] is inventory and cached[1] == changes:
            return cached[2]
        entities = list(self._find_entities(inventory))
        self._cached = inventory, changes, entities
        return entities

    def _find_entities(self, inventory: Inventory) -> Iterator[_HistoryEntity]:
        registry = er.async_get(self._data.hass)
        facility = inventory.grid_items.get(item_key(Kind.FACILITY, self.line.facility.id))
        for item in filter(None, (self.line, facility)):
            for description, recipe in _RECORDED[item.kind]:
                unique_id = self._data.unique_id(item, description)
                entity_id = registry.async_get_entity_id(Platform.SENSOR, DOMAIN, unique_id)
                entity = None if entity_id is None else registry.async_get(entity_id)
                if entity is not None and not entity.disabled:
                    # Samples are in the service's unit. Where a user has chosen another one for
                    # the entity, the recorder has that, and what is written is converted to it.
                    series = Series(
                        key=unique_id,
                        statistic_id=entity.entity_id,
                        name=None,
                        unit=description.native_unit_of_measurement,
                        unit_class=_unit_class(description),
                        kind=SeriesKind.MEAN,
                        hold=recipe.hold,
                    )
                    yield _HistoryEntity(item, description, series, recipe)

    def _polled(self) -> set[str]:
        """Return the keys of the readings that the enabled entities show."""
        return {
            reading_key(product, target_id)
            for one in self._entities()
            for product in one.description.products
            if (target_id := one.item.target_ids.get(product.endpoint.target)) is not None
        }


def _sort_in(
    found: Mapping[Track, Mapping[str, list[Sample]]],
    read: Iterable[tuple[Track, str, Iterable[Sample]]],
) -> Iterator[Track]:
    """Add samples to those of their track and part; yield at each step, as `in_slices` needs it."""
    for track, part, samples in read:
        known = found[track][part]
        for some in batched(samples, SAMPLES_AT_ONCE, strict=False):
            known.extend(some)
            yield track


def _failure(recipe: Recipe, errors: Mapping[Track, ApiError]) -> ApiError | None:
    """Return the error that prevents a series from being made.

    Endpoints that the account may not read count as empty, except the first: without it there
    is nothing.
    """
    first = recipe.needs[0]
    for track in recipe.needs:
        error = errors.get(track)
        if error is not None and (track is first or not isinstance(error, PermissionDenied)):
            return error
    return None


def _raise_if_all_failed(fetched: Collection[ApiError | Sequence[Sample]]) -> None:
    """Raise the first error that is no refusal: if all fail, the service may be down."""
    errors = [one for one in fetched if isinstance(one, ApiError)]
    if len(errors) == len(fetched):
        for error in errors:
            if not isinstance(error, PermissionDenied):
                raise error


def _unit_class(description: HeimdallSensorDescription[Any]) -> str | None:
    """Return the recorder's converter class for the unit, by its own rule for sensors."""
    unit, device_class = description.native_unit_of_measurement, description.device_class
    converter = None if device_class is None else UNIT_CONVERTERS.get(device_class)
    if converter is None or unit not in converter.VALID_UNITS:
        converter = STATISTIC_UNIT_TO_UNIT_CONVERTER.get(unit)
    return None if converter is None else converter.UNIT_CLASS


class History:
    """The sources of an account: each line with its facility."""

    def __init__(self, data: HeimdallData) -> None:
        """Start without sources."""
        self._data: Final = data
        self._sources: dict[str, LineSource] = {}
        self._window = MAX_WINDOW - HOLD

    async def async_sources(self) -> ImportSources:
        """Return the sources of all lines that have an enabled entity with a history."""
        lines = self._data.assets.data.lines
        many = len(lines) > AT_FULL_SPEED
        # A fetch begins earlier, as the last value before the range holds into it.
        self._window = (LARGE_WINDOW if many else MAX_WINDOW) - HOLD
        sources = [self._source(line) for line in lines]
        for source in sources:
            source.window = self._window
        self._sources = {source.key: source for source in sources}
        series = await in_slices(map(LineSource.series, sources))
        return ImportSources(
            {source.key: source for source, some in zip(sources, series, strict=True) if some},
            ImportPace(parallel=1, pause=LARGE_PAUSE) if many else ImportPace(),
        )

    def keys_of(self, device: AnyDeviceEntry) -> Collection[str]:
        """Return the keys of the sources beneath a device; for a span or sensor, of its line."""
        inventory = self._data.assets.data
        if (item := inventory.item_of(device)) is None:
            return ()
        lines = [one for one in inventory.lineage(item) if isinstance(one, LineItem)]
        if not lines:
            lines = [one for one in inventory.lines if item in inventory.lineage(one)]
        return [line.id for line in lines if self._source(line).series()]

    def _source(self, line: LineItem) -> LineSource:
        """Return the source of a line: the same one as before unless the line has changed."""
        known = self._sources.get(line.id)
        if known is None or known.line is not line:
            known = self._sources[line.id] = LineSource(self._data, line, self._window)
        return known
