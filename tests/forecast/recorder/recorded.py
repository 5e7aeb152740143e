"""Write hourly statistics into a real recorder, as the tests need them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

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

from custom_components.gridduck_heimdall.const import DOMAIN
from tests.forecast.history import async_recorded

SECONDS = 3600


class Kind(NamedTuple):
    """How a statistic is recorded."""

    unit: str
    unit_class: str | None
    summed: bool = False


AMPERES = Kind("A", "electric_current")
PERCENT = Kind("%", "unitless")
ENERGY = Kind("kWh", "energy", summed=True)


def hour_of(text: str) -> int:
    """Return the number of an hour since 1970, from a time in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) // SECONDS


async def record(
    hass: HomeAssistant, statistic_id: str, kind: Kind, values: Mapping[int, float]
) -> None:
    """Write values by hour: means, or amounts of which the sum runs on over gaps."""
    external = statistic_id.startswith(DOMAIN)
    metadata = StatisticMetaData(
        mean_type=StatisticMeanType.NONE if kind.summed else StatisticMeanType.ARITHMETIC,
        has_sum=kind.summed,
        name=statistic_id if external else None,
        source=DOMAIN if external else "recorder",
        statistic_id=statistic_id,
        unit_class=kind.unit_class,
        unit_of_measurement=kind.unit,
    )
    rows, total = list[StatisticData](), 0.0
    for hour, value in sorted(values.items()):
        start = datetime.fromtimestamp(hour * SECONDS, UTC)
        total += value
        if kind.summed:
            rows.append(StatisticData(start=start, state=value if external else total, sum=total))
        else:
            rows.append(StatisticData(start=start, mean=value, min=value - 2, max=value + 3))
    write = async_add_external_statistics if external else async_import_statistics
    write(hass, metadata, rows)
    await async_recorded(hass)
