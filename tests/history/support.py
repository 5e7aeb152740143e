"""A source whose data come from a formula, and what a test asks of the recorder."""

import asyncio
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from math import inf, sin
from typing import Any, Literal, override

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockModule,
    mock_integration,
)

from custom_components.gridduck_heimdall.api.errors import ApiError
from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.history.hours import SECONDS, amounts, hour_of, means
from custom_components.gridduck_heimdall.history.importer import Importer
from custom_components.gridduck_heimdall.history.series import BY_TIME, Sample, Series, SeriesKind
from custom_components.gridduck_heimdall.history.source import Fetched, ImportSources, Source

HOUR = timedelta(hours=1)
NOW = datetime(2026, 11, 16, 12, 30, tzinfo=UTC)
NOON = hour_of(NOW)
FIRST_DAYS = 10
"""How many days a first import takes here; a month takes more time and shows the same."""

FIRST = NOON - FIRST_DAYS * 24
MONTH = NOON - 720

CURRENT = Series(
    key="line_current",
    statistic_id="sensor.line_current",
    name=None,
    unit="A",
    unit_class="electric_current",
    kind=SeriesKind.MEAN,
)
ENERGY = Series(
    key="lamp_energy",
    statistic_id=f"{DOMAIN}:lamp_energy",
    name="Lamp energy",
    unit="kWh",
    unit_class="energy",
    kind=SeriesKind.SUM,
)


@dataclass
class Formula(Source):
    """What a cloud knows: a value every so many seconds, holes, and corrections."""

    key: str = "line"
    window: timedelta = timedelta(hours=50)
    reach: timedelta = timedelta(days=400)
    step: int = 600
    all_series: Collection[Series] = (CURRENT, ENERGY)
    holes: set[int] = field(default_factory=set)
    corrections: dict[int, float] = field(default_factory=dict)
    live_since: datetime | None = None
    errors: list[Exception] = field(default_factory=list)
    asked: list[tuple[datetime, datetime]] = field(default_factory=list)
    broken: dict[str, ApiError] = field(default_factory=dict)
    before_answer: Callable[[], object] | None = None
    twice: bool = False
    data_until: float = inf

    @override
    def series(self) -> Collection[Series]:
        return self.all_series

    @override
    async def async_fetch(self, start: datetime, end: datetime, keys: Collection[str]) -> Fetched:
        assert timedelta() < end - start <= self.window
        self.asked.append((start, end))
        if self.before_answer is not None:
            self.before_answer()
        if self.errors:
            raise self.errors.pop(0)
        samples = self.samples(start.timestamp(), min(end.timestamp(), self.data_until))
        if self.twice:
            samples = [*reversed(samples), *samples]
        return {one.key: samples for one in self.all_series if one.key in keys} | {
            key: error for key, error in self.broken.items() if key in keys
        }

    @override
    def live(self, since: datetime) -> bool:
        return self.live_since is not None and self.live_since <= since

    def samples(self, start: float, end: float) -> list[Sample]:
        first = -int(-start // self.step) * self.step
        times = range(first, int(end) + 1, self.step)
        return [
            (float(time), self._value(time)) for time in times if time // SECONDS not in self.holes
        ]

    def _value(self, time: int) -> float:
        return self.corrections.get(time // SECONDS, 0.0) + 10 + 5 * sin(time / 5000)

    def in_one_go(self, series: Series, first: int, end: int) -> dict[int, tuple[float, ...]]:
        """Return the rows that the recorder should hold from one hour to another."""
        samples = sorted(self.samples((first - 1) * SECONDS, end * SECONDS), key=BY_TIME)
        if series.kind is SeriesKind.MEAN:
            hourly = means(samples, first, end, series.hold.total_seconds())
            return {hour: (row.mean, row.min, row.max) for hour, row in hourly}
        found = dict(amounts(samples, first, end))
        return dict(
            zip(found, zip(found.values(), accumulate(found.values()), strict=True), strict=True)
        )


def new_entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return an account that is set up, without anything of its own."""

    async def async_unload_entry(hass: HomeAssistant, entry: ConfigEntry[None]) -> Any:
        """Do nothing: what the importer has the entry do is enough."""

    mock_integration(hass, MockModule(DOMAIN, async_unload_entry=async_unload_entry))
    entry = MockConfigEntry(
        domain=DOMAIN, title="Test", state=ConfigEntryState.LOADED, entry_id="history"
    )
    entry.add_to_hass(hass)
    return entry


def new_importer(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    *sources: Source,
    every: timedelta = HOUR,
    more: Iterable[Source] = (),
) -> Importer:
    """Return an importer of these sources, and of those that there are `more` at a time."""

    async def async_sources() -> ImportSources:
        return ImportSources({source.key: source for source in (*sources, *more)})

    return Importer(
        hass,
        entry,
        name="history",
        sources=async_sources,
        keys_of=lambda _: (),
        every=lambda: every,
    )


async def recorded(hass: HomeAssistant, series: Series) -> dict[int, tuple[float, ...]]:
    """Return all rows that the recorder holds, by hour."""
    instance = get_instance(hass)
    names: tuple[Literal["mean", "min", "max", "state", "sum"], ...] = (
        ("mean", "min", "max") if series.kind is SeriesKind.MEAN else ("state", "sum")
    )
    found = await instance.async_add_executor_job(
        statistics_during_period,
        hass,
        datetime.fromtimestamp(0, UTC),
        None,
        {series.statistic_id},
        "hour",
        None,
        set(names),
    )
    return {
        int(row["start"]) // SECONDS: tuple(
            value for name in names if (value := row.get(name)) is not None
        )
        for row in found.get(series.statistic_id, ())
    }


async def run(hass: HomeAssistant, importer: Importer) -> None:
    """Start an import and let it finish."""
    await importer.async_start()
    await hass.async_block_till_done(wait_background_tasks=True)


def work_of(entry: MockConfigEntry) -> asyncio.Task[None]:
    """Return the task that imports the history of an account."""
    name = f"{entry.title} history"
    return next(task for task in asyncio.all_tasks() if task.get_name() == name)


async def unload(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Unload the account; a new importer finds it set up again."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    entry.mock_state(hass, ConfigEntryState.LOADED)


async def restart(hass: HomeAssistant, entry: MockConfigEntry, *sources: Formula) -> Importer:
    """Unload the account, and import with a new importer on the same file."""
    await unload(hass, entry)
    importer = new_importer(hass, entry, *sources)
    await run(hass, importer)
    return importer


async def check(hass: HomeAssistant, source: Formula, first: int = FIRST, end: int = NOON) -> None:
    """The recorder holds what one import of everything would have given."""
    for series in source.all_series:
        assert await recorded(hass, series) == source.in_one_go(series, first, end)
