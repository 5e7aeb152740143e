"""What a load limit shows, and how a person controls it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Set as AbstractSet
from typing import Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.components.number import NumberEntity, NumberEntityDescription, NumberMode
from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.components.sensor import SensorDeviceClass, SensorEntity
from homeassistant.const import EntityCategory, Platform, UnitOfElectricCurrent, UnitOfPower
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..const import DOMAIN
from ..core.backend import AccountEntry
from .active_limit import ActiveLimit
from .announce import DECISION_KEY
from .control_law.models import Action, Mode
from .descriptions import SENSORS, LimitSensorDescription, always, peak_at_risk
from .journal import Entry
from .runtime import LOAD_LIMITS, LoadLimits
from .settings.config import CONF_LIMIT, CONF_MODE, HIGHEST_LIMIT

DEVICE_CLASSES: Final[Mapping[str, SensorDeviceClass]] = {
    UnitOfElectricCurrent.AMPERE: SensorDeviceClass.CURRENT,
    UnitOfPower.KILO_WATT: SensorDeviceClass.POWER,
}
_LARGE_UNITS: Final = (UnitOfPower.MEGA_WATT, UnitOfPower.GIGA_WATT, UnitOfPower.TERA_WATT)


class LimitEntity(Entity):
    """An entity of a load limit."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, limit: ActiveLimit, key: str) -> None:
        """Belong to the device of a load limit."""
        self.limit = limit
        self._attr_unique_id = f"{limit.id}_{key}"
        self._attr_translation_key = key
        self._attr_device_info = limit.device_info


class _FollowingEntity(LimitEntity, ABC):
    """An entity that shows what a load limit does, and writes only what has changed."""

    _shown: object = None

    @override
    async def async_added_to_hass(self) -> None:
        self.async_on_remove(self.limit.async_follow(self._look))
        self._shown = self._read()

    @callback
    def _look(self) -> None:
        before, self._shown = self._shown, self._read()
        if self._shown != before:
            self.async_write_ha_state()

    @abstractmethod
    def _read(self) -> object:
        """Read the current values, and return everything that is shown, for comparison."""


class LimitSensor(_FollowingEntity, SensorEntity):
    """A sensor of a load limit."""

    entity_description: LimitSensorDescription

    def __init__(self, limit: ActiveLimit, description: LimitSensorDescription) -> None:
        """Take the description."""
        super().__init__(limit, description.key)
        self.entity_description = description
        if description.in_unit_of_limit:
            unit = limit.meter.unit
            self._attr_native_unit_of_measurement = unit
            self._attr_device_class = DEVICE_CLASSES[unit]

    @override
    def _read(self) -> object:
        described = self.entity_description
        self._attr_native_value = described.rounded(described.value(self.limit))
        attributes = {} if described.attributes is None else dict(described.attributes(self.limit))
        self._attr_extra_state_attributes = attributes
        if described.only_with_value:
            self._attr_available = self._attr_native_value is not None
        return self._attr_native_value, attributes


class PeakAtRisk(_FollowingEntity, BinarySensorEntity):
    """Whether the mean of the window that is under way will exceed the limit."""

    entity_description = BinarySensorEntityDescription(
        key="load_limit_peak_at_risk", device_class=BinarySensorDeviceClass.PROBLEM
    )

    @override
    def _read(self) -> object:
        self._attr_is_on = peak_at_risk(self.limit)
        return self._attr_is_on


class ModeSelect(_FollowingEntity, SelectEntity):
    """What a load limit may do."""

    entity_description = SelectEntityDescription(key="load_limit_mode", options=list(Mode))

    @override
    def _read(self) -> object:
        self._attr_current_option = self.limit.config.mode
        return self._attr_current_option

    @override
    async def async_select_option(self, option: str) -> None:
        """Change the mode, which is stored."""
        _store(self.hass, self.limit, CONF_MODE, option)


