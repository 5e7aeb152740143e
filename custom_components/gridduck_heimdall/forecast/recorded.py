"""Read the recorded means of loads from long-term statistics."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from homeassistant.components.recorder.statistics import StatisticsRow
from homeassistant.core import HomeAssistant

from ..core.measured_load import MeasuredLoad
from .expected import HOURS_BEHIND
from .rows import Hourly, HourRange, hour_of_row, read_rows, values_of

_ENOUGH: Final = HOURS_BEHIND // 2
"""Hours of a sensor from which on statistics of energy are not read as well."""


def recorded_means(hass: HomeAssistant, loads: Sequence[MeasuredLoad], now: int) -> list[Hourly]:
    """Return the mean loads of the last weeks, A or kW; runs in the recorder's executor.

    Args:
        hass: Home Assistant.
        loads: where they are recorded.
        now: the current hour, which is not complete.
    """
    sensors = {load.entity_id for load in loads if load.entity_id is not None}
    rows = read_rows(hass, sensors, HourRange(now - HOURS_BEHIND, now), ("mean",))
    means = [values_of(rows.get(load.entity_id or "", ()), "mean") for load in loads]
    new = [place for place, found in enumerate(means) if len(found) < _ENOUGH]
    ids = {one for place in new for one in loads[place].energy}
    # One more hour: an amount is the difference of two sums.
    energy = read_rows(hass, ids, HourRange(now - HOURS_BEHIND - 1, now), ("sum",))
    for place in new:
        parts = [energy.get(one, ()) for one in loads[place].energy]
        means[place] = {**_sums(parts), **means[place]}
    return [*means]


def _sums(parts: Sequence[Iterable[StatisticsRow]]) -> Hourly:
    """Return the mean power of hours in which the energy of all parts is known, kW."""
    amounts, known = dict[int, float](), Counter[int]()
    for rows in parts:
        for before, row in pairwise(rows):
            earlier, later, hour = before.get("sum"), row.get("sum"), hour_of_row(row)
            if earlier is not None and later is not None and hour == hour_of_row(before) + 1:
                amounts[hour] = amounts.get(hour, 0.0) + later - earlier
                known[hour] += 1
    return {hour: amount for hour, amount in amounts.items() if known[hour] == len(parts)}
