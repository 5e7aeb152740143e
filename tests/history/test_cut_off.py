"""An import that is cut off anywhere, and resumed, ends as if nothing had happened."""

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta
import time
from typing import override

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.core.storage import async_remove_entry_files
from custom_components.gridduck_heimdall.history import store
from custom_components.gridduck_heimdall.history.plan import ImportRecord
from custom_components.gridduck_heimdall.history.source import Fetched
from custom_components.gridduck_heimdall.history.statistics import Statistics
from tests.conftest import pass_time

from .support import (
    CURRENT,
    ENERGY,
    NOON,
    NOW,
    Formula,
    check,
    new_importer,
    recorded,
    restart,
    run,
    unload,
    work_of,
)


def awaited() -> dict[asyncio.Task[object], object]:
    """Return what each task waits for, at the end of its chain of coroutines."""
    found = dict[asyncio.Task[object], object]()
    for task in asyncio.all_tasks():
        last: object = task.get_coro()
        while (inner := getattr(last, "cr_await", None)) is not None:
            last = inner
        found[task] = last
    return found


def let_threads_work() -> None:
    """Stop the loop for a moment, rather than have it turn while it waits for the recorder."""
    time.sleep(0.001)


async def cut(hass: HomeAssistant, entry: MockConfigEntry, source: Formula, steps: int) -> bool:
    """Import, and cancel the work after so many turns of the loop; whether it was done by then."""
    importer = new_importer(hass, entry, source)
    await importer.async_start()
    task = work_of(entry)
    for _ in range(steps):
        before = awaited()
        await asyncio.sleep(0)
        if awaited() == before:
            let_threads_work()
    if done := task.done():
        return done
    task.cancel()
    await asyncio.wait([task])
    return task.done() and not task.cancelled()


async def test_cancelled_at_every_step(
    hass: HomeAssistant, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash: the work stops at any await, and nothing more is written to the file."""
    source = Formula(window=timedelta(hours=6), reach=timedelta(hours=20))
    steps = 0
    while not await cut(hass, entry, source, steps):
        await unload(hass, entry)
        steps += 1
        # Each try begins anew, as if the file had not been written since.
        await async_remove_entry_files(hass, entry.entry_id, (store.FILE,))
        if steps % 7 == 0:
            await Statistics(hass).async_wait_written()
            rows = await recorded(hass, ENERGY)
            whole = source.in_one_go(ENERGY, NOON - 19, NOON)
            assert rows == {hour: whole[hour] for hour in sorted(whole)[: len(rows)]}
    assert steps > 5
    await hass.async_block_till_done(wait_background_tasks=True)
    await check(hass, source, NOON - 19)


@pytest.mark.parametrize("steps", [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89])
async def test_a_restart_goes_on(hass: HomeAssistant, entry: MockConfigEntry, steps: int) -> None:
    """What was imported before the restart is not asked for again."""
    source = Formula(window=timedelta(hours=6), reach=timedelta(days=3))
    done = set[int]()

    def one_more() -> None:
        done.add(len(source.asked))
        if len(done) == steps // 4 + 1:
            work_of(entry).cancel()

    source.before_answer = one_more
    importer = new_importer(hass, entry, source)
    await run(hass, importer)
    source.before_answer = None
    asked = len(source.asked)
    await restart(hass, entry, source)
    assert asked - 1 + len(source.asked[asked:]) <= len(range(0, 71, 5)) + 1
    await check(hass, source, NOON - 71)


async def test_saved_while_at_work(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """A crash costs minutes of work at most, also in the middle of a long import."""
    source = Formula(window=timedelta(hours=6), reach=timedelta(days=3))
    importer = new_importer(hass, entry, source)
    await run(hass, importer)
    await pass_time(hass, freezer, store.SAVE_WITHIN + 1)
    crashed = store.HistoryStore(hass, entry.entry_id)
    await crashed.async_load()
    assert crashed["line"] == importer.store["line"]
    assert list(crashed) == ["line"]
    await async_remove_entry_files(hass, entry.entry_id, (store.FILE,))
    empty = store.HistoryStore(hass, entry.entry_id)
    await empty.async_load()
    assert list(empty) == []


async def test_asked_for_and_restarted(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """A request outlives a restart that comes before it is served."""
    source = Formula(reach=timedelta(hours=30), all_series=(ENERGY,))
    importer = new_importer(hass, entry, source)
    await run(hass, importer)
    source.reach = timedelta(days=30)
    source.before_answer = lambda: work_of(entry).cancel()
    importer.request(None, NOW - timedelta(days=4), NOW)
    await hass.async_block_till_done(wait_background_tasks=True)
    source.before_answer = None
    await restart(hass, entry, source)
    await check(hass, source, NOON - 96)


async def test_two_at_once(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """A request during an import waits for its turn; rows from elsewhere mix with neither."""
    source = Formula(window=timedelta(hours=50))
    importer = new_importer(hass, entry, source)
    await importer.async_start()
    first = work_of(entry)
    importer.request(None, NOW - timedelta(days=50), NOW - timedelta(days=20))
    importer.request(["line"], NOW - timedelta(days=35), NOW)
    assert work_of(entry) is first
    samples = source.samples((NOON - 1200) * 3600, NOON * 3600)
    await asyncio.gather(
        importer.async_write({ENERGY: samples[:4000]}),
        importer.async_write({ENERGY: samples[3000:]}),
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    await check(hass, source, NOON - 1200)


async def test_no_more_fetches_than_allowed(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Two at a time, however many sources there are."""
    under_way, most = 0, 0

    class Slow(Formula):
        @override
        async def async_fetch(
            self, start: datetime, end: datetime, keys: Collection[str]
        ) -> Fetched:
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0)
            under_way -= 1
            return {}

    sources = [Slow(key=f"line_{number}", all_series=(CURRENT,)) for number in range(9)]
    importer = new_importer(hass, entry, *sources)
    await run(hass, importer)
    assert most == 2
    assert importer.progress.hours_done == 9 * 240


async def test_nothing_is_taken_after_the_end(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """An importer that is done with asks no more, nor writes over what the next one knows."""
    source = Formula(all_series=(ENERGY,))
    importer = new_importer(hass, entry, source)
    await run(hass, importer)
    await unload(hass, entry)
    before = importer.store["line"]
    importer.store["line"] = ImportRecord()
    importer.store.save_within(0)
    await pass_time(hass, freezer, store.SAVE_WITHIN + 1)
    persisted = store.HistoryStore(hass, entry.entry_id)
    await persisted.async_load()
    assert persisted["line"] == before
    source.asked.clear()
    importer.retry()
    await pass_time(hass, freezer, timedelta(hours=2))
    assert not source.asked
