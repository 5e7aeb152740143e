"""Which sites or lines of an account Home Assistant has at all; the option that asks for them.

What is left out costs no entity, no device and no call of its own. A very large account is split
over several Home Assistants this way.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

CONF_INCLUDE: Final = "include"
UNASSIGNED: Final = "unassigned"
"""Chosen in place of an id: what belongs to no part."""


@dataclass(frozen=True, slots=True)
class Part:
    """A site or a line, included or not.

    Attributes:
        name: what it is called.
        titled: what the title of an account names it by: a site itself, of a line its owner.
    """

    name: str
    titled: str | None


@dataclass(frozen=True, slots=True)
class Inclusion:
    """What a user has chosen to include.

    Attributes:
        parts: ids of sites or lines, or `UNASSIGNED`; all are included where it is empty, later
            ones, too.
    """

    parts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Self:
        """Return the choice in the options of a config entry."""
        return cls(frozenset(options.get(CONF_INCLUDE, ())))

    @property
    def restricts(self) -> bool:
        """Whether anything may be left out."""
        return bool(self.parts)

    def includes(self, part: str | None) -> bool:
        """Whether a site or line is included.

        Args:
            part: its id; None for what belongs to none.
        """
        return not self.parts or (part or UNASSIGNED) in self.parts

    def titled(self, parts: Mapping[str, Part]) -> list[str]:
        """Return what the title of the account names, out of all its parts."""
        names = (part.titled for key, part in parts.items() if self.includes(key))
        return list(dict.fromkeys(filter(None, names)))


def inclusion_fields(names: Mapping[str, str], chosen: Iterable[str]) -> dict[vol.Marker, object]:
    """Return the field of a form that asks what to include; none if there is nothing to choose.

    Args:
        names: of the sites or lines that can be chosen, by id.
        chosen: ids that are chosen now. Those that no longer exist are shown by their id: if they
            were dropped, an empty choice would include everything.
    """
    options = [
        SelectOptionDict(value=key, label=name)
        for key, name in ({key: key for key in chosen} | dict(names)).items()
    ]
    if not options:
        return {}
    selector = SelectSelector(
        SelectSelectorConfig(
            options=options,
            mode=SelectSelectorMode.DROPDOWN,
            multiple=True,
            sort=True,
            # Names `UNASSIGNED`; the others keep their labels.
            translation_key=CONF_INCLUDE,
        )
    )
    return {vol.Optional(CONF_INCLUDE, default=list): selector}
