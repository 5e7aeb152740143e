"""Which assets of a rank are curtailed: the fewest that reach the goal, with the least excess.

An asset that measures others is switched off with all that hangs below it. Of an asset and one
above it, only one is ever chosen: the power of the lower one would count twice.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

STEPS: Final = 10_000
"""Steps of the whole search: with hundreds of assets there is no end to it.

Each look at an option is one.
"""


@dataclass(frozen=True, slots=True)
class Option:
    """An asset that can be curtailed now.

    Attributes:
        key: the asset.
        above: keys of the assets that measure it too, nearest first.
        order: its place in the order of curtailment: not interruptible, lately returned, rank.
        power: what the source sees less, W; above zero.
        drawn: what it draws, W.
    """

    key: str
    above: tuple[str, ...]
    order: tuple[int, bool, int]
    power: float
    drawn: float


def choose(options: Iterable[Option], goal: float, *, steps: int = STEPS) -> list[Option]:
    """Return the options that are curtailed, those of most power first.

    As few as possible are chosen, and among equally few those that exceed the goal least. Where
    all together do not reach it, those that save most are chosen; for a goal (W) of zero or less
    none are. After `steps` of the search, the best so far is chosen.
    """
    if goal <= 0:
        return []
    pool = list(options)
    most = _saving_most(pool)
    if total(most) < goal:
        return _by_power(most)
    return _fewest(pool, _until_reached(most, goal), goal, steps)


def total(options: Iterable[Option]) -> float:
    """Return the power of options that do not hang below each other, W."""
    return sum(option.power for option in options)


def _by_power(options: Iterable[Option]) -> list[Option]:
    return sorted(options, key=lambda option: -option.power)


def _saving_most(pool: Sequence[Option]) -> list[Option]:
    """Return the options that together save most: each, or else those below it."""
    keys = {option.key for option in pool}
    if all(keys.isdisjoint(option.above) for option in pool):
        return list(pool)
    below = defaultdict[str | None, list[Option]](list)
    # What hangs deepest has the most above it: an option comes after all that are below it.
    for option in sorted(pool, key=lambda one: -len(one.above)):
        under = below.pop(option.key, [])
        nearest = next((key for key in option.above if key in keys), None)
        below[nearest] += [option] if option.power >= total(under) else under
    return below[None]


def _until_reached(options: Sequence[Option], goal: float) -> list[Option]:
    """Return the first of the options, largest first, that reach the goal."""
    ordered = _by_power(options)
    sums = accumulate(option.power for option in ordered)
    return ordered[: 1 + sum(1 for reached in sums if reached < goal)]


def _fewest(pool: Sequence[Option], known: list[Option], goal: float, steps: int) -> list[Option]:
    """Return the best choice of the pool; `known` is one that reaches the goal."""
    ordered = _by_power(pool)
    search = _Search(ordered, goal, steps)
    for count in range(len(_until_reached(ordered, goal)), len(known) + 1):
        found = search.run(count)
        if found or search.exhausted:
            return found or known
    return known


type _Chain = tuple[int, _Chain] | None
"""Places of chosen options, the last one first."""


class _Search:
    """Find a number of options that reach a goal with the least excess.

    It goes through the choices with the largest first, skips what cannot reach the goal or be
    better than the best so far, and is exact unless it runs out of steps, of which all numbers
    share one budget.
    """

    def __init__(self, ordered: Sequence[Option], goal: float, steps: int) -> None:
        self._ordered, self._goal, self._most_steps = ordered, goal, steps
        self._steps = 0
        self._negated = [-option.power for option in ordered]
        self._sums = [0.0, *accumulate(option.power for option in ordered)]
        keys = {option.key for option in ordered}
        self._related = any(not keys.isdisjoint(option.above) for option in ordered)
        self._best: tuple[float, _Chain] | None = None

    @property
    def exhausted(self) -> bool:
        """Whether it has run out of steps."""
        return self._steps >= self._most_steps

    def run(self, count: int) -> list[Option]:
        """Return a choice of `count` options; an empty list where none was found."""
        stack: list[tuple[int, int, float, _Chain]] = [(0, count, 0.0, None)]
        while stack and not self.exhausted:
            self._steps += 1
            start, left, reached, chain = stack.pop()
            if not self._promising(start, left, reached):
                continue
            if left == 1:
                self._finish(start, reached, chain)
                continue
            stack.append((start + 1, left, reached, chain))
            if self._free(start, chain):
                power = self._ordered[start].power
                stack.append((start + 1, left - 1, reached + power, (start, chain)))
        chain, chosen = self._best[1] if self._best else None, list[Option]()
        while chain is not None:
            place, chain = chain
            chosen.append(self._ordered[place])
        return chosen[::-1]

    def _promising(self, start: int, left: int, reached: float) -> bool:
        if start + left > len(self._ordered):
            return False
        if reached + self._sums[start + left] - self._sums[start] < self._goal:
            return False
        smallest = self._sums[-1] - self._sums[-1 - left]
        return self._best is None or reached + smallest < self._best[0]

    def _finish(self, start: int, reached: float, chain: _Chain) -> None:
        """Add the smallest option that is enough."""
        place = bisect_right(self._negated, reached - self._goal) - 1
        while place >= start and not self._free(place, chain):
            self._steps += 1
            if self.exhausted:
                return
            place -= 1
        if place < start:
            return
        reached += self._ordered[place].power
        if self._best is None or reached < self._best[0]:
            self._best = reached, (place, chain)

    def _free(self, place: int, chain: _Chain) -> bool:
        """Return whether an option hangs neither below nor above one that is chosen."""
        one = self._ordered[place]
        while self._related and chain is not None:
            other, chain = self._ordered[chain[0]], chain[1]
            if one.key in other.above or other.key in one.above:
                return False
        return True
