"""Every entity of the simulated account, by platform."""

from unittest.mock import PropertyMock, patch

from homeassistant.const import Platform
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity
import pytest
from pytest_homeassistant_custom_component.common import snapshot_platform
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from syrupy.assertion import SnapshotAssertion

from custom_components.gridduck_heimdall.heimdall.options import CONF_SENSORS, CONF_SPANS

from .home import Home


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Return snapshots that leave out what differs from run to run."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.mark.parametrize("platform", [Platform.BINARY_SENSOR, Platform.NUMBER, Platform.SENSOR])
@pytest.mark.english
async def test_platform(home: Home, snapshot: SnapshotAssertion, platform: Platform) -> None:
    with (
        patch("custom_components.gridduck_heimdall.PLATFORMS", [platform]),
        patch.object(Entity, "entity_registry_enabled_default", PropertyMock(return_value=True)),
    ):
        await home.open(**{CONF_SPANS: True, CONF_SENSORS: True})
    await snapshot_platform(home.hass, er.async_get(home.hass), snapshot, home.entry.entry_id)
