"""How entities of what a cloud has are added."""

from collections.abc import AsyncGenerator, Iterable, Set as AbstractSet
from datetime import timedelta
from functools import partial
from typing import override
from unittest.mock import Mock

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_CLIENT_ID
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.const import CONF_SERVICE, DOMAIN
from custom_components.gridduck_heimdall.core.coordinator import PollingCoordinator
from custom_components.gridduck_heimdall.core.entity import (
    ADDED_AT_ONCE,
    Builders,
    async_add_as_found,
)
from custom_components.gridduck_heimdall.core.slices import SLICE

from .turns import counting

KEYS = [f"asset {number}" for number in range(3 * ADDED_AT_ONCE)]


class Assets(PollingCoordinator[str, None]):
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


@pytest.fixture
async def assets(hass: HomeAssistant) -> AsyncGenerator[Assets]:
    """Return the coordinator of an account in use."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        state=ConfigEntryState.LOADED,
        data={CONF_SERVICE: "gridduck", CONF_CLIENT_ID: "test"},
    )
    entry.add_to_hass(hass)
    coordinator = Assets(hass, entry, name="assets", update_interval=timedelta(minutes=1))
    yield coordinator
    await coordinator.async_shutdown()


@pytest.mark.usefixtures("freezer")
async def test_entities_are_added_in_batches(assets: Assets) -> None:
    """When a platform is set up, all that is there is added, and others run in between."""
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
            assert len(batch) <= ADDED_AT_ONCE
            added.extend(batch)
            added_at.append(turns.count)

        await async_add_as_found(assets, add, lambda: there, build)
    assert added == [name for key in KEYS for name in build(key)]
    assert len(added_at) == len(set(added_at)) == 2 * len(KEYS) / ADDED_AT_ONCE


async def test_a_long_look_for_entities_lets_others_run(
    assets: Assets, freezer: FrozenDateTimeFactory
) -> None:
    """Also where there is none to add."""
    looked_at = list[int]()
    with counting() as turns:

        def nothing(_key: str) -> Builders:
            freezer.tick(2 * SLICE)
            looked_at.append(turns.count)
            return {}

        there: AbstractSet[str] = dict.fromkeys(KEYS[:3]).keys()
        await async_add_as_found(assets, Mock(), lambda: there, nothing)
    assert len(looked_at) == len(set(looked_at)) == 3
