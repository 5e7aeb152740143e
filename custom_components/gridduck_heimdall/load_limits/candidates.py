"""Which assets a load limit may curtail: its target, resolved to accounts in use."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Self

from homeassistant.const import CONF_EXCLUDE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar, device_registry as dr, entity_registry as er
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids

from ..const import DOMAIN
from ..core.asset_account import AssetAccount
from ..core.backend import backend_of
from ..core.device_map import account_of
from ..core.line_account import LineAccount
from ..core.slices import in_slices


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateAsset:
    """An asset that a load limit may curtail.

    Attributes:
        asset_id: the service's id.
        device_id: its device; None where it is not known.
        min_time_on: shortest time on if it names none itself, s; None for that of the control law.
    """

    account: AssetAccount
    asset_id: str
    device_id: str | None
    min_time_on: float | None = None

    @classmethod
    def of(cls, account: AssetAccount, asset_id: str) -> Self:
        """Return an asset of an account."""
        device = account.device_of(asset_id)
        return cls(
            account=account, asset_id=asset_id, device_id=None if device is None else device.id
        )


@dataclass(slots=True)
class Resolved:
    """What a target leads to.

    Attributes:
        assets: those of accounts in use that may be boosted and snoozed.
        read_only: how many assets may not be.
        not_loaded: titles of the accounts that are not in use.
        lines: ids of devices that are lines, or belong to accounts of lines.
    """

    assets: list[CandidateAsset] = field(default_factory=list)
    read_only: int = 0
    not_loaded: set[str] = field(default_factory=set)
    lines: set[str] = field(default_factory=set)


async def async_resolve(hass: HomeAssistant, target: Mapping[str, Any]) -> Resolved:
    """Return the assets that a target means, each once.

    A site or gateway means its assets, and an entity its device. What is disabled or excluded is
    left out.
    """
    resolved = Resolved()
    excluded = await _async_devices(hass, target.get(CONF_EXCLUDE) or {})
    devices = sorted(await _async_devices(hass, target) - excluded)
    await in_slices(_resolve(hass, devices, resolved), at_once=20)
    return resolved


def _resolve(hass: HomeAssistant, device_ids: Iterable[str], resolved: Resolved) -> Iterator[None]:
    """Add what devices lead to, one after the other."""
    seen = set[tuple[str, str]]()
    for device_id in device_ids:
        _add(hass, device_id, resolved, seen)
        yield


def _add(
    hass: HomeAssistant, device_id: str, resolved: Resolved, seen: set[tuple[str, str]]
) -> None:
    """Add what a device leads to, unless it was seen before."""
    device, entry = dr.async_get_device_and_config_entry_for_domain(hass, device_id, domain=DOMAIN)
    if device is None or entry is None or device.disabled:
        return
    kind = backend_of(entry.data).account
    if not issubclass(kind, AssetAccount):
        if issubclass(kind, LineAccount):
            resolved.lines.add(device.id)
        return
    owner = account_of(hass, device.id)
    if owner is None or not isinstance(account := owner[0], AssetAccount):
        resolved.not_loaded.add(entry.title)
        return
    asset_id = account.asset_of(device)
    if asset_id is None or not account.has_asset(asset_id):
        return
    if (account.identity, asset_id) in seen:
        return
    seen.add((account.identity, asset_id))
    if account.is_controllable(asset_id):
        resolved.assets.append(
            CandidateAsset(account=account, asset_id=asset_id, device_id=device.id)
        )
    else:
        resolved.read_only += 1


def rank(hass: HomeAssistant, device_id: str | None, order: Sequence[str]) -> int:
    """Return the place of the first label that a device has, in the order of curtailment.

    An entity of the device, or the area of either, may have the label as well. Without any of
    them its place is after the last one.
    """
    if not order or device_id is None:
        return len(order)
    labels = set(_labels(hass, device_id))
    return next((place for place, label in enumerate(order) if label in labels), len(order))


async def _async_devices(hass: HomeAssistant, target: Mapping[str, Any]) -> AbstractSet[str]:
    """Return the devices that a target leads to, and those of the assets beneath them."""
    chosen = {key: value for key, value in target.items() if key != CONF_EXCLUDE}
    if not chosen:
        return frozenset()
    selected = async_extract_referenced_entity_ids(hass, TargetSelection(chosen))
    registry = er.async_get(hass)
    entity_ids = selected.referenced | selected.indirectly_referenced
    entries = await in_slices(map(registry.async_get, entity_ids), at_once=50)
    found = selected.referenced_devices | {
        entry.device_id for entry in entries if entry is not None and entry.device_id is not None
    }
    return found.union(await in_slices(_beneath(hass, found), at_once=20))


def _beneath(hass: HomeAssistant, device_ids: Iterable[str]) -> Iterator[str]:
    """Yield devices, and those of the assets beneath them; of an account that is not in use none.

    Thousands of assets are beneath a single site, so that they are found one by one.
    """
    for device_id in device_ids:
        yield device_id
        match account_of(hass, device_id):
            case (AssetAccount() as account, device):
                for asset_id in account.assets_under([device]):
                    asset = account.device_of(asset_id)
                    yield device_id if asset is None else asset.id


def _labels(hass: HomeAssistant, device_id: str) -> Iterator[str]:
    areas = set[str]()
    if (device := dr.async_get(hass).async_get(device_id)) is not None:
        yield from device.labels
        areas.update(filter(None, (device.area_id,)))
    registry = er.async_get(hass)
    for entity in er.async_entries_for_device(registry, device_id, include_disabled_entities=True):
        yield from entity.labels
        areas.update(filter(None, (entity.area_id,)))
    for area_id in areas:
        if (area := ar.async_get(hass).async_get_area(area_id)) is not None:
            yield from area.labels
