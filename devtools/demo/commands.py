"""One boost and one snooze, and whether they took effect on both sides."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ..cloud_client import Asset, CloudClient
from ..hass import Hass
from ..inventory import Entity, Inventory, State
from ..settings import DOMAIN

_MINUTES: Final = 5
_EFFECT_SECONDS: Final = 15
_POLL_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A command to try.

    Attributes:
        action: the action's name, which is also the override that it leads to.
        shown: what the switch shows afterwards.
        field: the field by which GridDuck is told.
    """

    action: str
    shown: str
    field: str


TRIALS: Final = (
    Trial(action="boost", shown="on", field="boost_finish"),
    Trial(action="snooze", shown="off", field="snooze_finish"),
)


async def try_commands(
    hass: Hass, cloud: CloudClient, inventory: Inventory, assets: dict[str, Asset]
) -> list[str]:
    """Fire a boost and a snooze at two assets; return what went wrong, in plain words."""
    faults = []
    switches = _idle_switches(inventory, assets)
    for trial in TRIALS:
        # One that the command changes visibly.
        chosen = next((each for each in switches if inventory.state(each[0]) != trial.shown), None)
        if chosen is None:
            faults.append(f"There is no idle asset to {trial.action}")
            continue
        switches.remove(chosen)
        fault = await _try(hass, cloud, inventory, trial, *chosen)
        if fault is not None:
            faults.append(fault)
    return faults


def _idle_switches(inventory: Inventory, assets: dict[str, Asset]) -> list[tuple[Entity, Asset]]:
    def found() -> Iterator[tuple[Entity, Asset]]:
        for entity in inventory.enabled():
            device = inventory.device(entity)
            asset = assets.get(device.own_id) if device else None
            if entity.domain == "switch" and asset is not None and asset.idle:
                yield entity, asset

    return list(found())


async def _try(
    hass: Hass, cloud: CloudClient, inventory: Inventory, trial: Trial, switch: Entity, asset: Asset
) -> str | None:
    duration = {"duration": {"minutes": _MINUTES}}
    await hass.act(f"{DOMAIN}.{trial.action}", duration, switch.entity_id)
    override = inventory.sibling(switch, "override")
    if override is None:
        return f"{asset.name} has no override sensor"
    wanted = {switch.entity_id: trial.shown, override.entity_id: trial.action}
    told = await _until_shown(hass, wanted)
    if told != wanted:
        return f"{asset.name} was to {trial.action}, but Home Assistant shows {told}"
    sent = [
        each
        for each in await cloud.commands()
        if each.path.endswith(asset.id) and each.body == {trial.field: _MINUTES * 60}
    ]
    if [each.status for each in sent] != [204]:
        return f"{asset.name} was to {trial.action} once, but GridDuck received {sent}"
    if not (await cloud.assets())[asset.id].runs(trial.action):
        return f"{asset.name} was to {trial.action}, but GridDuck does not do it"
    print(f"  {trial.action}: {asset.name} is {trial.shown} in Home Assistant and in GridDuck")
    return None


async def _until_shown(hass: Hass, wanted: dict[str, str]) -> dict[str, str]:
    shown: dict[str, str] = {}
    for _ in range(int(_EFFECT_SECONDS / _POLL_SECONDS)):
        states = await hass.command("get_states", list[State])
        shown = {each.entity_id: each.state for each in states if each.entity_id in wanted}
        if shown == wanted:
            break
        await asyncio.sleep(_POLL_SECONDS)
    return shown
