"""An assistant that is a language model, as the tests have one: it sees what is exposed to it."""

import asyncio
from collections.abc import Iterable
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.llm import (
    LLM_API_ASSIST,
    APIInstance,
    LLMContext,
    ToolInput,
    async_get_api,
)
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.load_limits.runtime import LOAD_LIMITS
from simulator.server import Simulator
from tests.conftest import pass_time, setup
from tests.load_limits.yard import until

ASSISTANT: Final = "conversation"


async def open_house(hass: HomeAssistant, *entries: MockConfigEntry) -> None:
    """Set up accounts beside what an assistant needs; nothing is exposed."""
    for domain in ("homeassistant", "conversation"):
        assert await async_setup_component(hass, domain, {})
    for entry in entries:
        await setup(hass, entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    expose(hass, (state.entity_id for state in hass.states.async_all()), exposed=False)


async def open_yard(
    hass: HomeAssistant, simulator: Simulator, *entries: MockConfigEntry, loads: dict[str, str]
) -> APIInstance:
    """Set up accounts with a site of loads, by name and kind; return tools that see all."""
    world = simulator.gridduck.world
    site = world.add_site("Yard")
    for name, kind in loads.items():
        world.add_asset(name, kind, site_id=site, created=0, min_time_on=None, max_time_off=None)
    await open_house(hass, *entries)
    expose_all(hass)
    simulator.calls.clear()
    return await assistant(hass)


def expose(hass: HomeAssistant, entity_ids: Iterable[str], *, exposed: bool = True) -> None:
    for entity_id in entity_ids:
        async_expose_entity(hass, ASSISTANT, entity_id, exposed)


def expose_all(hass: HomeAssistant) -> None:
    expose(
        hass,
        (
            one.entity_id
            for one in er.async_get(hass).entities.values()
            if one.platform == DOMAIN and not one.disabled
        ),
    )


async def assistant(hass: HomeAssistant, user_id: str | None = None) -> APIInstance:
    """Return the tools as a conversation has them."""
    context = LLMContext(
        platform="test",
        context=Context(user_id=user_id),
        language="en",
        assistant=ASSISTANT,
        device_id=None,
    )
    return await async_get_api(hass, LLM_API_ASSIST, context)


def own(api: APIInstance) -> set[str]:
    """Return the names of the integration's own tools."""
    prefix = f"{DOMAIN}__"
    return {one.name.removeprefix(prefix) for one in api.tools if one.integration == DOMAIN}


async def use(api: APIInstance, tool: str, **arguments: Any) -> dict[str, Any]:
    """Call a tool as a model does."""
    result = await api.async_call_tool(ToolInput(f"{DOMAIN}__{tool}", arguments))
    assert not result.error
    return result.data


async def refused(api: APIInstance, tool: str, **arguments: Any) -> str | None:
    """Call a tool that is to refuse, and return why it did."""
    with pytest.raises(ServiceValidationError) as caught:
        await use(api, tool, **arguments)
    assert "Failed" not in str(caught.value)
    return caught.value.translation_key


async def shed(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, api: APIInstance, **arguments: Any
) -> dict[str, Any]:
    """Shed load, and let time pass until the power is seen to have fallen."""
    task = asyncio.ensure_future(use(api, "shed_load", **arguments))
    requests = hass.data[LOAD_LIMITS].requests
    while not task.done():
        await until(lambda: task.done() or requests.waiting)
        await pass_time(hass, freezer, 2)
    return dict(task.result())


def commands(simulator: Simulator) -> int:
    return simulator.calls.count(service="gridduck", method="PUT")
