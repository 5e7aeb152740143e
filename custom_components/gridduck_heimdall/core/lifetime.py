"""Work in flight and timers, which end with their account."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later

from ..const import DOMAIN

ACCOUNT_CLOSED: Final = "account_closed"


class Lifetime:
    """Cancels work in flight when the account is closed.

    Attributes:
        closed: whether nothing can start any more.
    """

    def __init__(self) -> None:
        """Start open."""
        self.closed = False
        self._scopes = set[asyncio.Timeout]()

    @callback
    def close(self) -> None:
        """Cancel everything in flight; nothing can start any more."""
        self.closed = True
        now = asyncio.get_running_loop().time()
        for scope in self._scopes:
            scope.reschedule(now)
        self._scopes.clear()

    def check(self, translation_key: str = ACCOUNT_CLOSED) -> None:
        """Check that the account is open.

        Raises:
            HomeAssistantError: it is closed, by this translation key.
        """
        if self.closed:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key=translation_key)

    @asynccontextmanager
    async def within(self, translation_key: str = ACCOUNT_CLOSED) -> AsyncGenerator[None]:
        """Cancel the body when the account is closed.

        Args:
            translation_key: the translation key of the error that is then raised.

        Raises:
            HomeAssistantError: the account is or was closed.
        """
        self.check(translation_key)
        scope = asyncio.timeout(None)
        try:
            async with scope:
                self._scopes.add(scope)
                yield
        except TimeoutError:
            # A timeout inside the body is not caused by the account.
            if not scope.expired():
                raise
            self.check(translation_key)
            raise
        finally:
            self._scopes.discard(scope)


class Timers:
    """One-shot timers by name, which end with their account."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Start without timers."""
        self._hass = hass
        self._cancel: dict[str, CALLBACK_TYPE] = {}
        self._ended = False

    @callback
    def start(
        self, name: str, delay: float, action: Callable[[], None], *, replace: bool = True
    ) -> None:
        """Call a function after some time; after `end`, no timer starts.

        Args:
            name: the name of the timer.
            delay: seconds.
            action: the function.
            replace: whether to replace a running timer of this name; if not, that one continues.
        """
        if self._ended or (not replace and name in self._cancel):
            return
        self.stop(name)

        @callback
        def fire(_: datetime) -> None:
            del self._cancel[name]
            action()

        job = HassJob(fire, f"{name} timer", cancel_on_shutdown=True)
        self._cancel[name] = async_call_later(self._hass, delay, job)

    @callback
    def stop(self, name: str) -> None:
        """Stop a timer, if it runs."""
        if (cancel := self._cancel.pop(name, None)) is not None:
            cancel()

    @callback
    def end(self) -> None:
        """Stop all timers; none can start any more."""
        self._ended = True
        for name in [*self._cancel]:
            self.stop(name)
