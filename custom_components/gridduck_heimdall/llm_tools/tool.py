"""Base of all tools."""

from abc import abstractmethod
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.llm import (
    LLMContext,
    Tool,
    ToolAnnotations,
    ToolInput,
    ToolResult,
)
from homeassistant.util.json import JsonObjectType, JsonValueType
import voluptuous as vol

from ..const import DOMAIN
from .visibility import (
    ASSET,
    SWITCH,
    VisibleItem,
    VisibleItems,
    async_visible_items,
    folded,
    placed,
    quoted,
)

MOST_LISTED: Final = 40
"""Maximum number of items in a response; of the others it gives the count."""

NOT_EXPOSED: Final = "not_exposed"

READS: Final = ToolAnnotations(read_only=True, destructive=False, idempotent=True, open_world=False)

TEXT: Final = vol.All(str, vol.Length(min=1, max=100))
AREA: Final = vol.Optional("area", description="Only what is in this area, by its name")
SITE: Final = vol.Optional(
    "site", description="Only what belongs to this GridDuck site, by its name"
)

type Arguments = Mapping[str, Any]


class OwnTool(Tool):
    """A tool of this integration."""

    integration = DOMAIN

    @override
    async def async_call(
        self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext
    ) -> ToolResult:
        """Validate the arguments, find the visible items, and answer.

        Raises:
            vol.Invalid: an argument does not fit.
            HomeAssistantError: the call was refused or failed; the message is for the model.
        """
        arguments = self.parameters(tool_input.tool_args)
        visible = await async_visible_items(hass, llm_context)
        return ToolResult(data=await self.async_answer(visible, arguments))

    @abstractmethod
    async def async_answer(self, visible: VisibleItems, arguments: Arguments) -> JsonObjectType:
        """Return the answer."""


def listed(label: str, entries: Iterable[JsonValueType]) -> JsonObjectType:
    """Return a list for a response, truncated to the maximum."""
    every = list(entries)
    more = len(every) - MOST_LISTED
    return {label: every[:MOST_LISTED], **({f"{label}_left_out": more} if more > 0 else {})}


@dataclass(frozen=True, slots=True)
class ChosenAssets:
    """The assets that a tool controls.

    Attributes:
        items: the assets.
        unknown: names that match no exposed asset.
    """

    items: list[VisibleItem]
    unknown: list[str]

    def unknown_names(self) -> JsonObjectType:
        """Return the unknown names as part of a response."""
        return listed("not_found", map(quoted, self.unknown)) if self.unknown else {}


def display_name(visible: VisibleItems, one: Mapping[str, Any]) -> str:
    """Return the name that an asset of an action's response has in Home Assistant."""
    item = visible.items.get(one["device_id"] or "")
    return quoted(one["name"]) if item is None else item.name


def controlled(visible: VisibleItems, arguments: Arguments) -> ChosenAssets:
    """Return the assets to control: those whose switch is exposed.

    They are chosen by `names`, or else by `area` and `site`. Unknown names are reported.

    Raises:
        ServiceValidationError: no asset matches, or a name is ambiguous.
    """
    every = [item for item in visible.of_kind(ASSET) if SWITCH in item.states]
    there = placed(every, area=arguments.get("area"), site=arguments.get("site"))
    if names := arguments.get("names"):
        return _by_names(there, names)
    if not there:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="nothing_exposed")
    return ChosenAssets(there, [])


def _by_names(items: Collection[VisibleItem], names: Iterable[str]) -> ChosenAssets:
    found: dict[str, VisibleItem] = {}
    unknown: dict[str, ServiceValidationError] = {}
    for name in names:
        try:
            item = one_named(items, name)
        except ServiceValidationError as error:
            if error.translation_key != NOT_EXPOSED:
                raise
            unknown[name] = error
        else:
            found[item.device.id] = item
    if not found:
        raise next(iter(unknown.values()))
    return ChosenAssets(list(found.values()), list(unknown))


def one_named(items: Iterable[VisibleItem], name: str) -> VisibleItem:
    """Return the item with exactly this name.

    Raises:
        ServiceValidationError: no item has it, or several do.
    """
    match [item for item in items if folded(name) in item.names]:
        case [item]:
            return item
        case []:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key=NOT_EXPOSED,
                translation_placeholders={"name": quoted(name)},
            )
        case several:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="several_named",
                translation_placeholders={"name": quoted(name), "count": str(len(several))},
            )
