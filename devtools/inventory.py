"""What Home Assistant holds of both accounts: devices, entities and their states."""

from collections.abc import Mapping
from typing import Final

import msgspec

from .hass import Hass
from .settings import DOMAIN, SERVICES, LaunchError, Service

UNAVAILABLE: Final = "unavailable"
UNKNOWN: Final = "unknown"


class Device(msgspec.Struct, frozen=True):
    """A device of the registry."""

    id: str
    identifiers: list[tuple[str, str]]
    name: str | None = None
    name_by_user: str | None = None
    via_device_id: str | None = None

    @property
    def kind(self) -> str:
        """What it is, such as asset or line: the first part of its identifier."""
        return self._identifier()[0]

    @property
    def own_id(self) -> str:
        """The service's own id of it."""
        return self._identifier()[1]

    def _identifier(self) -> tuple[str, str]:
        own = next((name for domain, name in self.identifiers if domain == DOMAIN), "?:?")
        kind, _, own_id = own.partition(":")
        return kind, own_id


class Entity(msgspec.Struct, frozen=True):
    """An entity of the registry."""

    entity_id: str
    unique_id: str
    platform: str
    config_entry_id: str | None = None
    device_id: str | None = None
    disabled_by: str | None = None
    translation_key: str | None = None

    @property
    def domain(self) -> str:
        """The kind of entity it is, such as sensor or switch."""
        return self.entity_id.partition(".")[0]

    @property
    def service(self) -> Service:
        """The service it comes from: its unique id starts with the account's identity."""
        for service in SERVICES:
            if self.unique_id.startswith(f"{service}_"):
                return service
        raise LaunchError(f"The unique id of {self.entity_id} names no account")


class State(msgspec.Struct, frozen=True):
    """The state of an entity."""

    entity_id: str
    state: str
    attributes: dict[str, object] = {}

    @property
    def name(self) -> str:
        """The name that users see."""
        return str(self.attributes.get("friendly_name", self.entity_id))

    @property
    def value(self) -> str:
        """The state with its unit."""
        unit = self.attributes.get("unit_of_measurement")
        return self.state if unit is None else f"{self.state} {unit}"


class Inventory(msgspec.Struct, frozen=True):
    """Everything of both accounts at one moment; devices by id, states by entity id."""

    devices: Mapping[str, Device]
    entities: list[Entity]
    states: Mapping[str, State]

    def devices_of(self, kind: str) -> list[Device]:
        """Return the devices of one kind."""
        return [device for device in self.devices.values() if device.kind == kind]

    def entities_of(self, device: Device) -> list[Entity]:
        """Return the enabled entities of a device."""
        return [each for each in self.enabled() if each.device_id == device.id]

    def enabled(self) -> list[Entity]:
        """Return the entities that are not disabled."""
        return [entity for entity in self.entities if entity.disabled_by is None]

    def state(self, entity: Entity) -> str:
        """Return an entity's state; one that Home Assistant has not is unavailable."""
        state = self.states.get(entity.entity_id)
        return UNAVAILABLE if state is None else state.state

    def device(self, entity: Entity) -> Device | None:
        """Return the device that an entity belongs to."""
        return None if entity.device_id is None else self.devices.get(entity.device_id)

    def above(self, device: Device) -> Device | None:
        """Return the device that a device is below, such as an asset's parent or gateway."""
        return None if device.via_device_id is None else self.devices.get(device.via_device_id)

    def of_key(self, device: Device, key: str) -> Entity | None:
        """Return the enabled entity of a device whose unique id ends with this key."""
        ending = f"_{device.own_id}_{key}"
        own = self.entities_of(device)
        return next((each for each in own if each.unique_id.endswith(ending)), None)

    def sibling(self, entity: Entity, translation_key: str) -> Entity | None:
        """Return the entity of the same device with this translation key."""
        for each in self.entities:
            if each.device_id == entity.device_id and each.translation_key == translation_key:
                return each
        return None


async def take_inventory(hass: Hass) -> Inventory:
    """Ask Home Assistant for everything of both accounts; devices in the order of their names."""
    devices = await hass.command("config/device_registry/list", list[Device])
    entities = await hass.command("config/entity_registry/list", list[Entity])
    states = await hass.command("get_states", list[State])
    own = [each for each in devices if any(domain == DOMAIN for domain, _ in each.identifiers)]
    return Inventory(
        devices={
            each.id: each for each in sorted(own, key=lambda each: (each.name or "", each.id))
        },
        entities=[each for each in entities if each.platform == DOMAIN],
        states={each.entity_id: each for each in states},
    )
