"""What the tools have in common."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
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

from custom_components.gridduck_heimdall.const import DOMAIN

from .sight import ASSET, SWITCH, Item, Sight, async_look, folded, placed, quoted

MOST: Final = 40
"""Items in an answer; of the others it says how many there are."""

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
    async def async_answer(self, sight: Sight, arguments: Arguments) -> JsonObjectType:
        """Return the answer."""


def listed(label: str, entries: Iterable[JsonValueType]) -> JsonObjectType:
    """Return a list as an answer, cut where it is too long."""
    every = list(entries)
    more = len(every) - MOST
    return {label: every[:MOST], **({f"{label}_left_out": more} if more > 0 else {})}


def controlled(sight: Sight, arguments: Arguments) -> list[Item]:
    """Return the assets that a tool is to control: those whose switch is exposed.

    By `names`, each of which has to be that of one asset, or else all in `area` and `site`.

    Raises:
        ServiceValidationError: there is none, or a name is that of none or of several.
    """
    every = [item for item in sight.of_kind(ASSET) if SWITCH in item.states]
    there = placed(every, area=arguments.get("area"), site=arguments.get("site"))
    found: dict[str, Item] = {}
    for name in arguments.get("names") or ():
        item = one_named(there, name)
        found[item.device.id] = item
    if found or arguments.get("names"):
        return list(found.values())
    if not there:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="nothing_exposed")
    return there


def one_named(items: Iterable[Item], name: str) -> Item:
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
                translation_key="not_exposed",
                translation_placeholders={"name": quoted(name)},
            )
        case several:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="several_named",
                translation_placeholders={"name": quoted(name), "count": str(len(several))},
            )
