"""Which products are worth asking for: those that an enabled entity shows, or might."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ..core.entity_choice import Tier
from ..core.slices import in_slices
from .catalog import BY_KEY
from .entity_limits import tier_of
from .inventory import GridItem, Kind
from .products import Ask, Group, Product

type Registered = Mapping[str, Mapping[str, bool]]
"""Whether each registered entity is enabled, by id of its item and key of its description."""

_SHOWN: Final[Mapping[tuple[Group, Kind], Mapping[str, Sequence[Product[Any]]]]] = {
    (group, kind): {
        key: [product for product in description.source.products if product.group is group]
        for key, description in descriptions.items()
    }
    for group in Group
    for kind, descriptions in BY_KEY.items()
}
"""The products that an entity shows, by its key."""


async def async_registered_entities(
    hass: HomeAssistant, entry_id: str, identity: str
) -> Registered:
    """Return the entities that an account has in the registry, from now or from before."""
    found: defaultdict[str, dict[str, bool]] = defaultdict(dict)
    prefix = f"{identity}_"

    def note() -> Iterator[str]:
        for entity in er.async_entries_for_config_entry(er.async_get(hass), entry_id):
            # The service's ids are UUIDs, which have no underscore.
            item_id, _, key = entity.unique_id.removeprefix(prefix).partition("_")
            found[item_id][key] = not entity.disabled
            yield key

    await in_slices(note())
    return found


async def async_wanted(
    grid_items: Iterable[GridItem],
    registered: Registered,
    group: Group,
    deepest_tier: Callable[[GridItem], Tier],
) -> Sequence[Ask]:
    """Return the requests to make.

    A product is left out when entities that show it are registered and none of them is enabled,
    or when the account's choice leaves out all that would show it and none is registered.
    One that no entity shows yet is asked for, as nothing else tells whether it is offered.

    Args:
        grid_items: everything that has a device.
        registered: the entities in the registry.
        group: the products that are asked for together.
        deepest_tier: returns the last tier of entities that the account's choice has registered.
    """
    enabled: dict[Ask, bool | None] = {}

    def look() -> Iterator[GridItem]:
        for item in grid_items:
            products = _offered(group, item.kind, deepest_tier(item))
            of_item: dict[Product[Any], bool | None] = dict.fromkeys(products)
            shown = _SHOWN[group, item.kind]
            for key, is_enabled in registered.get(item.id, {}).items():
                for product in shown.get(key, ()):
                    of_item[product] = bool(of_item.get(product)) or is_enabled
            for ask, is_shown in _asks(item, of_item):
                # Spans show products of their line.
                before = enabled.get(ask)
                enabled[ask] = is_shown if before is None else before or bool(is_shown)
            yield item

    await in_slices(look())
    return [ask for ask, is_enabled in enabled.items() if is_enabled is not False]


@cache
def _offered(group: Group, kind: Kind, deepest: Tier) -> Sequence[Product[Any]]:
    """Return the products that entities up to a tier would show."""
    keys = [key for key, one in BY_KEY[kind].items() if tier_of(one) <= deepest]
    return list(dict.fromkeys(product for key in keys for product in _SHOWN[group, kind][key]))


def _asks[T](item: GridItem, products: Mapping[Product[Any], T]) -> Iterator[tuple[Ask, T]]:
    for product, value in products.items():
        if (target_id := item.target_id(product.target)) is not None:
            yield Ask(product, target_id), value
