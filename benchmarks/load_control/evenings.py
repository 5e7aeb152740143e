"""Evenings in which the control law of load limits drives the plant, with a moved clock."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from random import Random
from typing import Final

from custom_components.gridduck_heimdall.load_limits.control_law.estimate import Estimator
from custom_components.gridduck_heimdall.load_limits.control_law.fleet import Fleet
from custom_components.gridduck_heimdall.load_limits.control_law.ledger import Ledger
from custom_components.gridduck_heimdall.load_limits.control_law.models import (
    Action,
    AssetState,
    Candidate,
    Decision,
    LoadLimit,
    LoadMeasurement,
    Refusal,
    Request,
    Thresholds,
)
from custom_components.gridduck_heimdall.load_limits.control_law.observe import observe
from custom_components.gridduck_heimdall.load_limits.control_law.reconcile import decide
from custom_components.gridduck_heimdall.load_limits.control_law.situation import Snapshot
from custom_components.gridduck_heimdall.load_limits.control_law.tuning import DEFAULT, Tuning

from .metrics import Commands, Figures, figures
from .plant import END, START, STEP, VA_PER_A, Plant, PlantAsset, Reading, make

_MINUTE: Final = 60
_POLL: Final = 300
_RESTART: Final = 150.0


class Current(StrEnum):
    """What a line's current shows, and how often it is polled."""

    SLIDING = "sliding"
    """The highest of the five newest readings, every minute near the limit."""
    CLOCK_ALIGNED = "clock_aligned"
    """The highest of the last full five minutes, every minute near the limit."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How evenings are run.

    Attributes:
        current: what a line's current shows.
        tuning: constants of the law.
        thresholds: of the load limits.
        near: share of the limit above which the current is polled every minute.
        lease: how long a snooze lasts unless it is renewed, s.
    """

    current: Current = Current.SLIDING
    tuning: Tuning = DEFAULT
    thresholds: Thresholds = field(default_factory=Thresholds)
    near: float = 0.85
    lease: float = 6000.0


@dataclass(frozen=True, slots=True)
class Faults:
    """When the clouds are out of reach, and when Home Assistant restarts."""

    assets_away: tuple[float, float] = (0.0, 0.0)
    line_away: tuple[float, float] = (0.0, 0.0)
    restarts: list[float] = field(default_factory=list)
    poll_at: list[int] = field(default_factory=list)


def evening(seed: int, scenario: str, settings: Settings) -> Figures:
    """Return the figures of an evening under control of the law."""
    plant, twin = deepcopy(_made(seed, scenario))
    run = _Evening(plant, _faults(plant, seed), settings)
    run.run()
    return figures(plant, twin, run.commands())


@cache
def _made(seed: int, scenario: str) -> tuple[Plant, Plant]:
    return make(seed, scenario)


