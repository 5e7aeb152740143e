"""One round of requests: many at once, and an end to it where going on is of no use."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from custom_components.gridduck_heimdall.api.errors import (
    ApiError,
    AuthenticationFailed,
    BadRequest,
    ConnectionFailed,
    NotFound,
    PermissionDenied,
    RateLimited,
)
from custom_components.gridduck_heimdall.api.heimdall import MAX_PARALLEL
from custom_components.gridduck_heimdall.api.heimdall.models.common import Payload

from .schedule import Slot

TIME_LIMIT: Final = 240.0
"""Seconds after which a round begins no further request, so that the next one comes in time."""

type Fetch = Callable[[Slot], Awaitable[Payload]]


@dataclass(slots=True)
class Throttle:
    """The wait that the service has asked an account for.

    Attributes:
        until: when it may be asked again; None where it asked for none.
    """

    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether nothing is to be asked for yet."""
        return self.until is not None and now < self.until

    def obey(self, error: RateLimited, now: datetime) -> None:
        """Wait as long as the service says."""
        if error.retry_after is not None:
            self.until = now + timedelta(seconds=error.retry_after)


@dataclass(slots=True)
class Round:
    """What came of a round of requests.

    Attributes:
        answers: by key of the slot; what was not asked for, or is to be asked for again as the
            service wants fewer requests, is not in it.
        limited: that the service wants fewer requests.
        refused: that the credentials were refused.
    """

    answers: dict[str, Payload | ApiError] = field(default_factory=dict)
    limited: RateLimited | None = None
    refused: AuthenticationFailed | None = None

    @property
    def ended(self) -> bool:
        """Whether to ask for nothing more."""
        return self.limited is not None or self.refused is not None or self._unreachable

    @property
    def _unreachable(self) -> bool:
        """Whether as many connections as are made at once have failed, and nothing else came."""
        return len(self.answers) >= MAX_PARALLEL and all(
            isinstance(answer, ConnectionFailed) for answer in self.answers.values()
        )

    @property
    def failure(self) -> ApiError | None:
        """What went wrong, where not one request was answered by the service itself."""
        errors = [
            answer
            for answer in self.answers.values()
            if isinstance(answer, ApiError)
            and not isinstance(answer, BadRequest | NotFound | PermissionDenied)
        ]
        if len(errors) < len(self.answers):
            return None
        return self.limited or next(iter(errors), None)

    def take(self, slot: Slot, answer: Payload | ApiError) -> None:
        """Note what came of one request."""
        match answer:
            case RateLimited():
                self.limited = answer
            case AuthenticationFailed():
                self.refused = answer
            case _:
                self.answers[slot.ask.key] = answer


async def async_ask_all(slots: Iterable[Slot], fetch: Fetch) -> Round:
    """Ask for all of these, some at once, until the service does not want or cannot be reached.

    Raises nothing: every `ApiError` is in what is returned.
    """
    result, waiting = Round(), deque(slots)
    ends = asyncio.get_running_loop().time() + TIME_LIMIT

    async def work() -> None:
        while waiting and not result.ended and asyncio.get_running_loop().time() < ends:
            slot = waiting.popleft()
            try:
                result.take(slot, await fetch(slot))
            except ApiError as error:
                result.take(slot, error)

    async with asyncio.TaskGroup() as workers:
        for _ in range(min(MAX_PARALLEL, len(waiting))):
            workers.create_task(work())
    return result
