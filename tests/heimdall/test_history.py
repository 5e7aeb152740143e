"""What is imported of a line's past: the simulator's own numbers, hour by hour."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.statistics import (
    async_change_statistics_unit,
    get_metadata,
)
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
import pytest

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.heimdall import history
from custom_components.gridduck_heimdall.heimdall.history import LineSource
from custom_components.gridduck_heimdall.heimdall.options import CONF_SPANS
from custom_components.gridduck_heimdall.history import plan
from custom_components.gridduck_heimdall.history.source import Fetched
from custom_components.gridduck_heimdall.history.work import ImportState
from simulator.options import Options

from .conftest import NOW
from .history_support import (
    HISTORY,
    HOUR,
    RECIPES,
    Truth,
    alike,
    all_alike,
    calls,
    failing,
    item,
    now,
    recorded,
)
from .home import Home

DAY = 24 * HOUR


@pytest.fixture
def simulator_options() -> Options:
    """Return a small world with currents every five minutes, a fifth of the usual ones."""
    return Options(lines=2, current_window="aligned")


@pytest.fixture
def enable_statistics(freezer: FrozenDateTimeFactory) -> bool:
    """Let the recorder compile its own statistics too; it starts before all else."""
    freezer.move_to(NOW)
    return True


@pytest.fixture(autouse=True)
def _recorder(recorder_mock: Recorder) -> None:
    """Record for real, without a log of every statement."""
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)


@pytest.fixture
def first_days() -> int:
    """Return how many days the first set-up imports; fewer are quicker."""
    return 1


@pytest.fixture(autouse=True)
def _first_range(monkeypatch: pytest.MonkeyPatch, first_days: int) -> None:
    monkeypatch.setattr(plan, "FIRST_RANGE", timedelta(days=first_days))


async def import_range(
    home: Home, start: float, end: float, keys: Collection[str] | None = None
) -> None:
    """Import a range of the lines with these keys, or of all lines."""
    home.account.importer.request(
        keys, dt_util.utc_from_timestamp(start), dt_util.utc_from_timestamp(end)
    )
    await home.hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("first_days", [30])
async def test_the_first_set_up_imports_thirty_days(home: Home) -> None:
    await home.open()
    end = now() - HOUR
    assert await all_alike(home, home.icy_line, end - 30 * DAY, end) == len(RECIPES)
    assert await all_alike(home, home.line, end - 30 * DAY, end) == len(RECIPES) - 3
    rows = await recorded(home, home.entity_id(home.line, "current"), 0, now())
    assert len(rows) == 30 * 24
    assert home.account.importer.progress.state is ImportState.IDLE
    # What stands in the diagnostics is what was asked for.
    assert home.account.diagnostics()["history"]["state"] == "idle"
    assert home.account.diagnostics()["calls_so_far"]["history"] == calls(home)


@pytest.mark.parametrize("first_days", [12])
async def test_many_lines_are_read_in_shorter_ranges(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "AT_FULL_SPEED", 0)
    monkeypatch.setattr(history, "LARGE_PAUSE", 0.0)
    await home.open()
    # Ten days at most, instead of thirty.
    assert calls(home, home.line, "/currents$") == 2
    end = now() - HOUR
    assert await all_alike(home, home.line, end - 12 * DAY, end) == len(RECIPES) - 3
    rows = await recorded(home, home.entity_id(home.line, "current"), 0, now())
    assert len(rows) == 12 * 24
    assert home.account.importer.progress.state is ImportState.IDLE


async def test_statistics_are_those_of_the_entities(home: Home) -> None:
    await home.open()
    units = {home.entity_id(item(home, home.icy_line, kind), key): key for kind, key in RECIPES}
    found = await get_instance(home.hass).async_add_executor_job(
        partial(get_metadata, home.hass, statistic_ids={one for one in units if one})
    )
    metadata = {units[entity_id]: one for entity_id, (_, one) in found.items()}
    assert {
        key: (one["unit_of_measurement"], one["unit_class"]) for key, one in metadata.items()
    } == {
        "current": ("A", "electric_current"),
        "apparent_power": ("MVA", None),
        "dlr": ("A", "electric_current"),
        "aar": ("A", "electric_current"),
        "circuit_rating": ("A", "electric_current"),
        "headroom": ("A", "electric_current"),
        "loading": ("%", "unitless"),
        "breaking_strength_share": ("%", "unitless"),
        "conductor_temperature_max": ("°C", "temperature"),
        "conductor_temperature_min": ("°C", "temperature"),
        "ice_load": ("kg/m", None),
        "tension": ("N", None),
        "sag_max": ("m", "distance"),
        "clearance_min": ("m", "distance"),
    }
    assert {one["source"] for one in metadata.values()} == {"recorder"}
    before = metadata
    # The recorder's own first rows leave all of it as it is.
    await home.polls(4)
    found = await get_instance(home.hass).async_add_executor_job(
        partial(get_metadata, home.hass, statistic_ids={one for one in units if one})
    )
    assert {units[entity_id]: one for entity_id, (_, one) in found.items()} == before


async def test_an_entity_that_is_renamed_while_it_is_imported(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The recorder takes the rows that it has along; all that come later follow them."""
    fetch, registry = LineSource.async_fetch, er.async_get(home.hass)
    former = list[str]()

    async def async_fetch(
        source: LineSource, start: datetime, end: datetime, keys: Collection[str]
    ) -> Fetched:
        answer = await fetch(source, start, end, keys)
        if source.key == home.line and not former:
            entity_id = home.entity_id(home.line, "current")
            assert entity_id is not None
            former.append(entity_id)
            registry.async_update_entity(entity_id, new_entity_id="sensor.my_line")
        return answer

    monkeypatch.setattr(LineSource, "async_fetch", async_fetch)
    await home.open()
    end = now() - HOUR
    assert await recorded(home, former[0], 0, end) == {}
    rows = await recorded(home, "sensor.my_line", 0, end)
    alike(rows, Truth(home, home.line, end - DAY, end).rows("current"))
    # Once more, in the middle of one that takes two requests.
    registry.async_update_entity("sensor.my_line", new_entity_id=former[0])
    former.clear()
    home.forget_calls()
    await import_range(home, end - 32 * DAY, end, [home.line])
    assert calls(home, home.line, "/currents$") == 2
    assert len(await recorded(home, "sensor.my_line", 0, end)) == 32 * 24
    assert await recorded(home, former[0], 0, end) == {}


