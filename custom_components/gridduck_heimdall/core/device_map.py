"""Map a device to its name, its account, and the devices beneath it."""

from collections import defaultdict
from collections.abc import Iterable, Set as AbstractSet

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import AnyDeviceEntry

from ..const import DOMAIN
from .backend import Account, backend_of
from .device_kind import kind_of
from .line_account import LineAccount


def name_of(device: AnyDeviceEntry) -> str:
    """Return what users call a device."""
    return device.name_by_user or device.name or device.id


def account_of(hass: HomeAssistant, device_id: str) -> tuple[Account, AnyDeviceEntry] | None:
    """Return a device and its account; None if the account is not loaded."""
    device, entry = dr.async_get_device_and_config_entry_for_domain(hass, device_id, domain=DOMAIN)
    if device is None or entry is None or entry.state is not ConfigEntryState.LOADED:
        return None
    account: Account = entry.runtime_data
    return account, device


def line_account_of(
    hass: HomeAssistant, device_id: str
) -> tuple[LineAccount, AnyDeviceEntry] | None:
    """Return a device and its account; None if it is not loaded or has no lines."""
    match account_of(hass, device_id):
        case (LineAccount() as account, device):
            return account, device
        case _:
            return None


def beneath(hass: HomeAssistant, device_ids: Iterable[str]) -> set[str]:
    """Return all devices beneath groups such as sites and facilities."""
    groups = defaultdict[str, list[AnyDeviceEntry]](list)
    for device_id in device_ids:
        if (group := _group(hass, device_id)) is not None:
            groups[group.config_entry_id].append(group)
    found = set[str]()
    for entry_id, of_entry in groups.items():
        owner = account_of(hass, of_entry[0].id)
        known = None if owner is None else owner[0].beneath(of_entry)
        found.update(_registered_beneath(hass, entry_id, of_entry) if known is None else known)
    return found


def remaining(hass: HomeAssistant, device_id: str, excluded: AbstractSet[str]) -> set[str]:
    """Return a device, or the members of a group that remain where some are excluded."""
    if device_id in excluded:
        return set()
    members = beneath(hass, [device_id])
    if members.isdisjoint(excluded):
        return {device_id}
    # An incomplete group among the members is replaced by its own, which are members too.
    return {one for one in members - excluded if beneath(hass, [one]).isdisjoint(excluded)}


def is_group(hass: HomeAssistant, device_id: str) -> bool:
    """Return whether a device is a group, such as a site or facility."""
    return _group(hass, device_id) is not None


def disabled_devices(hass: HomeAssistant) -> set[str]:
    """Return the devices that a user has disabled, which must not be controlled."""
    registry = dr.async_get(hass)
    return {
        device.id
        for entry in hass.config_entries.async_entries(DOMAIN)
        for device in dr.async_entries_for_config_entry(registry, entry.entry_id)
        if device.disabled
    }


def _group(hass: HomeAssistant, device_id: str) -> AnyDeviceEntry | None:
    """Return the device if it is a group, else None."""
    device, entry = dr.async_get_device_and_config_entry_for_domain(hass, device_id, domain=DOMAIN)
    if device is None or entry is None:
        return None
    return device if kind_of(device) in backend_of(entry.data).kinds.groups else None


def _registered_beneath(
    hass: HomeAssistant, entry_id: str, groups: Iterable[AnyDeviceEntry]
) -> set[str]:
    """Return all devices beneath groups, by the device registry.

    The registry also works while the account is not loaded, but knows only the direct parent of
    an asset.
    """
    entry = hass.config_entries.async_get_known_entry(entry_id)
    kinds = backend_of(entry.data).kinds.members
    members = defaultdict[str | None, list[str]](list)
    for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry_id):
        if kind_of(device) in kinds:
            members[device.via_device_id].append(device.id)
    found, waiting = set[str](), [group.id for group in groups]
    while waiting:
        below = members.pop(waiting.pop(), ())
        found.update(below)
        waiting += below
    return found
