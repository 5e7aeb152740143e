"""The automation that relieves the feeder, made from the integration's own blueprint."""

import asyncio
from collections.abc import Mapping
from typing import Final

from simulator.feeder import LINE, SITE

from ..hass import Hass
from ..inventory import Device, Inventory, State, take_inventory
from ..settings import DOMAIN, LaunchError

AUTOMATION: Final = "relieve_feeder"
"""Its id, by which Home Assistant knows it, and its traces."""

_CONFIG: Final = f"/api/config/automation/config/{AUTOMATION}"
_BLUEPRINT: Final = f"{DOMAIN}/relieve_congested_line.yaml"
_LOOKS: Final = 60
_POLL_SECONDS: Final = 0.5


async def make_automation(hass: Hass, inputs: Mapping[str, object] | None = None) -> str:
    """Make the automation as the user interface does it; return its entity id.

    Where it exists nothing is done: what a user changed in it stays.

    Args:
        hass: Home Assistant.
        inputs: what to give the blueprint besides the line and the load; else its defaults hold.

    Raises:
        LaunchError: there is no feeder, or the automation does not run.
    """
    if await hass.get(_CONFIG, dict[str, object]) is None:
        line, site = await wait_for_feeder(hass)
        given = {"line": line.id, "candidates": {"device_id": site.id}, **(inputs or {})}
        made = {"path": _BLUEPRINT, "input": given}
        body = {"alias": f"Relieve {LINE}", "description": "", "use_blueprint": made}
        await hass.post(_CONFIG, object, body)
    for _ in range(_LOOKS):
        for state in await hass.command("get_states", list[State]):
            if state.attributes.get("id") == AUTOMATION and state.state != "unavailable":
                return state.entity_id
        await asyncio.sleep(_POLL_SECONDS)
    raise LaunchError("The automation that relieves the feeder does not run")


async def wait_for_feeder(hass: Hass) -> tuple[Device, Device]:
    """Return the feeder and the site whose load it carries, once they are there.

    Raises:
        LaunchError: they are not.
    """
    for _ in range(_LOOKS):
        if (found := feeder(await take_inventory(hass))) is not None:
            return found
        await asyncio.sleep(_POLL_SECONDS)
    raise LaunchError(f"Home Assistant has no line {LINE}, or no site {SITE}")


def feeder(inventory: Inventory) -> tuple[Device, Device] | None:
    """Return the feeder and the site whose load it carries, None where one is missing."""
    lines = [each for each in inventory.devices_of("line") if each.name == LINE]
    sites = [each for each in inventory.devices_of("site") if each.name == SITE]
    return (lines[0], sites[0]) if lines and sites else None