async def test_live_hours_are_not_imported(home: Home) -> None:
    await home.open()
    await home.polls(6)
    # The hour in which the account was set up.
    end = now() - HOUR // 2
    assert await all_alike(home, home.line, end - 2 * HOUR, end)
    home.forget_calls()
    await home.polls(27)
    assert calls(home) == 0
    live = await recorded(home, home.entity_id(home.line, "current"), end, now())
    assert len(live) == 2


async def test_an_outage_of_the_cloud_is_filled(home: Home) -> None:
    await home.open()
    begin = now()
    await home.polls(15)
    home.fault("any")
    await home.polls(14)
    assert home.value(home.line, "current") == STATE_UNAVAILABLE
    home.recover()
    await home.polls(15)
    assert home.account.importer.progress.state is ImportState.IDLE
    # One hour was live, and two have holes.
    await all_alike(home, home.line, begin + HOUR, begin + 3 * HOUR)
    await all_alike(home, home.icy_line, begin + HOUR, begin + 3 * HOUR)


async def test_one_missed_poll_is_filled(home: Home) -> None:
    await home.open()
    begin = now()
    await home.polls(15)
    # All attempts of one poll.
    home.fault("dlr", item_id=home.line)
    await home.wait(minutes=5)
    home.recover()
    home.forget_calls()
    await home.polls(12)
    assert calls(home, home.line)
    assert not calls(home, home.icy_line)
    await all_alike(home, home.line, begin + HOUR, begin + 2 * HOUR)


