"""Expecting the loads of many lines and sites, and joining those of lines with ratings."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final
from unittest.mock import AsyncMock, patch

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.db_schema import Statistics, StatisticsMeta
from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import session_scope
from homeassistant.util import dt as dt_util
from sqlalchemy import insert, select

from benchmarks.contenders.home import account
from benchmarks.framework import Figure, Figures, Given, Work
from custom_components.gridduck_heimdall.core.measured_load import MeasuredLoad
from custom_components.gridduck_heimdall.core.slices import in_slices
from custom_components.gridduck_heimdall.forecast.expected import HOURS_BEHIND
from custom_components.gridduck_heimdall.forecast.rows import UNITS
from custom_components.gridduck_heimdall.forecast.runtime import LOAD_FORECASTS
from custom_components.gridduck_heimdall.history.importer import Importer

from .core import add_recorder, core, open_account, prepare, settle

_UNIT_CLASSES: Final = {unit: name for name, unit in UNITS.items()}
LOADS: Final = Figure(key="loads", title="Loads", unit="", digits=0)
"""Lines and sites whose load is expected."""


@asynccontextmanager
async def ours(given: Given) -> AsyncIterator[Work]:
    """Let the integration expect all loads from four weeks of statistics, as it does each hour."""
    async with core(given.directory) as hass:
        await add_recorder(hass, given.directory)
        await prepare(hass)
        loads = list[MeasuredLoad]()
        with patch.object(Importer, "async_start", AsyncMock()):
            for service in ("gridduck", "heimdall"):
                entry = account(service, given.clouds[service])
                await open_account(hass, entry)
                hass.config_entries.async_update_entry(entry, pref_disable_polling=True)
                loads += entry.runtime_data.measured_loads()
        await settle(hass)
        await get_instance(hass).async_add_executor_job(_record, hass, loads)

        async def run() -> Figures:
            forecasts = hass.data[LOAD_FORECASTS]
            await forecasts.async_refresh()
            await hass.async_block_till_done()
            # In slices: counting is no part of what is measured.
            expected = await in_slices(forecasts.expected_load(load.device_id) for load in loads)
            return {LOADS.key: sum(one is not None for one in expected)}

        yield Work(run=run)


def _record(hass: HomeAssistant, loads: list[MeasuredLoad]) -> None:
    """Write four weeks of hours of each load, as the recorder has them."""
    now = dt_util.utcnow().replace(minute=0, second=0, microsecond=0)
    starts = [(now - timedelta(hours=count)).timestamp() for count in range(HOURS_BEHIND, 0, -1)]
    with session_scope(hass=hass) as session:
        known = set(session.execute(select(StatisticsMeta.statistic_id)).scalars())
        session.execute(
            insert(StatisticsMeta),
            [_metadata(load) for load in loads if load.entity_id not in known],
        )
        ids = {
            statistic_id: number
            for number, statistic_id in session.execute(
                select(StatisticsMeta.id, StatisticsMeta.statistic_id)
            )
        }
        for load in loads:
            session.execute(insert(Statistics), list(_rows(ids[load.entity_id], starts)))
    get_instance(hass).statistics_meta_manager.reset()


def _metadata(load: MeasuredLoad) -> dict[str, Any]:
    return {
        "statistic_id": load.entity_id,
        "source": "recorder",
        "unit_of_measurement": load.unit,
        "unit_class": _UNIT_CLASSES[load.unit],
        "has_mean": True,
        "mean_type": StatisticMeanType.ARITHMETIC,
        "has_sum": False,
    }


def _rows(metadata_id: int, starts: list[float]) -> Iterator[dict[str, Any]]:
    for place, start in enumerate(starts):
        value = 100.0 + place % 24 + place % 7
        yield {
            "metadata_id": metadata_id,
            "created_ts": start,
            "start_ts": start,
            "mean": value,
            "min": value,
            "max": value,
        }
