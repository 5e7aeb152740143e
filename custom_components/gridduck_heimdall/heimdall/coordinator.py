"""The polls of an account: its assets, its measurements and its forecasts."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Set as AbstractSet
from datetime import datetime, timedelta
from operator import methodcaller
from types import MappingProxyType
from typing import Any, Final, override

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from ..api.concurrency import RetryAfterGate
from ..api.errors import ApiError, BadRequest, NotFound, PermissionDenied, RateLimited
from ..api.heimdall import HeimdallClient
from ..api.heimdall.models.common import Payload
from ..core.backend import AccountEntry
from ..core.coordinator import PollingCoordinator
from .batch import BatchResult, async_request_all
from .inventory import ITEM_KEYS
from .latest import LatestValues, Reading
from .options import HeimdallOptions
from .products import MAX_AGE, Group, ProductRequest
from .schedule import TICK, WATCH, RequestSchedule, Slot

INTERVALS: Final[Mapping[Group, timedelta]] = {
    Group.MEASUREMENTS: TICK,
    Group.FORECASTS: timedelta(hours=1),
}
"""How often products with data are requested. Contract: heimdall-api.md §5.9."""

_IS_OF_ITEM: Final = methodcaller("startswith", ITEM_KEYS)
"""Whether a key is that of an item."""


class ReadingsCoordinator(PollingCoordinator[str, LatestValues]):
    """Poll one group of products, each line and facility on its own schedule.

    It announces the key of each reading that has changed or become stale, the name of the group
    with any of them, and the key of each item for which a value has come or gone.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: AccountEntry,
        *,
        client: HeimdallClient,
        group: Group,
        async_requests: Callable[[Group], Awaitable[Iterable[ProductRequest]]],
        cached_requests: Mapping[Group, Iterable[ProductRequest]] = MappingProxyType({}),
        shown_by: Callable[[str], Iterable[str]],
        throttle: RetryAfterGate,
    ) -> None:
        """Prepare the poll.

        Args:
            hass: Home Assistant.
            entry: the account.
            client: the account's client.
            group: the products to request.
            async_requests: computes the requests that are needed now.
            cached_requests: a cache of these requests by group.
            shown_by: returns the keys of the items that show what a line or facility has.
            throttle: the Retry-After gate of the account.
        """
        # The tick is shorter than the interval, so that a failed forecast is retried soon.
        super().__init__(hass, entry, name=group.value, update_interval=TICK)
        self.schedule = RequestSchedule(INTERVALS[group])
        self.data = LatestValues()
        self._client = client
        self._group = group
        self._async_requests = async_requests
        self._cached_requests = cached_requests
        self._shown_by = shown_by
        self._throttle = throttle
        self._breakdowns = HeimdallOptions.of(entry.options).breakdowns
        self._down: set[str] = set()
        self._stop_watch: CALLBACK_TYPE | None = None

    @callback
    def async_watch(self, key: str, until: datetime) -> None:
        """Request one product of one line every minute for some time, beside the polls.

        Args:
            key: of the reading.
            until: at most `LONGEST_WATCH` ahead.
        """
        watched = self.schedule.watch(key, dt_util.utcnow(), until)
        if watched and self._stop_watch is None:
            self._stop_watch = async_track_time_interval(
                self.hass, self._async_poll_watched, WATCH, cancel_on_shutdown=True
            )

    async def _async_poll_watched(self, _now: datetime) -> None:
        """Request what is watched, unless a poll in progress does."""
        now = dt_util.utcnow()
        if not self.schedule.watched(now):
            self._end_watch()
        due = self.schedule.due_of_watch(now)
        if not due or self.polling or self._throttle.is_closed(now.timestamp()):
            return
        async with self._one_poll:
            result = await async_request_all(due, self._async_fetch)
            now = dt_util.utcnow()
            if result.limited is not None:
                self._obey_rate_limit(result.limited, result.put_off, now)
            responses = self._take_watched(result, due, now)
            before = self.data
            self.data, changed = before.updated(responses, dropped=(), now=now)
            self._mark_changes(changed, before)
        for listener in tuple(self.after_poll):
            listener()
        self.async_update_listeners()

    def _take_watched(
        self, result: BatchResult, due: Iterable[Slot], now: datetime
    ) -> Mapping[str, Reading[Any]]:
        """Return the readings that were received; what fails is left to the next poll."""
        readings: dict[str, Reading[Any]] = {}
        for slot in due:
            match answer := result.answers.get(slot.request.key):
                case None if slot in result.put_off:
                    pass
                case None | ApiError():
                    self.schedule.watch_failed(slot, now)
                case _:
                    self.schedule.watch_answered(slot, now)
                    readings[slot.request.key] = self.data.received(slot.request, answer, now)
        return readings

    @callback
    def _end_watch(self) -> None:
        if self._stop_watch is not None:
            self._stop_watch()
            self._stop_watch = None

    @override
    async def async_shutdown(self) -> None:
        """Stop polling and watching."""
        self._end_watch()
        await super().async_shutdown()

    @override
    def _changes_inventory(self, changed: AbstractSet[str]) -> bool:
        # The keys of readings concern only values.
        return any(map(_IS_OF_ITEM, changed))

    @override
    async def async_request_refresh(self) -> None:
        """Request everything now."""
        self.schedule.make_all_due(dt_util.utcnow())
        await super().async_request_refresh()

    @override
    async def _async_poll(self) -> LatestValues:
        if (wanted := self._cached_requests.get(self._group)) is None:
            wanted = await self._async_requests(self._group)
        now = dt_util.utcnow()
        dropped = self.schedule.schedule_only(wanted, now)
        responses: Mapping[str, Reading[Any]] = {}
        self.without_requests = True
        try:
            due = self.schedule.due(now)
            if due and not self._throttle.is_closed(now.timestamp()):
                result = await async_request_all(due, self._async_fetch)
                now = dt_util.utcnow()
                self.without_requests = not result.answers
                if result.refused is not None:
                    raise result.refused
                if result.limited is not None:
                    self._obey_rate_limit(result.limited, result.put_off, now)
                if result.failure is not None:
                    self._raise_if_all(result.failure, due, dropped)
                responses = self._take(result, now)
        finally:
            # Dropped and stale readings are announced even if the poll fails.
            before = self.data
            self.data, changed = before.updated(responses, dropped=dropped, now=now)
            self._mark_changes(changed, before)
        return self.data

    async def _async_fetch(self, slot: Slot) -> Payload:
        endpoint = slot.request.product.endpoint
        since = dt_util.utcnow() - MAX_AGE if slot.request.product.recent else None
        try:
            return await self._client.async_fetch(
                endpoint,
                slot.request.target_id,
                since=since,
                include=endpoint.include if endpoint.include in self._breakdowns else None,
            )
        except ValueError as error:
            # An id that does not fit into a URL path fails only its own request.
            raise BadRequest(str(error)) from error

    def _raise_if_all(
        self, failure: ApiError, due: Iterable[Slot], dropped: AbstractSet[str]
    ) -> None:
        """Fail the poll if every product that has data was requested: none was answered.

        A few retries that fail do not fail the poll: their products fail on their own.
        """
        if self.data.held() - dropped <= {slot.request.key for slot in due}:
            raise failure

    def _obey_rate_limit(self, error: RateLimited, put_off: Iterable[Slot], now: datetime) -> None:
        self._throttle.obey(error, now.timestamp())
        for slot in put_off:
            self.schedule.put_off(slot, now)

    def _take(self, result: BatchResult, now: datetime) -> Mapping[str, Reading[Any]]:
        """Schedule the next requests, and return the readings that were received or have failed."""
        readings: dict[str, Reading[Any]] = {}
        look_for_failing = bool(self._down)
        for key, answer in result.answers.items():
            slot = self.schedule.slots[key]
            match answer:
                case NotFound() | PermissionDenied():
                    forbidden = isinstance(answer, PermissionDenied)
                    self.schedule.missed(slot, now, forbidden=forbidden)
                    readings[key] = self.data.received(slot.request, None, now)
                case ApiError():
                    look_for_failing = True
                    self.schedule.failed(slot, now, str(answer), served=result.served)
                    if slot.down or not self.data.holds(key):
                        readings[key] = self.data.failed(slot.request)
                case _:
                    self.schedule.answered(slot, now)
                    readings[key] = self.data.received(slot.request, answer, now)
        if look_for_failing:
            self._log_failing()
        return readings

    def _log_failing(self) -> None:
        """Log once that a product keeps failing, and once that it has recovered.

        A product without data cannot fail.
        """
        failing = {
            slot.request.product.key: slot
            for slot in self.schedule.slots.values()
            if slot.down and not slot.misses
        }
        for product in failing.keys() - self._down:
            self.logger.warning(
                "%s: %s cannot be read: %s", self.name, product, failing[product].error
            )
        for product in self._down - failing.keys():
            self.logger.info("%s: %s is read again", self.name, product)
        self._down = set(failing)

    @callback
    def _mark_changes(self, changed: AbstractSet[str], before: LatestValues) -> None:
        if changed:
            self.mark((self._group, *changed))
        for key in changed:
            old, new = before.readings.get(key), self.data.readings.get(key)
            if old is None or new is None or old.parts.keys() != new.parts.keys():
                self.mark(self._shown_by(key.rpartition("/")[0]))
