"""A feeder with flexible assets in steps of 10 s, and what the two clouds show of it.

An evening has a peak that exceeds the rating by 2 to 14 % if nothing is curtailed, a rating that
moves, noise, and 24 assets: constant load, heating that catches up after a curtailment,
compressors with a thermostat, chargers that taper. Some do not obey.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, floor, sin, sqrt
from random import Random
from typing import Final

STEP: Final = 10.0
VA_PER_A: Final = sqrt(3) * 11_000.0
RATING: Final = 200.0
"""A."""
START: Final = 1_794_931_200.0
"""2026-11-17T16:00Z."""
HOURS: Final = 6.0
END: Final = START + HOURS * 3600
ASSETS: Final = 24
_MINUTE: Final = 60
_READ_AT: Final = 7
"""Seconds after the full minute at which a reading is taken."""
_READING_NOISE: Final = 0.004
_CATCH_UP: Final = 5400
_FULL: Final = 3000
"""Watt-seconds per watt below which a charger tapers."""


class Kind(StrEnum):
    """How an asset draws power."""

    CONSTANT = "constant"
    STEADY_HEATING = "steady_heating"
    HEATING = "heating"
    """Draws more after a curtailment."""
    COMPRESSOR = "compressor"
    CHARGER = "charger"


_SIMPLE: Final = {Kind.CONSTANT: 0.6, Kind.STEADY_HEATING: 0.4}
MIXES: Final[dict[str, dict[Kind, float]]] = {
    "plain": _SIMPLE,
    "two": {Kind.CONSTANT: 0.5, Kind.STEADY_HEATING: 0.3, Kind.CHARGER: 0.2},
    "mixed": {
        Kind.COMPRESSOR: 0.35,
        Kind.CHARGER: 0.2,
        Kind.HEATING: 0.3,
        Kind.CONSTANT: 0.15,
    },
    "cyclic": {Kind.COMPRESSOR: 0.6, Kind.CHARGER: 0.2, Kind.HEATING: 0.2},
    "outage": {Kind.CONSTANT: 0.5, Kind.STEADY_HEATING: 0.3, Kind.CHARGER: 0.2},
    "rebound": {Kind.HEATING: 0.75, Kind.COMPRESSOR: 0.15, Kind.CONSTANT: 0.1},
    "disobey": _SIMPLE,
    "restart": {Kind.CONSTANT: 0.5, Kind.HEATING: 0.3, Kind.CHARGER: 0.2},
    "export": _SIMPLE,
    "notbehind": _SIMPLE,
    "third": _SIMPLE,
}
"""Which assets each scenario has."""
BEHIND: Final = {"export": -1.0, "notbehind": 0.0, "third": 0.33}
"""How much of the assets' power the line sees, where that is not all of it; with reverse flow it
carries more the less they draw."""
_DISOBEDIENT: Final = {"disobey": 0.22, "mixed": 0.08}


@dataclass(slots=True, kw_only=True)
class PlantAsset:
    """An asset; powers in W, durations in s."""

    kind: Kind
    rated: float
    rank: int
    interruptible: bool
    read_only: bool
    min_time_on: float | None
    max_time_off: float | None
    obedience: float
    """Share of its power that is off in a snooze."""
    power_factor: float
    temperature: float
    running: bool
    energy: float
    phase: float
    debt: float = 0.0
    power: float = 0.0

    def step(self, time: float, *, off: bool) -> None:
        """Take a step."""
        power = self._wanted(time, off=off)
        self.power = power * (1 - self.obedience) if off else power

    def _wanted(self, time: float, *, off: bool) -> float:
        match self.kind:
            case Kind.CONSTANT:
                return self.rated * (1 + 0.05 * sin(time / 900 + self.phase))
            case Kind.STEADY_HEATING | Kind.HEATING:
                power = self.rated * (1 + 0.08 * sin(time / 1300 + self.phase))
                return power + (self._catch_up(off=off) if self.kind is Kind.HEATING else 0.0)
            case Kind.COMPRESSOR:
                return self._compressor(off=off)
            case Kind.CHARGER:
                return self._charger(off=off)

    def _catch_up(self, *, off: bool) -> float:
        if off:
            self.debt = min(self.debt + self.rated * STEP, self.rated * _CATCH_UP)
            return 0.0
        extra = min(0.8 * self.rated, self.debt / 1200)
        self.debt -= extra * STEP
        return extra

    def _compressor(self, *, off: bool) -> float:
        if off:
            self.temperature += STEP / 1500
            return self.rated if self.running or self.temperature > 1 else 0.0
        if self.temperature > 1:
            self.running = True
        elif self.temperature < 0:
            self.running = False
        self.temperature += -STEP / 700 if self.running else STEP / 1000
        return self.rated if self.running else 0.0

    def _charger(self, *, off: bool) -> float:
        power = self.rated * min(1.0, self.energy / _FULL)
        if not off:
            self.energy = max(0.0, self.energy - STEP * power / self.rated)
        return power if power >= 0.02 * self.rated else 0.0


@dataclass(frozen=True, slots=True)
class Base:
    """The part of a line's load that is not controlled, VA: without and with the peak."""

    low: float
    peak: float


