"""Wait until GridDuck has prepared the requested data.

Contract: gridduck-api.md, "Data download".
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Final

from homeassistant.exceptions import HomeAssistantError

from ..api.errors import ConnectionFailed, RateLimited, ServerError
from ..api.gridduck import DataRequest, DataRequestStatus, GridDuckClient
from ..const import DOMAIN

type Sleep = Callable[[float], Awaitable[object]]

SHORTEST_PAUSE: Final = 2.0
LONGEST_PAUSE: Final = 30.0
GROWTH: Final = 1.5
TIMEOUT: Final = 15 * 60.0
"""Timeout for a data request, seconds."""


def pauses() -> Iterator[float]:
    """Yield the growing delays between checks, in seconds, until the timeout."""
    waited, pause = 0.0, SHORTEST_PAUSE
    while waited + pause <= TIMEOUT:
        yield pause
        waited += pause
        pause = min(pause * GROWTH, LONGEST_PAUSE)


async def async_until_ready(
    client: GridDuckClient, request: DataRequest, sleep: Sleep = asyncio.sleep
) -> None:
    """Wait for a data request. A transient failure of a check is ignored.

    Args:
        client: of the account.
        request: the data request.
        sleep: waits between checks, seconds.

    Raises:
        ApiError: its status cannot be read.
        HomeAssistantError: it failed, or was not ready within a quarter of an hour.
    """
    try:
        async with asyncio.timeout(TIMEOUT):
            await _async_look_until_ready(client, request, sleep)
    except TimeoutError:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="data_request_too_slow",
            translation_placeholders={"minutes": f"{TIMEOUT / 60:.0f}"},
        ) from None


async def _async_look_until_ready(
    client: GridDuckClient, request: DataRequest, sleep: Sleep
) -> None:
    at_least = 0.0
    for pause in pauses():
        match request.status:
            case DataRequestStatus.READY:
                return
            case DataRequestStatus.FAILED:
                raise HomeAssistantError(
                    translation_domain=DOMAIN, translation_key="data_request_failed"
                )
        await sleep(max(pause, at_least))
        at_least = 0.0
        try:
            request = await client.async_data_request(request.id)
        except RateLimited as error:
            at_least = error.retry_after or LONGEST_PAUSE
        except ConnectionFailed, ServerError:
            at_least = LONGEST_PAUSE
    if request.status is not DataRequestStatus.READY:
        raise TimeoutError
