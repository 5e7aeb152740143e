"""What an assistant may know of the decisions of load limits."""

from homeassistant.auth.permissions.const import CAT_ENTITIES
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.llm import APIInstance
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.gridduck_heimdall.const import DOMAIN
from simulator.faults import Fault
from tests.llm.support import assistant, expose, open_house, own, use

from .feeder import Feeder, add

CHARGER = {
    "load_limit": "Load limit Feeder",
    "asset": "Charger",
    "power": "8000 W",
}


async def curtailed(feeder: Feeder, **other: object) -> str:
    """Have a load limit curtail the charger; return the entity of its decisions."""
    await open_house(feeder.yard.hass)
    subentry = await add(feeder.yard, feeder.limit, **other)
    await feeder.run(2)
    entity_id = er.async_get(feeder.yard.hass).async_get_entity_id(
        "event", DOMAIN, f"{subentry.subentry_id}_load_limit_decision"
    )
    assert entity_id is not None
    expose(feeder.yard.hass, feeder.yard.hass.states.async_entity_ids(), exposed=False)
    return entity_id


async def decisions(api: APIInstance, **arguments: str) -> list[dict[str, str]]:
    return list((await use(api, "get_decisions", **arguments))["decisions"])


@pytest.mark.english
async def test_who_was_curtailed_by_what_and_why(feeder: Feeder) -> None:
    hass = feeder.yard.hass
    entity_id = await curtailed(feeder)
    assert own(await assistant(hass)) == set()
    expose(hass, [entity_id])
    api = await assistant(hass)
    assert own(api) == {"get_decisions"}
    (one,) = await decisions(api)
    assert CHARGER.items() <= one.items()
    assert one["what"].startswith("curtailed Charger until 2026-11-18 ")
    assert "The load was expected to be too high (load 112.7 kW, limit 107.7 kW)" in one["what"]
    assert "load_after" not in one
    await feeder.run(8)
    assert (await decisions(api))[-1]["load_after"] == "104.7 kW"
    assert await decisions(api, name="feeder") == await decisions(api)
    assert await decisions(api, name="Harbour") == []


@pytest.mark.english
async def test_advice(feeder: Feeder) -> None:
    hass = feeder.yard.hass
    expose(hass, [await curtailed(feeder, mode="advise")])
    (one,) = await decisions(await assistant(hass))
    assert one["what"].startswith("would curtail Charger")


@pytest.mark.english
async def test_a_failure(feeder: Feeder) -> None:
    hass = feeder.yard.hass
    feeder.yard.simulator.faults.add(
        Fault(service="gridduck", path="/asset/", method="PUT", status=500, count=None)
    )
    expose(hass, [await curtailed(feeder)])
    assert (await decisions(await assistant(hass)))[-1]["what"].startswith(
        "could not curtail Charger: "
    )


async def test_only_what_the_user_may_read(feeder: Feeder, hass_read_only_user: MockUser) -> None:
    hass = feeder.yard.hass
    entity_id = await curtailed(feeder)
    expose(hass, [entity_id])
    hass_read_only_user.mock_policy({CAT_ENTITIES: {"entity_ids": {entity_id: {"read": True}}}})
    api = await assistant(hass, hass_read_only_user.id)
    assert await decisions(api)
    hass_read_only_user.mock_policy({CAT_ENTITIES: {"entity_ids": {}}})
    assert await decisions(api) == []


async def test_the_decisions_of_another_load_limit_stay_unknown(feeder: Feeder) -> None:
    """Other entities of a load limit do not show its decisions."""
    hass = feeder.yard.hass
    entity_id = await curtailed(feeder)
    expose(hass, [entity_id])
    api = await assistant(hass)
    expose(hass, [entity_id], exposed=False)
    expose(hass, [one for one in hass.states.async_entity_ids("sensor") if "feeder" in one])
    assert await decisions(api) == []
