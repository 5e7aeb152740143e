"""Lines that the options of an account include, and what is left out."""

from datetime import timedelta

from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr, entity_registry as er, issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest

from custom_components.gridduck_heimdall import options_flow
from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.core.entity_choice import EntityChoice, Extent
from custom_components.gridduck_heimdall.core.inclusion import CONF_INCLUDE, Inclusion
from custom_components.gridduck_heimdall.heimdall.options import CONF_SENSORS, CONF_SPANS

from .home import Home


def known(home: Home) -> set[str]:
    """Return the identifiers of all devices of the account."""
    devices = dr.async_entries_for_config_entry(dr.async_get(home.hass), home.entry.entry_id)
    return {item for device in devices for _, item in device.identifiers}


def entities(home: Home) -> dict[str, str]:
    """Return the entities of the account, by unique id."""
    found = er.async_entries_for_config_entry(er.async_get(home.hass), home.entry.entry_id)
    return {one.unique_id: one.entity_id for one in found}


async def include(home: Home, *lines: str) -> None:
    """Choose what to include, in the options of an account that is in use."""
    result = await home.hass.config_entries.options.async_init(home.entry.entry_id)
    await home.hass.config_entries.options.async_configure(
        result["flow_id"], {CONF_INCLUDE: list(lines), "spans": True, "sensors": True}
    )
    await home.hass.async_block_till_done(wait_background_tasks=True)


async def test_what_is_left_out_goes_and_comes_back(home: Home) -> None:
    """It goes with its facility, spans and sensors, and returns with the same unique ids."""
    await home.open(**{CONF_SPANS: True, CONF_SENSORS: True})
    before, named = known(home), entities(home)
    line, other = home.line, home.icy_line
    await include(home, line)
    left = known(home)
    assert f"line:{line}" in left
    assert f"facility:{home.facility}" in left
    assert f"line:{other}" not in left
    assert f"facility:{home.world.facility_of(other).id}" not in left
    assert {key.partition(":")[0] for key in left} == {
        "owner",
        "facility",
        "line",
        "span",
        "sensor",
    }
    spans = {f"span:{span.id}" for span in home.world.line(other).spans}
    assert spans < before
    assert spans.isdisjoint(left)
    assert home.value(line, "current") not in {"unknown", "unavailable"}
    assert home.entity_id(other, "current") is None
    await include(home)
    assert known(home) == before
    assert entities(home) == named


async def test_no_call_for_what_is_left_out(home: Home) -> None:
    """No measurement, forecast or history of it is requested."""
    line, other = home.line, home.icy_line
    await home.open(**{CONF_INCLUDE: [line], CONF_SPANS: True})
    await home.polls(2)
    await home.polls_of_assets(1)
    assert home.calls("dlr", line)
    assert home.calls("dlr_forecast", line)
    assert not home.calls("any", other)
    assert not home.calls("any", home.world.facility_of(other).id)


async def test_a_line_that_appears_later(home: Home) -> None:
    """It is included where nothing is chosen, and else is not."""
    await home.open(**{CONF_INCLUDE: [home.line]})
    new = home.world.add_line("New - Line")
    await home.polls_of_assets(1)
    assert home.device("line", new) is None
    await include(home)
    assert home.device("line", new) is not None


async def test_none_of_what_is_chosen_is_left(home: Home) -> None:
    """A repair says so; that no line carries a sensor is another matter."""
    await home.open(**{CONF_INCLUDE: ["gone"]})
    registry = ir.async_get(home.hass)
    issue = f"nothing_included_{home.entry.entry_id}"
    assert registry.async_get_issue(DOMAIN, issue) is not None
    await home.polls_of_assets(3)
    other = f"no_instrumented_line_{home.entry.entry_id}"
    assert registry.async_get_issue(DOMAIN, other) is None
    assert home.account.diagnostics()["lines_listed"] == 2
    await include(home, home.line)
    assert registry.async_get_issue(DOMAIN, issue) is None


@pytest.mark.parametrize("polls", [1, 2])
async def test_an_incomplete_list_removes_nothing(home: Home, polls: int) -> None:
    await home.open(**{CONF_INCLUDE: [home.line]})
    before = known(home)
    home.fault("assets", "empty_lists")
    await home.polls_of_assets(polls)
    assert known(home) == before


async def test_titles_follow_what_is_included(home: Home) -> None:
    """A title that was made here names the grid owners of the included lines."""
    owners = [owner.name for owner in home.world.owners if owner.name]
    title = f"Heimdall Power: {', '.join(owners)}"
    object.__setattr__(home.entry, "title", title)
    await home.open()
    await include(home, home.line)
    owner = next(
        one.name
        for one in home.world.owners
        if home.world.facility(home.facility) in one.facilities
    )
    assert home.entry.title == f"Heimdall Power: {owner}"


async def test_the_import_leaves_it_out(home: Home) -> None:
    """A request for all history of the account is one for what is included."""
    await home.open(**{CONF_INCLUDE: [home.line]})
    device = home.device("line", home.line)
    assert device is not None
    assert home.account.importer.keys_of(device) == [home.line]
    owner = next(iter(home.account.assets.data.grid_items.values()))
    above = home.device("owner", owner.id)
    assert above is not None
    assert home.account.importer.keys_of(above) == [home.line]


async def test_how_many_entities_there_would_be(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left out does not count against the most that Home Assistant adds."""
    await home.open()
    every = EntityChoice(extent=Extent.ALL)
    one = await home.account.async_count_enabled(every, Inclusion(frozenset({home.line})))
    assert one < await home.account.async_count_enabled(every, Inclusion())
    monkeypatch.setattr(options_flow, "MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY", one)
    entered = {"entities": "all", "spans": False, "sensors": False}
    result = await home.hass.config_entries.options.async_init(home.entry.entry_id)
    result = await home.hass.config_entries.options.async_configure(result["flow_id"], entered)
    assert result["errors"] == {"entities": "too_many_entities"}
    result = await home.hass.config_entries.options.async_configure(
        result["flow_id"], {**entered, CONF_INCLUDE: [home.line]}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.usefixtures("recorder_mock", "short_history")
async def test_an_import_that_is_under_way(home: Home) -> None:
    """It ends for what is left out, and goes on for the rest."""
    await home.open()
    home.account.importer.request(None, dt_util.utcnow() - timedelta(days=9), dt_util.utcnow())
    await include(home, home.line)
    home.forget_calls()
    home.account.importer.request(None, dt_util.utcnow() - timedelta(days=2), dt_util.utcnow())
    await home.wait(hours=1, minutes=10)
    assert home.calls("any", home.line)
    assert not home.calls("any", home.icy_line)
