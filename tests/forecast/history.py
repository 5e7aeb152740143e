"""Recorded hours of a load, as the tests of what looks ahead need them."""

from collections.abc import Callable
from datetime import datetime, timedelta
import math

from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    async_add_external_statistics,
    async_import_statistics,
)
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from custom_components.gridduck_heimdall.history.statistics import Statistics
from simulator.faults import Fault
from simulator.server import Simulator
from tests.heimdall.history_support import REQUESTED, failing

HOUR = timedelta(hours=1)


def evening_peak(base: float, peak: float, at: float = 19.0) -> Callable[[datetime], float]:
    """Return a load that is highest at a local hour of each day."""

    def load(moment: datetime) -> float:
        local = dt_util.as_local(moment)
        return base + (peak - base) * math.exp(-(((local.hour - at) / 2) ** 2))

    return load


def no_history(simulator: Simulator) -> None:
    """Let both services refuse requests for history, so that nothing is imported."""
    simulator.faults.add(failing(REQUESTED, 404))
    simulator.faults.add(
        Fault(service="gridduck", path="/telemetry/", kind="status", status=404, count=None)
    )


async def record(
    hass: HomeAssistant,
    statistic_id: str,
    unit: str,
    load: Callable[[datetime], float],
    *,
    days: float = 28,
    unit_class: str,
) -> None:
    """Record the hourly means of a load up to the current hour."""
    now = dt_util.utcnow().replace(minute=0, second=0, microsecond=0)
    hours = [now - count * HOUR for count in range(round(24 * days), 0, -1)]
    rows = [
        StatisticData(start=start, mean=load(start), min=load(start), max=load(start))
        for start in hours
    ]
    async_import_statistics(hass, _metadata(statistic_id, unit, unit_class, mean=True), rows)
    await async_recorded(hass)


async def record_energy(
    hass: HomeAssistant, statistic_id: str, load: Callable[[datetime], float], days: float = 28
) -> None:
    """Record the hourly energy of a load (kW) up to the current hour, in Wh."""
    now = dt_util.utcnow().replace(minute=0, second=0, microsecond=0)
    total, rows = 0.0, list[StatisticData]()
    for count in range(round(24 * days), 0, -1):
        total += 1000 * load(now - count * HOUR)
        rows.append(StatisticData(start=now - count * HOUR, state=total, sum=total))
    async_add_external_statistics(hass, _metadata(statistic_id, "Wh", "energy", mean=False), rows)
    await async_recorded(hass)


async def async_recorded(hass: HomeAssistant) -> None:
    """Wait until the recorder has written what it was given.

    Its own `async_block_till_done` does not wait for the last task once that has begun.
    """
    await hass.async_block_till_done()
    await Statistics(hass).async_wait_written()


def _metadata(statistic_id: str, unit: str, unit_class: str, *, mean: bool) -> StatisticMetaData:
    source, separator, _ = statistic_id.partition(":")
    return StatisticMetaData(
        mean_type=StatisticMeanType.ARITHMETIC if mean else StatisticMeanType.NONE,
        has_sum=not mean,
        name=None,
        source=source if separator else "recorder",
        statistic_id=statistic_id,
        unit_class=unit_class,
        unit_of_measurement=unit,
    )
