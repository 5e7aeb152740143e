"""How many requests run at a time, and how long none may: a worker pool, and gates that block."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from .errors import ErrorReason, RateLimited, ServerError


def _never() -> bool:
    return False


async def async_for_each[ItemT](
    items: Iterable[ItemT],
    work: Callable[[ItemT], Awaitable[None]],
    *,
    limit: int,
    stop: Callable[[], bool] = _never,
) -> None:
    """Run `work` on each item, at most `limit` of them at a time.

    Items are taken from the iterable in order, each when a worker is free. The first failure
    cancels the other workers.

    Args:
        items: the items; they may be computed during iteration.
        work: processes one item.
        limit: the number of workers.
        stop: returns whether to skip the remaining items; called before each.

    Raises:
        Exception: what `work` raised first, bare rather than in an `ExceptionGroup`.
    """
    waiting = iter(items)

    async def async_work() -> None:
        while not stop():
            try:
                item = next(waiting)
            except StopIteration:
                return
            await work(item)

    try:
        async with asyncio.TaskGroup() as workers:
            for _ in range(limit):
                workers.create_task(async_work())
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None


@dataclass
class RetryAfterGate:
    """Blocks requests until a pause has elapsed.

    All times are seconds of one clock that the caller chooses: wall clock or monotonic. A wall
    clock that is set back opens the gate, so no pause lasts longer than requested.
    """

    _closed_at: float = 0.0
    _opens_at: float = 0.0

    def opens_at(self, now: float) -> float:
        """Return when the pause ends; a past time or 0 if there is none."""
        return self._opens_at if self._closed_at <= now else 0.0

    def remaining(self, now: float) -> float:
        """Return the seconds until the pause ends; 0 while the gate is open."""
        return max(self.opens_at(now) - now, 0.0)

    def is_closed(self, now: float) -> bool:
        """Return whether requests must wait."""
        return self._closed_at <= now < self._opens_at

    def open(self) -> None:
        """End the pause."""
        self._closed_at = self._opens_at = 0.0

    def close(self, seconds: float, now: float) -> None:
        """Begin a pause, which replaces the current one.

        Args:
            seconds: how long the pause lasts.
            now: the current time.
        """
        self._closed_at, self._opens_at = now, now + seconds

    def obey(self, error: RateLimited | ServerError, now: float) -> None:
        """Begin the pause of an error's Retry-After, if any."""
        if error.retry_after is not None:
            self.close(error.retry_after, now)

    @contextmanager
    def passing(self, clock: Callable[[], float]) -> Iterator[None]:
        """Send requests through the gate, and close it where the server rejects them with 429.

        Args:
            clock: returns the current time.

        Raises:
            RateLimited: the gate is closed.
        """
        if remaining := self.remaining(clock()):
            closed = RateLimited(
                "The pause that the service asked for is not over yet", retry_after=remaining
            )
            raise closed.because(ErrorReason.PAUSE_NOT_OVER)
        try:
            yield
        except RateLimited as error:
            self.obey(error, clock())
            raise


class Backoff(RetryAfterGate):
    """A pause that doubles with each failure until the gate is opened."""

    def __init__(self, first: timedelta, longest: timedelta) -> None:
        """Set the first pause and the longest."""
        super().__init__()
        self._first = first.total_seconds()
        self._longest = longest.total_seconds()
        self._next = self._first

    def fail(self, now: float, *, exact: float | None = None, least: float = 0) -> None:
        """Note a failure, and pause from now on.

        Args:
            now: the current time.
            exact: seconds to pause in place of the doubled pause.
            least: seconds to pause at least.
        """
        if not self._opens_at:
            # It was opened, or has never been closed.
            self._next = self._first
        pause = max(self._next if exact is None else max(exact, 1.0), least)
        self._next = min(2 * self._next, self._longest)
        self.close(max(pause, self.remaining(now)), now)
