"""When to try again after a failure."""

from datetime import timedelta


class Backoff:
    """A wait that doubles with each failure in a row.

    Attributes:
        until: the moment, in unix seconds, before which nothing is to be tried.
    """

    def __init__(self, first: timedelta, longest: timedelta) -> None:
        """Take the first wait and the longest."""
        self._first = first.total_seconds()
        self._longest = longest.total_seconds()
        self._next = self._first
        self.until = 0.0

    def fail(self, now: float, *, exact: float | None = None, least: float = 0) -> None:
        """Wait from now on.

        Parameters:
            now: unix seconds.
            exact: seconds to wait instead of what would be next.
            least: seconds to wait at least.
        """
        wait = self._next if exact is None else max(exact, 1.0)
        self._next = min(2 * self._next, self._longest)
        self.until = max(self.until, now + max(wait, least))

    def clear(self) -> None:
        """Start anew after a success."""
        self._next, self.until = self._first, 0.0
