"""What is done on behalf of an account, and ends with it or with Home Assistant."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN

ACCOUNT_CLOSED: Final = "account_closed"


class Lifetime:
    """Cancels what is still under way when its account is closed, and reports that."""

    def __init__(self) -> None:
        """Begin open."""
        self._closed = False
        self._scopes = set[asyncio.Timeout]()

    @property
    def closed(self) -> bool:
        """Whether nothing may be begun any more."""
        return self._closed

    @callback
    def close(self) -> None:
        """Cancel everything that is under way, for good."""
        self._closed = True
        now = asyncio.get_running_loop().time()
        for scope in self._scopes:
            scope.reschedule(now)
        self._scopes.clear()

    def check(self, translation_key: str = ACCOUNT_CLOSED) -> None:
        """Make sure that the account is open.

        Raises:
            HomeAssistantError: it is closed, by this translation key.
        """
        if self._closed:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key=translation_key)

    @asynccontextmanager
    async def within(self, translation_key: str = ACCOUNT_CLOSED) -> AsyncGenerator[None]:
        """Cancel the body when the account is closed.

        Args:
            translation_key: of the error that then stands in place of the body's result.

        Raises:
            HomeAssistantError: the account was closed meanwhile, or before.
        """
        self.check(translation_key)
        scope = asyncio.timeout(None)
        try:
            async with scope:
                self._scopes.add(scope)
                yield
        except TimeoutError:
            # One of the body's own time limits says nothing of the account.
            if not scope.expired():
                raise
            self.check(translation_key)
            raise
        finally:
            self._scopes.discard(scope)
