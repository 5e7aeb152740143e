"""When to retry after a failure."""

from datetime import timedelta

from ..api.retry_after import RetryAfterGate


class Backoff:
    """A wait that doubles with each failure in a row, in unix seconds."""

    def __init__(self, first: timedelta, longest: timedelta) -> None:
        """Set the first wait and the longest."""
        self._first = first.total_seconds()
        self._longest = longest.total_seconds()
        self._next = self._first
        self._gate = RetryAfterGate()

    def until(self, now: float) -> float:
        """Return the time of the next attempt."""
        return self._gate.opens_at(now)

    def fail(self, now: float, *, exact: float | None = None, least: float = 0) -> None:
        """Note a failure, and wait from now on.

        Args:
            now: the current time.
            exact: seconds to wait in place of the doubled wait.
            least: seconds to wait at least.
        """
        wait = max(self._next if exact is None else max(exact, 1.0), least)
        self._next = min(2 * self._next, self._longest)
        self._gate.close(max(wait, self._gate.remaining(now)), now)

    def clear(self) -> None:
        """Note a success: the next failure waits for the first wait again."""
        self._next = self._first
        self._gate.open()
