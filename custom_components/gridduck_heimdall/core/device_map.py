"""Whose a device is, and which devices it stands for."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import AnyDeviceEntry

from ..const import DOMAIN
from ..gridduck.backend import GridDuckAccount
from ..gridduck.keys import Kind as GridDuckKind
from ..heimdall.inventory import Kind as HeimdallKind
from .backend import Account

_GROUPS: Final = frozenset[str](
    {GridDuckKind.SITE, GridDuckKind.GATEWAY, HeimdallKind.OWNER, HeimdallKind.FACILITY}
)
"""Kinds of devices that stand for what is under them, too."""

# A line sums up its spans and sensors.
_MEMBERS: Final = _GROUPS | {GridDuckKind.ASSET, HeimdallKind.LINE}


def account_of(hass: HomeAssistant, device_id: str) -> tuple[Account, AnyDeviceEntry] | None:
    """Return a device and its account; None where that is not in use."""
    device, entry = dr.async_get_device_and_config_entry_for_domain(hass, device_id, domain=DOMAIN)
    if device is None or entry is None or entry.state is not ConfigEntryState.LOADED:
        return None
    account: Account = entry.runtime_data
    return account, device


def beneath(hass: HomeAssistant, device_ids: Iterable[str]) -> set[str]:
    """Return all devices under those that stand for others: sites, facilities and the like."""
    registry = dr.async_get(hass)
    devices = [registry.async_get(device_id) for device_id in device_ids]
    found = set[str]()
    others = defaultdict[str, list[str]](list)
    for group in devices:
        if group is None or _kind(group) not in _GROUPS:
            continue
        match account_of(hass, group.id):
            case (GridDuckAccount() as account, _):
                assets = map(account.device_of, account.assets_under([group]))
                found.update(asset.id for asset in assets if asset is not None)
            case _:
                others[group.config_entry_id].append(group.id)
    for entry_id, group_ids in others.items():
        found |= _via(registry, entry_id, group_ids)
    return found


def is_group(hass: HomeAssistant, device_id: str) -> bool:
    """Whether a device stands for those under it: a site, a facility or the like."""
    device = dr.async_get(hass).async_get(device_id)
    return device is not None and _kind(device) in _GROUPS


def disabled_devices(hass: HomeAssistant) -> set[str]:
    """Return the devices of all accounts that a user has disabled: they are left alone."""
    registry = dr.async_get(hass)
    return {
        device.id
        for entry in hass.config_entries.async_entries(DOMAIN)
        for device in dr.async_entries_for_config_entry(registry, entry.entry_id)
        if device.disabled
    }


def _via(registry: dr.DeviceRegistry, entry_id: str, group_ids: Iterable[str]) -> set[str]:
    """Return all devices under some, as the registry has them also without the account.

    Other than GridDuck itself, it knows of an asset that another one measures only the latter.
    """
    members = defaultdict[str | None, list[str]](list)
    for device in dr.async_entries_for_config_entry(registry, entry_id):
        if _kind(device) in _MEMBERS:
            members[device.via_device_id].append(device.id)
    found, waiting = set[str](), [*group_ids]
    while waiting:
        below = members.pop(waiting.pop(), ())
        found.update(below)
        waiting += below
    return found


def _kind(device: AnyDeviceEntry) -> str:
    """Return what a device is; nothing where it is not of this integration."""
    identifiers = (text for domain, text in device.identifiers if domain == DOMAIN)
    return next((text.partition(":")[0] for text in identifiers), "")
