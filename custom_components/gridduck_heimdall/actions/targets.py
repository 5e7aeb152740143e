"""What the target of an action means: assets to control, or devices to read the history of."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Set as AbstractSet
from dataclasses import dataclass

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_excluded_entity_ids,
    async_extract_referenced_entity_ids,
)

from custom_components.gridduck_heimdall.account import Account
from custom_components.gridduck_heimdall.api.texts import shown_name
from custom_components.gridduck_heimdall.const import CONF_SERVICE, DOMAIN, Service
from custom_components.gridduck_heimdall.devices import account_of, beneath
from custom_components.gridduck_heimdall.gridduck.account import GridDuckAccount


@dataclass(frozen=True, slots=True)
class Target:
    """One device that an action means.

    Parameters:
        device_id: its id, or the id of an entity that has no device.
        entity_id: the entity that led to it, None where the device itself was named.
        named: whether it was named itself, rather than reached by an area, a floor or a label, or
            left of a site or the like from which something is excluded.
    """

    device_id: str
    entity_id: str | None
    named: bool


@dataclass(frozen=True, slots=True)
class AssetTarget:
    """One asset of one account that is in use."""

    account: GridDuckAccount
    asset_id: str


async def async_controllable_assets(hass: HomeAssistant, call: ServiceCall) -> list[AssetTarget]:
    """Return the assets that an action is to control, each once.

    An asset is named by its device or by any of its entities; a site or gateway means all of its
    assets. One that cannot be controlled is refused where it was named itself, and passed over
    where a site, a gateway, an area, a floor or a label led to it.

    Raises:
        ServiceValidationError: something named is not of GridDuck, or not controllable, or no
            asset is left.
        Unauthorized: the user may not control an entity of the target, or of an asset that
            belongs to a site or gateway in it.
    """
    found: dict[tuple[str, str], AssetTarget] = {}
    for target in await _async_targets(hass, call):
        match account_of(hass, target.device_id):
            case (GridDuckAccount() as account, device):
                if target.named and (asset_id := account.asset_of(device)) is not None:
                    account.check_controllable(asset_id)
                found |= {
                    (account.identity, asset_id): AssetTarget(account, asset_id)
                    for asset_id in account.assets_under([device])
                    if account.is_controllable(asset_id)
                }
            case None if target.named and _gridduck_device(hass, target) is not None:
                raise _refused(hass, target, translation_key="not_in_use")
            case _ if target.named:
                raise _refused(hass, target, translation_key="not_an_asset")
    if not found:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_asset")
    assets = list(found.values())
    if call.context.user_id is not None:
        await async_check_devices(hass, call, _devices_of(assets))
    return assets


async def async_accounts_and_devices(
    hass: HomeAssistant, call: ServiceCall
) -> dict[Account, list[AnyDeviceEntry]]:
    """Return the devices of the target by the account that they belong to.

    Raises:
        ServiceValidationError: something named does not belong to an account in use, or nothing
            in the target does.
        Unauthorized: the user may not control one of the entities.
    """
    found: dict[Account, list[AnyDeviceEntry]] = {}
    for target in await _async_targets(hass, call):
        owner = account_of(hass, target.device_id)
        if owner is None:
            if target.named:
                raise _refused(hass, target, translation_key="not_ours")
            continue
        account, device = owner
        found.setdefault(account, []).append(device)
    if not found:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="nothing_ours")
    return found


async def async_gridduck_devices(
    hass: HomeAssistant, call: ServiceCall
) -> dict[str, list[AnyDeviceEntry]]:
    """Return GridDuck's devices of the target by the config entry that they belong to.

    Those of an account that is not in use are among them: what they are is not known then.

    Raises:
        ServiceValidationError: something named is not of GridDuck, or nothing in the target is.
        Unauthorized: the user may not control an entity of the target, or of an asset that
            belongs to a site or gateway in it.
    """
    found: dict[str, list[AnyDeviceEntry]] = {}
    for target in await _async_targets(hass, call):
        device = _gridduck_device(hass, target)
        if device is None:
            if target.named:
                raise _refused(hass, target, translation_key="not_an_asset")
            continue
        found.setdefault(device.config_entry_id, []).append(device)
    if not found:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_asset")
    if call.context.user_id is not None:
        await async_check_devices(hass, call, _devices_of(_assets_of(hass, found)))
    return found


async def async_check_devices(
    hass: HomeAssistant, call: ServiceCall, device_ids: Iterable[str]
) -> None:
    """Make sure that the caller may control the entities of devices.

    Raises:
        Unauthorized: the user may not control one of them.
    """
    registry = er.async_get(hass)
    entities = (er.async_entries_for_device(registry, device_id) for device_id in device_ids)
    await _async_check_permissions(hass, call, [one.entity_id for some in entities for one in some])


def _assets_of(
    hass: HomeAssistant, found: Mapping[str, list[AnyDeviceEntry]]
) -> Iterator[AssetTarget]:
    for devices in found.values():
        match account_of(hass, devices[0].id):
            case (GridDuckAccount() as account, _):
                for asset_id in account.assets_under(devices):
                    yield AssetTarget(account, asset_id)


def _devices_of(assets: Iterable[AssetTarget]) -> Iterator[str]:
    for asset in assets:
        if (device := asset.account.device_of(asset.asset_id)) is not None:
            yield device.id


async def _async_targets(hass: HomeAssistant, call: ServiceCall) -> Collection[Target]:
    """Return all that the target means, each device once, what was named first.

    Of a site or the like from which something is excluded, it is what is left of it.
    """
    selection = TargetSelection(call.data)
    selected = async_extract_referenced_entity_ids(hass, selection)
    await _async_check_permissions(hass, call, selected.referenced | selected.indirectly_referenced)
    excluded = _excluded(hass, selection)
    targets: dict[str, Target] = {}
    for target in (
        *(Target(device_id, None, named=True) for device_id in selection.device_ids),
        *_targets_of(hass, selected.referenced, named=True),
        *_targets_of(hass, selected.indirectly_referenced, named=False),
        *_without_entities(hass, selected.referenced_devices),
    ):
        for one in _left_of(hass, target, excluded):
            targets.setdefault(one.device_id, one)
    return targets.values()


def _excluded(hass: HomeAssistant, selection: TargetSelection) -> AbstractSet[str]:
    """Return the devices that a target excludes, those under sites and the like included."""
    if selection.exclude is None:
        return frozenset()
    entity_ids = async_extract_excluded_entity_ids(hass, selection)
    devices = async_extract_referenced_entity_ids(hass, selection.exclude).referenced_devices
    devices |= {target.device_id for target in _targets_of(hass, entity_ids, named=False)}
    return devices | beneath(hass, devices)


def _left_of(hass: HomeAssistant, target: Target, excluded: AbstractSet[str]) -> Iterator[Target]:
    """Yield what is left of something without what is excluded."""
    if not excluded:
        yield target
        return
    device, _ = dr.async_get_device_and_config_entry_for_domain(
        hass, target.device_id, domain=DOMAIN
    )
    device_id = target.device_id if device is None else device.id
    if device_id in excluded:
        return
    members = beneath(hass, [device_id])
    if members.isdisjoint(excluded):
        yield target
        return
    for member in members - excluded:
        # A group from which something is missing is made up of its members, which are here, too.
        if beneath(hass, [member]).isdisjoint(excluded):
            yield Target(member, target.entity_id, named=False)


async def _async_check_permissions(
    hass: HomeAssistant, call: ServiceCall, entity_ids: Iterable[str]
) -> None:
    if call.context.user_id is None:
        return
    user = await hass.auth.async_get_user(call.context.user_id)
    for entity_id in entity_ids:
        if user is None or not user.permissions.check_entity(entity_id, POLICY_CONTROL):
            raise Unauthorized(context=call.context, entity_id=entity_id, permission=POLICY_CONTROL)


def _targets_of(hass: HomeAssistant, entity_ids: Iterable[str], *, named: bool) -> Iterator[Target]:
    registry = er.async_get(hass)
    for entity_id in entity_ids:
        entry = registry.async_get(entity_id)
        # An entity without a device goes under its own id: it is then refused by its name.
        device_id = entry.device_id if entry else None
        yield Target(device_id or entity_id, entity_id, named)


def _without_entities(hass: HomeAssistant, device_ids: Iterable[str]) -> Iterator[Target]:
    """Yield the devices to which no entity can lead, such as gateways."""
    registry = er.async_get(hass)
    for device_id in device_ids:
        if not er.async_entries_for_device(registry, device_id, include_disabled_entities=True):
            yield Target(device_id, None, named=False)


def _gridduck_device(hass: HomeAssistant, target: Target) -> AnyDeviceEntry | None:
    """Return the device, if it is one of a GridDuck account, be that in use or not."""
    device, entry = dr.async_get_device_and_config_entry_for_domain(
        hass, target.device_id, domain=DOMAIN
    )
    if entry is None or entry.data[CONF_SERVICE] != Service.GRIDDUCK:
        return None
    return device


def _refused(
    hass: HomeAssistant, target: Target, *, translation_key: str
) -> ServiceValidationError:
    device = dr.async_get(hass).async_get(target.device_id)
    names = () if device is None else (device.name_by_user, device.name)
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=translation_key,
        translation_placeholders={"target": shown_name(target.entity_id, *names, target.device_id)},
    )
