"""The Energy dashboard of the demo."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec

from ..hass import Hass, Refused
from ..inventory import Device, Inventory
from ..recorder import Statistic, statistics
from ..settings import DOMAIN

ENERGY: Final = "energy"
COST: Final = "cost"

_NEVER_SET: Final = "not_found"

type Source = dict[str, object]


class Preferences(msgspec.Struct, frozen=True):
    """What the Energy dashboard shows: where energy comes from, and where it goes."""

    energy_sources: list[Source]
    device_consumption: list[Source]


class _Issues(msgspec.Struct):
    energy_sources: list[list[object]]
    device_consumption: list[list[object]]


def metered(inventory: Inventory) -> list[Device]:
    """Return the assets that tell their energy."""
    assets = inventory.devices_of("asset")
    return [asset for asset in assets if inventory.of_key(asset, ENERGY) is not None]


def roots(inventory: Inventory) -> list[Device]:
    """Return the assets that no other one meters: together they are all that a site takes."""
    assets = {asset.id: asset for asset in metered(inventory)}
    return [asset for asset in assets.values() if asset.via_device_id not in assets]


def statistic_of(asset: Device, what: str, known: Iterable[str]) -> str | None:
    """Return the id of the statistic that an asset has beside those of its entities."""
    ending = f"_{asset.own_id.replace('-', '_')}_{what}"
    ids = (each for each in known if each.startswith(f"{DOMAIN}:"))
    return next((each for each in ids if each.endswith(ending)), None)


async def make_energy(hass: Hass, inventory: Inventory) -> bool:
    """Set up the Energy dashboard, once all that it shows is known; tell whether it is set up.

    Where it is set up already nothing is done: what a user changed in it stays.
    """
    if await stored(hass) is not None:
        return True
    wanted = preferences(inventory, await statistics(hass))
    if wanted is None:
        return False
    await hass.command("energy/save_prefs", object, **msgspec.to_builtins(wanted))
    return True


async def stored(hass: Hass) -> Preferences | None:
    """Return how the Energy dashboard is set up, None where it never was."""
    try:
        return await hass.command("energy/get_prefs", Preferences)
    except Refused as refusal:
        if refusal.code != _NEVER_SET:
            raise
        return None


async def problems_of_energy(hass: Hass) -> list[list[object]]:
    """Return what Home Assistant finds wrong with what the Energy dashboard shows."""
    found = await hass.command("energy/validate", _Issues)
    return [each for each in (*found.energy_sources, *found.device_consumption) if each]


def preferences(inventory: Inventory, known: Mapping[str, Statistic]) -> Preferences | None:
    """Return what the Energy dashboard is to show; None while a statistic for it is missing."""
    assets = metered(inventory)
    meters = roots(inventory)
    ids = {
        asset.id: found
        for asset in assets
        if (found := statistic_of(asset, ENERGY, known)) is not None
    }
    costs = {
        meter.id: found
        for meter in meters
        if (found := statistic_of(meter, COST, known)) is not None
    }
    if not meters or len(ids) < len(assets) or len(costs) < len(meters):
        return None
    # A meter is not a device: what it counts is shown by those below it.
    above = {asset.via_device_id for asset in assets}
    devices = [ids[asset.id] for asset in assets if asset.id not in above]
    return Preferences(
        energy_sources=[
            {
                "type": "grid",
                "name": _name(known[ids[meter.id]]),
                "stat_energy_from": ids[meter.id],
                "stat_cost": costs[meter.id],
                "cost_adjustment_day": 0,
            }
            for meter in meters
        ],
        device_consumption=[*_devices(devices, known)],
    )


def _devices(ids: Iterable[str], known: Mapping[str, Statistic]) -> Iterator[Source]:
    """Yield the individual devices."""
    for statistic_id in ids:
        yield {"stat_consumption": statistic_id, "name": _name(known[statistic_id])}


def _name(statistic: Statistic) -> str:
    return (statistic.name or statistic.statistic_id).removesuffix(f" {ENERGY}")
