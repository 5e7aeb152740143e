"""The failures of an import: when it is retried, and which of them raise a repair issue."""

from collections.abc import Container
from datetime import timedelta
import time
from typing import Final

from ..api.concurrency import Backoff
from ..api.errors import (
    ApiError,
    AuthenticationFailed,
    ConnectionFailed,
    FeatureUnavailable,
    PermissionDenied,
    RateLimited,
    ServerError,
)
from ..core.exceptions import explain

SOURCE_WAIT: Final = timedelta(minutes=5)
LONGEST_SOURCE_WAIT: Final = timedelta(hours=6)
ACCOUNT_WAIT: Final = timedelta(minutes=1)
LONGEST_ACCOUNT_WAIT: Final = timedelta(hours=1)
PERSISTENT_AFTER: Final = timedelta(hours=24)
"""How long a source must fail before it raises a repair issue."""

OUTAGE: Final = 3
"""Consecutive failing sources after which the service counts as down, and no other is tried."""


class Failures:
    """The failures of one account's import.

    Attributes:
        persistent: by source, why it has failed for long or was refused, for users.
        latest: why the last attempt failed, for diagnostics; None after a success.
    """

    def __init__(self) -> None:
        """Start without failures."""
        self.persistent: dict[str, str] = {}
        self.latest: str | None = None
        self._sources: dict[str, Backoff] = {}
        self._limited = Backoff(ACCOUNT_WAIT, LONGEST_ACCOUNT_WAIT)
        self._down = Backoff(ACCOUNT_WAIT, LONGEST_ACCOUNT_WAIT)
        self._in_a_row = 0

    def paused(self) -> bool:
        """Return whether the whole account must wait."""
        now = time.time()
        return now < max(self._limited.opens_at(now), self._down.opens_at(now))

    def until(self, key: str) -> float:
        """Return the time of the next attempt for a source, in unix seconds."""
        now = time.time()
        own = self._sources.get(key)
        account = max(self._limited.opens_at(now), self._down.opens_at(now))
        return account if own is None else max(account, own.opens_at(now))

    def failed(self, key: str, error: Exception, since: float, *, partly: bool = False) -> None:
        """Record a failure.

        Args:
            key: of the source.
            error: the error.
            since: unix seconds of the source's first failure in a row.
            partly: whether the service has answered other requests for the same source.
        """
        if partly:
            self._in_a_row = 0
        now = time.time()
        self._wait(key, error, now, partly=partly)
        # Only the texts of our own errors are meant for users.
        self.latest = str(error) if isinstance(error, ApiError) else type(error).__name__
        refused = isinstance(error, AuthenticationFailed | PermissionDenied)
        if refused or now - since >= PERSISTENT_AFTER.total_seconds():
            self.persistent[key] = explain(error)

    def _wait(self, key: str, error: Exception, now: float, *, partly: bool) -> None:
        """Back off: for the whole account if every source would fail, else for the one source."""
        match error:
            case RateLimited():
                self._limited.fail(now, least=error.retry_after or 0)
                return
            case AuthenticationFailed():
                self._down.fail(now, exact=LONGEST_SOURCE_WAIT.total_seconds())
                return
            case ConnectionFailed() | ServerError() if not partly:
                self._in_a_row += 1
                if self._in_a_row >= OUTAGE:
                    self._down.fail(now)
        own = self._sources.setdefault(key, Backoff(SOURCE_WAIT, LONGEST_SOURCE_WAIT))
        if isinstance(error, PermissionDenied):
            own.fail(now, exact=LONGEST_SOURCE_WAIT.total_seconds())
        else:
            own.fail(now, least=(isinstance(error, ServerError) and error.retry_after) or 0)

    def unavailable(self, key: str, error: FeatureUnavailable) -> None:
        """Record that the service does not offer what a source needs; this raises no repair issue.

        Args:
            key: of the source.
            error: why it is not offered.
        """
        self.persistent.pop(key, None)
        self.latest = str(error)
        own = self._sources.setdefault(key, Backoff(SOURCE_WAIT, LONGEST_SOURCE_WAIT))
        own.fail(time.time())

    def worked(self, key: str) -> None:
        """Record a success."""
        self._sources.pop(key, None)
        self.persistent.pop(key, None)
        self.latest = next(iter(self.persistent.values()), None)
        self._in_a_row = 0
        # A fetch that was in flight when another was refused does not end the pause.
        if not self.paused():
            self._limited.open()
            self._down.open()

    def retain(self, keys: Container[str]) -> None:
        """Drop all sources but these."""
        for key in [key for key in (*self._sources, *self.persistent) if key not in keys]:
            self._sources.pop(key, None)
            self.persistent.pop(key, None)

    def retry_now(self) -> None:
        """Retry everything at once, except while the service itself asks for a pause."""
        self._sources.clear()
        self._down.open()
        self._in_a_row = 0