@pytest.mark.parametrize("first_days", [3])
async def test_what_home_assistant_slept_through_is_filled(home: Home) -> None:
    await home.open()
    begin = now()
    await home.polls(6)
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    await home.hass.async_block_till_done()
    await home.wait(hours=50)
    home.forget_calls()
    await home.hass.config_entries.async_setup(home.entry.entry_id)
    await home.hass.async_block_till_done(wait_background_tasks=True)
    # Up to the last hour that was over for ten minutes.
    end = (now() - 600) // HOUR * HOUR
    assert end - begin == 50 * HOUR
    await all_alike(home, home.line, begin, end)
    await all_alike(home, home.icy_line, begin, end)
    for path in ("/currents$", "/icing$"):
        for call in home.simulator.calls.list(path=path):
            start = datetime.fromisoformat(call.query["from_timestamp"]).timestamp()
            assert begin - 51 * HOUR <= start


async def test_an_import_that_was_cut_off_goes_on(home: Home) -> None:
    home.simulator.faults.add(failing(rf"{home.icy_line}/\w+\?", 500))
    await home.open()
    end = now() - HOUR
    progress = home.account.importer.progress
    assert progress.state is ImportState.WAITING
    await all_alike(home, home.line, end - DAY, end)
    assert await recorded(home, home.entity_id(home.icy_line, "dlr"), 0, now()) == {}
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    await home.hass.async_block_till_done()
    home.recover()
    home.forget_calls()
    await home.hass.config_entries.async_setup(home.entry.entry_id)
    await home.hass.async_block_till_done(wait_background_tasks=True)
    assert calls(home, home.line) == 0
    assert calls(home, home.facility) == 0
    await all_alike(home, home.icy_line, end - DAY, end)
    assert home.account.importer.progress.state is ImportState.IDLE


async def test_without_data_the_others_stand(home: Home) -> None:
    await home.open()
    end = now() - HOUR
    home.world.remove_product(home.icy_line, "sag")
    home.world.remove_product(home.line, "dlr")
    start = end - 4 * DAY
    await import_range(home, start, end)
    middle = end - 2 * DAY
    assert await recorded(home, home.entity_id(home.icy_line, "sag_max"), start, middle) == {}
    assert await recorded(home, home.entity_id(home.line, "dlr"), start, middle) == {}
    for line_id, key in ((home.icy_line, "ice_load"), (home.line, "aar"), (home.line, "current")):
        rows = await recorded(home, home.entity_id(line_id, key), start, middle)
        alike(rows, Truth(home, line_id, start, middle).rows(key))
    assert home.account.importer.progress.state is ImportState.IDLE


async def test_a_line_without_clearance(home: Home) -> None:
    home.world.line(home.line).clearance = False
    await home.open()
    end = now() - HOUR
    assert home.entity_id(home.line, "clearance_min") is None
    rows = await recorded(home, home.entity_id(home.line, "sag_max"), 0, end)
    alike(rows, Truth(home, home.line, end - DAY, end).rows("sag_max"))


async def test_a_product_that_is_not_allowed_is_no_data(home: Home) -> None:
    home.simulator.faults.add(failing(r"/heimdall_dlrs\b(?!/)", 403))
    await home.open()
    end = now() - HOUR
    assert await recorded(home, home.entity_id(home.line, "dlr"), 0, end) == {}
    rows = await recorded(home, home.entity_id(home.line, "aar"), 0, end)
    alike(rows, Truth(home, home.line, end - DAY, end).rows("aar"))
    assert home.account.importer.progress.state is ImportState.IDLE


