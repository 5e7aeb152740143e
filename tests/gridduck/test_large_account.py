"""What a large account shows at first, so that Home Assistant leaves nothing of it out."""

from collections import Counter
from typing import Final

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY
import pytest

from custom_components.gridduck_heimdall.gridduck.account import OFFERS, GridDuckAccount
from custom_components.gridduck_heimdall.gridduck.entity import AssetDescription
from custom_components.gridduck_heimdall.gridduck.offers import viewable_assets
from custom_components.gridduck_heimdall.gridduck.tiers import MOST_ASSETS, Tier, is_enabled
from simulator.options import Options

from .support import entity_of

SITES: Final = 50
ENTITIES_OF_A_SITE: Final = 4
TEMPERATURE: Final = {"temperature": Tier.USUAL}

_ASSETS: Final = MOST_ASSETS[Tier.DETAIL] + 1


def tiers() -> dict[str, Tier]:
    """Return the tier of each entity that an asset under control may have enabled at first."""
    described = [
        description
        for one in OFFERS
        if one.present is not viewable_assets
        for description, _ in one.entities
        if isinstance(description, AssetDescription) and description.entity_registry_enabled_default
    ]
    return {one.key: one.tier for one in described} | TEMPERATURE


@pytest.mark.parametrize("assets", [*MOST_ASSETS.values(), 9_000])
def test_as_many_as_home_assistant_enables(assets: int) -> None:
    enabled = [key for key, tier in tiers().items() if is_enabled(tier, assets)]
    assert "power" in enabled
    total = assets * len(enabled) + SITES * ENTITIES_OF_A_SITE
    assert total <= MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY


def test_less_and_less_gives_way() -> None:
    counts = Counter(tiers().values())
    assert counts == {Tier.POWER: 1, Tier.CONTROL: 1, Tier.USUAL: 4, Tier.DETAIL: 6}
    assert list(MOST_ASSETS.values()) == sorted(MOST_ASSETS.values())


@pytest.fixture
def simulator_options() -> Options:
    return Options(sites=3, assets=_ASSETS, lines=1)


async def test_all_are_registered_and_what_matters_most_is_enabled(
    hass: HomeAssistant, account: GridDuckAccount
) -> None:
    registry = er.async_get(hass)
    controllable = next(iter(account.assets.controllable))

    def enabled(platform: Platform, key: str) -> bool:
        entity_id = entity_of(hass, platform, controllable, key)
        assert entity_id is not None, f"{key} is not registered"
        entry = registry.async_get(entity_id)
        assert entry is not None
        return not entry.disabled

    assert enabled(Platform.SWITCH, "switch")
    assert enabled(Platform.SENSOR, "override")
    assert enabled(Platform.BINARY_SENSOR, "connection")
    assert not enabled(Platform.SENSOR, "last_contact")
    assert not enabled(Platform.NUMBER, "boost_duration")
    metered = [one.id for one in account.assets.data.values() if one.power_w is not None]
    assert len(metered) > _ASSETS / 2
    for asset_id in metered:
        power = entity_of(hass, Platform.SENSOR, asset_id, "power")
        assert power is not None
        assert hass.states.get(power) is not None
