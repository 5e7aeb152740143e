"""The user's choice of which entities of an account are registered.

Home Assistant enables at most 10,000 new entities per account, and each registered entity costs
memory and time, enabled or not. Entities that the choice excludes are not registered.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any, Final, Self

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.selector import SelectSelector, SelectSelectorConfig
import voluptuous as vol

from .config_forms import named_options
from .device_kind import kind_and_id
from .stored_options import member, texts

CONF_ENTITIES: Final = "entities"
CONF_ALL_FOR: Final = "all_entities_for"


class Tier(IntEnum):
    """Importance of an entity; the last tiers are excluded first."""

    ESSENTIAL = 1
    STANDARD = 2
    DETAIL = 3


class Extent(StrEnum):
    """Level of detail for each device."""

    AUTOMATIC = "automatic"
    ESSENTIAL = "essential"
    STANDARD = "standard"
    ALL = "all"


_DEEPEST: Final[Mapping[Extent, Tier]] = {
    Extent.ESSENTIAL: Tier.ESSENTIAL,
    Extent.STANDARD: Tier.STANDARD,
    Extent.ALL: Tier.DETAIL,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class EntityChoice:
    """The choice of a user.

    Attributes:
        extent: the level of detail.
        all_for: ids of sites or lines of which everything is registered.
    """

    extent: Extent = Extent.AUTOMATIC
    all_for: frozenset[str] = frozenset()

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Self:
        """Return the choice in the options of a config entry."""
        return cls(
            extent=member(options, CONF_ENTITIES, Extent.AUTOMATIC),
            all_for=frozenset(texts(options, CONF_ALL_FOR)),
        )

    @property
    def automatic(self) -> bool:
        """Whether the size of the account determines the level."""
        return self.extent is Extent.AUTOMATIC

    def deepest(self, automatic: Tier) -> Tier:
        """Return the last tier that is registered.

        Args:
            automatic: the tier that follows from the size of the account.
        """
        return _DEEPEST.get(self.extent, automatic)


def choice_fields(parts: Mapping[str, str]) -> dict[vol.Marker, object]:
    """Return the form fields of the choice.

    Args:
        parts: names of the sites or lines of the account, by id.
    """
    extent = SelectSelector(
        SelectSelectorConfig(options=list(Extent), translation_key=CONF_ENTITIES)
    )
    fields: dict[vol.Marker, object] = {
        vol.Required(CONF_ENTITIES, default=Extent.AUTOMATIC.value): extent
    }
    if parts:
        fields[vol.Optional(CONF_ALL_FOR, default=list)] = named_options(parts, multiple=True)
    return fields


def present_choice(options: Mapping[str, Any], parts: Mapping[str, str]) -> dict[str, Any]:
    """Return options for a form, without removed sites or lines."""
    chosen = texts(options, CONF_ALL_FOR)
    return {**options, CONF_ALL_FOR: [part for part in chosen if part in parts]}


@callback
def registered_parts[RuntimeT](
    hass: HomeAssistant, entry: ConfigEntry[RuntimeT], kind: str
) -> dict[str, str]:
    """Return the names of an account's devices of a kind, by the service's id.

    The device registry also has them while the account is not loaded.
    """
    return {
        item: device.name_by_user or device.name or item
        for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
        for of_kind, item in (kind_and_id(device),)
        if of_kind == kind
    }
