"""The story: the evening overloads a line, load gives way, and comes back when it is over."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

from .glimpse import Glimpse, Onlooker

SHED_TO: Final = 90
"""Percent of what the line can carry that the automation brings it down to."""
RECOVERED_BELOW: Final = 75
"""Percent below which load comes back: less than the line sways down to while the peak lasts."""

_LIMIT: Final = timedelta(minutes=5)
_LOOK_SECONDS: Final = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast it goes.

    Attributes:
        evening_in: minutes from the start of the clouds until the evening begins.
        evening_lasts: minutes.
        step: seconds between two assets that come back.
    """

    evening_in: float
    evening_lasts: float
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the story.

    Attributes:
        title: what happens, in plain words.
        until: whether it has happened.
        in_the_evening: whether it has to happen before the evening is over.
    """

    title: str
    until: Callable[[Glimpse], bool]
    in_the_evening: bool = False


STEPS: Final = (
    Step(
        title="Before the evening peak the line has capacity to spare.",
        until=lambda seen: seen.below(100) and not seen.snoozed,
    ),
    Step(
        title="The evening peak has come: the line carries more than it can.",
        until=lambda seen: seen.above(100),
        in_the_evening=True,
    ),
    Step(
        title="The automation has switched assets off.",
        until=lambda seen: bool(seen.snoozed) and set(seen.names) == set(seen.shown),
        in_the_evening=True,
    ),
    Step(
        title="The line is back under its limit, and the peak still lasts.",
        until=lambda seen: bool(seen.snoozed) and seen.below(100),
        in_the_evening=True,
    ),
    Step(
        title="The peak is over: the line has recovered.",
        until=lambda seen: seen.below(RECOVERED_BELOW),
    ),
    Step(
        title="One after another the assets have come back, and the line carries it.",
        until=lambda seen: not seen.snoozed and not seen.shown and seen.below(100),
    ),
)


class Teller:
    """Tells the story on the console, and notes what went otherwise."""

    def __init__(self, onlooker: Onlooker, opened: datetime, evening_ends: datetime) -> None:
        """Prepare to tell.

        Args:
            onlooker: looks at both sides.
            opened: before the accounts were added; no asset is known to be on for longer.
            evening_ends: when the evening is over.
        """
        self._onlooker = onlooker
        self._opened, self._evening_ends = opened, evening_ends
        self._seen: list[Glimpse] = []

    async def tell(self) -> list[str]:
        """Tell all steps; return what went wrong, in plain words.

        It ends with the first step that does not come.
        """
        for step in STEPS:
            if not await self._reached(step):
                late = " before the peak was over" if step.in_the_evening else ""
                return [*self._faults(), f"It did not come to this{late}: {step.title}"]
            print(f"{step.title}\n", flush=True)
        return self._faults()

    async def _reached(self, step: Step) -> bool:
        deadline = datetime.now(UTC) + _LIMIT
        if step.in_the_evening:
            deadline = min(deadline, self._evening_ends)
        while datetime.now(UTC) < deadline:
            # What was seen last may be what this step is about.
            if self._seen and step.until(self._seen[-1]):
                return True
            self._note(await self._onlooker.look())
            await asyncio.sleep(0 if step.until(self._seen[-1]) else _LOOK_SECONDS)
        return False

    def _note(self, glimpse: Glimpse) -> None:
        before = self._seen[-1] if self._seen else None
        self._seen.append(glimpse)
        if before is None or (before.loading, before.names) != (glimpse.loading, glimpse.names):
            print(f"  {glimpse.told()}", flush=True)

    def _faults(self) -> list[str]:
        return [
            *too_early(self._seen, self._opened),
            *together(self._seen),
            *(f"The line never carried {each} A" for each in self._onlooker.strange),
        ]


def too_early(seen: list[Glimpse], opened: datetime) -> list[str]:
    """Return what was switched off sooner after it came on than its `min_time_on` lets it be.

    Args:
        seen: all looks, oldest first.
        opened: when the account was opened: what was on then counts as on from then.
    """
    first = {asset: glimpse.at for glimpse in reversed(seen) for asset in glimpse.snoozed}
    on_for = {asset: (at - opened).total_seconds() for asset, at in first.items()}
    return [
        f"{asset.name} gave way after {seconds:.0f} s, and must be on for {asset.min_time_on:.0f} s"
        for asset, seconds in on_for.items()
        if asset.min_time_on is not None and seconds < asset.min_time_on
    ]


def together(seen: list[Glimpse]) -> list[str]:
    """Return what came back together with another, and not in a step of its own."""
    back = ([*(set(old.names) - set(new.names))] for old, new in pairwise(seen))
    return [f"{' and '.join(sorted(names))} came back together" for names in back if len(names) > 1]
