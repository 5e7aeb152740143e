"""Which products are worth asking for: those that an enabled entity shows, or might."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from .catalog import BY_KEY
from .descriptions import AnyDescription
from .products import Ask, Group, Product
from .subjects import Subject

type Registered = Mapping[str, Mapping[str, bool]]
"""Whether each registered entity is enabled, by id of its subject and key of its description."""


def registered_entities(hass: HomeAssistant, entry_id: str, identity: str) -> Registered:
    """Return the entities that an account has in the registry, from now or from before."""
    found: defaultdict[str, dict[str, bool]] = defaultdict(dict)
    prefix = f"{identity}_"
    for entity in er.async_entries_for_config_entry(er.async_get(hass), entry_id):
        # The service's ids are UUIDs, which have no underscore.
        item_id, _, key = entity.unique_id.removeprefix(prefix).partition("_")
        found[item_id][key] = not entity.disabled
    return found


def wanted(
    subjects: Iterable[Subject],
    registered: Registered,
    group: Group,
    registers: Callable[[Subject, AnyDescription], bool],
) -> Iterator[Ask]:
    """Yield what is to be asked for.

    A product is left out when entities that show it are registered and none of them is enabled,
    or when the account's choice leaves out all that would show it.
    One that no entity shows yet is asked for, as nothing else tells whether it is offered.

    Parameters:
        subjects: everything that has a device.
        registered: the entities in the registry.
        group: the products that are asked for together.
        registers: tells whether the account's choice has an entity registered.
    """
    enabled: dict[Ask, bool | None] = {}
    for subject in subjects:
        descriptions = BY_KEY[subject.kind]
        for description in descriptions.values():
            if registers(subject, description):
                for ask in _asks(subject, description.source.products, group):
                    enabled.setdefault(ask, None)
        for key, is_enabled in registered.get(subject.id, {}).items():
            if (shown := descriptions.get(key)) is not None:
                for ask in _asks(subject, shown.source.products, group):
                    enabled[ask] = bool(enabled[ask]) or is_enabled
    return (ask for ask, is_enabled in enabled.items() if is_enabled is not False)


def _asks(subject: Subject, products: Iterable[Product[Any]], group: Group) -> Iterator[Ask]:
    for product in products:
        target_id = subject.target_id(product.target)
        if target_id is not None and product.group is group:
            yield Ask(product, target_id)
