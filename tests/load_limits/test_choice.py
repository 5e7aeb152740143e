"""The choice is the best there is: compared with trying out all of them."""

from collections.abc import Sequence
from itertools import chain, combinations
from typing import Any, override

from hypothesis import example, given, strategies as st
import pytest

from custom_components.gridduck_heimdall.load_limits.control_law.choice import (
    Option,
    choose,
    total,
)


def plug(key: str, power: float, above: tuple[str, ...] = ()) -> Option:
    return Option(key, above, (0, False, 0), power, power)


@st.composite
def estates(draw: st.DrawFn) -> list[Option]:
    """Return a few assets, some of which hang below others."""
    made: list[Option] = []
    for number in range(draw(st.integers(0, 8))):
        parent = draw(st.sampled_from([None, None, *made]))
        above = () if parent is None else (parent.key, *parent.above)
        power = draw(st.integers(1, 12))
        made.append(plug(str(number), power, above))
    return draw(st.permutations(made))


def apart(plugs: Sequence[Option]) -> bool:
    """Tell whether none hangs below another."""
    return not any(one.key in other.above for one in plugs for other in plugs)


def ways(plugs: Sequence[Option]) -> list[tuple[Option, ...]]:
    """Return every way to choose some."""
    sizes = range(len(plugs) + 1)
    every = chain.from_iterable(combinations(plugs, size) for size in sizes)
    return [way for way in every if apart(way)]


# The meter and its part are enough as two, and count the part's power twice.
METER_AND_PART = [
    plug("meter", 10.0),
    plug("part", 5.0, ("meter",)),
    plug("a", 4.0),
    plug("b", 4.0),
]


# The largest of two is not needed.
THREE = [plug("a", 5.0), plug("b", 4.0), plug("c", 4.0)]


@example(METER_AND_PART, 15)
@example(THREE, 8)
@given(estates(), st.integers(-2, 60))
def test_the_best_of_all(plugs: list[Option], goal: int) -> None:
    chosen = choose(plugs, goal)
    assert len({plug.key for plug in chosen}) == len(chosen)
    assert set(chosen) <= set(plugs)
    assert apart(chosen)
    if goal <= 0:
        assert not chosen
        return
    if reaching := [way for way in ways(plugs) if total(way) >= goal]:
        best = min((len(way), total(way)) for way in reaching)
        assert (len(chosen), total(chosen)) == best
        return
    assert total(chosen) == max(total(way) for way in ways(plugs))


@given(
    st.lists(st.floats(0.1, 10_000), min_size=1, max_size=400),
    st.floats(0.01, 1.2),
)
def test_many_assets(powers: list[float], share: float) -> None:
    """Where not everything can be tried, the goal is still reached by as few as possible."""
    plugs = [plug(str(number), power) for number, power in enumerate(powers)]
    goal = share * total(plugs)
    chosen = choose(plugs, goal)
    if share > 1:
        assert len(chosen) == len(plugs)
        return
    if share <= 0.99:
        assert total(chosen) >= goal
        largest = sorted(powers, reverse=True)[: len(chosen) - 1]
        assert sum(largest) < goal


class Counted(Option):
    """An asset that counts how often it is looked at, up to what is too often."""

    looks = 0

    @override
    def __getattribute__(self, name: str) -> Any:
        if name == "above":
            Counted.looks += 1
            assert Counted.looks < 2_000_000
        return super().__getattribute__(name)


def counted(key: str, power: float, above: tuple[str, ...] = ()) -> Counted:
    return Counted(key, above, (0, False, 0), power, power)


def test_meters_that_almost_reach_the_goal() -> None:
    """Only with all that hangs below some of them it is reached: the search has an end."""
    Counted.looks = 0
    meters = [counted(f"meter {number}", 1_000.0) for number in range(50)]
    parts = [
        counted(f"{meter.key}.{number}", 10.01, (meter.key,))
        for meter in meters
        for number in range(100)
    ]
    chosen = choose([*meters, *parts], 50_020.0)
    assert total(chosen) >= 50_020.0
    keys = {one.key for one in chosen}
    assert not any(keys.intersection(one.above) for one in chosen)
    assert Counted.looks


def test_equal_assets_take_no_search() -> None:
    plugs = [plug(str(number), 160.0) for number in range(5_000)]
    assert len(choose(plugs, 160.0 * 2_500 - 1)) == 2_500


@pytest.mark.parametrize(
    ("goal", "keys"),
    [
        (5, {"meter"}),
        (6, {"part", "b"}),
        (8, {"meter", "a"}),
        (20, {"meter", "a", "b"}),
    ],
)
def test_a_meter_is_shed_as_a_whole_or_in_parts(goal: int, keys: set[str]) -> None:
    plugs = [
        plug("meter", 5.0),
        plug("part", 4.0, above=("meter",)),
        plug("a", 3.0),
        plug("b", 2.0),
    ]
    assert {plug.key for plug in choose(plugs, goal)} == keys


@pytest.mark.parametrize(("steps", "keys"), [(12, {"y", "part 0", "part 1"}), (13, {"meter", "y"})])
def test_each_look_at_an_option_is_a_step(steps: int, keys: set[str]) -> None:
    """Two for the meter; ten for its parts, which do not count beside it; then the next is free."""
    parts = [plug(f"part {number}", 6.0, above=("meter",)) for number in range(10)]
    plugs = [plug("meter", 10.0), plug("y", 9.0), *parts]
    assert {one.key for one in choose(plugs, 16, steps=steps)} == keys


def test_no_step_is_spent_on_what_cannot_be_better() -> None:
    """With 12 and two of 10 found, all that begins with 12 is as good at best."""
    plugs = [plug(str(number), power) for number, power in enumerate((12.0, 10.0, 10.0, 10.0))]
    assert [one.power for one in choose(plugs, 27, steps=7)] == [10.0, 10.0, 10.0]
