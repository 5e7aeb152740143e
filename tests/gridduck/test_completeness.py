"""A list that is known to be incomplete raises a repair, and nothing is removed because of it."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.const import DOMAIN
from simulator.gridduck.world import World
from simulator.options import Options
from tests.conftest import setup

from .conftest import Pass


@pytest.fixture
def simulator_options() -> Options:
    """Return a world of more assets than a page of a list has."""
    return Options(sites=1, assets=30)


def issues(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, dict[str, str]]:
    """Return the repairs about the list, with their placeholders."""
    registry = ir.async_get(hass)
    found = {}
    for key in ("assets_incomplete", "assets_uncertain"):
        if issue := registry.async_get_issue(DOMAIN, f"{key}_{entry.entry_id}"):
            assert issue.learn_more_url
            found[key] = dict(issue.translation_placeholders or {})
    return found


def registered(hass: HomeAssistant, entry: MockConfigEntry) -> set[str]:
    """Return the devices and the entities of an account."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return {one.id for one in devices} | {one.id for one in entities}


@pytest.mark.parametrize(
    ("changes", "reason", "received", "total"),
    [
        ({"ignores_offset": True, "max_limit": 25}, "repeated", 25, 30),
        ({"refuses_queries": True}, "unpaged", 25, 30),
        ({"refuses_queries": True, "refusal_status": 422}, "unpaged", 25, 30),
        ({"total": 10}, "contradicted", 30, 10),
        ({"total": 25, "max_limit": 25}, "contradicted", 30, 25),
        ({"total": 31}, "missing", 30, 31),
    ],
    ids=str,
)
async def test_nothing_is_removed(
    hass: HomeAssistant,
    world: World,
    gridduck_entry: MockConfigEntry,
    passing: Pass,
    changes: dict[str, int],
    reason: str,
    received: int,
    total: int,
) -> None:
    await setup(hass, gridduck_entry)
    assert issues(hass, gridduck_entry) == {}
    before, usual = registered(hass, gridduck_entry), dict(vars(world))
    vars(world).update(changes)
    for _ in range(5):
        await passing(120)
    assert registered(hass, gridduck_entry) >= before
    account = gridduck_entry.runtime_data
    assert len(account.assets.data) == 30
    raised = issues(hass, gridduck_entry)
    assert raised.keys() == {"assets_incomplete"}
    assert raised["assets_incomplete"].items() >= {
        ("received", str(received)),
        ("total", str(total)),
    }
    listed = account.diagnostics()["list"]
    assert (listed["complete"], listed["reason"], listed["total"]) == (False, reason, total)
    # After a restart the repair is raised at once, and nothing is removed either.
    await hass.config_entries.async_reload(gridduck_entry.entry_id)
    await hass.async_block_till_done()
    assert issues(hass, gridduck_entry) == raised
    assert registered(hass, gridduck_entry) >= before
    vars(world).update({key: usual[key] for key in changes})
    if "refuses_queries" in changes:
        # A query is tried again hourly.
        await passing(3600)
    await passing(120)
    assert issues(hass, gridduck_entry) == {}
    assert gridduck_entry.runtime_data.diagnostics()["list"]["complete"]
    assert registered(hass, gridduck_entry) >= before


async def test_a_list_that_changes_while_it_is_paged_is_not_reports_of(
    hass: HomeAssistant, world: World, gridduck_entry: MockConfigEntry, passing: Pass
) -> None:
    """One list that lacks an asset by chance raises nothing; three in a row do."""
    world.max_limit = 12
    await setup(hass, gridduck_entry)
    world.shift_paging(2)
    for _ in range(2):
        await passing(60)
        assert not gridduck_entry.runtime_data.diagnostics()["list"]["complete"]
        assert issues(hass, gridduck_entry) == {}
    world.shift_paging(1)
    await passing(60)
    assert issues(hass, gridduck_entry).keys() == {"assets_incomplete"}
    await passing(60)
    assert issues(hass, gridduck_entry) == {}


async def test_how_many_there_are_is_not_known(
    hass: HomeAssistant, world: World, gridduck_entry: MockConfigEntry, passing: Pass
) -> None:
    world.ignores_offset, world.max_limit, world.total = True, 25, -1
    await setup(hass, gridduck_entry)
    assert issues(hass, gridduck_entry)["assets_uncertain"]["received"] == "25"
    world.total = None
    await passing(120)
    assert issues(hass, gridduck_entry).keys() == {"assets_incomplete"}
    await hass.config_entries.async_remove(gridduck_entry.entry_id)
    assert issues(hass, gridduck_entry) == {}
