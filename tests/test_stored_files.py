"""The stored files of the accounts and of load limits, each part of them replaced by anything."""

from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator
from copy import deepcopy
from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.forecast.agenda import Agenda
from custom_components.gridduck_heimdall.forecast.skill_record import SkillRecord
from custom_components.gridduck_heimdall.heimdall.issues import ConditionTimer
from custom_components.gridduck_heimdall.heimdall.notification_state import NotificationState
from custom_components.gridduck_heimdall.history.store import HistoryStore
from custom_components.gridduck_heimdall.load_limits.record import FILE, Record
from simulator.options import Options
from tests.conftest import account_state, setup
from tests.repairs import own

SOURCE = {
    "origins": {"x": 1},
    "covered": {"x": [[1, 2]]},
    "refused": {"x": [[1, 2]]},
    "pending": [[3, 4]],
    "reread": 0,
    "failing_since": None,
}
SHED = {
    "key": "http://x a",
    "entry_id": "e",
    "asset_id": "a",
    "name": "n",
    "device_id": None,
    "power": 1.0,
    "since": 1.7e9,
    "sent": 1.7e9,
    "until": 4e9,
    "until_else": None,
    "comeback": {"at": 1.7e9, "interval": 5},
    "tier": [0, 1],
}
CURTAILED = {
    "key": "http://x a",
    "request": "limit",
    "since": 1.7e9,
    "renewed": 1.7e9,
    "until": 4e9,
    "power": 1.0,
    "tier": [0, 1],
}
SCORED = [20000, b64encode(bytes(45)).decode(), [[480100, 24, 700.0, 600.0]]]
FILES: dict[str, Any] = {
    "forecast_skill.entry": {"rating a": SCORED, "load b": deepcopy(SCORED)},
    "agenda.entry": {"a": ["ice x", 1.7e9, 4e9], "b": ["ice y", 1.7e9, 4e9]},
    "told.entry": {"a": 1.5, "b": 2.5},
    "lasting.entry": {"spans": {"a": [1.7e9, 1.7e9], "b": [1.7e9, 1.7e9]}},
    "history.entry": {"sources": {"a": SOURCE, "b": deepcopy(SOURCE)}, "away": {"a": 1.7e9}},
    "load_limits": {
        "curtailed": [CURTAILED, {**deepcopy(CURTAILED), "key": "http://x b"}],
        "returned": [
            {"key": "http://x c", "at": 1.7e9, "power": 1.0, "unasked": deepcopy(CURTAILED)}
        ],
        "blocked": {"line": 4e9},
        "decisions": [],
    },
    "shedding": [SHED, {**deepcopy(SHED), "key": "http://x b", "asset_id": "b"}],
}
JUNK: tuple[Any, ...] = ("x", None, [], {"a": {}}, -1, 1e300, True, [None])


async def agenda(hass: HomeAssistant) -> int:
    file = Agenda(hass, "entry")
    await file.async_load()
    found = len(file.topics)
    await file.async_close()
    return found


async def forecast_skill(hass: HomeAssistant) -> int:
    file = SkillRecord(hass, "entry")
    await file.async_load()
    found = len(file)
    await file.async_close()
    return found


async def reported(hass: HomeAssistant) -> int:
    file = NotificationState(hass, "entry")
    await file.async_load()
    file["new"] = 1
    await file.async_close()
    return sum(file.get(key) is not None for key in ("a", "b"))


async def lasting(hass: HomeAssistant) -> int:
    file = ConditionTimer(hass, "entry")
    await file.async_load()
    return sum(file.lasts(key, timedelta(0)) for key in ("a", "b"))


async def history(hass: HomeAssistant) -> int:
    file = HistoryStore(hass, "entry")
    await file.async_load()
    found = list(file)
    await file.async_close()
    return len(found)


async def load_limits(hass: HomeAssistant) -> int:
    file = Record(hass)
    await file.async_load()
    file.ledger.forget(0)
    found = len(file.ledger.curtailed)
    # What an earlier version wrote has been taken over into the file of today.
    file.ledger.curtailed.clear()
    await file.async_save()
    return found


LOADERS: dict[str, Callable[[HomeAssistant], Awaitable[int]]] = {
    "forecast_skill.entry": forecast_skill,
    "agenda.entry": agenda,
    "told.entry": reported,
    "lasting.entry": lasting,
    "history.entry": history,
    "load_limits": load_limits,
    "shedding": load_limits,
}


def paths(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path to each part of a tree."""
    yield path
    if isinstance(tree, dict | list):
        for key, below in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from paths(below, (*path, key))


def with_junk(tree: Any, path: tuple[Any, ...], junk: object) -> Any:
    """Return a tree with something else in one place."""
    if not path:
        return junk
    tree = deepcopy(tree)
    at = tree
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = junk
    return tree


@pytest.mark.parametrize("name", FILES)
async def test_any_part_replaced(
    hass: HomeAssistant, hass_storage: dict[str, Any], name: str
) -> None:
    """No file keeps an account from being opened, and what is wrong costs its own record alone."""
    load, good, key = LOADERS[name], FILES[name], f"gridduck_heimdall.{name}"
    for path in paths(good):
        for junk in JUNK:
            hass_storage[key] = {"version": 1, "minor_version": 1, "key": key}
            hass_storage[key]["data"] = with_junk(good, path, junk)
            found = await load(hass)
            if path not in ((), ("sources",), ("spans",), ("curtailed",)):
                assert found >= 1, (path, junk)
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": good}
    assert await load(hass) == 2


async def test_records_that_are_not_whole(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """Hours of a series without its origin are of no use to the import: the record is dropped."""
    key = "gridduck_heimdall.history.entry"
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key}
    sources = {"a": {**SOURCE, "origins": {}}, "b": {**SOURCE, "covered": {}}, "c": SOURCE}
    hass_storage[key]["data"] = {"sources": sources}
    assert await history(hass) == 1
    assert own(hass) == {"storage_partly_unreadable"}


@pytest.mark.parametrize("simulator_options", [Options(sites=1, assets=4, lines=1)], ids=["small"])
async def test_accounts_with_damaged_files(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    gridduck_entry: MockConfigEntry,
    heimdall_entry: MockConfigEntry,
) -> None:
    """Both accounts are opened, closed, and opened again, though no file can be used."""
    entries = (gridduck_entry, heimdall_entry)
    names = [FILE]
    names += [
        f"gridduck_heimdall.{kind}.{entry.entry_id}"
        for kind in ("agenda", "forecast_skill")
        for entry in entries
    ]
    names += [f"gridduck_heimdall.history.{entry.entry_id}" for entry in entries]
    names += [f"gridduck_heimdall.{kind}.{heimdall_entry.entry_id}" for kind in ("told", "lasting")]
    for number, name in enumerate(names):
        hass_storage[name] = {"version": 1 + number % 2, "minor_version": 7, "key": name}
        hass_storage[name]["data"] = "text"
    for entry in entries:
        await setup(hass, entry)
    for entry in entries:
        assert account_state(entry) is ConfigEntryState.LOADED
        assert await hass.config_entries.async_reload(entry.entry_id)
        assert account_state(entry) is ConfigEntryState.LOADED
    assert own(hass) >= {"storage_newer", "storage_partly_unreadable"}
