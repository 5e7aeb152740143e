"""Which assets the target of an action means."""

from collections.abc import Iterable
from dataclasses import dataclass

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids

from .const import DOMAIN
from .gridduck.account import GridDuckAccount


@dataclass(frozen=True, slots=True)
class AssetTarget:
    """One asset of one account that is in use."""

    account: GridDuckAccount
    asset_id: str


async def async_asset_targets(hass: HomeAssistant, call: ServiceCall) -> list[AssetTarget]:
    """Return the assets that an action is to control, each once.

    An asset is named by its device or by any of its entities. One that cannot be controlled is
    refused where it was named itself, and passed over where an area, a floor or a label led to it.

    Raises:
        ServiceValidationError: something named is not an asset, or not controllable, or no asset
            is left.
        Unauthorized: the user may not control one of the entities.
    """
    selection = TargetSelection(call.data)
    selected = async_extract_referenced_entity_ids(hass, selection)
    await _async_check_permissions(hass, call, selected.referenced | selected.indirectly_referenced)
    named = _devices_of(hass, selected.referenced) | dict.fromkeys(selection.device_ids)
    led_to = _devices_of(hass, selected.indirectly_referenced).keys() - named.keys()

    found: dict[tuple[str, str], AssetTarget] = {}
    for device_id, entity_id in named.items():
        if (target := _asset_of(hass, device_id)) is None:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="not_an_asset",
                translation_placeholders={"target": entity_id or _name_of(hass, device_id)},
            )
        target.account.check_controllable(target.asset_id)
        found[target.account.identity, target.asset_id] = target
    for device_id in led_to:
        target = _asset_of(hass, device_id)
        if target is not None and target.account.is_controllable(target.asset_id):
            found[target.account.identity, target.asset_id] = target
    if not found:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_asset")
    return list(found.values())


async def _async_check_permissions(
    hass: HomeAssistant, call: ServiceCall, entity_ids: Iterable[str]
) -> None:
    if call.context.user_id is None:
        return
    user = await hass.auth.async_get_user(call.context.user_id)
    for entity_id in entity_ids:
        if user is None or not user.permissions.check_entity(entity_id, POLICY_CONTROL):
            raise Unauthorized(context=call.context, entity_id=entity_id, permission=POLICY_CONTROL)


def _devices_of(hass: HomeAssistant, entity_ids: Iterable[str]) -> dict[str, str | None]:
    """Return the device of each entity, with an entity that led to it."""
    registry = er.async_get(hass)
    devices: dict[str, str | None] = {}
    for entity_id in entity_ids:
        entry = registry.async_get(entity_id)
        # An entity without a device is kept under its own id: it is then refused by its name.
        device_id = entry.device_id if entry else None
        devices[device_id or entity_id] = entity_id
    return devices


def _asset_of(hass: HomeAssistant, device_id: str) -> AssetTarget | None:
    device, entry = dr.async_get_device_and_config_entry_for_domain(hass, device_id, domain=DOMAIN)
    if device is None or entry is None or entry.state is not ConfigEntryState.LOADED:
        return None
    account = entry.runtime_data
    if not isinstance(account, GridDuckAccount):
        return None
    asset_id = account.asset_of(device)
    return None if asset_id is None else AssetTarget(account, asset_id)


def _name_of(hass: HomeAssistant, device_id: str) -> str:
    device = dr.async_get(hass).async_get(device_id)
    return device_id if device is None else device.name_by_user or device.name or device_id
