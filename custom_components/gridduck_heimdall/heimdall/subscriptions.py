"""Select the products that enabled entities need."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_registry import EventEntityRegistryUpdatedData

from ..core.backend import AccountEntry
from ..core.entity_choice import EntityChoice, Tier
from ..core.slices import in_slices
from .assets_coordinator import AssetsCoordinator
from .catalog import BY_KEY
from .entity_limits import deepest_tier
from .inventory import GridItem, Kind
from .products import Group, Product, ProductRequest

type Registered = Mapping[str, Mapping[str, bool]]
"""Whether each registered entity is enabled, by id of its item and key of its description."""

_SHOWN: Final[Mapping[tuple[Group, Kind], Mapping[str, Sequence[Product[Any]]]]] = {
    (group, kind): {
        key: [product for product in description.products if product.group is group]
        for key, description in descriptions.items()
    }
    for group in Group
    for kind, descriptions in BY_KEY.items()
}
"""The products that an entity shows, by its key."""

_RELEVANT: Final = {"config_entry_id", "disabled_by", "entity_id", "unique_id"}
"""Changes of a registered entity after which the account may need other products."""


class Subscriptions:
    """Cache the registered entities and the products that they need.

    Attributes:
        wanted: the requests to make by group, until `invalidate` or a change of the registry.
        changes: number of registry changes after which the account may need other products.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: AccountEntry,
        *,
        identity: str,
        assets: AssetsCoordinator,
        choice: EntityChoice,
    ) -> None:
        """Follow the entity registry until the account is closed.

        Args:
            hass: Home Assistant.
            entry: the config entry of the account.
            identity: the account's identity, the prefix of unique ids.
            assets: the assets of the account.
            choice: which entities it registers.
        """
        self._hass = hass
        self._entry_id = entry.entry_id
        self._prefix = f"{identity}_"
        self._assets = assets
        self._choice = choice
        self._registered: Registered | None = None
        self.changes = 0
        self.wanted: dict[Group, Sequence[ProductRequest]] = {}
        entry.async_on_unload(
            hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, self._registry_updated)
        )

    @callback
    def _registry_updated(self, event: Event[EventEntityRegistryUpdatedData]) -> None:
        data = event.data
        if data["action"] == "update" and _RELEVANT.isdisjoint(data["changes"]):
            return
        self._registered = None
        self.changes += 1
        self.invalidate()

    @callback
    def invalidate(self) -> None:
        """Invalidate the requests to make, after a change of assets or registered entities."""
        self.wanted.clear()

    async def async_registered(self) -> Registered:
        """Return the entities that the account has in the registry."""
        if self._registered is not None:
            return self._registered
        changes = self.changes
        found = await self._async_registered_entities()
        if changes != self.changes:
            return found
        if self._registered is None:
            # Otherwise the poll of the other group has already read it.
            self._registered = found
        return self._registered

    async def async_wanted(self, group: Group) -> Sequence[ProductRequest]:
        """Return the requests to make for one group of products."""
        inventory, registered = self._assets.data, await self.async_registered()
        items = tuple(inventory.grid_items.values())
        requests = await async_requests(
            items, registered, group, lambda item: deepest_tier(self._choice, len(items), item)
        )
        if inventory is self._assets.data and registered is self._registered:
            self.wanted[group] = requests
        return requests

    async def _async_registered_entities(self) -> Registered:
        found: defaultdict[str, dict[str, bool]] = defaultdict(dict)
        registry = er.async_get(self._hass)

        def note() -> Iterator[str]:
            for entity in er.async_entries_for_config_entry(registry, self._entry_id):
                # The service's ids are UUIDs, which have no underscore.
                item_id, _, key = entity.unique_id.removeprefix(self._prefix).partition("_")
                found[item_id][key] = not entity.disabled
                yield key

        await in_slices(note())
        return found


async def async_requests(
    grid_items: Iterable[GridItem],
    registered: Registered,
    group: Group,
    deepest_tier: Callable[[GridItem], Tier],
) -> Sequence[ProductRequest]:
    """Return the requests to make.

    A product is left out when entities that show it are registered and none of them is enabled,
    or when the account's choice excludes all that would show it and none is registered.
    One that no entity shows yet is requested: only a response shows whether it is offered.

    Args:
        grid_items: everything that has a device.
        registered: the entities in the registry.
        group: the products that are requested together.
        deepest_tier: returns the last tier that the account's choice registers.
    """
    enabled: dict[ProductRequest, bool | None] = {}

    def look() -> Iterator[GridItem]:
        for item in grid_items:
            products = _offered(group, item.kind, deepest_tier(item))
            of_item: dict[Product[Any], bool | None] = dict.fromkeys(products)
            shown = _SHOWN[group, item.kind]
            for key, is_enabled in registered.get(item.id, {}).items():
                for product in shown.get(key, ()):
                    of_item[product] = bool(of_item.get(product)) or is_enabled
            for request, is_shown in _requests_of(item, of_item):
                # Spans show products of their line.
                before = enabled.get(request)
                enabled[request] = is_shown if before is None else before or bool(is_shown)
            yield item

    await in_slices(look())
    return [request for request, is_enabled in enabled.items() if is_enabled is not False]


@cache
def _offered(group: Group, kind: Kind, deepest: Tier) -> Sequence[Product[Any]]:
    """Return the products that entities up to a tier would show."""
    keys = [key for key, one in BY_KEY[kind].items() if one.tier <= deepest]
    return list(dict.fromkeys(product for key in keys for product in _SHOWN[group, kind][key]))


def _requests_of[T](
    item: GridItem, products: Mapping[Product[Any], T]
) -> Iterator[tuple[ProductRequest, T]]:
    for product, value in products.items():
        if (target_id := item.target_ids.get(product.endpoint.target)) is not None:
            yield ProductRequest(product, target_id), value
