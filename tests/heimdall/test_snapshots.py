"""Every entity of the simulated account, as it stands at one time."""

from homeassistant.const import Platform
from homeassistant.helpers import entity_registry as er
import pytest
from syrupy.assertion import SnapshotAssertion

from custom_components.gridduck_heimdall.heimdall.options import CONF_SENSORS, CONF_SPANS

from .home import Home


@pytest.mark.parametrize("platform", [Platform.BINARY_SENSOR, Platform.SENSOR])
async def test_entities(home: Home, platform: Platform, snapshot: SnapshotAssertion) -> None:
    await home.open(**{CONF_SPANS: True, CONF_SENSORS: True})
    entities = er.async_entries_for_config_entry(er.async_get(home.hass), home.entry.entry_id)
    shown = {
        entity.entity_id: {
            "unique_id": entity.unique_id,
            "category": entity.entity_category,
            "disabled_by": entity.disabled_by,
            "name": entity.original_name,
            "state": state and state.state,
            "attributes": state and dict(state.attributes),
        }
        for entity in entities
        if entity.domain == platform
        for state in (home.hass.states.get(entity.entity_id),)
    }
    assert dict(sorted(shown.items())) == snapshot
