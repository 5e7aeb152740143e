"""The table of all entities, from their descriptions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.const import EntityCategory, Platform
from homeassistant.helpers.entity import EntityDescription

from custom_components.gridduck_heimdall.core.entity_choice import Tier
from custom_components.gridduck_heimdall.gridduck.catalog import ENTITY_GROUPS
from custom_components.gridduck_heimdall.gridduck.temperature_sensor import TEMPERATURE
from custom_components.gridduck_heimdall.heimdall.catalog import DESCRIPTIONS
from custom_components.gridduck_heimdall.load_limits import entities as load_limits
from custom_components.gridduck_heimdall.load_limits.descriptions import SENSORS

from .table import cells

HEAD: Final = """\
# All entities

Written by `script/docs` from the code. [Entities](../entities.md) explains them, and \
[those of an account](../entities.md#account).

- **Key** is the translation key. It stays the same in every language, while names and entity IDs \
of new installations follow the language of the system.
- **Tier** decides what [large accounts](../entities.md#large-accounts) register: *essential* \
entities first, then *standard* ones, then *detail*.
"""
_COLUMNS: Final = ("Name", "Platform", "Key", "Unit", "Category", "At first", "Tier")
_TIERS: Final = {Tier.ESSENTIAL: "essential", Tier.STANDARD: "standard", Tier.DETAIL: "detail"}
_CATEGORIES: Final = {
    None: "",
    EntityCategory.CONFIG: "configuration",
    EntityCategory.DIAGNOSTIC: "diagnostic",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """An entity.

    Attributes:
        device: the title of the section.
        platform: its platform.
        description: what the code says of it.
    """

    device: str
    platform: Platform
    description: EntityDescription


def page(texts: Mapping[str, Any]) -> str:
    """Return the whole page.

    Args:
        texts: the English translations.
    """
    rows = list(_rows())
    parts = [HEAD]
    for device in dict.fromkeys(row.device for row in rows):
        lines = [_line(row, texts) for row in rows if row.device == device]
        table = "\n".join(dict.fromkeys(lines))
        parts.append(
            f"\n## {device}\n\n{cells(_COLUMNS)}\n{cells(['---'] * len(_COLUMNS))}\n{table}\n"
        )
    return "".join(parts)


def _rows() -> Iterator[_Row]:
    for group in ENTITY_GROUPS:
        device = group.present.__name__.rpartition("_")[2].removesuffix("s")
        for description, _ in group.entities:
            if not isinstance(description, EntityDescription):
                raise TypeError(f"{description!r} describes no entity")
            yield _Row(f"GridDuck {device}", group.platform, description)
    yield _Row("GridDuck asset", Platform.SENSOR, TEMPERATURE)
    for platform, of_kind in DESCRIPTIONS.items():
        for kind, descriptions in of_kind.items():
            for one in descriptions:
                yield _Row(f"Heimdall Power {kind}", platform, one)
    for sensor in SENSORS:
        yield _Row("Load limit", Platform.SENSOR, sensor)
    for platform, entity in (
        (Platform.BINARY_SENSOR, load_limits.PeakAtRisk),
        (Platform.SELECT, load_limits.ModeSelect),
        (Platform.NUMBER, load_limits.LimitNumber),
        (Platform.BUTTON, load_limits.RestoreButton),
        (Platform.EVENT, load_limits.DecisionEvent),
    ):
        yield _Row("Load limit", platform, entity.entity_description)


def _line(row: _Row, texts: Mapping[str, Any]) -> str:
    description = row.description
    key = str(description.translation_key or description.key)
    name = texts["entity"].get(row.platform, {}).get(key, {}).get("name", "")
    tier = getattr(description, "tier", None)
    return cells(
        (
            name.replace("{minutes}", "*n*") or _unnamed(description),
            row.platform.replace("_", " "),
            f"`{key}`",
            str(getattr(description, "native_unit_of_measurement", None) or ""),
            _CATEGORIES[description.entity_category],
            "" if description.entity_registry_enabled_default else "disabled",
            "" if tier is None else _TIERS[tier],
        )
    )


def _unnamed(description: EntityDescription) -> str:
    """Return what Home Assistant calls an entity without a name of its own."""
    return str(description.device_class or "").capitalize() or "(that of the device)"