@dataclass(frozen=True, slots=True)
class Reading:
    """The highest of five one-minute readings, and the rating in force; A."""

    newest: float
    highest: float
    rating: float


class Plant:
    """The feeder: lines, assets, and what was so far."""

    def __init__(self, seed: int, scenario: str, bases: Sequence[Base] = ()) -> None:
        """Draw an evening.

        Args:
            seed: of all that is random.
            scenario: a key of `MIXES`.
            bases: the load of each line beside the assets; without any, the lines carry nothing
                else.
        """
        self.scenario = scenario
        random = Random(f"{seed}/{scenario}")
        self.assets = [_asset(random, scenario) for _ in range(ASSETS)]
        self.off_until = [0.0] * ASSETS
        self._noise = Random(f"{seed}/{scenario}/noise")
        self.now = START
        self.excess = random.uniform(0.02, 0.14)
        self.low = random.uniform(0.66, 0.86)
        self.begin = START + random.uniform(35, 60) * 60
        self.end = self.begin + random.uniform(60, 150) * 60
        random.random()
        self._walks = [0.0] * 3
        two = scenario == "two"
        self.behind = [range(16), range(8, ASSETS)] if two else [range(ASSETS)]
        self.share = BEHIND.get(scenario, 1.0)
        self.delays = (0.0, random.uniform(-20, 60) * 60)[: len(self.behind)]
        self._bases = bases
        self.currents: list[list[float]] = [[] for _ in self.behind]
        self.ratings: list[list[float]] = [[] for _ in self.behind]
        self.powers: list[list[float]] = []
        self.snoozed: list[list[bool]] = []

    @property
    def lines(self) -> range:
        """Return the numbers of the lines."""
        return range(len(self.behind))

    def run_until(self, time: float) -> None:
        """Take steps until a time."""
        while self.now < time - 1e-6:
            self._step()

    def index(self, time: float) -> int:
        """Return the number of the step at a time."""
        return max(0, min(len(self.powers) - 1, int((time - START) / STEP)))

    def above(self, step: int) -> bool:
        """Whether a line was above its rating in a step."""
        return any(self.currents[line][step] > self.ratings[line][step] for line in self.lines)

    def minutes_above(self, start: int = 0, end: int | None = None) -> float:
        """Return for how many minutes that was so between two steps."""
        steps = range(start, len(self.powers) if end is None else end)
        return sum(map(self.above, steps)) * STEP / 60

    def sliding(self, line: int, time: float, delay: float = 25.0) -> Reading | None:
        """Return the highest of the five newest one-minute readings that are known at a time."""
        minute = floor((time - delay - START - _READ_AT) / _MINUTE)
        return self._reading(line, START + _MINUTE * minute + _READ_AT)

    def clock_aligned(self, line: int, time: float, delay: float = 25.0) -> Reading | None:
        """Return the highest of five one-minute readings of the last full five minutes."""
        end = floor((time - delay - START) / 300) * 300 + START
        return self._reading(line, end - _MINUTE + _READ_AT)

    def _reading(self, line: int, newest: float) -> Reading | None:
        if newest - 4 * _MINUTE < START:
            return None
        steps = [self.index(newest - _MINUTE * back) for back in range(5)]
        noise = [
            Random(f"{line}/{step}/{self.scenario}").gauss(0, _READING_NOISE) for step in steps
        ]
        highest = max(
            self.currents[line][step] * (1 + error)
            for step, error in zip(steps, noise, strict=True)
        )
        return Reading(newest, highest, self.ratings[line][steps[0]])

    def _step(self) -> None:
        time = self.now
        off = [time < until for until in self.off_until]
        for asset, is_off in zip(self.assets, off, strict=True):
            asset.step(time, off=is_off)
        slow, fast = self._walk(0, 0.05, 3600), self._walk(1, 0.015, 600)
        other = 1 + self._walk(2, 0.012, 600) + 0.004 * self._noise.gauss(0, 1)
        for line in self.lines:
            flexible = self.share * sum(
                self.assets[asset].power / self.assets[asset].power_factor
                for asset in self.behind[line]
            )
            load = self._base(line, time) * other + flexible
            self.currents[line].append(abs(load) / VA_PER_A)
            self.ratings[line].append(RATING * (1 + slow + (-fast if line else fast)))
        self.powers.append([asset.power for asset in self.assets])
        self.snoozed.append(off)
        self.now = time + STEP

    def _base(self, line: int, time: float) -> float:
        if not self._bases:
            return 0.0
        base, moved = self._bases[line], time - self.delays[line]
        peak = _edge((moved - self.begin) / 240) * _edge((self.end - moved) / 240)
        return base.low + (base.peak - base.low) * peak

    def _walk(self, which: int, deviation: float, duration: float) -> float:
        """Take a step of a random walk that returns to zero."""
        before = self._walks[which]
        push = deviation * sqrt(2 * STEP / duration) * self._noise.gauss(0, 1)
        self._walks[which] = after = before + (-before * STEP / duration + push)
        return after


