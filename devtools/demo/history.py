"""Whether the history that the clouds keep has come in."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from ..hass import Hass
from ..inventory import Inventory, State, take_inventory
from ..recorder import recorded, statistics
from ..settings import SERVICES, LaunchError
from .energy import ENERGY, make_energy, metered, statistic_of

DAYS: Final = 30
"""How much of the past is imported when the demo is first made."""

_IDLE: Final = "idle"
_FAILED: Final = "failed"
_POLL_SECONDS: Final = 2
# An import that is about to begin is idle for a moment.
_LOOKS: Final = 2
_DAY: Final = timedelta(days=1)


async def wait_until_in(hass: Hass) -> None:
    """Wait until the history is there, and set up the Energy dashboard as soon as that can be.

    Raises:
        LaunchError: an import failed.
    """
    quiet, dashboard = 0, False
    while quiet < _LOOKS:
        inventory = await take_inventory(hass)
        dashboard = dashboard or await make_energy(hass, inventory)
        states = {sensor.state for sensor in imports(inventory)}
        if _FAILED in states:
            raise LaunchError("The history could not be imported: Home Assistant's repairs say why")
        settled = dashboard and states == {_IDLE}
        quiet = quiet + 1 if settled and await _reaches_back(hass, inventory) else 0
        await asyncio.sleep(_POLL_SECONDS)


def imports(inventory: Inventory) -> list[State]:
    """Return the sensors that show how far the imports are; none unless each account has one."""
    found = [
        inventory.states[each.entity_id]
        for each in inventory.enabled()
        if each.translation_key == "import_progress" and each.entity_id in inventory.states
    ]
    return found if len(found) == len(SERVICES) else []


async def _reaches_back(hass: Hass, inventory: Inventory) -> bool:
    """Tell whether all energy, and the current of every line, begin as long ago as they should."""
    wanted = {*_currents_of_lines(inventory), *await _energies(hass, inventory)}
    earliest = datetime.now(UTC) - DAYS * _DAY
    return wanted == (await recorded(hass, wanted, earliest, earliest + _DAY)).keys()


def _currents_of_lines(inventory: Inventory) -> Iterator[str]:
    """Yield the entity ID of the current of each line that has one."""
    for line in inventory.devices_of("line"):
        current = inventory.of_key(line, "current")
        if current is not None:
            yield current.entity_id


async def _energies(hass: Hass, inventory: Inventory) -> Iterator[str]:
    known = await statistics(hass)
    ids = (statistic_of(asset, ENERGY, known) for asset in metered(inventory))
    return (each for each in ids if each is not None)
