"""Which of the entities in a target a trigger or condition is about."""

from collections.abc import Mapping, Set as AbstractSet
from dataclasses import dataclass
from typing import Any, ClassVar, Final, override

from homeassistant.const import Platform, UnitOfElectricCurrent, UnitOfLength, UnitOfRatio
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.automation import DomainSpec
from homeassistant.util.unit_conversion import (
    BaseUnitConverter,
    DistanceConverter,
    ElectricCurrentConverter,
)

from ..backends import descriptions
from ..const import DOMAIN
from ..core.description import TriggerSource
from .target_cache import changes
from .targets import with_all_beneath


@dataclass(frozen=True, kw_only=True, slots=True)
class EntityFilter:
    """A kind of entity of this integration.

    A line has many sensors, so that device, area and label lead to more than is meant.

    Attributes:
        platform: the entities' domain.
        keys: their translation keys, which users cannot change.
        primary: whether they have no entity category; entities with one are passed over by
            Home Assistant unless this is said.
    """

    platform: Platform
    keys: frozenset[str]
    primary: bool = True

    def among(self, hass: HomeAssistant, entity_ids: AbstractSet[str]) -> set[str]:
        """Return those of the entities that are meant."""
        registry = er.async_get(hass)
        return {
            entity_id
            for entity_id in entity_ids
            if (entry := registry.async_get(entity_id)) is not None
            and entry.platform == DOMAIN
            and entry.domain == self.platform
            and entry.translation_key in self.keys
        }


class FilteredTargetMixin:
    """Mixin: of a target and what is under it, only the entities that are meant count.

    A class says with `meant` which these are.
    """

    _hass: HomeAssistant
    _target: dict[str, Any]
    _meant: EntityFilter
    _domain_specs: Mapping[str, DomainSpec]
    _primary_entities_only: ClassVar[bool]
    # Of which entities the answer was given, at which count of changes, and the answer.
    _kept: tuple[int, set[str], set[str]] | None = None

    @override
    def __init_subclass__(cls, *, meant: EntityFilter | None = None, **kwargs: Any) -> None:
        """Take over which entities are meant."""
        super().__init_subclass__(**kwargs)
        if meant is not None:
            cls._meant = meant
            cls._domain_specs = {meant.platform: DomainSpec()}
            cls._primary_entities_only = meant.primary

    def entity_filter(self, entities: set[str]) -> set[str]:
        """Return what is meant of the target, in which these entities were found."""
        count = changes(self._hass).count
        if self._kept is None or self._kept[:2] != (count, entities):
            everything = with_all_beneath(self._hass, self._target, entities)
            self._kept = count, set(entities), self._meant.among(self._hass, everything)
        return set(self._kept[2])


_NO_UNITS: Final = set[str | None]()
_NO_FACTORS: Final = dict[str | None, float]()


class OnlyUnit(BaseUnitConverter):
    """Converter of a quantity whose sensors have one unit, which users cannot change."""

    UNIT_CLASS = "only_unit"
    VALID_UNITS = _NO_UNITS
    _UNIT_CONVERSION = _NO_FACTORS


@dataclass(frozen=True, kw_only=True, slots=True)
class QuantityFilter(EntityFilter):
    """A kind of sensor, and how its values are compared.

    Attributes:
        unit: in which thresholds are compared, and are meant where nothing else is said.
        units: in which they may be given.
        converter: converts what a user has given another unit.
    """

    unit: str
    units: tuple[str, ...]
    converter: type[BaseUnitConverter] = OnlyUnit


def _keys(source: TriggerSource) -> frozenset[str]:
    """Return the translation keys of the sensors that are such a source."""
    return frozenset(
        description.translation_key or description.key
        for _, description in descriptions()
        if description.trigger is source
    )


LOADING: Final = QuantityFilter(
    platform=Platform.SENSOR,
    keys=_keys(TriggerSource.LOADING),
    unit=UnitOfRatio.PERCENTAGE,
    units=(UnitOfRatio.PERCENTAGE,),
)
HEADROOM: Final = QuantityFilter(
    platform=Platform.SENSOR,
    keys=_keys(TriggerSource.HEADROOM),
    unit=UnitOfElectricCurrent.AMPERE,
    units=(UnitOfElectricCurrent.AMPERE,),
    converter=ElectricCurrentConverter,
)
ICE_LOAD: Final = QuantityFilter(
    platform=Platform.SENSOR, keys=_keys(TriggerSource.ICE_LOAD), unit="kg/m", units=("kg/m",)
)
CLEARANCE: Final = QuantityFilter(
    platform=Platform.SENSOR,
    keys=_keys(TriggerSource.CLEARANCE),
    unit=UnitOfLength.METERS,
    units=(UnitOfLength.METERS, UnitOfLength.FEET),
    converter=DistanceConverter,
)
FALLBACK: Final = EntityFilter(
    platform=Platform.BINARY_SENSOR,
    keys=_keys(TriggerSource.FALLBACK),
    primary=False,
)
OVERRIDE: Final = EntityFilter(platform=Platform.SENSOR, keys=_keys(TriggerSource.OVERRIDE))
CONNECTION: Final = EntityFilter(
    platform=Platform.BINARY_SENSOR, keys=_keys(TriggerSource.CONNECTION), primary=False
)