class LimitNumber(_FollowingEntity, NumberEntity):
    """The limit, where a number gives it."""

    _attr_mode = NumberMode.BOX
    _attr_entity_category = EntityCategory.CONFIG
    _attr_native_max_value = HIGHEST_LIMIT
    entity_description = NumberEntityDescription(key="load_limit_number")

    def __init__(self, limit: ActiveLimit, key: str) -> None:
        """Take the unit of the limit."""
        super().__init__(limit, key)
        unit = limit.meter.limit_unit
        self._attr_native_unit_of_measurement = unit
        step = 0.001 if unit in _LARGE_UNITS else 0.1
        self._attr_native_step = self._attr_native_min_value = step

    @override
    def _read(self) -> object:
        self._attr_native_value = self.limit.config.limit
        return self._attr_native_value

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Change the limit, which is stored."""
        _store(self.hass, self.limit, CONF_LIMIT, value)


class RestoreButton(LimitEntity, ButtonEntity):
    """Returns all that is curtailed."""

    entity_description = ButtonEntityDescription(key="load_limit_restore")

    @override
    async def async_press(self) -> None:
        """Return all that is curtailed, step by step."""
        self.hass.data[LOAD_LIMITS].async_restore(self.limit.id)


class DecisionEvent(LimitEntity, EventEntity):
    """The decisions of a load limit, with their reasons."""

    entity_description = EventEntityDescription(
        key=DECISION_KEY, event_types=[*Action, "advice", "failure"]
    )

    @override
    async def async_added_to_hass(self) -> None:
        self.async_on_remove(self.limit.async_follow_decisions(self._decided))

    @callback
    def _decided(self, entry: Entry) -> None:
        kind = str(entry.action) if entry.sent else "failure" if entry.error else "advice"
        details = entry.as_dict()
        self._trigger_event(kind, {key: details[key] for key in details if key not in _LEFT_OUT})
        self.async_write_ha_state()


_LEFT_OUT: Final = frozenset({"at", "limit_id", "limit_name", "sent"})

BUILDERS: Final[dict[Platform, Callable[[ActiveLimit], list[LimitEntity]]]] = {
    Platform.SENSOR: lambda limit: [
        LimitSensor(limit, one) for one in SENSORS if one.exists(limit.config)
    ],
    Platform.BINARY_SENSOR: lambda limit: (
        [PeakAtRisk(limit, "load_limit_peak_at_risk")] if limit.config.window else []
    ),
    Platform.SELECT: lambda limit: [ModeSelect(limit, "load_limit_mode")],
    Platform.NUMBER: lambda limit: (
        [LimitNumber(limit, "load_limit_number")] if limit.config.limit_entity is None else []
    ),
    Platform.BUTTON: lambda limit: [RestoreButton(limit, "load_limit_restore")],
    Platform.EVENT: lambda limit: [DecisionEvent(limit, DECISION_KEY)],
}
"""What builds the entities of a load limit, by platform."""

SOME_HAVE: Final = {
    Platform.SENSOR: tuple(one.key for one in SENSORS if one.exists is not always),
    Platform.BINARY_SENSOR: ("load_limit_peak_at_risk",),
    Platform.NUMBER: ("load_limit_number",),
}
"""The entities that only some load limits have."""


@callback
def async_add_load_limits(
    hass: HomeAssistant,
    entry: AccountEntry,
    platform: Platform,
    add: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the entities of an account's load limits on a platform, now and later."""
    load_limits: LoadLimits = hass.data[LOAD_LIMITS]

    @callback
    def add_of(limit: ActiveLimit) -> None:
        entities = BUILDERS[platform](limit)
        _remove_others(hass, limit, platform, {one.unique_id for one in entities})
        add(entities, config_subentry_id=limit.id)

    load_limits.configured.add_entities(entry.entry_id, add_of)


@callback
def _remove_others(
    hass: HomeAssistant, limit: ActiveLimit, platform: Platform, wanted: AbstractSet[str | None]
) -> None:
    """Remove registered entities that a load limit does not have as it is now configured."""
    registry = er.async_get(hass)
    for key in SOME_HAVE.get(platform, ()):
        entity_id = registry.async_get_entity_id(platform, DOMAIN, f"{limit.id}_{key}")
        if entity_id is not None and f"{limit.id}_{key}" not in wanted:
            registry.async_remove(entity_id)


@callback
def _store(hass: HomeAssistant, limit: ActiveLimit, key: str, value: object) -> None:
    """Store a changed value in the config subentry, from where it comes into use."""
    entry = hass.config_entries.async_get_known_entry(limit.entry_id)
    subentry = entry.subentries[limit.id]
    hass.config_entries.async_update_subentry(entry, subentry, data={**subentry.data, key: value})
