"""Exclude lines by the options of an account, with everything that belongs only to them."""

from collections.abc import Iterable, Mapping, Set as AbstractSet

from ..core.inclusion import Inclusion, Part
from .inventory import GridItem, LineItem


def split(
    items: Iterable[GridItem], inclusion: Inclusion
) -> tuple[dict[str, GridItem], AbstractSet[str]]:
    """Return the included items by key, and the keys of those left out.

    Where lines are chosen, a facility is included with its line, and a grid owner with any.
    """
    found = {item.key: item for item in items}
    if not inclusion.parts:
        return found, frozenset()
    keys = set[str]()
    for item in found.values():
        if item.line_id is not None and inclusion.includes(item.line_id):
            own: GridItem | None = item
            while own is not None and own.key not in keys:
                keys.add(own.key)
                own = found.get(own.parent or "")
    included = {key: item for key, item in found.items() if key in keys}
    return included, found.keys() - keys


def parts_of(found: Mapping[str, GridItem]) -> dict[str, Part]:
    """Return the lines of items, by id."""
    return {
        item.id: Part(item.name, _owner_of(item, found))
        for item in found.values()
        if isinstance(item, LineItem)
    }


def _owner_of(line: LineItem, found: Mapping[str, GridItem]) -> str | None:
    facility = found.get(line.parent or "")
    owner = None if facility is None else found.get(facility.parent or "")
    return None if owner is None else owner.name
