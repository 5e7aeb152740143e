"""The report of a site: energy, cost, maximum demand, base load, out-of-hours energy."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from homeassistant.core import HomeAssistant

from ..core.asset_account import EnergyStatistics
from ..history.hours import start_of
from ..history.statistics import metadata_of
from .opening_hours import OpeningHours
from .reports import distribution, rounded, share
from .rows import Hourly, HourRange, read_rows, values_of

BASE_LOAD: Final = "p5"
"""The base load is this percentile of the hourly demand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetHours:
    """The hourly energy of an asset and its cost.

    Attributes:
        name: what the asset is called.
        energy: by hour, kWh.
        unplaced: what a counter has counted over gaps of the recorder, kWh: its hour is unknown.
        costs: by currency and hour.
    """

    name: str
    energy: Hourly
    unplaced: float
    costs: Mapping[str, Hourly]


def read_site(
    hass: HomeAssistant, assets: Sequence[EnergyStatistics], hours: HourRange
) -> list[AssetHours]:
    """Read the hourly energy of assets; runs in the recorder's executor."""
    hourly = read_rows(
        hass, [each for one in assets for each in (one.hourly, *one.costs)], hours, ("state",)
    )
    currencies = {
        statistic_id: metadata["unit_of_measurement"]
        for statistic_id, (_, metadata) in metadata_of(
            hass, {each for one in assets for each in one.costs}
        ).items()
    }
    # A change that begins before the range is known only with the row before.
    meters = read_rows(
        hass,
        [one.meter for one in assets if one.meter is not None and not hourly.get(one.hourly)],
        HourRange(hours.first - 1, hours.end),
        ("change",),
    )
    found = list[AssetHours]()
    for one in assets:
        energy, unplaced = values_of(hourly.get(one.hourly, ()), "state"), 0.0
        if not energy and one.meter is not None:
            changes = values_of(meters.get(one.meter, ()), "change")
            energy, unplaced = placed_by_hour(changes, hours.first)
        costs = {
            unit: values_of(rows, "state")
            for each in one.costs
            if (unit := currencies.get(each)) is not None and (rows := hourly.get(each))
        }
        found.append(AssetHours(name=one.name, energy=energy, unplaced=unplaced, costs=costs))
    return found


def placed_by_hour(changes: Hourly, first: int) -> tuple[dict[int, float], float]:
    """Return the changes of a counter over one hour each, and the sum of those over a gap.

    Args:
        changes: by hour; Home Assistant measures each against the row before.
        first: the hour to begin with.
    """
    placed = {
        hour: change for hour, change in changes.items() if hour >= first and hour - 1 in changes
    }
    total = sum(change for hour, change in changes.items() if hour >= first)
    return placed, total - sum(placed.values())


def site_report(
    assets: Sequence[AssetHours], hours: HourRange, opening: OpeningHours | None
) -> dict[str, object]:
    """Return the report of a site, or of any assets of which none measures another.

    Args:
        assets: their hours.
        hours: the range.
        opening: the opening hours, if out-of-hours energy is wanted.
    """
    energy = _total(one.energy for one in assets)
    costs = {
        unit: _total(one.costs.get(unit, {}) for one in assets)
        for unit in sorted({unit for one in assets for unit in one.costs})
    }
    complete = _complete(assets)
    demand = {hour: energy[hour] for hour in complete}
    base = distribution(list(demand.values()))
    unplaced = sum(one.unplaced for one in assets)
    return {
        **hours.as_dict(),
        "assets": len(assets),
        "assets_without_data": [one.name for one in assets if not one.energy and not one.unplaced],
        "missing": share(len(hours) - len(complete), len(hours)),
        "energy": rounded(sum(energy.values()) + unplaced),
        "energy_in_gaps": rounded(unplaced),
        "cost": {unit: rounded(sum(cost.values())) for unit, cost in costs.items()},
        "maximum_demand": _maximum(demand),
        "base_load": None if base is None else base[BASE_LOAD],
        "out_of_hours": None if opening is None else _outside(energy, costs, opening),
    }


def _total(each: Iterable[Hourly]) -> Hourly:
    total = defaultdict[int, float](float)
    for values in each:
        for hour, value in values.items():
            total[hour] += value
    return total


def _complete(assets: Iterable[AssetHours]) -> list[int]:
    """Return the hours that no asset lacks; one is expected from its first hour on."""
    known, begins = Counter[int](), Counter[int]()
    for one in assets:
        if one.energy:
            known.update(one.energy.keys())
            begins[min(one.energy)] += 1
    expected, complete = 0, list[int]()
    for hour in sorted(known):
        expected += begins[hour]
        if known[hour] == expected:
            complete.append(hour)
    return complete


def _maximum(demand: Hourly) -> Mapping[str, object] | None:
    """Return the highest demand of an hour, kW, and the earliest hour with it."""
    if not demand:
        return None
    hour = max(demand, key=lambda one: (demand[one], -one))
    return {"value": rounded(demand[hour]), "at": start_of(hour).isoformat()}


def _outside(
    energy: Hourly, costs: Mapping[str, Hourly], opening: OpeningHours
) -> Mapping[str, object]:
    """Return what was used while the site was closed; an hour counts in proportion."""
    known = sorted({*energy, *(hour for cost in costs.values() for hour in cost)})
    is_open = opening.open_share(known[0], known[-1] + 1) if known else {}

    def closed(values: Hourly) -> float:
        return sum(value * (1 - is_open.get(hour, 0.0)) for hour, value in values.items())

    outside = closed(energy)
    return {
        "energy": rounded(outside),
        "share": share(outside, sum(energy.values())),
        "cost": {unit: rounded(closed(cost)) for unit, cost in costs.items()},
    }
