"""Items that are exposed to an assistant and that its user may read."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Final

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.components.homeassistant import async_should_expose
from homeassistant.components.switch import SwitchEntityDescription
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import Context, HomeAssistant, State, callback
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    intent,
)
from homeassistant.helpers.llm import LLMContext

from ..api.sanitizer import sanitize_name
from ..backends import descriptions
from ..const import DOMAIN
from ..core.asset_account import AssetAccount
from ..core.backend import Account
from ..core.device_kind import kind_and_id
from .plans import Asker

ASSET: Final = "asset"
FACILITY: Final = "facility"
LINE: Final = "line"
SWITCH: Final = next(
    one.key
    for kind, one in descriptions()
    if kind == ASSET and isinstance(one, SwitchEntityDescription)
)

NAME_LENGTH: Final = 60
"""Maximum length of a name in a response."""


def quoted(*names: str | None) -> str:
    """Return the first non-empty of some untrusted names, sanitized and truncated."""
    name = sanitize_name(*names)
    return name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 1]}…"


# Compared by identity; without slots, as `cached_property` needs a `__dict__`.
@dataclass(frozen=True, kw_only=True, eq=False)
class VisibleItem:
    """A line, facility or asset with its visible entities.

    Attributes:
        kind: the kind of its device.
        id: the service's id.
        device: its device.
        account: its account.
        states: the visible states, by the key of their description.
        area: the name of its area.
        aliases: returns the names of its entities.
    """

    kind: str
    id: str
    device: dr.DeviceEntry
    account: Account
    states: Mapping[str, State]
    area: str | None
    aliases: Callable[[], Iterable[str]]

    @property
    def name(self) -> str:
        """The name to show."""
        return quoted(self.device.name_by_user, self.device.name, self.id)

    @property
    def site(self) -> str | None:
        """The name of an asset's site."""
        if not isinstance(self.account, AssetAccount):
            return None
        return quoted(*self.account.site_names(self.id)) or None

    @cached_property
    def names(self) -> frozenset[str]:
        """All names that select it, case-folded."""
        own = (self.device.name_by_user, self.device.name)
        return frozenset(folded(name) for name in (self.name, *own, *self.aliases()) if name)


@dataclass(frozen=True, slots=True)
class VisibleItems:
    """The items that an assistant can see now.

    Attributes:
        hass: Home Assistant.
        context: the context of the request, passed on to actions.
        asker: user, assistant and agent, which alone may use a plan made here.
        items: the visible items, by device id.
    """

    hass: HomeAssistant
    context: Context
    asker: Asker
    items: Mapping[str, VisibleItem]

    def of_kind(self, kind: str) -> list[VisibleItem]:
        """Return the items of a kind, by name."""
        found = (item for item in self.items.values() if item.kind == kind)
        return sorted(found, key=lambda item: (folded(item.name), item.id))

    def facility_of(self, line: VisibleItem) -> VisibleItem | None:
        """Return the facility of a line; None if it is not visible."""
        return self.items.get(line.device.via_device_id or "")


def folded(name: str) -> str:
    """Return the normal form in which names are compared."""
    return " ".join(name.split()).casefold()


def named(items: Iterable[VisibleItem], name: str | None) -> list[VisibleItem]:
    """Return the items with a name, else those whose name contains it; all items for None."""
    every = list(items)
    if name is None:
        return every
    wanted = folded(name)
    exact = [item for item in every if wanted in item.names]
    return exact or [item for item in every if any(wanted in one for one in item.names)]


def placed(
    items: Iterable[VisibleItem], *, area: str | None, site: str | None
) -> list[VisibleItem]:
    """Return the items in an area and of a site; None matches everything."""

    def there(wanted: str | None, place: str | None) -> bool:
        return wanted is None or (place is not None and folded(place) == folded(wanted))

    return [item for item in items if there(area, item.area) and there(site, item.site)]


async def async_visible_items(hass: HomeAssistant, llm_context: LLMContext) -> VisibleItems:
    """Return the items that the assistant can see now; none for a removed user."""
    context = llm_context.context or Context()
    readable: Callable[[str], bool] = _everything
    if context.user_id is not None:
        user = await hass.auth.async_get_user(context.user_id)
        readable = (
            _nothing
            if user is None or not user.is_active
            else lambda entity_id: user.permissions.check_entity(entity_id, POLICY_READ)
        )
    items: dict[str, VisibleItem] = {}
    for account, entries in _registered(hass):
        by_device: defaultdict[str, list[er.RegistryEntry]] = defaultdict(list)
        for entry in entries:
            if entry.device_id is None or not readable(entry.entity_id):
                continue
            if _is_exposed(hass, llm_context.assistant, entry.entity_id):
                by_device[entry.device_id].append(entry)
        for device_id, found in by_device.items():
            if (item := _item(hass, account, device_id, found)) is not None:
                items[device_id] = item
    asker = context.user_id, llm_context.assistant, llm_context.agent_id
    return VisibleItems(hass, context, asker, items)


@callback
def exposed_platforms(hass: HomeAssistant, assistant: str) -> set[tuple[type[Account], str]]:
    """Return the domains of all exposed entities, each with the class of its account."""
    found = set[tuple[type[Account], str]]()
    for account, entries in _registered(hass):
        for entry in entries:
            kind = type(account), entry.domain
            if kind not in found and _is_exposed(hass, assistant, entry.entity_id):
                found.add(kind)
    return found


def _registered(hass: HomeAssistant) -> Iterator[tuple[Account, list[er.RegistryEntry]]]:
    """Return the loaded accounts, each with its registered entities."""
    registry = er.async_get(hass)
    for entry in hass.config_entries.async_entries(DOMAIN):
        if entry.state is ConfigEntryState.LOADED:
            yield (
                entry.runtime_data,
                er.async_entries_for_config_entry(registry, entry.entry_id),
            )


def _is_exposed(hass: HomeAssistant, assistant: str, entity_id: str) -> bool:
    return hass.states.get(entity_id) is not None and async_should_expose(
        hass, assistant, entity_id
    )


def _item(
    hass: HomeAssistant, account: Account, device_id: str, entries: Collection[er.RegistryEntry]
) -> VisibleItem | None:
    device = dr.async_get(hass).async_get(device_id)
    if not isinstance(device, dr.DeviceEntry):
        return None
    kind, item_id = kind_and_id(device)
    prefix, states = f"{account.identity}_{item_id}_", dict[str, State]()
    areas = [dr.async_get_effective_area_id(hass, device)]
    for entry in entries:
        if (state := hass.states.get(entry.entity_id)) is None:
            continue
        states[entry.unique_id.removeprefix(prefix)] = state
        areas.insert(0, entry.area_id)
    area_id = next(filter(None, areas), None)
    area = None if area_id is None else ar.async_get(hass).async_get_area(area_id)
    return VisibleItem(
        kind=kind,
        id=item_id,
        device=device,
        account=account,
        states=states,
        area=None if area is None else quoted(area.name),
        aliases=partial(_aliases, hass, entries),
    )


def _aliases(hass: HomeAssistant, entries: Iterable[er.RegistryEntry]) -> Iterator[str]:
    """Return the names of entities, which is slow with thousands of them."""
    for entry in entries:
        if (state := hass.states.get(entry.entity_id)) is not None:
            yield from intent.async_get_entity_aliases(hass, entry, state=state)


def _everything(_entity_id: str) -> bool:
    return True


def _nothing(_entity_id: str) -> bool:
    return False
