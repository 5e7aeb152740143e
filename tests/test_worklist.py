"""Keys that are collected and worked off."""

import asyncio
from collections.abc import Collection, Coroutine
from typing import Any

from custom_components.gridduck_heimdall.core.worklist import Worklist


async def test_keys_that_are_added_meanwhile_lead_to_another_round() -> None:
    rounds, tasks = list[tuple[str, ...]](), list[asyncio.Task[None]]()
    may_go_on = asyncio.Event()

    async def work(keys: Collection[str]) -> None:
        rounds.append(tuple(keys))
        await may_go_on.wait()

    def start(job: Coroutine[Any, Any, None]) -> None:
        tasks.append(asyncio.ensure_future(job))

    changed = Worklist[str](work, start)
    changed.add(())
    assert not tasks
    changed.add(["b", "a"])
    changed.add(["b"])
    await asyncio.sleep(0)
    changed.add(["c", "a"])
    changed.add(["c"])
    may_go_on.set()
    await asyncio.gather(*tasks)
    assert rounds == [("b", "a"), ("c", "a")]
    assert len(tasks) == 1
    changed.add(["d"])
    await asyncio.gather(*tasks)
    assert rounds[-1] == ("d",)


async def test_a_cancelled_task_leaves_room_for_the_next() -> None:
    worked, tasks = list[str](), list[asyncio.Task[None]]()

    async def work(keys: Collection[str]) -> None:
        await asyncio.sleep(0)
        worked.extend(keys)

    def start(job: Coroutine[Any, Any, None]) -> None:
        tasks.append(asyncio.ensure_future(job))

    changed = Worklist[str](work, start)
    changed.add(["a"])
    await asyncio.sleep(0)
    tasks[0].cancel()
    await asyncio.wait(tasks)
    changed.add(["b"])
    await asyncio.gather(tasks[1])
    assert worked == ["b"]
