"""Remove registered entities that an account's choice excludes."""

import asyncio
from collections.abc import Collection, Iterable, Iterator
from itertools import batched
import re
from typing import Final, NamedTuple

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_registry import (
    COMPUTED_NAME,
    DeletedRegistryEntry,
    RegistryEntry,
    RegistryEntryDisabler,
    RegistryEntryHider,
)
from homeassistant.helpers.typing import UndefinedType

from ..const import DOMAIN
from .slices import in_slices


class EntityKey(NamedTuple):
    """An entity, registered or not.

    Attributes:
        platform: its platform.
        unique_id: its unique id.
        enabled: whether it is enabled unless a user disables it.
    """

    platform: Platform
    unique_id: str
    enabled: bool


_NUMBER: Final = re.compile(r"_\d+$")
# Written by Home Assistant itself and by integrations.
_OWN_OPTIONS: Final = frozenset({"sensor.private", "conversation"})
_OWN_PREFIX: Final = "suggested_"


async def async_remove_excluded[RuntimeT](
    hass: HomeAssistant,
    entry: ConfigEntry[RuntimeT],
    excluded: Iterable[Collection[EntityKey]],
    *,
    enabled: bool,
) -> int:
    """Remove registered entities that a choice excludes, and return their number.

    Entities that a user has changed, disabled or enabled stay.

    Args:
        hass: Home Assistant.
        entry: the account.
        excluded: the excluded entities by device; the event loop runs between devices.
        enabled: whether to also remove entities that are enabled by default.
    """
    registry = er.async_get(hass)
    count = sum(await in_slices(_removals(registry, excluded, enabled=enabled)))
    await _async_forget_disabled(registry, entry.entry_id)
    return count


def _removals(
    registry: er.EntityRegistry, excluded: Iterable[Collection[EntityKey]], *, enabled: bool
) -> Iterator[int]:
    """Remove the entities of each device, and yield their number."""
    for keys in excluded:
        yield sum(_remove(registry, key, enabled=enabled and key.enabled) for key in keys)


def _remove(registry: er.EntityRegistry, key: EntityKey, *, enabled: bool) -> bool:
    entity_id = registry.async_get_entity_id(key.platform, DOMAIN, key.unique_id)
    known = None if entity_id is None else registry.async_get(entity_id)
    if known is None or not _is_removable(registry, known, enabled=enabled):
        return False
    registry.async_remove(known.entity_id)
    return True


def _is_removable(registry: er.EntityRegistry, entry: RegistryEntry, *, enabled: bool) -> bool:
    match entry.disabled_by:
        case RegistryEntryDisabler.USER:
            return False
        case RegistryEntryDisabler.INTEGRATION:
            return not _is_customised(registry, entry)
    return enabled and not _is_customised(registry, entry)


def _is_customised(registry: er.EntityRegistry, entry: RegistryEntry) -> bool:
    """Return whether a user has customized an entity."""
    return (
        _has_own_settings(entry)
        or entry.hidden_by is RegistryEntryHider.USER
        or _has_own_id(registry, entry)
    )


def _has_own_settings(entry: RegistryEntry | DeletedRegistryEntry) -> bool:
    named = entry.name or entry.icon or entry.device_class or entry.aliases not in ([], _ALIASES)
    placed = entry.area_id or entry.labels or entry.categories
    options = () if isinstance(entry.options, UndefinedType) else entry.options.items()
    return bool(named or placed) or any(
        domain not in _OWN_OPTIONS and not all(key.startswith(_OWN_PREFIX) for key in values)
        for domain, values in options
    )


_ALIASES: Final = [COMPUTED_NAME]


def _has_own_id(registry: er.EntityRegistry, entry: RegistryEntry) -> bool:
    """Return whether a user has changed the entity id."""
    usual = registry.async_regenerate_entity_id(entry)
    # Numeric suffixes distinguish entities of one name, and change as others come and go.
    usual_ids = {usual, _NUMBER.sub("", usual)}
    return usual_ids.isdisjoint({entry.entity_id, _NUMBER.sub("", entry.entity_id)})


async def _async_forget_disabled(registry: er.EntityRegistry, entry_id: str) -> None:
    """Forget removed entities that were not disabled by a user.

    Home Assistant remembers a removed entity as long as its account exists, and would restore it as
    disabled as soon as a wider choice registers it again.
    """
    forgotten = False
    for some in batched(tuple(registry.deleted_entities.items()), 1_000, strict=False):
        for key, entry in some:
            if _is_forgettable(entry, entry_id):
                forgotten |= registry.deleted_entities.pop(key, None) is not None
        await asyncio.sleep(0)
    if forgotten:
        registry.async_schedule_save()


@callback
def _is_forgettable(entry: DeletedRegistryEntry, entry_id: str) -> bool:
    return (
        entry.config_entry_id == entry_id
        and entry.platform == DOMAIN
        and entry.disabled_by is RegistryEntryDisabler.INTEGRATION
        and not _has_own_settings(entry)
    )
