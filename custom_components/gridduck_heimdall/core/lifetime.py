"""Cancel work in flight when its account is closed or Home Assistant stops."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError

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
