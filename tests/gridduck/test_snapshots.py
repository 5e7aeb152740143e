"""Every entity of a small account, by platform."""

from collections.abc import Iterable
from unittest.mock import PropertyMock, patch

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, snapshot_platform
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from syrupy.assertion import SnapshotAssertion

from simulator.options import Options
from tests.conftest import setup

PLATFORMS: Iterable[Platform] = (
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.NUMBER,
    Platform.SENSOR,
    Platform.SWITCH,
)


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Return snapshots that leave out what differs from run to run."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.fixture
def simulator_options() -> Options:
    """Return one site: with the read-only, the offline and the bare asset."""
    return Options(sites=1, assets=8)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.english
async def test_platform(
    hass: HomeAssistant,
    gridduck_entry: MockConfigEntry,
    snapshot: SnapshotAssertion,
    platform: Platform,
) -> None:
    with (
        patch("custom_components.gridduck_heimdall.PLATFORMS", [platform]),
        patch.object(Entity, "entity_registry_enabled_default", PropertyMock(return_value=True)),
    ):
        await setup(hass, gridduck_entry)
        await hass.async_block_till_done(wait_background_tasks=True)
    await snapshot_platform(hass, er.async_get(hass), snapshot, gridduck_entry.entry_id)
