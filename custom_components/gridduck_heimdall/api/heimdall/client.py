"""Client for all endpoints of the service. Contract: heimdall-api.md §2, §9."""

import asyncio
from typing import Final, Unpack

from custom_components.gridduck_heimdall.api.transport import Transport

from .endpoint import Endpoint
from .endpoints import ASSETS
from .models.assets import Assets
from .models.common import Payload
from .parameters import Parameters

MAX_PARALLEL: Final = 16
"""Requests at once; the service names no limit. Contract: heimdall-api.md §5.8."""


class HeimdallClient:
    """Ask the service, with at most a few requests at once, whoever asks."""

    def __init__(self, transport: Transport, *, parallel: int = MAX_PARALLEL) -> None:
        """Prepare for one account.

        Args:
            transport: carries requests; its `headers` are to be `region_headers`.
            parallel: requests that may be under way at the same time.
        """
        self._transport: Final = transport
        self._turns: Final = asyncio.Semaphore(parallel)

    async def async_assets(self) -> Assets:
        """Return everything that the credentials can see. Contract: heimdall-api.md §3.3 (A1).

        Raises:
            ApiError: as `async_fetch`.
        """
        return await self.async_fetch(ASSETS)

    async def async_fetch[T: Payload](
        self,
        endpoint: Endpoint[T],
        target_id: str | None = None,
        **parameters: Unpack[Parameters],
    ) -> T:
        """Return the answer of an endpoint.

        Args:
            endpoint: one of the table in `endpoints`.
            target_id: id of the line or the facility that the endpoint is about.
            **parameters: what the endpoint takes; None is the same as left out.

        Raises:
            ValueError: before any call, a parameter is missing, wrong or not for this endpoint.
            NotFound: there is no data now, the product is not offered, or the id is unknown;
                the service does not tell which (heimdall-api.md §5.1).
            PermissionDenied: the credentials do not allow this, or the id is unknown.
            UnexpectedAnswer: the answer is none of this service.
            ApiError: any other failure, by its class.
        """
        path = endpoint.path_of(target_id)
        query = endpoint.query(parameters)
        async with self._turns:
            body = await self._transport.request("GET", path, params=query)
        return endpoint.decoder.decode(body)