def _faults(plant: Plant, seed: int) -> Faults:
    random = Random(f"{seed}{plant.scenario}faults")
    assets_away = line_away = (0.0, 0.0)
    restarts = list[float]()
    if plant.scenario in {"outage", "mixed"}:
        start = plant.begin + random.uniform(5, 30) * 60
        assets_away = (start, start + random.uniform(8, 25) * 60)
        start = plant.begin + random.uniform(0, 50) * 60
        line_away = (start, start + random.uniform(15, 75) * 60)
    if plant.scenario in {"restart", "mixed"}:
        restarts = [plant.begin + random.uniform(10, 60) * 60 for _ in range(2)]
    poll_at = [random.randrange(_POLL) // 10 * 10 for _ in plant.lines]
    return Faults(assets_away, line_away, restarts, poll_at)


class _Evening:
    """One evening: polls, decisions, commands."""

    def __init__(self, plant: Plant, faults: Faults, settings: Settings) -> None:
        self._plant, self._faults, self._settings = plant, faults, settings
        self._requests = {str(line): _request(plant, line, settings) for line in plant.lines}
        self._ledger = Ledger()
        self._sent = self._out_of_order = self._alarms = self._polls = 0
        self._returns = set[tuple[int, int]]()
        self._detected: float | None = None
        self._last: dict[int, Reading] = {}
        self._restart()

    def _restart(self) -> None:
        """Begin with nothing but the ledger."""
        self._fleet = Fleet(self._requests.values())
        self._estimators = {one: Estimator(self._settings.tuning) for one in self._requests}

    def run(self) -> None:
        """Let the evening pass."""
        now, down_until = START, 0.0
        while now < END - STEP:
            now += STEP
            self._plant.run_until(now)
            if self._faults.restarts and now >= self._faults.restarts[0]:
                self._faults.restarts.pop(0)
                down_until = now + _RESTART
            if now < down_until:
                continue
            if down_until:
                down_until = 0.0
                self._restart()
            measured = [line for line in self._plant.lines if self._poll_line(line, now)]
            shown = round(now - START) % _MINUTE == 0 and self._poll_assets(now)
            if shown:
                self._act(now, None)
            elif measured:
                self._act(now, [str(line) for line in measured])

    def commands(self) -> Commands:
        """Return what was sent."""
        return Commands(
            sent=self._sent,
            returns=frozenset(self._returns),
            out_of_order=self._out_of_order,
            detected=self._detected,
            alarms=self._alarms,
            polls=self._polls,
        )

    def _poll_line(self, line: int, now: float) -> bool:
        start, end = self._faults.line_away
        phase = round(now - START) - self._faults.poll_at[line]
        often = self._near(line) and phase % _MINUTE == 0
        if start < now < end or not (often or phase % _POLL == 0):
            return False
        self._polls += 1
        sliding = self._settings.current is Current.SLIDING
        look = self._plant.sliding if sliding else self._plant.clock_aligned
        if (reading := look(line, now)) is None:
            return False
        self._last[line] = reading
        if reading.highest > reading.rating and self._detected is None:
            self._detected = now
        return self._estimators[str(line)].measure(
            LoadMeasurement(
                time=reading.newest,
                value=reading.highest * VA_PER_A,
                limit=reading.rating * VA_PER_A,
                readings=5,
            )
        )

    def _near(self, line: int) -> bool:
        """Whether a line is near its limit, or something behind it is curtailed."""
        reading = self._last.get(line)
        near = reading is not None and reading.highest > self._settings.near * reading.rating
        return near or any(int(key) in self._plant.behind[line] for key in self._ledger.curtailed)

    def _away(self, now: float) -> bool:
        start, end = self._faults.assets_away
        return start < now < end

    def _poll_assets(self, now: float) -> bool:
        if self._away(now):
            return False
        for number, asset in enumerate(self._plant.assets):
            self._fleet.show(_state(number, asset, self._plant.off_until[number], now))
        list(observe(self._ledger, self._fleet.states, now, self._settings.tuning))
        self._note(now)
        return True

    def _note(self, now: float) -> None:
        for one, estimator in self._estimators.items():
            estimator.note(now, self._fleet.drawn[one])

    def _act(self, now: float, due: Iterable[str] | None) -> None:
        estimates = {
            one: estimate
            for one, estimator in self._estimators.items()
            if (estimate := estimator.estimate()) is not None
        }
        snapshot = Snapshot(
            requests=self._requests,
            estimates=estimates,
            ledger=self._ledger,
            fleet=self._fleet,
            now=now,
            tuning=self._settings.tuning,
        )
        outcome = decide(snapshot, due)
        self._alarms += len(outcome.blocked)
        self._ledger.blocked |= outcome.blocked
        if not outcome.decisions or self._away(now):
            return
        self._out_of_order += self._out_of_order_of(outcome.decisions, now)
        self._note(now)
        for decision in outcome.decisions:
            self._send(decision, now)
        self._note(now + 1)

    def _send(self, decision: Decision, now: float) -> None:
        asset = int(decision.key)
        self._sent += 1
        self._ledger.apply(decision)
        if decision.action is Action.RETURN:
            self._returns.add((self._plant.index(now), asset))
            self._plant.off_until[asset] = 0.0
            self._expect(decision.key, decision.power, None)
        else:
            self._plant.off_until[asset] = decision.until or 0.0
            if decision.action is Action.CURTAIL:
                self._expect(decision.key, 0.0, decision.until)

    def _expect(self, key: str, power: float, off_until: float | None) -> None:
        """Expect what a command does to an asset, until the next poll shows it."""
        if (state := self._fleet.states.get(key)) is not None:
            self._fleet.show(replace(state, power=power, off_until=off_until))

    def _out_of_order_of(self, decisions: Iterable[Decision], now: float) -> int:
        """Return how many are curtailed while one of an earlier rank could be."""
        new = {int(one.key): one for one in decisions if one.action is Action.CURTAIL}
        able = [number for number in range(len(self._plant.assets)) if self._able(number, now)]
        return sum(
            any(
                other not in new
                and other in self._plant.behind[int(decision.request)]
                and self._plant.assets[other].rank < self._plant.assets[number].rank
                for other in able
            )
            for number, decision in new.items()
        )

    def _able(self, number: int, now: float) -> bool:
        """Whether an asset could be curtailed."""
        asset, returned = self._plant.assets[number], self._ledger.returned.get(str(number))
        if not asset.interruptible or asset.read_only or self._plant.off_until[number] > now:
            return False
        state = self._fleet.states.get(str(number))
        if state is None or not state.power:
            return False
        least = max(asset.min_time_on or 0.0, 1800.0)
        return returned is None or (not returned.no_effect and now - returned.at >= least)


def _request(plant: Plant, line: int, settings: Settings) -> Request:
    return Request(
        id=str(line),
        candidates={
            str(number): Candidate(key=str(number), rank=plant.assets[number].rank)
            for number in plant.behind[line]
        },
        limit=LoadLimit(source=str(line), thresholds=settings.thresholds),
        lease=settings.lease,
    )


def _state(number: int, asset: PlantAsset, off_until: float, now: float) -> AssetState:
    return AssetState(
        key=str(number),
        seen=now,
        power=asset.power,
        interruptible=asset.interruptible,
        off_until=off_until if off_until > now else None,
        min_time_on=asset.min_time_on,
        max_time_off=asset.max_time_off,
        refusal=Refusal.READ_ONLY if asset.read_only else None,
    )
