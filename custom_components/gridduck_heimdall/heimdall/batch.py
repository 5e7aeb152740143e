"""One round of requests: many at once, and an end to it where going on is of no use."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from ..api.concurrency import async_for_each
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
    """Fetch all slots, `MAX_PARALLEL` at a time, until the service refuses or is unreachable.

    Raises nothing: every `ApiError` is in what is returned.
    """
    result, time = Round(), asyncio.get_running_loop().time
    deadline = time() + TIME_LIMIT

    async def async_fetch(slot: Slot) -> None:
        try:
            result.take(slot, await fetch(slot))
        except ApiError as error:
            result.take(slot, error)

    await async_for_each(
        slots,
        async_fetch,
        limit=MAX_PARALLEL,
        stop=lambda: result.ended or time() >= deadline,
    )
    return result
