"""Filter a target down to the entities that a trigger or condition evaluates."""

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

    A line has many sensors, so a device, area or label contains more than the relevant ones.

    Attributes:
        platform: the entities' domain.
        keys: their translation keys, which users cannot change.
        primary: whether they have no entity category; Home Assistant skips entities with a
            category unless this is False.
    """

    platform: Platform
    keys: frozenset[str]
    primary: bool = True

    def among(self, hass: HomeAssistant, entity_ids: AbstractSet[str]) -> set[str]:
        """Return those of the entities that match."""
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
    """Restrict the target of a trigger or condition to the entities of one filter.

    A subclass passes the filter as the class argument `wanted`.
    """

    _hass: HomeAssistant
    _target: dict[str, Any]
    _wanted: EntityFilter
    _domain_specs: Mapping[str, DomainSpec]
    _primary_entities_only: ClassVar[bool]
    # The last result: count of changes, entities found by Home Assistant, matching entities.
    _cached: tuple[int, set[str], set[str]] | None = None

    @override
    def __init_subclass__(cls, *, wanted: EntityFilter | None = None, **kwargs: Any) -> None:
        """Set the filter."""
        super().__init_subclass__(**kwargs)
        if wanted is not None:
            cls._wanted = wanted
            cls._domain_specs = {wanted.platform: DomainSpec()}
            cls._primary_entities_only = wanted.primary

    def entity_filter(self, entities: set[str]) -> set[str]:
        """Return the matching entities of the target, in which Home Assistant found these."""
        count = changes(self._hass).count
        if self._cached is None or self._cached[:2] != (count, entities):
            everything = with_all_beneath(self._hass, self._target, entities)
            self._cached = count, set(entities), self._wanted.among(self._hass, everything)
        return set(self._cached[2])


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
        unit: the unit in which thresholds are compared; the default for thresholds.
        units: the units that thresholds may have.
        converter: converts sensors and thresholds in another unit.
    """

    unit: str
    units: tuple[str, ...]
    converter: type[BaseUnitConverter] = OnlyUnit


def _keys(source: TriggerSource) -> frozenset[str]:
    """Return the translation keys of the entities with this source."""
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
CONGESTION: Final = EntityFilter(platform=Platform.SENSOR, keys=_keys(TriggerSource.CONGESTION))
FALLBACK: Final = EntityFilter(
    platform=Platform.BINARY_SENSOR,
    keys=_keys(TriggerSource.FALLBACK),
    primary=False,
)
OVERRIDE: Final = EntityFilter(platform=Platform.SENSOR, keys=_keys(TriggerSource.OVERRIDE))
CONNECTION: Final = EntityFilter(
    platform=Platform.BINARY_SENSOR, keys=_keys(TriggerSource.CONNECTION), primary=False
)