async def test_only_what_enabled_entities_need_is_asked_for(home: Home) -> None:
    await home.open()
    registry = er.async_get(home.hass)
    kept = {"current", "sag_max"}
    for kind, key in RECIPES:
        for line in home.world.lines():
            entity_id = home.entity_id(item(home, line.id, kind), key)
            if key not in kept and entity_id is not None:
                registry.async_update_entity(entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    await home.hass.async_block_till_done(wait_background_tasks=True)
    home.forget_calls()
    home.account.importer.request(
        None, dt_util.utcnow() - timedelta(days=2), dt_util.utcnow() - timedelta(days=1)
    )
    await home.hass.async_block_till_done(wait_background_tasks=True)
    assert {call.path.rsplit("/", 1)[1] for call in home.simulator.calls.list(path=HISTORY)} == {
        "currents",
        "sag_and_clearance",
    }
    assert [
        len(source.series())
        for source in (await home.account.history.async_sources()).by_key.values()
    ] == [2, 2]


async def test_no_source_without_an_enabled_entity(home: Home) -> None:
    await home.open()
    assert (await home.account.history.async_sources()).by_key.keys() == {home.line, home.icy_line}
    registry = er.async_get(home.hass)
    for kind, key in RECIPES:
        if (entity_id := home.entity_id(item(home, home.line, kind), key)) is not None:
            registry.async_update_entity(entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    assert (await home.account.history.async_sources()).by_key.keys() == {home.icy_line}
    line = home.device("line", home.line)
    assert line is not None
    assert home.account.importer.keys_of(line) == []


async def test_the_unit_of_the_statistics_is_kept(home: Home) -> None:
    await home.open()
    entity_id = home.entity_id(home.line, "conductor_temperature_max")
    assert entity_id is not None
    end = now() - HOUR
    celsius = await recorded(home, entity_id, 0, end)
    await async_change_statistics_unit(
        home.hass, entity_id, new_unit_of_measurement="°F", old_unit_of_measurement="°C"
    )
    await import_range(home, end - 3 * DAY, end)
    _, metadata = (
        await get_instance(home.hass).async_add_executor_job(
            partial(get_metadata, home.hass, statistic_ids={entity_id})
        )
    )[entity_id]
    assert metadata["unit_of_measurement"] == "°F"
    rows = await recorded(home, entity_id, 0, end, {"temperature": "°C"})
    assert len(rows) == 3 * 24
    alike({hour: row for hour, row in rows.items() if hour in celsius}, celsius)
    alike(rows, Truth(home, home.line, end - 3 * DAY, end).rows("conductor_temperature_max"))


async def test_importing_again_changes_nothing(home: Home) -> None:
    await home.open()
    end = now() - HOUR
    await import_range(home, end - 6 * DAY, end)
    keys = [(home.line, "current"), (home.line, "loading"), (home.icy_line, "ice_load")]
    before = [await recorded(home, home.entity_id(*one), 0, end) for one in keys]
    home.forget_calls()
    home.simulator.calls.held_turns = 50
    for start, stop in ((4 * DAY, 3 * DAY), (5 * DAY + HOUR, 5 * DAY), (6 * DAY, 3 * HOUR)):
        await import_range(home, end - start, end - stop)
    assert calls(home)
    assert home.simulator.calls.max_concurrency["heimdall"] == 2
    assert [await recorded(home, home.entity_id(*one), 0, end) for one in keys] == before


async def test_keys_of_devices(home: Home) -> None:
    await home.open(**{CONF_SPANS: True})

    def keys(kind: str, item_id: str) -> set[str]:
        device = home.device(kind, item_id)
        assert device is not None
        return set(home.account.importer.keys_of(device))

    assert keys("line", home.line) == {home.line}
    assert keys("facility", home.facility) == {home.line}
    assert keys("span", home.world.line(home.line).spans[0].id) == {home.line}
    for owner in home.world.owners:
        lines = {facility.line.id for facility in owner.facilities if facility.line}
        assert keys("owner", owner.name) == lines & {home.line, home.icy_line}
    bare = next(facility for facility in home.world.facilities() if facility.line is None)
    assert keys("facility", bare.id) == set()
    stranger = dr.async_get(home.hass).async_get_or_create(
        config_entry_id=home.entry.entry_id, identifiers={(DOMAIN, "line:stranger")}
    )
    assert home.account.importer.keys_of(stranger) == ()
