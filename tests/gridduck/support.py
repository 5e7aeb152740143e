"""Short ways to look at one entity of the simulated GridDuck account."""

from typing import Final

from homeassistant.const import ATTR_ENTITY_ID, Platform
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event

from custom_components.gridduck_heimdall.const import DOMAIN
from simulator.gridduck.world import World
from simulator.options import Options

IDENTITY: Final = "gridduck_1234"
LIST_PATH: Final = "^/asset/$"
UP_TO_THE_LAMP: Final = Options(sites=1, assets=3, lines=1)
"""A world of a meter, a circuit and the lamp, for tests that are about the lamp alone."""


def entity_of(hass: HomeAssistant, platform: Platform, item: str, key: str) -> str | None:
    """Return the entity id of an asset's or site's entity, if it is registered."""
    return er.async_get(hass).async_get_entity_id(platform, DOMAIN, f"{IDENTITY}_{item}_{key}")


def state_of(hass: HomeAssistant, platform: Platform, item: str, key: str) -> State:
    """Return the state of an asset's or site's entity."""
    entity_id = entity_of(hass, platform, item, key)
    assert entity_id is not None, f"there is no {platform} {key}"
    state = hass.states.get(entity_id)
    assert state is not None, f"{entity_id} has no state"
    return state


def value_of(hass: HomeAssistant, item: str, key: str) -> str:
    """Return what a sensor shows."""
    return state_of(hass, Platform.SENSOR, item, key).state


def switch_of(hass: HomeAssistant, asset_id: str) -> str:
    """Return what an asset's switch shows."""
    return state_of(hass, Platform.SWITCH, asset_id, "switch").state


async def call(
    hass: HomeAssistant, platform: Platform, action: str, item: str, key: str, **data: object
) -> None:
    """Call an action of an entity and wait for it."""
    await hass.services.async_call(
        platform,
        action,
        {ATTR_ENTITY_ID: entity_of(hass, platform, item, key), **data},
        blocking=True,
    )


def until_of(hass: HomeAssistant, asset_id: str) -> str:
    """Return when the switch of an asset says that the override ends."""
    return str(state_of(hass, Platform.SWITCH, asset_id, "switch").attributes["until"])


def named(world: World, name: str) -> str:
    """Return the id of the first asset with a name."""
    return next(asset.id for asset in world.assets.values() if asset.name == name)


def writes(hass: HomeAssistant) -> list[str]:
    """Return a list that from now on grows by the entity id of each state that changes."""
    found: list[str] = []

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        found.append(event.data["entity_id"])

    async_track_state_change_event(hass, hass.states.async_entity_ids(), changed)
    return found


def enable(hass: HomeAssistant, asset_id: str) -> None:
    """Have the sensors of an asset that are disabled at first enabled, before it is set up."""
    for key in ("override_ends", "last_contact"):
        er.async_get(hass).async_get_or_create(
            Platform.SENSOR,
            DOMAIN,
            f"{IDENTITY}_{asset_id}_{key}",
            suggested_object_id=f"harbour_office_lamp_{key}",
        )
