"""The simulator's own numbers of a line by the hour, beside what the recorder has."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import chain, pairwise
from typing import Literal

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.util import dt as dt_util
import pytest

from custom_components.gridduck_heimdall.heimdall.catalog import SENSORS
from custom_components.gridduck_heimdall.heimdall.history_series import Recipe
from custom_components.gridduck_heimdall.heimdall.inventory import Kind
from simulator.faults import Fault

from .home import Home

RECIPES: Mapping[tuple[Kind, str], Recipe] = {
    (kind, description.key): description.recipe
    for kind, descriptions in SENSORS.items()
    for description in descriptions
    if description.recipe is not None
}
"""How the history of each sensor is made that has one."""

HOUR = 3600
HISTORY = (
    r"/(currents|conductor_temperatures|heimdall_dlrs|heimdall_aars|icing|sag_and_clearance"
    r"|circuit_ratings)$"
)
REQUESTED = HISTORY.removesuffix("$") + r"\?"
"""The same with the query that it is requested with."""

type Track = list[tuple[float, float]]
type Row = tuple[float, float, float]


class Truth:
    """The simulator's own numbers of one line."""

    def __init__(self, home: Home, line_id: str, start: float, end: float) -> None:
        self.models = home.simulator.heimdall.models
        self.line = home.world.line(line_id)
        self.facility = home.world.facility_of(line_id)
        self.now = home.simulator.clock.now()
        self.start, self.end = start - HOUR, end
        self._currents: Track | None = None
        self._ratings: dict[str, Track] = {}

    def current(self) -> Track:
        if self._currents is None:
            points = self.models.measurements.currents(self.line, self.start, self.end)
            self._currents = [(point.at, point.value) for point in points]
        return self._currents

    def temperature(self, which: str) -> Track:
        points = self.models.measurements.temperatures(self.line, self.start, self.end)
        return [(point.at, getattr(point, which)) for point in points]

    def rating(self, kind: Literal["dlr", "aar", "circuit"]) -> Track:
        if kind not in self._ratings:
            self._ratings[kind] = self._read_rating(kind)
        return self._ratings[kind]

    def _read_rating(self, kind: Literal["dlr", "aar", "circuit"]) -> Track:
        ratings = self.models.ratings
        times = ratings.times(self.line, self.start, self.end, self.now)
        if kind == "circuit":
            return [
                (at, round(ratings.circuit(self.facility, self.line, at).value, 1)) for at in times
            ]
        return [(at, round(ratings.line(self.line, kind, at).value, 1)) for at in times]

    def phases(self, which: str) -> list[Track]:
        states = self.models.mechanics.history(self.line, self.start, self.end, self.now)
        by_phase: dict[str, Track] = {}
        for state in states:
            by_phase.setdefault(state.phase.id, []).append((state.at, getattr(state, which)))
        return list(by_phase.values())

    def rows(self, key: str) -> dict[int, Row]:
        """Return the rows of an entity, by their hour in unix seconds."""
        tracks, value = self._series(key)
        times = [[at for at, _ in track] for track in tracks]
        changes = sorted({*chain.from_iterable(times), self.start, self.end})
        rows: dict[int, Row] = {}
        first = int(self.start) + HOUR
        for hour in range(first, int(self.end), HOUR):
            inside = changes[bisect_right(changes, hour) : bisect_right(changes, hour + HOUR - 1)]
            pieces = [
                (found, after - at)
                for at, after in pairwise((hour, *inside, hour + HOUR))
                if (found := value(_holding(tracks, times, at))) is not None
            ]
            if pieces:
                seconds = sum(length for _, length in pieces)
                mean = sum(found * length for found, length in pieces) / seconds
                rows[hour] = (mean, min(pieces)[0], max(pieces)[0])
        return rows

    def _series(self, key: str) -> tuple[list[Track], Callable[[list[float | None]], float | None]]:
        voltage = self.facility.voltage()
        assert voltage is not None
        single: Mapping[str, Callable[[], Track]] = {
            "current": self.current,
            "apparent_power": lambda: [
                (at, 3**0.5 * voltage * value / 1e6) for at, value in self.current()
            ],
            "dlr": lambda: self.rating("dlr"),
            "aar": lambda: self.rating("aar"),
            "circuit_rating": lambda: self.rating("circuit"),
            "conductor_temperature_max": lambda: self.temperature("highest"),
            "conductor_temperature_min": lambda: self.temperature("lowest"),
        }
        if (read := single.get(key)) is not None:
            return [read()], lambda values: values[0]
        over_phases = {
            "ice_load": ("ice", max),
            "tension": ("tension", max),
            "breaking_strength_share": ("share", max),
            "sag_max": ("sag", max),
            "clearance_min": ("clearance", min),
        }
        if key in over_phases:
            which, extreme = over_phases[key]
            return self.phases(which), lambda values: extreme(
                (one for one in values if one is not None), default=None
            )
        tracks = [self.current(), *(self.rating(kind) for kind in ("circuit", "dlr", "aar"))]
        return tracks, _percent if key == "loading" else _headroom


