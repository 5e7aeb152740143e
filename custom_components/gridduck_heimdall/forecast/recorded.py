"""Read the recorded means of loads from long-term statistics."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, Literal

from homeassistant.components.recorder.statistics import (
    StatisticsRow,
    statistics_during_period,
)
from homeassistant.const import UnitOfEnergy
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_conversion import EnergyConverter

from ..core.measured_load import UNIT_CLASSES, MeasuredLoad
from .expected import HOURS_BEHIND
from .local_hours import SECONDS

type Means = Mapping[int, float]
"""Mean loads by hour since 1970 (UTC)."""

_ENOUGH: Final = HOURS_BEHIND // 2
"""Hours of a sensor from which on statistics of energy are not read as well."""


def recorded_means(hass: HomeAssistant, loads: Sequence[MeasuredLoad], now: int) -> list[Means]:
    """Return the mean loads of the last weeks; runs in the recorder's executor.

    Args:
        hass: Home Assistant.
        loads: of the same unit.
        now: the current hour, which is not complete.
    """
    sensors = {load.entity_id for load in loads if load.entity_id is not None}
    unit = loads[0].unit
    rows = _rows(hass, sensors, now - HOURS_BEHIND, now, {UNIT_CLASSES[unit]: unit}, "mean")
    means: list[Means] = [dict(_means(rows.get(load.entity_id or "", ()))) for load in loads]
    new = [place for place, found in enumerate(means) if len(found) < _ENOUGH]
    ids = {one for place in new for one in loads[place].energy}
    # One more hour: an amount is the difference of two sums.
    units = {EnergyConverter.UNIT_CLASS: str(UnitOfEnergy.KILO_WATT_HOUR)}
    energy = _rows(hass, ids, now - HOURS_BEHIND - 1, now, units, "sum") if ids else {}
    for place in new:
        parts = [energy.get(one, ()) for one in loads[place].energy]
        means[place] = {**_sums(parts), **means[place]}
    return means


def _rows(
    hass: HomeAssistant,
    statistic_ids: set[str],
    first: int,
    end: int,
    units: dict[str, str],
    column: Literal["mean", "sum"],
) -> Mapping[str, Sequence[StatisticsRow]]:
    if not statistic_ids:
        return {}
    return statistics_during_period(
        hass,
        dt_util.utc_from_timestamp(first * SECONDS),
        dt_util.utc_from_timestamp(end * SECONDS),
        statistic_ids,
        "hour",
        units,
        {column},
    )


def _means(rows: Iterable[StatisticsRow]) -> Iterator[tuple[int, float]]:
    for row in rows:
        if (mean := row.get("mean")) is not None:
            yield _hour(row), mean


def _sums(parts: Sequence[Iterable[StatisticsRow]]) -> Means:
    """Return the mean power of hours in which the energy of all parts is known, kW."""
    amounts, known = dict[int, float](), Counter[int]()
    for rows in parts:
        for before, row in pairwise(rows):
            earlier, later, hour = before.get("sum"), row.get("sum"), _hour(row)
            if earlier is not None and later is not None and hour == _hour(before) + 1:
                amounts[hour] = amounts.get(hour, 0.0) + later - earlier
                known[hour] += 1
    return {hour: amount for hour, amount in amounts.items() if known[hour] == len(parts)}


def _hour(row: StatisticsRow) -> int:
    return int(row["start"] // SECONDS)
