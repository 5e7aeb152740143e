"""Client for all endpoints of the service. Contract: heimdall-api.md §2, §9."""

import asyncio
import base64
import binascii
from collections.abc import AsyncGenerator, Mapping
from datetime import datetime
import logging
import re
from typing import Final, Unpack

import msgspec

from ..errors import NotFound
from ..token import Token
from ..transport import Transport
from .endpoint import Endpoint, Parameters, ResponseKind
from .endpoints import ASSETS
from .models.assets import Assets, Line
from .models.common import MeasuredPayload, Payload
from .units import Normalizer

_LOGGER: Final = logging.getLogger(__name__)

CLIENT_NAME: Final = "gridduck-heimdall"
CLIENT_VERSION: Final = "1.0.0"
DEFAULT_REGION: Final = "eu"

_HEADER_SAFE: Final = re.compile(r"[\x20-\x7e]+")

MAX_PARALLEL: Final = 16
"""Maximum concurrent requests; the service names no limit. Contract: heimdall-api.md §5.8."""

_NAMED_UNITS: Final = 20
"""Maximum number of unknown units to name in the log and in diagnostics."""

_LARGE: Final = 200_000
"""Bytes of a response above which its processing yields to other tasks."""


class HeimdallClient:
    """Client of the service with a limit on parallel requests.

    Attributes:
        unknown_units: unknown units in responses, with the dimension that was expected.
    """

    def __init__(self, transport: Transport, *, parallel: int = MAX_PARALLEL) -> None:
        """Prepare for one account.

        Args:
            transport: sends requests; its `headers` must be `region_headers`.
            parallel: the maximum number of requests in flight.
        """
        self._transport: Final = transport
        self._turns: Final = asyncio.Semaphore(parallel)
        self.unknown_units: set[str] = set()

    async def async_assets(self) -> Assets:
        """Return everything that the credentials can see. Contract: heimdall-api.md §3.3 (A1).

        Raises:
            ApiError: as `async_fetch`.
        """
        return await self.async_fetch(ASSETS)

    async def _async_prove(self) -> None:
        await self._transport.request("GET", ASSETS.path, kind=ASSETS.kind)

    async def async_fetch[T: Payload](
        self,
        endpoint: Endpoint[T],
        target_id: str | None = None,
        **parameters: Unpack[Parameters],
    ) -> T:
        """Return the response of an endpoint in the requested units.

        A value in an unknown unit is None.

        Args:
            endpoint: one of the table in `endpoints`.
            target_id: the id of the line or facility.
            **parameters: of the endpoint; None is the same as omitted.

        Raises:
            ValueError: before any call, a parameter is missing, wrong or not for this endpoint.
            NotFound: there is no data now, the product is not offered, or the id is unknown;
                the service does not say which (heimdall-api.md §5.1).
            PermissionDenied: the credentials do not allow this, or the id is unknown.
            UnexpectedAnswer: the response is not from this service.
            ApiError: any other failure, by its class.
        """
        path = endpoint.path_of(target_id)
        query = endpoint.query(parameters)
        # If only one product refuses the token, the account has no access to that product.
        proof = None if endpoint.kind is ResponseKind.ASSETS else self._async_prove
        async with self._turns:
            body = await self._transport.request(
                "GET", path, params=query, kind=endpoint.kind, proof=proof
            )
        payload = endpoint.decoder.decode(body)
        if not isinstance(payload, MeasuredPayload):
            return payload
        large = len(body) > _LARGE
        if large:
            # Decoding takes some milliseconds: let other tasks run.
            await asyncio.sleep(0)
        normalizer = endpoint.normalizer(parameters)
        if normalizer.conforms(payload):
            return payload
        return await self._async_converted(normalizer, payload, large=large)

    async def async_history[T: Payload](
        self,
        endpoint: Endpoint[T],
        target_id: str | None,
        start: datetime,
        end: datetime,
        /,
        *,
        line: Line | None,
        **parameters: Unpack[Parameters],
    ) -> AsyncGenerator[T]:
        """Request a range of any length, one window after the other; yield responses with data.

        Both ends of a window are inclusive: a value at a shared boundary is in both responses.
        Contract: heimdall-api.md §5.1, §5.7.

        Args:
            endpoint: one with history.
            target_id: the id of the line or facility.
            start: the start of the range, in UTC, where an hour is always an hour.
            end: the end of the range, in UTC, too.
            line: the line in question, if any; of a long one the windows are shorter.
            **parameters: of the endpoint.

        Raises:
            ApiError: a window could not be read. Missing data is no error.
        """
        longest = endpoint.longest_window(line, parameters.get("include"))
        while start < end:
            until = min(start + longest, end)
            window: Parameters = {**parameters, "start": start, "end": until}
            start = until
            try:
                payload = await self.async_fetch(endpoint, target_id, **window)
            except NotFound as error:
                if error.without_token:
                    raise
                continue
            # Decoding a month takes some milliseconds: let other tasks run.
            await asyncio.sleep(0)
            yield payload
            # Two responses at a time would take twice the memory.
            del payload

    async def _async_converted[T: MeasuredPayload](
        self, normalizer: Normalizer, payload: T, *, large: bool
    ) -> T:
        converted = (
            await asyncio.to_thread(normalizer.normalized, payload)
            if large
            else normalizer.normalized(payload)
        )
        for unit in normalizer.unknown - self.unknown_units:
            if len(self.unknown_units) < _NAMED_UNITS:
                self.unknown_units.add(unit)
                _LOGGER.debug("%s: no such unit is known: %s", type(payload).__name__, unit)
        return converted


class _Claims(msgspec.Struct, frozen=True):
    region: str = ""


def region_headers(token: Token) -> Mapping[str, str]:
    """Return the headers that every request carries. Contract: heimdall-api.md §1.2, §1.3."""
    return {
        "x-region": region_of(token.value),
        "x-client-name": CLIENT_NAME,
        "x-client-version": CLIENT_VERSION,
        "Accept": "application/json",
    }


def region_of(jwt: str) -> str:
    """Return the region claim of a token in lower case, "eu" if it has no usable one.

    The signature is not checked: the service does that, and the claim only routes the request.
    The service may open new regions, so the claim is sent without a check against a list.
    """
    _, _, rest = jwt.partition(".")
    payload, _, _ = rest.partition(".")
    try:
        claims = msgspec.json.decode(
            base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=_Claims
        )
    except binascii.Error, msgspec.DecodeError, UnicodeDecodeError, RecursionError:
        return DEFAULT_REGION
    region = claims.region.strip().lower()
    return region if _HEADER_SAFE.fullmatch(region) else DEFAULT_REGION
