"""The story: the evening overloads a line, load is curtailed, and comes back when it is over."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from ..settings import LaunchError
from .observation import Observation, Observer

# Assets come back a minute apart.
_LIMIT: Final = timedelta(minutes=8)
_LOOK_SECONDS: Final = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast it goes.

    Attributes:
        evening_in: minutes from the start of the clouds until the evening begins.
        evening_lasts: minutes.
    """

    evening_in: float
    evening_lasts: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the story.

    Attributes:
        title: what happens, in plain words.
        until: whether it has happened.
        in_the_evening: whether it has to happen before the evening is over.
        afterwards: whether it can only happen once the evening is over.
        restore: whether it follows from the button that restores what is curtailed.
    """

    title: str
    until: Callable[[Observation], bool]
    in_the_evening: bool = False
    afterwards: bool = False
    restore: bool = False


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
        title="The load limit has switched assets off.",
        until=lambda seen: bool(seen.snoozed) and set(seen.names) == set(seen.shown),
        in_the_evening=True,
    ),
    Step(
        title="The line is back under its limit, and the peak still lasts.",
        until=lambda seen: bool(seen.snoozed) and seen.below(100),
        in_the_evening=True,
    ),
    Step(
        title="The peak is over, and the line has capacity to spare.",
        until=lambda seen: seen.below(100),
        afterwards=True,
    ),
    Step(
        title=(
            "After 'Restore now' the assets have come back one after another, and the line carries"
            " it. Left alone, they come back after twelve minutes at the earliest."
        ),
        until=lambda seen: not seen.snoozed and not seen.shown and seen.below(100),
        restore=True,
    ),
)


class Storyteller:
    """Tells the story on the console, as it happens."""

    def __init__(
        self, observer: Observer, evening_ends: datetime, restore: Callable[[], Awaitable[None]]
    ) -> None:
        """Prepare to tell.

        Args:
            observer: looks at both sides.
            evening_ends: when the evening is over.
            restore: restores what is curtailed, as a person does.
        """
        self._observer, self._evening_ends, self._restore = observer, evening_ends, restore
        self._seen: list[Observation] = []

    async def tell(self) -> list[Observation]:
        """Tell all steps; return what was seen, oldest first.

        Raises:
            LaunchError: a step did not come in time.
        """
        for step in STEPS:
            if step.restore:
                await self._restore()
            if not await self._reached(step):
                late = " before the peak was over" if step.in_the_evening else ""
                raise LaunchError(f"It did not come to this{late}: {step.title}")
            print(f"{step.title}\n", flush=True)
        return self._seen

    async def _reached(self, step: Step) -> bool:
        deadline = datetime.now(UTC) + _LIMIT
        if step.in_the_evening:
            deadline = min(deadline, self._evening_ends)
        if step.afterwards:
            deadline = self._evening_ends + _LIMIT
        while datetime.now(UTC) < deadline:
            # What was seen last may be what this step is about.
            if self._seen and self._has_happened(step, self._seen[-1]):
                return True
            self._note(await self._observer.observe())
            reached = self._has_happened(step, self._seen[-1])
            await asyncio.sleep(0 if reached else _LOOK_SECONDS)
        return False

    def _has_happened(self, step: Step, seen: Observation) -> bool:
        early = step.afterwards and seen.at < self._evening_ends
        return not early and step.until(seen)

    def _note(self, observation: Observation) -> None:
        before = self._seen[-1] if self._seen else None
        self._seen.append(observation)
        if before is None or (before.loading, before.names) != (
            observation.loading,
            observation.names,
        ):
            print(f"  {observation.summary()}", flush=True)
