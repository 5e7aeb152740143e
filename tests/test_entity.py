"""How entities of what a cloud has are added."""

from collections.abc import Iterable, Set as AbstractSet
from datetime import timedelta
from functools import partial
from typing import override

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_CLIENT_ID
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.const import CONF_SERVICE, DOMAIN
from custom_components.gridduck_heimdall.core.coordinator import AnnouncingCoordinator
from custom_components.gridduck_heimdall.core.entity import (
    ADDED_AT_ONCE,
    Builders,
    async_add_as_found,
)

from .turns import counting

KEYS = [f"asset {number}" for number in range(3 * ADDED_AT_ONCE)]


class Assets(AnnouncingCoordinator[str, None]):
    """Polls nothing: what there is does not change."""

    @override
    async def _async_poll(self) -> None:
        return None


class Named(Entity):
    """An entity of which nothing but its name matters."""

    def __init__(self, unique_id: str) -> None:
        """Take the name."""
        self._attr_unique_id = unique_id


def build(key: str) -> Builders:
    """Return how to make the two entities of a key."""

    return {name: partial(Named, name) for name in (f"{key} power", f"{key} energy")}


async def test_entities_are_added_in_batches(hass: HomeAssistant) -> None:
    """When a platform is set up, all that is there is added, and others run in between."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        state=ConfigEntryState.LOADED,
        data={CONF_SERVICE: "gridduck", CONF_CLIENT_ID: "test"},
    )
    entry.add_to_hass(hass)
    coordinator = Assets(hass, entry, name="assets", update_interval=timedelta(minutes=1))
    there: AbstractSet[str] = dict.fromkeys(KEYS).keys()
    added, added_at = list[str | None](), list[int]()
    with counting() as turns:

        def add(
            new_entities: Iterable[Entity],
            update_before_add: bool = False,
            *,
            config_subentry_id: str | None = None,
        ) -> None:
            batch = [entity.unique_id for entity in new_entities]
            assert len(batch) <= ADDED_AT_ONCE + 1
            added.extend(batch)
            added_at.append(turns.count)

        await async_add_as_found(coordinator, add, lambda: there, build)
    assert added == [name for key in KEYS for name in build(key)]
    assert len(added_at) == len(set(added_at)) == 2 * len(KEYS) / ADDED_AT_ONCE
    await coordinator.async_shutdown()
