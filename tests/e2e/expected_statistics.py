"""What the recorder is to hold of a line and of a meter, by the clouds' own values."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import isclose
from typing import Final

from devtools.cloud_client import CloudClient
from devtools.demo.energy import ENERGY, roots, statistic_of
from devtools.demo.history import DAYS
from devtools.hass import Hass
from devtools.inventory import Inventory
from devtools.recorder import Row, recorded, statistics

HOUR: Final = 3600
# An hour is imported so long after its end.
SETTLED: Final = timedelta(minutes=10)
KWH: Final = 1e-6


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What a statistic is to hold.

    Attributes:
        statistic_id: its id.
        hours: the hours since 1970 of which the cloud has something.
        amounts: by hour, how much its sum is to grow; None for a mean.
        least_hours: how many rows it has at least: a day may be missing at the beginning.
    """

    statistic_id: str
    hours: Collection[int]
    amounts: Mapping[int, float] | None = None
    least_hours: int = (DAYS - 1) * 24

    def missing(self, rows: Sequence[Row], start: datetime) -> list[int]:
        """Return the hours that the cloud has and the rows have not, after the first row."""
        end = int((start - SETTLED).timestamp()) // HOUR
        held = {row.hour for row in rows}
        return sorted(set(range(rows[0].hour, end)) & set(self.hours) - held)

    def wrong(self, rows: Sequence[Row]) -> list[int]:
        """Return the hours in which a mean is no mean, or a sum does not grow as it should."""
        if self.amounts is None:
            return [row.hour for row in rows if not _is_mean(row)]
        return [
            row.hour
            for before, row in pairwise(rows)
            if not _grows(before.sum, row.sum, self.amounts.get(row.hour, 0.0))
        ]


def _is_mean(row: Row) -> bool:
    if row.mean is None or row.min is None or row.max is None:
        return False
    # A mean is a quotient: where all values are the same it may differ in the last digit.
    tiny = 1e-9 * max(abs(row.min), abs(row.max))
    return row.min - tiny <= row.mean <= row.max + tiny


def _grows(before: float | None, after: float | None, amount: float) -> bool:
    if before is None or after is None:
        return False
    return after >= before and isclose(after - before, amount, abs_tol=KWH)


async def of_a_line(
    cloud: CloudClient, inventory: Inventory, key: str, start: datetime
) -> Expected:
    """Return what is expected of the line that has the most entities."""
    line = max(inventory.devices_of("line"), key=lambda each: len(inventory.entities_of(each)))
    entity = inventory.of_key(line, key)
    assert entity is not None
    # The longest that one call may ask for.
    span = earliest(start), earliest(start) + timedelta(days=DAYS)
    currents = await cloud.current_hours(line.own_id, *span)
    dlrs = await cloud.dlr_hours(line.own_id, *span)
    hours = {"current": currents, "dlr": dlrs, "loading": currents & dlrs}
    return Expected(statistic_id=entity.entity_id, hours=hours[key])


async def of_a_meter(
    home: Hass, cloud: CloudClient, inventory: Inventory, start: datetime
) -> Expected:
    """Return what is expected of the energy of the first meter of a site."""
    meter = roots(inventory)[0]
    statistic_id = statistic_of(meter, ENERGY, await statistics(home))
    assert statistic_id is not None
    amounts = await cloud.energy(meter.own_id, earliest(start), datetime.now(UTC))
    return Expected(statistic_id=statistic_id, hours=amounts.keys(), amounts=amounts)


async def rows_of(home: Hass, expected: Expected, start: datetime) -> Sequence[Row]:
    found = await recorded(home, [expected.statistic_id], earliest(start))
    return found.get(expected.statistic_id, [])


def earliest(start: datetime) -> datetime:
    """Return the hour that the import goes back to."""
    return start.replace(minute=0, second=0, microsecond=0) - timedelta(days=DAYS)
