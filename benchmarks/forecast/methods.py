"""Ways to expect the load of an hour."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from custom_components.gridduck_heimdall.core.expected_load import ExpectedHour
from custom_components.gridduck_heimdall.forecast.expected import HOURS_BEHIND, LoadModel
from custom_components.gridduck_heimdall.forecast.local_hours import local_hours

from .world import FIRST, SimulatedLine

_DAY: Final = 24
_CALENDAR: Final = local_hours(FIRST, FIRST + 100 * _DAY, UTC)

type Expected = Mapping[int, ExpectedHour]
"""By hour."""


@dataclass(frozen=True, slots=True)
class Method:
    """A way to expect loads.

    Attributes:
        title: its name in tables.
        expect: returns what is expected of hours, from the loads before one of them.
    """

    title: str
    expect: Callable[[SimulatedLine, int, range], Expected]


def _only(hour: int, load: float) -> ExpectedHour:
    start = datetime.fromtimestamp((FIRST + hour) * 3600, UTC)
    return ExpectedHour(start=start, centre=load, low=load, high=load)


def _perfect(line: SimulatedLine, _issued: int, hours: range) -> Expected:
    return {hour: _only(hour, line.load[hour]) for hour in hours}


def _newest(line: SimulatedLine, issued: int, hours: range) -> Expected:
    def known(hour: int) -> int:
        return hour - _DAY * -(-(hour - issued + 1) // _DAY)

    return {hour: _only(hour, line.load[known(hour)]) for hour in hours}


def _kind(day: int) -> int:
    return max(day % 7, 4)


def _mean(line: SimulatedLine, today: int, hour: int) -> float:
    day, of_day = divmod(hour, _DAY)
    alike = [
        line.load[_DAY * past + of_day]
        for past in range(today - 14, today)
        if _kind(past) == _kind(day)
    ]
    return sum(alike) / len(alike)


def _means(line: SimulatedLine, issued: int, hours: range) -> Expected:
    return {hour: _only(hour, _mean(line, issued // _DAY, hour)) for hour in hours}


def _scaled(line: SimulatedLine, issued: int, hours: range) -> Expected:
    today = issued // _DAY
    morning = range(_DAY * today, issued)
    usual = sum(_mean(line, today, hour) for hour in morning)
    level = sum(line.load[hour] for hour in morning) / usual - 1
    return {hour: _only(hour, _mean(line, today, hour) * (1 + 0.5 * level)) for hour in hours}


def _ours(line: SimulatedLine, issued: int, hours: range) -> Expected:
    past = line.load[issued - HOURS_BEHIND : issued]
    found = LoadModel(_CALENDAR, FIRST + issued, hours.stop - issued).expect(past)
    return {hour: found[hour - issued] for hour in hours}


PERFECT: Final = Method("perfect knowledge of the load", _perfect)
NEWEST: Final = Method("newest known same hour", _newest)
OURS: Final = Method("**ours**", _ours)
METHODS: Final = (
    PERFECT,
    NEWEST,
    Method("mean of alike days, 14 days", _means),
    Method("the same, scaled by half of what this morning was", _scaled),
    OURS,
)
