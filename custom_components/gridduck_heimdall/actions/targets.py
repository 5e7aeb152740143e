"""Resolve targets of actions: assets to control, or devices whose history is read."""

from collections.abc import Collection, Iterator, Set as AbstractSet
from dataclasses import dataclass, field, replace

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_excluded_entity_ids,
    async_extract_referenced_entity_ids,
)

from ..api.sanitizer import sanitize_name
from ..const import DOMAIN, LOGGER
from ..core.asset_account import AssetAccount
from ..core.authorization import async_check_devices
from ..core.backend import Account, backend_of
from ..core.device_map import account_of, beneath, disabled_devices, remaining
from ..load_limits.shedding.passed import Passed, PassedReason


@dataclass(frozen=True, slots=True)
class TargetDevice:
    """One device of a target.

    Attributes:
        device_id: its id, or the id of an entity that has no device.
        entity_id: the entity that selected it; None if the device itself was named.
        named: whether the target names it, instead of an area, floor, label or group that
            contains it.
    """

    device_id: str
    entity_id: str | None
    named: bool


@dataclass(frozen=True, slots=True)
class AssetTarget:
    """One asset of a loaded account."""

    account: AssetAccount
    asset_id: str


@dataclass(slots=True)
class ResolvedTargets[FoundT]:
    """The resolved target of an action, and what was passed over.

    Attributes:
        found: what it acts on.
        passed_over: what was passed over, and why.
        refusal: the error if nothing is left; None before anything was passed over.
    """

    found: FoundT
    passed_over: list[Passed] = field(default_factory=list)
    refusal: ServiceValidationError | None = None

    def pass_over(
        self,
        hass: HomeAssistant,
        target: TargetDevice,
        reason: PassedReason,
        refusal: ServiceValidationError,
    ) -> None:
        """Pass a target over."""
        device = dr.async_get(hass).async_get(target.device_id)
        self.passed_over.append(
            Passed(
                name=_name_of(target, device),
                device_id=None if device is None else device.id,
                reason=reason,
            )
        )
        self.refusal = self.refusal or refusal

    def conclude(self, call: ServiceCall, *, translation_key: str) -> None:
        """Check that something is left, and log what was passed over.

        What Home Assistant itself logs as missing is not logged again.

        Raises:
            ServiceValidationError: nothing is left; it gives the first reason, else the key.
        """
        if not self.found:
            raise self.refusal or ServiceValidationError(
                translation_domain=DOMAIN, translation_key=translation_key
            )
        passed_over = [
            f"{one.name} ({one.reason.value})"
            for one in self.passed_over
            if one.reason is not PassedReason.MISSING
        ]
        if passed_over:
            LOGGER.warning("%s passed over: %s", call.service, ", ".join(passed_over))


async def async_controllable_assets(
    hass: HomeAssistant, call: ServiceCall
) -> ResolvedTargets[list[AssetTarget]]:
    """Return the assets that an action controls, without duplicates.

    An asset is named by its device or by any of its entities; a site or gateway means all of its
    assets. One that cannot be controlled is passed over. It is reported if the target names it
    itself, but not if it belongs to a site, a gateway, an area, a floor or a label in the target.

    Raises:
        ServiceValidationError: no asset is left.
        Unauthorized: the user may not control one of the assets, or a site or gateway of them.
    """
    found: dict[tuple[str, str], AssetTarget] = {}
    targets = ResolvedTargets(list[AssetTarget]())
    checked: list[str] = []
    for target in _targets(hass, call, targets):
        match account_of(hass, target.device_id):
            case (AssetAccount() as account, device):
                checked.append(device.id)
                controllable = {
                    (account.identity, asset_id): AssetTarget(account, asset_id)
                    for asset_id in account.assets_under([device])
                    if account.is_controllable(asset_id)
                }
                if target.named and not controllable:
                    _pass_over_uncontrollable(hass, targets, target, account, device)
                found |= controllable
            case _ if target.named:
                _pass_over_other(hass, targets, target)
    await async_check_devices(hass, call.context, checked, POLICY_CONTROL)
    targets.found = list(found.values())
    targets.conclude(call, translation_key="no_asset")
    return targets


async def async_accounts_and_devices(
    hass: HomeAssistant, call: ServiceCall
) -> ResolvedTargets[dict[Account, list[AnyDeviceEntry]]]:
    """Return the devices of the target by account.

    Devices that the service no longer lists are passed over.

    Raises:
        ServiceValidationError: nothing in the target belongs to a loaded account.
        Unauthorized: the user may not control one of the devices.
    """
    found: dict[Account, list[AnyDeviceEntry]] = {}
    targets = ResolvedTargets(found)
    for target in _targets(hass, call, targets):
        owner = account_of(hass, target.device_id)
        if owner is None:
            if target.named:
                reason = _reason(hass, target)
                refusal = _refused(hass, target, translation_key="not_ours")
                targets.pass_over(hass, target, reason, refusal)
            continue
        account, device = owner
        if target.named and isinstance(account, AssetAccount):
            _pass_over_missing(hass, targets, target, account, device)
        found.setdefault(account, []).append(device)
    devices = [device.id for some in found.values() for device in some]
    await async_check_devices(hass, call.context, devices, POLICY_CONTROL)
    targets.conclude(call, translation_key="nothing_ours")
    return targets


