"""What the tools have in common."""

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
from .visibility import ASSET, SWITCH, VisibleItem, VisibleItems, async_look, folded, placed, quoted

MOST: Final = 40
"""Items in an answer; of the others it says how many there are."""

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
        """Check what was given, look at what may be seen, and answer.

        Raises:
            vol.Invalid: an argument does not fit.
            HomeAssistantError: it was refused or failed, in words for the model.
        """
        arguments = self.parameters(tool_input.tool_args)
        sight = await async_look(hass, llm_context)
        return ToolResult(data=await self.async_answer(sight, arguments))

    @abstractmethod
    async def async_answer(self, sight: VisibleItems, arguments: Arguments) -> JsonObjectType:
        """Return the answer."""


def listed(label: str, entries: Iterable[JsonValueType]) -> JsonObjectType:
    """Return a list as an answer, cut where it is too long."""
    every = list(entries)
    more = len(every) - MOST
    return {label: every[:MOST], **({f"{label}_left_out": more} if more > 0 else {})}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a tool is to control.

    Attributes:
        items: the assets.
        unknown: names that none of those has that are exposed.
    """

    items: list[VisibleItem]
    unknown: list[str]

    def unknown_told(self) -> JsonObjectType:
        """Return the names that are unknown, as a part of an answer."""
        return listed("not_found", map(quoted, self.unknown)) if self.unknown else {}


def name_told(sight: VisibleItems, one: Mapping[str, Any]) -> str:
    """Return what an asset of an action's answer is called here, not in GridDuck."""
    item = sight.items.get(one["device_id"] or "")
    return quoted(one["name"]) if item is None else item.name


def controlled(sight: VisibleItems, arguments: Arguments) -> Chosen:
    """Return the assets that a tool is to control: those whose switch is exposed.

    By `names`, or else all in `area` and `site`. A name that none has costs itself alone.

    Raises:
        ServiceValidationError: there is none, or a name is that of several.
    """
    every = [item for item in sight.of_kind(ASSET) if SWITCH in item.states]
    there = placed(every, area=arguments.get("area"), site=arguments.get("site"))
    if names := arguments.get("names"):
        return _by_names(there, names)
    if not there:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="nothing_exposed")
    return Chosen(there, [])


def _by_names(items: Collection[VisibleItem], names: Iterable[str]) -> Chosen:
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
    return Chosen(list(found.values()), list(unknown))


def one_named(items: Iterable[VisibleItem], name: str) -> VisibleItem:
    """Return the item with a name: the whole of it, so that no other is meant.

    Raises:
        ServiceValidationError: none has it, or several have.
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
