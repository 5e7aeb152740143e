"""Bounded work on many items, without Home Assistant and without a service."""

import asyncio
from collections.abc import Iterator

import pytest

from custom_components.gridduck_heimdall.api.concurrency import async_for_each
from custom_components.gridduck_heimdall.api.errors import ConnectionFailed


class Work:
    """Takes a few turns of the event loop for an item, and counts what runs at a time."""

    def __init__(self, fails_on: int | None = None) -> None:
        self.begun: list[int] = []
        self.done: list[int] = []
        self.running = self.most = 0
        self.fails_on = fails_on

    async def run(self, item: int) -> None:
        self.begun.append(item)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            for _ in range(1 + item % 3):
                await asyncio.sleep(0)
            if item == self.fails_on:
                raise ConnectionFailed(f"{item} failed")
            self.done.append(item)
        finally:
            self.running -= 1


async def test_every_item_once_in_order_and_within_the_limit() -> None:
    work = Work()
    await async_for_each(range(20), work.run, limit=4)
    assert work.begun == list(range(20))
    assert sorted(work.done) == list(range(20))
    assert work.most == 4


@pytest.mark.parametrize("items", [0, 1, 3])
async def test_fewer_items_than_workers(items: int) -> None:
    work = Work()
    await async_for_each(range(items), work.run, limit=4)
    assert sorted(work.done) == list(range(items))
    assert work.most == items


async def test_items_are_taken_when_a_worker_is_free() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for item in range(9):
            taken.append(item)
            yield item

    async def look(item: int) -> None:
        assert len(taken) <= item + 3
        await asyncio.sleep(0)

    await async_for_each(items(), look, limit=3)
    assert taken == list(range(9))


async def test_the_first_failure_comes_bare_and_cancels_the_rest() -> None:
    work = Work(fails_on=5)
    with pytest.raises(ConnectionFailed, match="5 failed") as caught:
        await async_for_each(range(20), work.run, limit=4)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert work.running == 0
    assert len(work.begun) < 16
    assert 5 not in work.done


async def test_stop_leaves_the_rest() -> None:
    work = Work()
    await async_for_each(range(20), work.run, limit=2, stop=lambda: len(work.begun) >= 6)
    assert work.begun == list(range(6))
    assert sorted(work.done) == list(range(6))


async def test_cancelling_the_caller_cancels_the_workers() -> None:
    work = Work()
    never = asyncio.Event()

    async def wait(item: int) -> None:
        await work.run(item)
        await never.wait()

    task = asyncio.create_task(async_for_each(range(20), wait, limit=4))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert work.done
    assert len(work.begun) == 4
