"""The queue of commands: in order for each target, few at a time, and ended with its account."""

import asyncio

from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.gridduck_heimdall.core.command_queue import AT_ONCE, RESERVED, CommandQueue
from custom_components.gridduck_heimdall.core.lifetime import Lifetime


class Bench:
    """A queue, and commands that hang until they are let go."""

    def __init__(self) -> None:
        self.lifetime = Lifetime()
        self.queue = CommandQueue(self.lifetime)
        self.sent = list[str]()
        self.go = asyncio.Event()

    def put(self, target: str, name: str = "", *, urgent: bool = False) -> asyncio.Task[None]:
        async def send() -> None:
            async with self.queue.turn(target, urgent=urgent):
                self.sent.append(name or target)
                await self.go.wait()

        return asyncio.ensure_future(send())

    def fill(self, count: int) -> list[asyncio.Task[None]]:
        return [self.put(f"{number}") for number in range(count)]

    async def settle(self) -> None:
        for _ in range(20):
            await asyncio.sleep(0)


@pytest.fixture
async def bench() -> Bench:
    return Bench()


async def test_few_at_a_time_in_order(bench: Bench) -> None:
    tasks = bench.fill(3 * AT_ONCE)
    await bench.settle()
    assert bench.sent == [f"{number}" for number in range(AT_ONCE)]
    bench.go.set()
    await asyncio.gather(*tasks)
    assert bench.sent == [f"{number}" for number in range(3 * AT_ONCE)]


async def test_urgent_ones_have_room_of_their_own_and_are_next(bench: Bench) -> None:
    tasks = bench.fill(2 * AT_ONCE)
    await bench.settle()
    urgent = [bench.put(f"u{number}", urgent=True) for number in range(RESERVED + 2)]
    await bench.settle()
    assert bench.sent[AT_ONCE:] == [f"u{number}" for number in range(RESERVED)]
    tasks[0].cancel()
    await bench.settle()
    assert bench.sent[AT_ONCE + RESERVED :] == [f"u{RESERVED}"]
    bench.go.set()
    await asyncio.gather(*tasks[1:], *urgent)
    assert bench.sent[AT_ONCE + RESERVED + 1] == f"u{RESERVED + 1}"
    assert len(bench.sent) == len(tasks) + len(urgent)


async def test_an_urgent_one_takes_along_those_before_it(bench: Bench) -> None:
    """Of two commands to one target, the later must also be sent later."""
    tasks = [*bench.fill(AT_ONCE), bench.put("x", "other"), bench.put("a", "first")]
    tasks += [bench.put("a", "second"), bench.put("a", "third", urgent=True)]
    await bench.settle()
    assert bench.sent[AT_ONCE:] == ["first"]
    bench.go.set()
    await asyncio.gather(*tasks)
    ours = [name for name in bench.sent if name in {"first", "second", "third"}]
    assert ours == ["first", "second", "third"]
    assert sorted(bench.sent) == sorted({*bench.sent})


async def test_one_that_is_not_wanted_any_more_is_not_sent(bench: Bench) -> None:
    tasks = [*bench.fill(AT_ONCE), bench.put("a", "first"), bench.put("a", "second")]
    await bench.settle()
    tasks[AT_ONCE].cancel()
    await bench.settle()
    bench.go.set()
    await asyncio.gather(*tasks[:AT_ONCE], tasks[-1])
    assert bench.sent[AT_ONCE:] == ["second"]


async def test_closed(bench: Bench) -> None:
    """What is not sent is cancelled, what hangs too, and each says which it was."""
    tasks = bench.fill(2 * AT_ONCE)
    await bench.settle()
    bench.lifetime.close()
    tasks.append(bench.put("late"))
    results = await asyncio.gather(*tasks, return_exceptions=True)
    keys = [one.translation_key for one in results if isinstance(one, HomeAssistantError)]
    assert keys == ["command_outcome_unknown"] * AT_ONCE + ["command_not_sent"] * (AT_ONCE + 1)
    assert len(bench.sent) == AT_ONCE


async def test_closed_as_turns_come(bench: Bench) -> None:
    """A command whose turn has come in the same moment is not sent either."""
    tasks = bench.fill(2 * AT_ONCE)
    await bench.settle()
    for task in tasks[:AT_ONCE]:
        task.cancel()
    await asyncio.sleep(0)
    bench.lifetime.close()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert len(bench.sent) == AT_ONCE


async def test_a_time_limit_of_its_own_is_not_the_end_of_the_account(bench: Bench) -> None:
    with pytest.raises(TimeoutError):
        async with bench.lifetime.within():
            raise TimeoutError


async def test_what_is_not_a_command_ends_with_its_account(bench: Bench) -> None:
    async def wait() -> None:
        async with bench.lifetime.within():
            await bench.go.wait()

    waiting = asyncio.ensure_future(wait())
    await bench.settle()
    bench.lifetime.close()
    with pytest.raises(HomeAssistantError) as raised:
        await waiting
    assert raised.value.translation_key == "account_closed"
