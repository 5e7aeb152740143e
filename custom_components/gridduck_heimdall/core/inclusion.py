"""The option to include only some sites or lines of an account.

Excluded ones have no entities or devices and cause no requests of their own. A very large account
can be split over several Home Assistants this way.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import voluptuous as vol

from .config_forms import named_options
from .stored_options import texts

CONF_INCLUDE: Final = "include"
UNASSIGNED: Final = "unassigned"
"""Represents everything that belongs to no part."""


@dataclass(frozen=True, slots=True)
class Part:
    """A site or a line, included or not.

    Attributes:
        name: its name.
        titled: its name in the title of an account: the site itself, or the owner of a line.
    """

    name: str
    titled: str | None


@dataclass(frozen=True, slots=True)
class Inclusion:
    """What a user has chosen to include.

    Attributes:
        parts: ids of sites or lines, or `UNASSIGNED`; if empty, all are included, also later
            ones.
    """

    parts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Self:
        """Return the choice in the options of a config entry."""
        return cls(frozenset(texts(options, CONF_INCLUDE)))

    def includes(self, part: str | None) -> bool:
        """Return whether a site or line is included.

        Args:
            part: its id; None for everything that belongs to no part.
        """
        return not self.parts or (part or UNASSIGNED) in self.parts

    def titled(self, parts: Mapping[str, Part]) -> list[str]:
        """Return the names for the title of the account."""
        names = (part.titled for key, part in parts.items() if self.includes(key))
        return list(dict.fromkeys(filter(None, names)))


def inclusion_fields(names: Mapping[str, str], chosen: Iterable[str]) -> dict[vol.Marker, object]:
    """Return the form field of the option; none if there is nothing to choose.

    Args:
        names: of the sites or lines that can be chosen, by id.
        chosen: the chosen ids. Removed ones are shown by their id: without them, an empty
            choice would include everything.
    """
    options = {key: key for key in chosen} | dict(names)
    if not options:
        return {}
    # The translation names `UNASSIGNED`; the others keep their names.
    selector = named_options(options, multiple=True, translation_key=CONF_INCLUDE)
    return {vol.Optional(CONF_INCLUDE, default=list): selector}
