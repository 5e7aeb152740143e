"""A batch of requests, sent in parallel, which ends early where further requests are useless."""

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
"""Seconds after which a batch sends no further requests, so that the next batch is on time."""

ENOUGH_FAILED: Final = 8
"""Failed connections, without any other response, after which a batch ends."""

_OF_REQUEST: Final = (BadRequest, NotFound, PermissionDenied)
"""Errors of single requests: the service itself answers."""

type Fetch = Callable[[Slot], Awaitable[Payload]]


@dataclass(slots=True)
class BatchResult:
    """The results of a batch of requests.

    Attributes:
        answers: by key of the slot; without slots that were not requested or were rate limited.
        limited: the rate limit response, if any.
        put_off: the rate limited slots.
        refused: the error of refused credentials, or of a token that cannot be obtained.
        reached: whether any answer is other than a failed connection.
        served: whether any answer has data.
        failure: the error, if the service itself answered none of the requests.
    """

    answers: dict[str, Payload | ApiError] = field(default_factory=dict)
    limited: RateLimited | None = None
    put_off: list[Slot] = field(default_factory=list)
    refused: ApiError | None = None
    reached: bool = False
    served: bool = False
    failure: ApiError | None = None


async def async_request_all(slots: Iterable[Slot], fetch: Fetch) -> BatchResult:
    """Fetch all slots, `MAX_PARALLEL` at a time, until the service refuses or is unreachable.

    No `ApiError` is raised: all are in the result.
    """
    result, time = BatchResult(), asyncio.get_running_loop().time
    deadline = time() + TIME_LIMIT

    async def async_fetch(slot: Slot) -> None:
        answer: Payload | ApiError
        try:
            answer = await fetch(slot)
        except ApiError as error:
            answer = error
        match answer:
            case RateLimited():
                result.limited = answer
                result.put_off.append(slot)
            case AuthenticationFailed() | ApiError(without_token=True):
                result.refused = answer
            case _:
                result.answers[slot.request.key] = answer
                result.reached |= not isinstance(answer, ConnectionFailed)
                result.served |= not isinstance(answer, ApiError)

    def ended() -> bool:
        unreachable = len(result.answers) >= ENOUGH_FAILED and not result.reached
        stopped = result.limited is not None or result.refused is not None
        return unreachable or stopped or time() >= deadline

    await async_for_each(slots, async_fetch, limit=MAX_PARALLEL, stop=ended)
    failed = [
        answer
        for answer in result.answers.values()
        if isinstance(answer, ApiError) and not isinstance(answer, _OF_REQUEST)
    ]
    if len(failed) == len(result.answers):
        result.failure = result.limited or next(iter(failed), None)
    return result
