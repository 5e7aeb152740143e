"""Base coordinator that polls a cloud, tolerates a few failures, and logs errors once."""

from abc import abstractmethod
import asyncio
from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ..api.concurrency import RetryAfterGate
from ..api.errors import ApiError, RateLimited
from .announcing import AnnouncingCoordinator
from .exceptions import poll_error

TOLERATED_FAILURES: Final = 2
# Intervals after which failures are no longer tolerated: a poll may have taken long, the service
# may have requested a long pause, or Home Assistant may have been suspended.
TOLERATED_INTERVALS: Final = 5


class PollingCoordinator[KeyT: Hashable, DataT](AnnouncingCoordinator[KeyT, DataT]):
    """Poll a cloud, and announce what has changed.

    `TOLERATED_FAILURES` failed polls in a row are tolerated: entities show the last data for at
    most `TOLERATED_INTERVALS`. A longer failure, or refused credentials, makes them unavailable.

    Attributes:
        serving: whether the cached data is valid.
        last_success: the time of the last successful poll; None before the first.
        without_requests: whether the current poll sends no request, so that it says nothing about
            the cloud.
        after_poll: called after every poll, whether or not it succeeded.
        after_problem: called after each poll with a problem to report, and after the first
            one without.
    """

    # Seconds until the retry after a failed poll; None for the poll's interval.
    retry_interval: float | None = None

    def __init__[RuntimeT](
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[RuntimeT],
        *,
        name: str,
        update_interval: timedelta,
    ) -> None:
        """Set the name and the interval of the poll."""
        self._failures = 0
        # One poll at a time: a late response must not replace a newer one.
        self._one_poll = asyncio.Lock()
        self._gate = RetryAfterGate()
        self._overdue = False
        self._cancel_overdue: CALLBACK_TYPE | None = None
        self.serving = True
        self.last_success: datetime | None = None
        # Includes polls without requests, as none was due.
        self._last_good: datetime | None = None
        self.without_requests = False
        self.after_poll: list[CALLBACK_TYPE] = []
        self.after_problem: list[CALLBACK_TYPE] = []
        # A problem may remain from before the account was opened.
        self._had_problem = True
        super().__init__(hass, entry, name=name, update_interval=update_interval)

    @property
    def polling(self) -> bool:
        """Whether a poll is in progress."""
        return self._one_poll.locked()

    @property
    def rate_limited(self) -> bool:
        """Whether a Retry-After of the cloud has not elapsed."""
        return self._gate.is_closed(dt_util.utcnow().timestamp())

    @override
    async def async_request_refresh(self) -> None:
        """Poll on request of a user, unless the cloud has requested a pause."""
        if not self.rate_limited:
            await super().async_request_refresh()

    @callback
    def async_follow_polls(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call a listener after every poll; return a function that removes it."""
        self.after_poll.append(listener)
        return lambda: self.after_poll.remove(listener)

    @property
    def _has_problem(self) -> bool:
        """Whether the last poll left a problem to report."""
        return not self.last_update_success

    @abstractmethod
    async def _async_poll(self) -> DataT:
        """Fetch the data and `mark` what changed. May raise any `ApiError`."""

    @override
    async def _async_update_data(self) -> DataT:
        async with self._one_poll:
            try:
                return await self._async_poll()
            except ApiError as error:
                if isinstance(error, RateLimited):
                    self._gate.obey(error, dt_util.utcnow().timestamp())
                interval = self.update_interval or timedelta()
                raise poll_error(
                    error,
                    self.retry_interval,
                    interval=self.retry_interval or interval.total_seconds(),
                ) from error

    @callback
    @override
    def _async_refresh_finished(self) -> None:
        was_serving = self.serving
        if self.last_update_success:
            self._failures = 0
            self._overdue = False
            self._stop_waiting()
            self._last_good = dt_util.utcnow()
            if not self.without_requests:
                self.last_success = self._last_good
        elif isinstance(self.last_exception, ConfigEntryAuthFailed):
            self._failures = TOLERATED_FAILURES + 1
        else:
            self._failures += 1
            self._wait_until_overdue()
        self.serving = self._failures <= TOLERATED_FAILURES and not self._overdue
        had_problem, self._had_problem = self._had_problem, self._has_problem
        for listener in tuple(self.after_poll):
            listener()
        if had_problem or self._had_problem:
            for listener in self.after_problem:
                listener()
        if self.serving != was_serving:
            self._mark_all()
        if self._failures > 1 and self.marked:
            # The base class does not notify after repeated failures.
            self.async_update_listeners()

    @callback
    def _wait_until_overdue(self) -> None:
        """Schedule the deadline of stale data while polls fail."""
        if self.update_interval is None or self._last_good is None or self._overdue:
            return
        left = self._last_good + TOLERATED_INTERVALS * self.update_interval - dt_util.utcnow()
        if left <= timedelta():
            self._stop_waiting()
            self._overdue = True
        elif self._cancel_overdue is None:
            job = HassJob(self._became_overdue, f"{self.name} overdue", cancel_on_shutdown=True)
            self._cancel_overdue = async_call_later(self.hass, left, job)

    @callback
    def _became_overdue(self, _now: datetime) -> None:
        self._cancel_overdue = None
        if self.serving:
            self._mark_all()
            self._overdue = True
            self.serving = False
            self.async_update_listeners()

    @callback
    def _stop_waiting(self) -> None:
        if self._cancel_overdue is not None:
            self._cancel_overdue()
            self._cancel_overdue = None

    @override
    async def async_shutdown(self) -> None:
        """Stop polling and cancel timers."""
        self._stop_waiting()
        await super().async_shutdown()