async def async_asset_devices(
    hass: HomeAssistant, call: ServiceCall, policies: Collection[str] = (POLICY_CONTROL,)
) -> ResolvedTargets[dict[str, list[AnyDeviceEntry]]]:
    """Return the assets, sites and gateways of the target by config entry.

    Those of an account that is not loaded are included, as their kind is then unknown.

    Raises:
        ServiceValidationError: nothing in the target belongs to an account with assets.
        Unauthorized: the user may not do with one of the devices, or with an asset that belongs
            to a site or gateway among them, what the policies say.
    """
    found: dict[str, list[AnyDeviceEntry]] = {}
    targets = ResolvedTargets(found)
    for target in _targets(hass, call, targets):
        device = _asset_device(hass, target)
        if device is not None:
            if target.named:
                match account_of(hass, device.id):
                    case (AssetAccount() as account, owned):
                        _pass_over_missing(hass, targets, target, account, owned)
            found.setdefault(device.config_entry_id, []).append(device)
        elif target.named:
            _pass_over_other(hass, targets, target)
    devices = [device.id for some in found.values() for device in some]
    for policy in policies:
        await async_check_devices(hass, call.context, devices, policy)
    targets.conclude(call, translation_key="no_asset")
    return targets


def _pass_over_uncontrollable[FoundT](
    hass: HomeAssistant,
    targets: ResolvedTargets[FoundT],
    target: TargetDevice,
    account: AssetAccount,
    device: AnyDeviceEntry,
) -> None:
    """Pass over an asset that cannot be controlled; a site or gateway is not reported."""
    if (asset_id := account.asset_of(device)) is None:
        return
    try:
        account.commands.check(asset_id)
    except ServiceValidationError as refusal:
        there = account.has_asset(asset_id)
        reason = PassedReason.READ_ONLY if there else PassedReason.MISSING
        targets.pass_over(hass, target, reason, refusal)


def _pass_over_missing[FoundT](
    hass: HomeAssistant,
    targets: ResolvedTargets[FoundT],
    target: TargetDevice,
    account: AssetAccount,
    device: AnyDeviceEntry,
) -> None:
    """Pass over an asset that the service no longer has."""
    asset_id = account.asset_of(device)
    if asset_id is not None and not account.has_asset(asset_id):
        refusal = ServiceValidationError(
            translation_domain=DOMAIN, translation_key="asset_not_found"
        )
        targets.pass_over(hass, target, PassedReason.MISSING, refusal)


def _pass_over_other[FoundT](
    hass: HomeAssistant, targets: ResolvedTargets[FoundT], target: TargetDevice
) -> None:
    """Pass over what is not an asset of a loaded account."""
    if _asset_device(hass, target) is None:
        refusal = _refused(hass, target, translation_key="not_an_asset")
    else:
        refusal = _refused(hass, target, translation_key="not_in_use")
    targets.pass_over(hass, target, _reason(hass, target), refusal)


def _reason(hass: HomeAssistant, target: TargetDevice) -> PassedReason:
    """Return why a named target is passed over that no loaded account has."""
    device, entry = dr.async_get_device_and_config_entry_for_domain(
        hass, target.device_id, domain=DOMAIN
    )
    if device is not None and entry is not None:
        return PassedReason.UNAVAILABLE
    if dr.async_get(hass).async_get(target.device_id) is None and not _exists(
        hass, target.entity_id
    ):
        return PassedReason.MISSING
    return PassedReason.OTHER_INTEGRATION


def _exists(hass: HomeAssistant, entity_id: str | None) -> bool:
    return entity_id is not None and (
        hass.states.get(entity_id) is not None
        or er.async_get(hass).async_get(entity_id) is not None
    )


