"""What the target of a trigger or condition means: devices, and all that is under them.

A target is looked up anew whenever something changes in the registries.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set as AbstractSet
from typing import Any, Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_EXCLUDE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids

from custom_components.gridduck_heimdall.account import Account
from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.gridduck.account import GridDuckAccount
from custom_components.gridduck_heimdall.gridduck.keys import Kind as GridDuckKind
from custom_components.gridduck_heimdall.heimdall.subjects import Kind as HeimdallKind

_GROUPS: Final = frozenset[str](
    {GridDuckKind.SITE, GridDuckKind.GATEWAY, HeimdallKind.OWNER, HeimdallKind.FACILITY}
)
"""Kinds of devices that stand for what is under them, too."""

# A line sums up its spans and sensors.
_MEMBERS: Final = _GROUPS | {GridDuckKind.ASSET, HeimdallKind.LINE}


def with_all_beneath(
    hass: HomeAssistant, target: Mapping[str, Any], entity_ids: AbstractSet[str]
) -> set[str]:
    """Return the entities that a target means, of this integration and others.

    A site or gateway means its assets, a facility or grid owner its lines. An entity stands for its
    device, so that an asset may be named by its switch.

    Parameters:
        target: what the user chose.
        entity_ids: the entities that Home Assistant finds in it.
    """
    found = _of_devices(hass, target, entity_ids)
    if exclude := target.get(CONF_EXCLUDE):
        selection = TargetSelection(exclude)
        excluded = async_extract_referenced_entity_ids(
            hass, selection, expand_group=False, primary_entities_only=False
        )
        found -= _of_devices(hass, exclude, excluded.referenced | excluded.indirectly_referenced)
    return found


def _of_devices(
    hass: HomeAssistant, target: Mapping[str, Any], entity_ids: AbstractSet[str]
) -> set[str]:
    """Return the entities, and those of all devices that a target leads to."""
    entities = er.async_get(hass)
    selected = async_extract_referenced_entity_ids(hass, TargetSelection(dict(target)))
    named = selected.referenced_devices | {
        entry.device_id
        for entity_id in entity_ids
        if (entry := entities.async_get(entity_id)) is not None
        and entry.platform == DOMAIN
        and entry.device_id is not None
    }
    return {
        entry.entity_id
        for device_id in named | _beneath(hass, named)
        for entry in er.async_entries_for_device(entities, device_id)
        if entry.hidden_by is None
    } | entity_ids


def account_of(hass: HomeAssistant, device_id: str) -> tuple[Account, AnyDeviceEntry] | None:
    """Return a device and its account; None where that is not in use."""
    device, entry = dr.async_get_device_and_config_entry_for_domain(hass, device_id, domain=DOMAIN)
    if device is None or entry is None or entry.state is not ConfigEntryState.LOADED:
        return None
    account: Account = entry.runtime_data
    return account, device


def _beneath(hass: HomeAssistant, device_ids: Iterable[str]) -> set[str]:
    """Return all devices under those that stand for others."""
    registry = dr.async_get(hass)
    devices = [registry.async_get(device_id) for device_id in device_ids]
    found = set[str]()
    for group in devices:
        if group is None or _kind(group) not in _GROUPS:
            continue
        match account_of(hass, group.id):
            case (GridDuckAccount() as account, _):
                assets = map(account.device_of, account.assets_under([group]))
                found.update(asset.id for asset in assets if asset is not None)
            case _:
                found |= _via(registry, group)
    return found


def _via(registry: dr.DeviceRegistry, group: AnyDeviceEntry) -> set[str]:
    """Return all devices under one, as the registry has them also without the account.

    Other than GridDuck itself, it knows of an asset that another one measures only the latter.
    """
    members = defaultdict[str | None, list[dr.DeviceEntry]](list)
    for device in dr.async_entries_for_config_entry(registry, group.config_entry_id):
        if _kind(device) in _MEMBERS:
            members[device.via_device_id].append(device)
    found, waiting = set[str](), [group.id]
    while waiting:
        below = [device.id for device in members.pop(waiting.pop(), ())]
        found.update(below)
        waiting += below
    return found


def _kind(device: AnyDeviceEntry) -> str:
    """Return what a device is; nothing where it is not of this integration."""
    identifiers = (text for domain, text in device.identifiers if domain == DOMAIN)
    return next((text.partition(":")[0] for text in identifiers), "")
