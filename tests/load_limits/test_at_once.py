"""Several requests at a time: none waits for another's commands, and no asset is taken twice."""

import asyncio
from typing import Any

from simulator.faults import Fault

from .yard import Yard, names, reasons, until

SLOW = 5.0


def slow(yard: Yard, path: str, status: int | None = None) -> None:
    """Have commands take a while, by the clock that only a test moves."""
    yard.simulator.faults.add(
        Fault(
            service="gridduck",
            path=path,
            method="PUT",
            delay=SLOW,
            kind="delay" if status is None else "status",
            status=status,
            count=None,
        )
    )


async def sent(yard: Yard, count: int = 1) -> None:
    """Go on until so many commands are on their way."""
    await until(lambda: len(yard.simulator.calls.list(service="gridduck", method="PUT")) >= count)


async def finish[T](yard: Yard, *tasks: asyncio.Task[T]) -> list[T]:
    """Let time pass until requests are done; return their answers."""
    for _ in range(100):
        await yard.breathe(300)
        if all(task.done() for task in tasks):
            break
        await yard.wait(2.5)
    return [task.result() for task in tasks]


async def result(task: asyncio.Task[dict[str, Any]]) -> dict[str, Any]:
    """Return the answer of a request that needs no time."""
    await until(task.done)
    return task.result()


async def test_a_second_request_does_not_wait_until_the_first_is_verified(yard: Yard) -> None:
    yard.world.set_field(yard.pump, "consumption", 10_000)
    await yard.wait(61)
    first = yard.begin(yard.pump, power=10_000)
    await yard.until_it_waits(first)
    second = asyncio.ensure_future(yard.shed(yard.charger, power=1))
    assert names((await result(second))["shed"]) == ["Charger"]
    assert not first.done()
    (answer,) = await finish(yard, first)
    assert names(answer["shed"]) == ["Pump"]


async def test_nor_for_its_commands(yard: Yard) -> None:
    slow(yard, yard.pump)
    first = yard.begin(yard.pump, power=1)
    await sent(yard)
    second = asyncio.ensure_future(yard.shed(yard.charger, power=1))
    assert names((await result(second))["shed"]) == ["Charger"]
    assert not first.done()
    (answer,) = await finish(yard, first)
    assert answer["goal"]["reached"]


async def test_twice_at_once_is_once(yard: Yard) -> None:
    """Also while it is not known yet whether the asset gives way, and while that is verified."""
    slow(yard, yard.pump)
    goal = yard.power(yard.pump)
    tasks = [yard.begin(power=goal)]
    await sent(yard)
    tasks.append(yard.begin(power=goal))
    await yard.breathe(200)
    assert not any(task.done() for task in tasks)
    await yard.wait(SLOW)
    await yard.breathe(300)
    tasks.append(yard.begin(power=goal))
    first, *others = await finish(yard, *tasks)
    assert names(first["shed"]) == ["Pump"]
    for other in others:
        assert names(other["already_shed"]) == ["Pump"]
        assert not other["shed"]
        assert other["goal"]["reached"]
    assert yard.commanded() == [yard.pump]


async def test_more_at_once_takes_others(yard: Yard) -> None:
    slow(yard, yard.pump)
    goal = yard.power(yard.pump)
    first = yard.begin(power=goal)
    await sent(yard)
    second = yard.begin(power=goal + 1)
    before, answer = await finish(yard, first, second)
    assert names(before["shed"]) == ["Pump"]
    assert names(answer["already_shed"]) == ["Pump"]
    assert names(answer["shed"]) == ["Freezers"]
    assert sorted(yard.commanded()) == sorted([yard.pump, yard.freezers])


async def test_what_both_count_on_fails(yard: Yard) -> None:
    """One other gives way in its place, and not one for each."""
    slow(yard, yard.pump, status=500)
    goal = yard.power(yard.pump)
    tasks = [yard.begin(power=goal)]
    await sent(yard)
    tasks.append(yard.begin(power=goal))
    await yard.breathe(200)
    answers = await finish(yard, *tasks)
    given = [*answers[0]["shed"], *answers[1]["shed"]]
    assert "Charger" in names(given)
    assert len(names(given)) == len(set(names(given)))
    assert all(answer["goal"]["reached"] for answer in answers)
    assert yard.commanded().count(yard.charger) == 1


async def test_longer_at_once(yard: Yard) -> None:
    """The longer of two requests counts, whichever comes first."""
    slow(yard, yard.pump)
    goal = yard.power(yard.pump)
    first = yard.begin(power=goal)
    await sent(yard)
    second = yard.begin(power=goal, duration={"hours": 3})
    _, answer = await finish(yard, first, second)
    (item,) = answer["already_shed"]
    assert item["until"] >= "2026-11-18T21:00:00+00:00"
    assert [call.body for call in yard.puts()][-1] != {"snooze_finish": 3600}


