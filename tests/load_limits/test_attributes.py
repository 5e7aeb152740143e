"""Attributes of entities have names in the translations, and those with a fixed list words."""

from collections.abc import Iterable
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.translation import async_get_translations
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.load_limits.control_law.models import Action, Reason
from custom_components.gridduck_heimdall.load_limits.meter import Problem
from tests.conftest import setup
from tests.test_translations import STRINGS

from .feeder import Feeder, add, shown

OF_ANY_ENTITY: Final = {
    "device_class",
    "friendly_name",
    "icon",
    "supported_features",
    "unit_of_measurement",
}
"""Attributes that Home Assistant gives to entities of each domain."""

type Attributes = dict[tuple[str, str], set[str]]
"""Attributes by the domain and the translation key of the entity."""


async def own(hass: HomeAssistant) -> Attributes:
    """Return the attributes that the integration gives to the states of its entities."""
    found: Attributes = {}
    for entity in er.async_get(hass).entities.values():
        if entity.platform != DOMAIN or (state := hass.states.get(entity.entity_id)) is None:
            continue
        texts = await async_get_translations(hass, "en", "entity_component", {entity.domain})
        start = f"component.{entity.domain}.entity_component._.state_attributes."
        of_domain = {path.removeprefix(start).split(".")[0] for path in texts}
        if names := set(state.attributes) - OF_ANY_ENTITY - of_domain:
            found.setdefault((entity.domain, str(entity.translation_key)), set()).update(names)
    return found


def texts_of(domain: str, key: str) -> dict[str, Any]:
    """Return the texts of the attributes of an entity."""
    texts: dict[str, Any] = STRINGS["entity"][domain][key].get("state_attributes", {})
    return texts


async def test_each_attribute_has_a_name(
    hass: HomeAssistant, heimdall_entry: MockConfigEntry, feeder: Feeder
) -> None:
    """Home Assistant shows an attribute without one by its key, in English."""
    await setup(hass, heimdall_entry)
    subentry = await add(feeder.yard, feeder.limit)
    await feeder.run(5)
    decision = shown(hass, subentry, "event", "load_limit_decision")
    assert decision.attributes["event_type"] == "curtail"
    attributes = await own(hass)
    assert attributes["event", "load_limit_decision"] >= {"asset", "reason", "until"}
    unnamed = {
        (domain, key, name)
        for (domain, key), names in attributes.items()
        for name in names
        if "name" not in texts_of(domain, key).get(name, {})
    }
    assert unnamed == set()


@pytest.mark.parametrize(
    ("domain", "key", "attribute", "values"),
    [
        ("event", "load_limit_decision", "action", Action),
        ("event", "load_limit_decision", "reason", Reason),
        ("sensor", "load_limit_state", "problems", Problem),
    ],
)
def test_each_value_has_words(domain: str, key: str, attribute: str, values: Iterable[str]) -> None:
    words = texts_of(domain, key)[attribute]["state"]
    assert set(words) == {value.removeprefix("load_limit_") for value in values}