def _targets[FoundT](
    hass: HomeAssistant, call: ServiceCall, result: ResolvedTargets[FoundT]
) -> Collection[TargetDevice]:
    """Return all devices of the target, without duplicates, the named ones first.

    If something is excluded from a site, a gateway or a facility, its remaining members take its
    place. Disabled devices are treated as excluded, and reported as passed over.
    """
    selection = TargetSelection(call.data)
    exclude = selection.exclude
    excluded = frozenset() if exclude is None else _excluded(hass, selection, exclude)
    disabled = disabled_devices(hass) - excluded
    targets: dict[str, TargetDevice] = {}
    disabled_targets: dict[str, TargetDevice] = {}
    for target in _selected(hass, selection):
        if disabled:
            disabled_targets |= _disabled_in(hass, target, disabled)
        left_out = excluded | disabled
        for one in _left_of(hass, target, left_out) if left_out else (target,):
            targets.setdefault(one.device_id, one)
    for one in disabled_targets.values():
        refusal = _refused(hass, one, translation_key="target_disabled")
        result.pass_over(hass, one, PassedReason.DISABLED, refusal)
    return targets.values()


def _disabled_in(
    hass: HomeAssistant, target: TargetDevice, disabled: AbstractSet[str]
) -> dict[str, TargetDevice]:
    """Return the disabled devices of a target."""
    device, _ = dr.async_get_device_and_config_entry_for_domain(
        hass, target.device_id, domain=DOMAIN
    )
    if device is None:
        return {}
    if device.id in disabled:
        return {device.id: target}
    members = beneath(hass, [device.id]) & disabled
    return {one: TargetDevice(one, None, named=False) for one in members}


def _excluded(
    hass: HomeAssistant, selection: TargetSelection, exclude: TargetSelection
) -> AbstractSet[str]:
    """Return the devices that a target excludes, including those beneath groups."""
    entity_ids = async_extract_excluded_entity_ids(hass, selection)
    devices = async_extract_referenced_entity_ids(hass, exclude).referenced_devices
    entries = {entity_id: er.async_get(hass).async_get(entity_id) for entity_id in entity_ids}
    devices |= {(entry and entry.device_id) or entity_id for entity_id, entry in entries.items()}
    return devices | beneath(hass, devices)


def _left_of(
    hass: HomeAssistant, target: TargetDevice, excluded: AbstractSet[str]
) -> Iterator[TargetDevice]:
    """Yield what remains of a group without the excluded devices."""
    device, _ = dr.async_get_device_and_config_entry_for_domain(
        hass, target.device_id, domain=DOMAIN
    )
    device_id = target.device_id if device is None else device.id
    for one in remaining(hass, device_id, excluded):
        yield target if one == device_id else TargetDevice(one, target.entity_id, named=False)


def _selected(hass: HomeAssistant, selection: TargetSelection) -> Iterator[TargetDevice]:
    """Yield the devices of a target, the named ones first.

    What does not exist is logged, as Home Assistant's own actions do.
    """
    selected = async_extract_referenced_entity_ids(hass, selection)
    missing = {sanitize_name(one) for one in selected.referenced if not _exists(hass, one)}
    # A name from a caller must neither forge a line of the log nor flood it.
    fit = replace(
        selected,
        missing_devices={sanitize_name(one) for one in selected.missing_devices},
        missing_areas={sanitize_name(one) for one in selected.missing_areas},
        missing_floors={sanitize_name(one) for one in selected.missing_floors},
        missing_labels={sanitize_name(one) for one in selected.missing_labels},
    )
    fit.log_missing(missing, LOGGER)
    registry = er.async_get(hass)
    for device_id in selection.device_ids:
        yield TargetDevice(device_id, None, named=True)
    for entity_id in (*selected.referenced, *selected.indirectly_referenced):
        entry = registry.async_get(entity_id)
        # An entity without a device is represented by its own id, and then refused by its name.
        device_id = (entry.device_id if entry else None) or entity_id
        yield TargetDevice(device_id, entity_id, named=entity_id in selected.referenced)
    for device_id in selected.referenced_devices:
        entries = er.async_entries_for_device(registry, device_id, include_disabled_entities=True)
        # Devices that no entity represents, such as gateways. Entities with a category do not, and
        # a large account does not register all.
        if None not in {entry.entity_category for entry in entries}:
            yield TargetDevice(device_id, None, named=False)


def _asset_device(hass: HomeAssistant, target: TargetDevice) -> AnyDeviceEntry | None:
    """Return the device if its account has assets, loaded or not."""
    device, entry = dr.async_get_device_and_config_entry_for_domain(
        hass, target.device_id, domain=DOMAIN
    )
    if entry is None or not issubclass(backend_of(entry.data).account, AssetAccount):
        return None
    return device


def _refused(
    hass: HomeAssistant, target: TargetDevice, *, translation_key: str
) -> ServiceValidationError:
    device = dr.async_get(hass).async_get(target.device_id)
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=translation_key,
        translation_placeholders={"target": _name_of(target, device)},
    )


def _name_of(target: TargetDevice, device: AnyDeviceEntry | None) -> str:
    names = () if device is None else (device.name_by_user, device.name)
    return sanitize_name(target.entity_id, *names, target.device_id)
