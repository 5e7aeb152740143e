"""Titles of accounts: the service and the names of sites or grid owners."""

from collections.abc import Mapping, Sequence, Set as AbstractSet
import re
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr

from ..const import CONF_ENVIRONMENT
from .backend import backend_of
from .device_kind import kind_of

NAMES_IN_TITLE: Final = 2
_USUAL_ENVIRONMENT: Final = "production"
_MORE: Final = re.compile(r" \+\d+$")


def title_of(data: Mapping[str, Any], names: Sequence[str]) -> str:
    """Return a title with the service and the first few names.

    Args:
        data: the data of the config entry; the title shows an unusual environment.
        names: of sites or grid owners.
    """
    title = backend_of(data).title
    environment = data.get(CONF_ENVIRONMENT, _USUAL_ENVIRONMENT)
    if environment != _USUAL_ENVIRONMENT:
        title = f"{title} ({environment})"
    if names:
        title = f"{title}: {', '.join(names[:NAMES_IN_TITLE])}"
    more = len(names) - NAMES_IN_TITLE
    return f"{title} +{more}" if more > 0 else title


def is_generated(title: str, data: Mapping[str, Any], names: Sequence[str]) -> bool:
    """Return whether a title was generated, by this or an earlier version.

    Args:
        title: the title of an existing account.
        data: the data of its config entry when the title was generated.
        names: the known names of its sites or grid owners.
    """
    plain = title_of(data, ())
    rest = _MORE.sub("", title.removeprefix(f"{plain}: "))
    return title == plain or _is_list_of(rest, frozenset(names))


def registered_names[RuntimeT](hass: HomeAssistant, entry: ConfigEntry[RuntimeT]) -> list[str]:
    """Return the service's names of an account's sites or grid owners that are registered."""
    named = backend_of(entry.data).kinds.named
    return [
        device.name
        for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
        if device.name is not None and kind_of(device) == named
    ]


def _is_list_of(text: str, names: AbstractSet[str]) -> bool:
    # A name may hold a comma itself.
    return text in names or any(
        text.startswith(f"{name}, ") and _is_list_of(text[len(name) + 2 :], names - {name})
        for name in names
    )
