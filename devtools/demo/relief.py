"""The load limit that relieves the feeder, added through the integration's own form."""

import asyncio
from collections.abc import Mapping
from typing import Final

import msgspec

from simulator.feeder import LINE, SITE

from ..accounts import entries
from ..hass import Hass
from ..inventory import Device, Inventory, State, take_inventory
from ..settings import LaunchError

KIND: Final = "load_limit"
"""The kind of the config subentry, and of its device."""

_FLOW: Final = "/api/config/config_entries/subentries/flow"
_LOOKS: Final = 60
_POLL_SECONDS: Final = 0.5


class _FlowResult(msgspec.Struct):
    type: str
    flow_id: str = ""
    errors: dict[str, str] | None = None


async def add_load_limit(hass: Hass, measured: str, fields: Mapping[str, object]) -> None:
    """Add a load limit as the user interface does it.

    Args:
        hass: Home Assistant.
        measured: what is measured: line, site or sensor.
        fields: what to enter in the form.

    Raises:
        LaunchError: the form was refused.
    """
    # It may belong to any account.
    account, *_ = await entries(hass)
    start = await hass.post(_FLOW, _FlowResult, {"handler": [account.entry_id, KIND]})
    step = f"{_FLOW}/{start.flow_id}"
    await hass.post(step, _FlowResult, {"measured": measured})
    end = await hass.post(step, _FlowResult, {"signal": {}, "details": {}, **fields})
    if end.type != "create_entry":
        raise LaunchError(f"The load limit was not added: {end.errors}")


async def make_load_limit(hass: Hass, details: Mapping[str, object] | None = None) -> Device:
    """Add the load limit of the feeder, unless it is there, and return its device.

    Args:
        hass: Home Assistant.
        details: what to enter in the section of details; else its defaults hold.

    Raises:
        LaunchError: there is no feeder, or the load limit does not appear.
    """
    line, site = await wait_for_feeder(hass)
    if load_limit_of(await take_inventory(hass), LINE) is None:
        fields = {
            "device": line.id,
            "limit": 100,
            "limit_unit": "rating",
            "candidates": {"device_id": [site.id]},
            "mode": "automatic",
            "details": details or {},
        }
        await add_load_limit(hass, "line", fields)
    return await wait_for_load_limit(hass, LINE)


async def wait_for_load_limit(hass: Hass, name: str) -> Device:
    """Return the device of a load limit once it has entities.

    Raises:
        LaunchError: it does not appear.
    """
    for _ in range(_LOOKS):
        inventory = await take_inventory(hass)
        found = load_limit_of(inventory, name)
        if found is not None and shown(inventory, found, "load_limit_state") is not None:
            return found
        await asyncio.sleep(_POLL_SECONDS)
    raise LaunchError(f"There is no load limit of {name}")


def load_limit_of(inventory: Inventory, name: str) -> Device | None:
    """Return the device of the load limit of a line or site; None where there is none."""
    found = (each for each in inventory.devices_of(KIND) if each.name == f"Load limit {name}")
    return next(found, None)


def shown(inventory: Inventory, device: Device, key: str) -> State | None:
    """Return the state of an entity of a load limit; None where there is none."""
    return next(
        (
            inventory.states[each.entity_id]
            for each in inventory.entities_of(device)
            if each.translation_key == key and each.entity_id in inventory.states
        ),
        None,
    )


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