async def test_restored_while_it_is_verified(yard: Yard) -> None:
    """The later word counts: nothing gives way in place of what came back."""
    yard.world.set_field(yard.pump, "consumption", 10_000)
    await yard.wait(61)
    task = yard.begin(power=10_000)
    await yard.until_it_waits(task)
    assert names((await yard.restore())["restored"]) == ["Pump"]
    answer = await result(task)
    assert not answer["shed"]
    assert reasons(answer)["Pump"] == "restored"
    assert not answer["goal"]["reached"]
    assert yard.commanded() == [yard.pump, yard.pump]
    for _ in range(4):
        await yard.wait(61)
    assert not yard.commanded()
    assert not yard.requests.curtailed


async def test_restored_while_it_is_sent(yard: Yard) -> None:
    """What is not sent yet is not sent any more, and what is comes back."""
    for number in range(12):
        yard.world.add_asset(
            f"Plug {number}", "ev_charger", site_id=yard.site_id, created=0, min_time_on=None
        )
    await yard.wait(61)
    slow(yard, "/asset/.")
    task = yard.begin(power=1_000_000)
    await sent(yard, 8)
    restoring = asyncio.ensure_future(yard.restore(assets_per_step=100))
    await yard.breathe(200)
    answer, back = await finish(yard, task, restoring)
    assert len(back["restored"]) == 8
    assert not answer["shed"]
    assert list(reasons(answer).values()).count("restored") == 15
    assert not yard.requests.curtailed
    now = yard.simulator.clock.now()
    assert not any(one.control.running(now) for one in yard.world.assets.values())


async def test_ended_while_it_is_sent(yard: Yard) -> None:
    """Nobody brings back what was not sent: only what was withdrawn is told so."""
    plugs = [
        yard.world.add_asset(
            f"Plug {number}", "ev_charger", site_id=yard.site_id, created=0, min_time_on=None
        )
        for number in range(12)
    ]
    await yard.wait(61)
    slow(yard, "/asset/.")
    task = yard.begin(power=1_000_000)
    await sent(yard, 8)
    underway = set(yard.commanded())
    withdrawn = next(one for one in plugs if one not in underway)
    restoring = asyncio.ensure_future(yard.restore(device_id=yard.device(withdrawn)))
    await yard.breathe(200)
    yard.requests.close()
    answer, _ = await finish(yard, task, restoring)
    passed_over = list(reasons(answer).values())
    assert passed_over.count("restored") == 1
    assert passed_over.count("stopped") == 6
    assert {shed.asset_id for shed in yard.requests.curtailed} == underway
    assert not yard.commanded()


async def test_needed_while_it_comes_back(yard: Yard) -> None:
    """It is neither counted nor taken: others give way."""
    await yard.shed(yard.pump, power=1)
    slow(yard, yard.pump)
    yard.puts()
    restoring = asyncio.ensure_future(yard.restore())
    await sent(yard)
    answer = await result(asyncio.ensure_future(yard.shed(power=yard.shed_power(yard.pump))))
    assert reasons(answer)["Pump"] == "restored"
    assert names(answer["shed"]) == ["Charger"]
    (back,) = await finish(yard, restoring)
    assert names(back["restored"]) == ["Pump"]
    assert [shed.name for shed in yard.requests.curtailed] == ["Charger"]


async def test_restored_twice_at_once(yard: Yard) -> None:
    await yard.shed(power=1_000_000)
    slow(yard, "/asset/.")
    yard.puts()
    tasks = [asyncio.ensure_future(yard.restore(assets_per_step=3)) for _ in range(2)]
    await sent(yard, 3)
    answers = await finish(yard, *tasks)
    assert sorted(len(answer["restored"]) for answer in answers) == [0, 3]
    assert sorted(yard.commanded()) == sorted([yard.pump, yard.charger, yard.freezers])


async def test_a_person_changes_it_while_it_is_verified(yard: Yard) -> None:
    """Another takes its place, and what the person has done stays."""
    yard.world.set_field(yard.pump, "consumption", 2_000)
    await yard.wait(61)
    task = yard.begin(yard.pump, yard.charger, power=2_000)
    await yard.until_it_waits(task)
    await yard.wait(3)
    yard.world.command(yard.pump, "boost", 7_200)
    (answer,) = await finish(yard, task)
    assert names(answer["shed"]) == ["Charger"]
    assert reasons(answer)["Pump"] == "changed"
    assert yard.commanded() == [yard.pump, yard.charger]
