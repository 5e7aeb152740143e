"""A cloud whose clock is not ours: what shedding did is still known to be ours."""

from datetime import timedelta

import pytest

from .yard import Yard, names, reasons

APART = pytest.mark.parametrize("seconds", [-900, -120, 120, 900, 7_200])


def set_apart(yard: Yard, seconds: float) -> None:
    """Put the cloud's clock forward, or back."""
    yard.simulator.clock.shift(seconds)


@APART
async def test_it_is_ours(yard: Yard, seconds: float) -> None:
    """Asked for again it counts, and it comes back when load is restored."""
    set_apart(yard, seconds)
    goal = yard.power(yard.pump)
    await yard.shed(power=goal)
    await yard.wait(3)
    await yard.wait(61)
    again = await yard.shed(power=goal)
    assert names(again["already_shed"]) == ["Pump"]
    assert again["already_shed"][0]["until"] == "2026-11-18T19:00:00+00:00"
    assert not again["shed"]
    yard.puts()
    assert names((await yard.restore())["restored"]) == ["Pump"]
    assert yard.commanded() == [yard.pump]


@APART
async def test_it_stays_off_for_longer(yard: Yard, seconds: float) -> None:
    set_apart(yard, seconds)
    goal = yard.power(yard.pump)
    await yard.shed(power=goal)
    for _ in range(10):
        await yard.wait(61)
    longer = await yard.shed(power=goal)
    until = longer["already_shed"][0]["until"]
    await yard.wait(3)
    await yard.wait(61)
    again = await yard.shed(power=goal)
    assert names(again["already_shed"]) == ["Pump"]
    assert again["already_shed"][0]["until"] == until
    assert names((await yard.restore())["restored"]) == ["Pump"]


async def test_a_clock_that_is_set_right(yard: Yard) -> None:
    set_apart(yard, 900)
    goal = yard.power(yard.pump)
    await yard.shed(power=goal)
    await yard.wait(61)
    set_apart(yard, -900)
    await yard.shed(power=goal, duration={"hours": 2})
    await yard.wait(61)
    assert names((await yard.restore())["restored"]) == ["Pump"]


@APART
@pytest.mark.parametrize("how", ["boost", "resume", "longer", "to our end"])
async def test_what_a_person_changed_is_theirs(yard: Yard, seconds: float, how: str) -> None:
    set_apart(yard, seconds)
    await yard.shed(yard.pump, power=1, duration={"hours": 4})
    await yard.wait(61)
    shed = yard.record(yard.pump)
    assert shed is not None
    match how:
        case "boost":
            yard.world.command(yard.pump, "boost", 3_600)
        case "resume":
            yard.world.command(yard.pump, "snooze", 0)
        case "longer":
            yard.world.command(yard.pump, "snooze", 20_000)
        case _:
            # What the cloud shows then is what we would show.
            left = shed.until - yard.simulator.clock.now()
            yard.world.command(yard.pump, "snooze", round(left))
    await yard.wait(61)
    yard.puts()
    answer = await yard.restore()
    assert not answer["restored"]
    assert reasons(answer) == {"Pump": "changed"}
    assert not yard.puts()


@pytest.mark.parametrize("seconds", [0, 900])
async def test_a_change_before_the_cloud_was_heard(yard: Yard, seconds: float) -> None:
    """For minutes no list came: a snooze with another end may be anybody's."""
    set_apart(yard, seconds)
    await yard.shed(yard.pump, power=1)
    yard.world.command(yard.pump, "snooze", 7_200)
    await yard.wait(timedelta(minutes=3).total_seconds())
    assert not (await yard.restore())["restored"]
