"""When to try again after a failure."""

from datetime import timedelta


class Backoff:
    """A wait that doubles with each failure in a row.

    A moment further ahead than the wait is not believed: the clock was wrong then.
    """

    def __init__(self, first: timedelta, longest: timedelta) -> None:
        """Take the first wait and the longest."""
        self._first = first.total_seconds()
        self._longest = longest.total_seconds()
        self._next = self._first
        self._until = self._wait = 0.0

    def until(self, now: float) -> float:
        """Return the time of the next attempt; both in unix seconds."""
        return self._until if self._until <= now + self._wait else 0.0

    def fail(self, now: float, *, exact: float | None = None, least: float = 0) -> None:
        """Wait from now on.

        Args:
            now: unix seconds.
            exact: seconds to wait instead of what would be next.
            least: seconds to wait at least.
        """
        wait = max(self._next if exact is None else max(exact, 1.0), least)
        self._next = min(2 * self._next, self._longest)
        before = self.until(now)
        self._wait = max(wait, before - now)
        self._until = now + self._wait

    def clear(self) -> None:
        """Start anew after a success."""
        self._next, self._until = self._first, 0.0
