"""What must be recorded, by the simulated clouds' own word, and what of it is missing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final, Self

from simulator.gridduck.asset import Asset
from simulator.gridduck.series import QUANTITIES, Window, series
from tests.gridduck.history_support import rows_of
from tests.heimdall.history_support import Truth, recorded
from tests.heimdall.home import Home

from .house import House

HOUR: Final = 3600
# An hour is imported ten minutes after its end, and up to four minutes later.
SETTLED: Final = 15 * 60
LINE_KEYS: Final = ("current", "dlr", "aar", "loading")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """Something that was there for a time.

    Attributes:
        name: what a failure calls it.
        asset_id: of an asset; None of a line.
        entities: of a line: the hours that each of its entities must have.
        hours: of an asset: kWh by hour.
    """

    name: str
    asset_id: str | None = None
    entities: Mapping[str, Collection[int]]
    hours: Mapping[int, float]

    @classmethod
    def asset(cls, asset: Asset, now: float) -> Self:
        """Return an asset that is about to go."""
        return cls(
            name=asset.name,
            asset_id=asset.id,
            entities={},
            hours=energy_of(asset, asset.created, now - SETTLED),
        )

    def without(self, hours: Collection[int]) -> Gone:
        """Return the same without hours of which nothing can be demanded."""
        return replace(
            self,
            entities={one: set(due) - set(hours) for one, due in self.entities.items()},
            hours={hour: kwh for hour, kwh in self.hours.items() if hour not in hours},
        )


def energy_of(asset: Asset, start: float, end: float) -> dict[int, float]:
    """Return the energy of each whole hour, kWh, as the service has it."""
    first, last = -int(-start // HOUR) * HOUR, int(end) // HOUR * HOUR
    if first >= last:
        return {}
    found = series(asset, QUANTITIES["delivered"], "aggregate", Window(first, last, HOUR), last)
    return {stamp: value / 1000 for stamp, value in found}


def gone_line(home: Home, line_id: str) -> Gone:
    """Return a line that is about to go: all hours of its last day and a half."""
    now = home.simulator.clock.now()
    end = (int(now) - SETTLED) // HOUR * HOUR
    return Gone(name=line_id, entities=line_hours(home, line_id, end - 36 * HOUR, end), hours={})


def line_hours(home: Home, line_id: str, start: int, end: int) -> dict[str, Collection[int]]:
    """Return by entity the hours that the service has something of."""
    truth = Truth(home, line_id, start, end)
    return {
        entity_id: truth.rows(key).keys()
        for key in LINE_KEYS
        if (entity_id := home.entity_id(line_id, key)) is not None
    }


async def missing_of_assets(
    house: House, start: int, end: int, gone: Collection[Gone], last_word: Collection[int]
) -> list[str]:
    """Return what is missing or wrong of the energy of all assets that there were.

    Hours in `last_word` may be wrong, but not missing.
    """
    world = house.simulator.gridduck.world
    due = {
        asset.id: (asset.name, energy_of(asset, max(start, asset.created), end))
        for asset in world.assets.values()
        if asset.kind.watts is not None
    } | {one.asset_id: (one.name, one.hours) for one in gone if one.asset_id is not None}
    faults = list[str]()
    for asset_id, (name, hours) in due.items():
        rows = await rows_of(house.hass, asset_id, "energy")
        lost = [hour for hour in hours if hour not in rows]
        wrong = [
            hour
            for hour, kwh in hours.items()
            if hour in rows and hour not in last_word and abs(rows[hour]["state"] - kwh) > 1e-6
        ]
        sums = [row["sum"] for row in rows.values()]
        if lost or wrong or sums != sorted(sums):
            faults.append(
                f"{name}: {len(lost)} of {len(hours)} hours lost {lost[:2]}, wrong {wrong[:2]}"
            )
    return faults


async def missing_of_lines(house: House, start: int, end: int, gone: Collection[Gone]) -> list[str]:
    """Return which hours are missing of the lines that there were."""
    home = house.home
    due = dict[str, Collection[int]]()
    for line in home.world.lines():
        if line.instrumented(home.simulator.clock.now()):
            due |= line_hours(home, line.id, start, end)
    for one in gone:
        due |= one.entities
    faults = list[str]()
    for entity_id, hours in due.items():
        rows = await recorded(home, entity_id, start - 40 * HOUR, end)
        if lost := sorted(set(hours) - rows.keys()):
            faults.append(f"{entity_id}: of {len(hours)} hours lost {lost}")
    return faults
