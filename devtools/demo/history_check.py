"""Whether the history that came in is what the clouds have."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import isclose
from typing import Final

from ..cloud_client import CloudClient
from ..hass import Hass
from ..inventory import Device, Inventory, take_inventory
from ..recorder import Row, hourly, statistics
from ..settings import LaunchError
from .energy import ENERGY, energy_faults, roots, statistic_of
from .history import DAYS, imports, wait_until_in
from .report import table

_HOUR: Final = 3600
_HOURS_AT_LEAST: Final = (DAYS - 1) * 24
# An hour is imported so long after its end.
_SETTLED: Final = timedelta(minutes=10)
_KWH: Final = 1e-6

# What a line's statistics are made of: the ends of the paths that are asked.
_CURRENTS: Final = "lines/{line}/currents"
_DLRS: Final = "lines/{line}/heimdall_dlrs"
_AARS: Final = "lines/{line}/heimdall_aars"
_CIRCUIT_RATINGS: Final = "facilities/{facility}/circuit_ratings"
_LINE: Final = {
    "current": (_CURRENTS,),
    "dlr": (_DLRS,),
    "loading": (_CURRENTS, _DLRS, _AARS, _CIRCUIT_RATINGS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a statistic is to hold.

    Attributes:
        name: what the table calls it.
        statistic_id: its id.
        paths: the ends of the paths that it is read from.
        hours: the hours since 1970 of which the cloud has something.
        amounts: by hour, how much its sum is to grow; none where it is a mean.
    """

    name: str
    statistic_id: str
    paths: Sequence[str]
    hours: Iterable[int]
    amounts: Mapping[int, float] | None = None


async def check_history(
    hass: Hass, cloud: CloudClient, start: datetime, limit: timedelta
) -> list[str]:
    """Wait until the history is in, and compare it with the clouds; return what is wrong.

    Args:
        hass: Home Assistant.
        cloud: the clouds.
        start: when Home Assistant was first started.
        limit: how long after that the history may take.
    """
    left = start + limit - datetime.now(UTC)
    try:
        async with asyncio.timeout(left.total_seconds()):
            await wait_until_in(hass)
    except TimeoutError:
        return [f"The history is not in after {limit.total_seconds():.0f} s: {await _told(hass)}"]
    except LaunchError as error:
        return [str(error)]
    print(f"The history is in after {(datetime.now(UTC) - start).total_seconds():.0f} s")
    calls = await cloud.calls()
    inventory = await take_inventory(hass)
    every = [
        *await _of_a_line(cloud, inventory, start),
        await _of_a_meter(hass, cloud, inventory, start),
    ]
    found = await hourly(hass, [each.statistic_id for each in every], _earliest(start))
    print(f"\n{_table(every, found, calls)}\n")
    end = int((start - _SETTLED).timestamp()) // _HOUR
    faults = [
        fault for each in every for fault in judge(each, found.get(each.statistic_id, []), end)
    ]
    return faults + await energy_faults(hass)


def judge(expected: Expected, rows: Sequence[Row], end: int) -> list[str]:
    """Return what is wrong with the rows of a statistic.

    Args:
        expected: what the rows are to be.
        rows: the rows, oldest first.
        end: the hour since 1970 before which they are to be complete.
    """
    if len(rows) < _HOURS_AT_LEAST:
        return [f"{expected.name} has {len(rows)} hours, not {_HOURS_AT_LEAST} or more"]
    faults = []
    holes = set(range(rows[0].hour, end)) & set(expected.hours) - {row.hour for row in rows}
    if holes:
        faults.append(f"{expected.name} lacks {len(holes)} hours, the first at {_time(min(holes))}")
    wrong = (
        [row.hour for row in rows if not _is_mean(row)]
        if expected.amounts is None
        else [*_wrong_amounts(rows, expected.amounts)]
    )
    if wrong:
        faults.append(f"{expected.name} is wrong in {len(wrong)} hours, first at {_time(wrong[0])}")
    return faults


