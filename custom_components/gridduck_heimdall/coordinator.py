"""The coordinator of both clouds: errors are told once, and only what changed is announced."""

from abc import abstractmethod
import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from .api.errors import ApiError, RateLimited
from .const import LOGGER
from .exceptions import poll_error

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry

TOLERATED_FAILURES: Final = 2


class AnnouncingCoordinator[KeyT: Hashable, DataT](DataUpdateCoordinator[DataT]):
    """Poll a cloud and wake only the listeners of what changed.

    A listener's context is the collection of keys that it shows; one without a context hears of
    every announcement. `TOLERATED_FAILURES` failed polls in a row pass unseen: entities go on
    showing the last data. A longer failure, or refused credentials, makes them unavailable.
    """

    # Seconds until the next try after a failed poll; the poll's own interval where None.
    retry_interval: float | None = None

    def __init__[RuntimeT](
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[RuntimeT],
        *,
        name: str,
        update_interval: timedelta,
    ) -> None:
        """Name the poll and say how often it runs."""
        self._by_key: defaultdict[KeyT, dict[int, CALLBACK_TYPE]] = defaultdict(dict)
        self._unkeyed: dict[int, CALLBACK_TYPE] = {}
        self._changed: set[KeyT] | None = set()
        self._failures = 0
        self._next_id = 0
        # One poll at a time: an answer that comes late must not replace a newer one.
        self._one_poll = asyncio.Lock()
        self._silent_until = dt_util.utcnow()
        # What the announcement under way is about; None where it is about everything.
        self.announced: Collection[KeyT] | None = ()
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=f"{entry.title} {name}",
            update_interval=update_interval,
        )

    @property
    def serving(self) -> bool:
        """Whether the data at hand may still be shown."""
        return self._failures <= TOLERATED_FAILURES

    @property
    def polling(self) -> bool:
        """Whether a poll is under way."""
        return self._one_poll.locked()

    @property
    def silenced(self) -> bool:
        """Whether the cloud has asked for silence, which still lasts."""
        return dt_util.utcnow() < self._silent_until

    @override
    async def async_request_refresh(self) -> None:
        """Poll out of turn, as a user wants it, unless the cloud has asked for silence."""
        if not self.silenced:
            await super().async_request_refresh()

    @abstractmethod
    async def _async_poll(self) -> DataT:
        """Fetch the data and `mark` what changed. May raise any `ApiError`."""

    @callback
    def mark(self, keys: Iterable[KeyT]) -> None:
        """Note that these keys are to be announced next."""
        if self._changed is not None:
            self._changed.update(keys)

    @callback
    def announce(self, keys: Iterable[KeyT]) -> None:
        """Wake the listeners of these keys, for a change that no poll has told."""
        self.mark(keys)
        self.async_update_listeners()

    @override
    async def _async_update_data(self) -> DataT:
        async with self._one_poll:
            try:
                return await self._async_poll()
            except ApiError as error:
                if isinstance(error, RateLimited):
                    silence = timedelta(seconds=error.retry_after or 0)
                    self._silent_until = dt_util.utcnow() + silence
                raise poll_error(error, self.retry_interval) from error

    @callback
    @override
    def _async_refresh_finished(self) -> None:
        was_serving = self.serving
        if self.last_update_success:
            self._failures = 0
        elif isinstance(self.last_exception, ConfigEntryAuthFailed):
            self._failures = TOLERATED_FAILURES + 1
        else:
            self._failures += 1
        if self.serving == was_serving:
            return
        self._changed = None
        if self._failures > 1:
            # The base class stays silent on a failure that follows a failure.
            self.async_update_listeners()

    @callback
    @override
    def async_add_listener(
        self, update_callback: CALLBACK_TYPE, context: Any = None
    ) -> Callable[[], None]:
        """Listen for changes of the keys in `context`, or of anything where it is None."""
        remove = super().async_add_listener(update_callback, context)
        self._next_id += 1
        listener = self._next_id
        if context is None:
            self._unkeyed[listener] = update_callback
        for key in context or ():
            self._by_key[key][listener] = update_callback

        @callback
        def remove_listener() -> None:
            self._unkeyed.pop(listener, None)
            for key in context or ():
                self._by_key[key].pop(listener, None)
                if not self._by_key[key]:
                    del self._by_key[key]
            remove()

        return remove_listener

    @callback
    @override
    def async_update_listeners(self) -> None:
        """Wake the listeners of the keys that were marked since the last announcement."""
        changed, self._changed = self._changed, set()
        if changed is None:
            self.announced = None
            super().async_update_listeners()
            return
        self.announced = changed
        woken = dict(self._unkeyed) if changed else {}
        for key in changed:
            woken |= self._by_key.get(key, {})
        for update_callback in woken.values():
            try:
                update_callback()
            except Exception:
                self.logger.exception("A listener of %s failed", self.name)
