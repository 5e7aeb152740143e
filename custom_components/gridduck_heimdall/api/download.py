"""Download a file by a short-lived link, without a token.

Contract: gridduck-api.md, "Data download".
"""

from collections.abc import AsyncGenerator
from http import HTTPStatus

import aiohttp

from .addresses import exact_url
from .errors import ApiError, ErrorReason, UnexpectedAnswer
from .problems import error_of_failure, error_of_size, error_of_status
from .public_only import AddressNotPublic

DEFAULT_LIMIT_BYTES = 1024 * 1024 * 1024
"""Largest file, unpacked."""
TIME_LIMIT = aiohttp.ClientTimeout(total=1800, sock_connect=30, sock_read=30)
_CHUNK_BYTES = 65_536


async def download(
    session: aiohttp.ClientSession, address: str, *, limit_bytes: int = DEFAULT_LIMIT_BYTES
) -> AsyncGenerator[bytes]:
    """Yield a file in chunks, so that it is never completely in memory.

    Close the iterator (`contextlib.aclosing`) when leaving it before its end.

    Args:
        session: the caller's session, which stays open; it decides where it may connect to.
        address: the link; https, or http on loopback. A redirect is not followed.
        limit_bytes: largest file, unpacked.

    Raises:
        ApiError: the download failed; `UnexpectedAnswer` if the file is too large.
        ValueError: the address is not allowed.
    """
    url = exact_url(address)
    host = url.host or ""
    failure: ApiError | None = None
    try:
        async with session.get(
            url, allow_redirects=False, timeout=TIME_LIMIT, middlewares=()
        ) as response:
            if response.status != HTTPStatus.OK:
                # The body could contain the link, which is a secret.
                raise error_of_status(response.status, response.headers, b"", host=host)
            left = limit_bytes
            async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
                left -= len(chunk)
                if left < 0:
                    raise error_of_size(limit_bytes, host)
                yield chunk
    except (aiohttp.ClientError, TimeoutError, OSError) as err:
        failure = error_of_failure(err, host)
        cause = err.os_error if isinstance(err, aiohttp.ClientConnectorError) else err
        if isinstance(cause, AddressNotPublic):
            failure = UnexpectedAnswer("The download link leads to an address that is not public")
            failure.because(ErrorReason.LINK_UNUSABLE)
    if failure is not None:
        raise failure
