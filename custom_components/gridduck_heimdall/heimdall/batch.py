"""One round of requests: many at once, and an end to it where going on is of no use."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from homeassistant.util import dt as dt_util

from ..api.errors import (
    ApiError,
    AuthenticationFailed,
    BadRequest,
    ConnectionFailed,
    NotFound,
    PermissionDenied,
    RateLimited,
)
from ..api.heimdall import MAX_PARALLEL
from ..api.heimdall.models.common import Payload
from .schedule import Slot

TIME_LIMIT: Final = 240.0
"""Seconds after which a round begins no further request, so that the next one comes in time."""

ENOUGH_FAILED: Final = 8
"""Failed connections, and no other answer, after which nothing more is tried in a round."""

type Fetch = Callable[[Slot], Awaitable[Payload]]


@dataclass(slots=True)
class RetryAfterGate:
    """The wait that the service has asked an account for.

    Attributes:
        since: when it asked for that; None where it did not.
        until: when it may be asked again; None where it asked for none.
    """

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether nothing is to be asked for yet.

        A clock that was put back does not make the wait longer.
        """
        if self.since is None or self.until is None:
            return False
        return self.since <= now < self.until

    def obey(self, error: RateLimited, now: datetime) -> None:
        """Wait as long as the service says."""
        if error.retry_after is not None:
            self.since, self.until = now, now + timedelta(seconds=error.retry_after)

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Ask for something out of turn, as an action does.

        Raises:
            RateLimited: the wait is not over yet; nothing is asked then.
        """
        now = dt_util.utcnow()
        if self.until is not None and self.holds(now):
            raise RateLimited(
                "The pause that the service asked for is not over yet",
                retry_after=(self.until - now).total_seconds(),
            )
        try:
            yield
        except RateLimited as error:
            self.obey(error, dt_util.utcnow())
            raise


@dataclass(slots=True)
class Round:
    """What came of a round of requests.

    Attributes:
        answers: by key of the slot; what was not asked for, or is to be asked for again as the
            service wants fewer requests, is not in it.
        limited: that the service wants fewer requests.
        put_off: what it answered so.
        refused: that the credentials were refused, or that no token is to be had.
    """

    answers: dict[str, Payload | ApiError] = field(default_factory=dict)
    limited: RateLimited | None = None
    put_off: list[Slot] = field(default_factory=list)
    refused: ApiError | None = None

    @property
    def ended(self) -> bool:
        """Whether to ask for nothing more."""
        return self.limited is not None or self.refused is not None or self._unreachable

    @property
    def _unreachable(self) -> bool:
        """Whether enough connections have failed, and nothing else came."""
        return len(self.answers) >= ENOUGH_FAILED and all(
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
                self.put_off.append(slot)
            case AuthenticationFailed() | ApiError(without_token=True):
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
