"""Permissions of a user on a device, independent of which entities are enabled or registered."""

from collections.abc import Iterable, Set as AbstractSet
from dataclasses import dataclass
from typing import Final, cast

from homeassistant.auth.models import User
from homeassistant.auth.permissions import (
    PermissionLookup,
    PolicyPermissions,
    merge_policies,
)
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.const import Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..const import DOMAIN
from .device_map import beneath, is_group
from .slices import in_slices

_DOMAIN_OF: Final = {POLICY_CONTROL: Platform.SWITCH}
"""Entity domain that stands for a policy; a sensor for all others."""


async def async_check_devices(
    hass: HomeAssistant, context: Context, device_ids: Iterable[str], policy: str
) -> None:
    """Check the permission of the caller on devices and everything beneath them.

    Home Assistant's policies apply to entities, devices, areas and domains. A permission on a
    device requires the permission on each of its enabled entities; if none is enabled, on each
    disabled one; and if it has no entities, on one that it could have.

    Args:
        hass: Home Assistant.
        context: the context of the action; the system itself is always allowed.
        device_ids: the devices; groups such as sites are checked with everything beneath them.
        policy: to read or to control.

    Raises:
        Unauthorized: the user lacks the permission.
    """
    if context.user_id is None:
        return
    user = await hass.auth.async_get_user(context.user_id)
    if user is None:
        raise Unauthorized(context=context, permission=policy)
    if user.permissions.access_all_entities(policy):
        return
    asked = set(device_ids)
    for device_id in asked | beneath(hass, asked):
        if not _may(hass, user, device_id, policy):
            raise Unauthorized(context=context, permission=policy)


async def async_readable(
    hass: HomeAssistant, user: User, device_ids: Iterable[str]
) -> AbstractSet[str]:
    """Return those of some devices that a user may read; groups count without their members."""
    if user.permissions.access_all_entities(POLICY_READ):
        return frozenset(device_ids)
    checked = await in_slices(
        (one, _may(hass, user, one, POLICY_READ)) for one in frozenset(device_ids)
    )
    return {one for one, may in checked if may}


async def async_check_entity(
    hass: HomeAssistant, context: Context, entity_id: str, policy: str
) -> None:
    """Check the permission of the caller on an entity, also of another integration.

    Raises:
        Unauthorized: the user lacks the permission.
    """
    if context.user_id is None:
        return
    user = await hass.auth.async_get_user(context.user_id)
    if user is None or not user.permissions.check_entity(entity_id, policy):
        raise Unauthorized(context=context, entity_id=entity_id, permission=policy)


def _may(hass: HomeAssistant, user: User, device_id: str, policy: str) -> bool:
    every = er.async_entries_for_device(
        er.async_get(hass), device_id, include_disabled_entities=True
    )
    enabled = [entry for entry in every if not entry.disabled]
    if not enabled and is_group(hass, device_id):
        # A group has no permissions of its own; its members are checked.
        return True
    if entries := enabled or every:
        return all(user.permissions.check_entity(one.entity_id, policy) for one in entries)
    return _may_without_entities(hass, user, device_id, policy)


@dataclass(frozen=True, slots=True)
class _Entity:
    """The fields of an entity that a permission lookup needs."""

    device_id: str


@dataclass(frozen=True, slots=True)
class _Entities:
    """An entity registry in which every entity belongs to one device."""

    device_id: str

    def async_get(self, _entity_id: str) -> _Entity:
        """Return an entity of the device."""
        return _Entity(self.device_id)


def _may_without_entities(hass: HomeAssistant, user: User, device_id: str, policy: str) -> bool:
    entity_id = f"{_DOMAIN_OF.get(policy, Platform.SENSOR)}.{DOMAIN}_{device_id}"
    registry = cast("er.EntityRegistry", _Entities(device_id))
    found = PolicyPermissions(
        merge_policies([group.policy for group in user.groups]),
        PermissionLookup(registry, dr.async_get(hass)),
    )
    # Permissions that do not come from groups cannot be looked up by device and area.
    permissions = found if found == user.permissions else user.permissions
    return permissions.check_entity(entity_id, policy)