def _edge(place: float) -> float:
    return 1 / (1 + exp(-max(-60, min(60, place))))


def _asset(random: Random, scenario: str) -> PlantAsset:
    mix = MIXES[scenario]
    kind = random.choices(list(mix), list(mix.values()))[0]
    disobedient = random.random() < _DISOBEDIENT.get(scenario, 0.0)
    return PlantAsset(
        kind=kind,
        rated=random.choice([15e3, 30e3, 45e3, 60e3, 90e3]) * random.uniform(0.85, 1.15),
        rank=random.randrange(3),
        interruptible=random.random() < 0.85,
        read_only=random.random() < 0.06,
        min_time_on=random.choice([None, 300.0, 600.0, 1200.0]),
        max_time_off=random.choice([None, 1800.0, 3600.0, 7200.0, 14400.0]),
        obedience=random.choice([0.0, 0.4]) if disobedient else 1.0,
        power_factor=random.choice([0.9, 0.95, 1.0]),
        temperature=random.uniform(0, 1),
        running=random.random() < 0.5,
        energy=random.uniform(1.5, 5) * 3600,
        phase=random.uniform(0, 6.28),
    )


def make(seed: int, scenario: str) -> tuple[Plant, Plant]:
    """Return a plant whose peak exceeds the rating, and its twin after an evening of no control."""
    probe = Plant(seed, scenario)
    probe.run_until(END)
    bases = list[Base]()
    for line in probe.lines:
        currents = probe.currents[line]
        flexible = sum(currents) / len(currents) * VA_PER_A * (1 if probe.share >= 0 else -1)
        rating = RATING * VA_PER_A
        bases.append(Base(probe.low * rating - flexible, (1 + probe.excess) * rating - flexible))
    twin = Plant(seed, scenario, bases)
    twin.run_until(END)
    return Plant(seed, scenario, bases), twin