def _holding(tracks: list[Track], times: list[list[float]], at: float) -> list[float | None]:
    """Return what holds at a time: the newest value of each track, unless it is an hour old."""
    found: list[float | None] = []
    for track, stamps in zip(tracks, times, strict=True):
        index = bisect_right(stamps, at) - 1
        held = index >= 0 and at - stamps[index] < HOUR
        found.append(track[index][1] if held else None)
    return found


def _rating(values: list[float | None]) -> float | None:
    """Return the rating in force of a line whose DLR is no fallback."""
    _, circuit, dlr, aar = values
    known = [one for one in (circuit, dlr) if one is not None]
    return min(known) if known else aar


def _percent(values: list[float | None]) -> float | None:
    current, rating = values[0], _rating(values)
    return None if current is None or rating is None else 100 * current / rating


def _headroom(values: list[float | None]) -> float | None:
    current, rating = values[0], _rating(values)
    return None if current is None or rating is None else rating - current


async def recorded(
    home: Home,
    entity_id: str | None,
    start: float,
    end: float,
    unit: dict[str, str] | None = None,
) -> dict[int, Row]:
    """Return the recorder's rows of an entity, by their hour in unix seconds."""
    assert entity_id is not None
    found = await get_instance(home.hass).async_add_executor_job(
        partial(
            statistics_during_period,
            home.hass,
            datetime.fromtimestamp(start, UTC),
            datetime.fromtimestamp(end, UTC),
            {entity_id},
            "hour",
            unit,
            {"mean", "min", "max"},
        )
    )
    return {
        int(row["start"]): (row["mean"], row["min"], row["max"])
        for row in found.get(entity_id, ())
        if (row["mean"] is not None and row["min"] is not None and row["max"] is not None)
    }


def alike(rows: Mapping[int, Row], truth: Mapping[int, Row]) -> None:
    """Compare hour by hour."""
    assert rows.keys() == truth.keys()
    for hour, row in rows.items():
        assert row == pytest.approx(truth[hour], rel=1e-9, abs=1e-9), datetime.fromtimestamp(
            hour, UTC
        )


def now() -> int:
    return int(dt_util.utcnow().timestamp())


def item(home: Home, line_id: str, kind: Kind) -> str:
    return line_id if kind is Kind.LINE else home.world.facility_of(line_id).id


async def all_alike(home: Home, line_id: str, start: int, end: int) -> int:
    """Compare all series of a line and return how many there are."""
    truth, count = Truth(home, line_id, start, end), 0
    for kind, key in RECIPES:
        if (entity_id := home.entity_id(item(home, line_id, kind), key)) is not None:
            alike(await recorded(home, entity_id, start, end), truth.rows(key))
            count += 1
    return count


def calls(home: Home, item_id: str = "", path: str = HISTORY) -> int:
    """Return how often the past was asked for, since the calls were cleared."""
    return sum(item_id in call.path for call in home.simulator.calls.list(path=path))


def failing(path: str, status: int) -> Fault:
    """Return a fault of what was measured in the past, until it is removed."""
    return Fault(service="heimdall", path=path, kind="status", status=status, count=None)