def _is_mean(row: Row) -> bool:
    if row.mean is None or row.min is None or row.max is None:
        return False
    # A mean is a quotient: where all values are the same it may differ in the last digit.
    tiny = 1e-9 * max(abs(row.min), abs(row.max))
    return row.min - tiny <= row.mean <= row.max + tiny


def _wrong_amounts(rows: Sequence[Row], amounts: Mapping[int, float]) -> Iterable[int]:
    """Yield the hours in which a sum falls, or does not grow by what the cloud has."""
    for before, row in pairwise(rows):
        grown = None if before.sum is None or row.sum is None else row.sum - before.sum
        told = amounts.get(row.hour, 0.0)
        if grown is None or grown < 0 or not isclose(grown, told, abs_tol=_KWH):
            yield row.hour


async def _of_a_line(cloud: CloudClient, inventory: Inventory, start: datetime) -> list[Expected]:
    """Return what is expected of the line that has the most to show."""
    line = max(inventory.devices_of("line"), key=lambda each: len(inventory.entities_of(each)))
    facility = inventory.above(line)
    names = {"line": line.own_id, "facility": "" if facility is None else facility.own_id}
    # The longest that one call may ask for.
    span = _earliest(start), _earliest(start) + timedelta(days=DAYS)
    currents = await cloud.current_hours(line.own_id, *span)
    dlrs = await cloud.dlr_hours(line.own_id, *span)
    hours = {"current": currents, "dlr": dlrs, "loading": currents & dlrs}
    return [
        Expected(
            name=f"{_name(line)} {key}",
            statistic_id=_entity_id(inventory, line, key),
            paths=[path.format_map(names) for path in paths],
            hours=hours[key],
        )
        for key, paths in _LINE.items()
    ]


async def _of_a_meter(
    hass: Hass, cloud: CloudClient, inventory: Inventory, start: datetime
) -> Expected:
    """Return what is expected of the energy of the first site meter."""
    meter = roots(inventory)[0]
    statistic_id = statistic_of(meter, ENERGY, await statistics(hass))
    if statistic_id is None:
        raise LaunchError(f"{_name(meter)} has no statistic of its energy")
    amounts = await cloud.energy(meter.own_id, _earliest(start), datetime.now(UTC))
    return Expected(
        name=f"{_name(meter)} {ENERGY}",
        statistic_id=statistic_id,
        paths=[f"/asset/{meter.own_id}/telemetry/aggregate"],
        hours=amounts,
        amounts=amounts,
    )


async def _told(hass: Hass) -> str:
    """Return how far the imports say that they are."""
    found = imports(await take_inventory(hass))
    told = (f"{each.name} is {each.state} ({each.attributes.get('percent')}%)" for each in found)
    return "; ".join(told) or "not every account shows its import"


def _table(
    every: Sequence[Expected], rows: Mapping[str, Sequence[Row]], calls: Counter[str]
) -> str:
    lines = []
    for each in every:
        found = rows.get(each.statistic_id, ())
        ends = (_time(found[0].hour), _time(found[-1].hour)) if found else ("", "")
        asked = sum(count for path, count in calls.items() if path.endswith(tuple(each.paths)))
        lines.append((each.name, len(found), *ends, asked))
    return table(("statistic", "hours", "first", "last", "calls"), lines)


def _entity_id(inventory: Inventory, device: Device, key: str) -> str:
    entity = inventory.of_key(device, key)
    if entity is None:
        raise LaunchError(f"{_name(device)} has no {key}")
    return entity.entity_id


def _earliest(start: datetime) -> datetime:
    # As far back as the import goes, in whole hours.
    return start.replace(minute=0, second=0, microsecond=0) - timedelta(days=DAYS)


def _name(device: Device) -> str:
    return device.name_by_user or device.name or device.own_id


def _time(hour: int) -> str:
    return f"{datetime.fromtimestamp(hour * _HOUR, UTC):%Y-%m-%d %H:%M}"
