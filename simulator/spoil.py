"""The middleware that carries out faults."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import lru_cache
from http import HTTPStatus
from typing import Final
import zlib

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
import msgspec

from . import mutate
from .faults import Fault, Faults

type ErrorFactory = Callable[[int, str], web.Response]

_CHUNK: Final = 64 * 1024
_PIECES: Final = 20
_JSON: Final = "application/json"
# Here `delay` is not a wait before the answer.
_OWN_DELAY: Final = frozenset({"stale", "slow_body"})


def spoiling(faults: Faults, service: str, error: ErrorFactory) -> Middleware:
    """Return the middleware that carries out the faults of a service."""

    async def spoil(request: web.Request, handler: Handler) -> web.StreamResponse:
        fault = faults.take(service, request.method, request.path_qs)
        if fault is None:
            return await handler(request)
        if fault.delay and fault.kind not in _OWN_DELAY:
            await asyncio.sleep(fault.delay)
        if (make := _MADE_UP.get(fault.kind)) is not None:
            return make(fault, fault.status or HTTPStatus.OK, error)
        if fault.kind in _STREAMS:
            return await _STREAMS[fault.kind](fault, request, handler)
        answer = await handler(request)
        return answer if fault.kind == "delay" else _changed(fault, service, answer)

    return spoil


def _status(fault: Fault, status: int, error: ErrorFactory) -> web.Response:
    if fault.body is not None:
        body = fault.body.encode() if isinstance(fault.body, str) else fault.body
        response = web.Response(status=status, body=body, content_type=_JSON)
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        response = web.Response(status=status, text=_page(status), content_type="text/html")
    else:
        response = error(status, _phrase(status))
    response.headers.update(fault.headers)
    return response


def _redirect(fault: Fault, _status: int, _error: ErrorFactory) -> web.Response:
    headers = {"Location": "/elsewhere"} | fault.headers
    return web.Response(status=fault.status or HTTPStatus.FOUND, headers=headers)


def _gzip_bomb(fault: Fault, status: int, _error: ErrorFactory) -> web.Response:
    headers = {"Content-Encoding": "gzip"}
    return web.Response(status=status, body=_bomb(fault.size), content_type=_JSON, headers=headers)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown status"


def _page(status: int) -> str:
    title = f"{status} {_phrase(status)}"
    return (
        f"<!DOCTYPE html>\n<html><head><title>{title}</title></head>\n"
        f"<body><center><h1>{title}</h1></center><hr><center>gateway</center></body></html>\n"
    )


@lru_cache(maxsize=2)
def _bomb(size: int) -> bytes:
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    block = b" " * _CHUNK
    packed = [packer.compress(block) for _ in range(size // _CHUNK)]
    packed += [packer.compress(b"{}"), packer.flush()]
    return b"".join(packed)


# Faults that do not need the real answer.
type MakeUp = Callable[[Fault, int, ErrorFactory], web.Response]
_MADE_UP: Final[dict[str, MakeUp]] = {
    "status": _status,
    "html": lambda _fault, status, _error: web.Response(
        status=status, text=_page(status), content_type="text/html"
    ),
    "empty": lambda _fault, status, _error: web.Response(status=status, content_type=_JSON),
    "malformed": lambda _fault, status, _error: web.Response(
        status=status, body=b'{"data": [,}', content_type=_JSON
    ),
    "no_data": lambda _fault, _status, error: error(HTTPStatus.NOT_FOUND, "No data available"),
    "redirect": _redirect,
    "gzip_bomb": _gzip_bomb,
}


def _body(answer: web.StreamResponse) -> bytes:
    body = answer.body if isinstance(answer, web.Response) else None
    return body if isinstance(body, bytes) else b""


def _changed(fault: Fault, service: str, answer: web.StreamResponse) -> web.StreamResponse:
    """Return the real answer with a changed body; one that is not JSON stays as it is."""
    body = _body(answer)
    if fault.kind == "truncate":
        return _with_body(answer, body[: len(body) // 2])
    try:
        decoded = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return answer
    match fault.kind:
        case "patch":
            decoded = _patched(fault, decoded)
        case "extra_keys":
            decoded = mutate.extra_keys(decoded)
        case "null_optionals":
            decoded = mutate.null_optionals(decoded, service)
        case "empty_lists":
            decoded = mutate.empty_lists(decoded)
        case "fractions":
            decoded = mutate.seven_digits(decoded)
        case _:
            decoded = mutate.shift_back(decoded, fault.delay)
    return _with_body(answer, msgspec.json.encode(decoded))


def _patched(fault: Fault, decoded: object) -> object:
    if not isinstance(fault.patch, list):
        return mutate.merge_patch(decoded, fault.patch)
    for pointer, value in fault.patch:
        mutate.set_pointer(decoded, pointer, value)
    return decoded


def _with_body(answer: web.StreamResponse, body: bytes) -> web.Response:
    return web.Response(status=answer.status, body=body, content_type=answer.content_type)


async def _refuse(_fault: Fault, request: web.Request, _handler: Handler) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _cut(_fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    answer = await handler(request)
    body = _body(answer)
    response = web.StreamResponse(status=answer.status)
    response.content_type = answer.content_type
    response.content_length = max(len(body), 2)
    await response.prepare(request)
    await response.write((body or b"{")[: max(len(body) // 2, 1)])
    # Closing sends what is buffered first; the client then misses the rest.
    if request.transport is not None:
        request.transport.close()
    return response


async def _slow(fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    answer = await handler(request)
    body = _body(answer)
    response = web.StreamResponse(status=answer.status)
    response.content_type = answer.content_type
    response.content_length = len(body)
    await response.prepare(request)
    piece = max(len(body) // _PIECES, 1)
    for start in range(0, len(body), piece):
        await response.write(body[start : start + piece])
        await asyncio.sleep(fault.delay * piece / len(body))
    await response.write_eof()
    return response


async def _huge(fault: Fault, request: web.Request, _handler: Handler) -> web.StreamResponse:
    response = web.StreamResponse(status=fault.status or HTTPStatus.OK)
    response.content_type = _JSON
    response.content_length = fault.size
    await response.prepare(request)
    block = b" " * _CHUNK
    sent = 0
    # The last two bytes make it valid JSON: only its size is wrong.
    while sent < fault.size - 2:
        part = block[: fault.size - 2 - sent]
        await response.write(part)
        sent += len(part)
    await response.write(b"{}")
    await response.write_eof()
    return response


type Stream = Callable[[Fault, web.Request, Handler], Awaitable[web.StreamResponse]]
_STREAMS: Final[dict[str, Stream]] = {
    "refuse": _refuse,
    "cut": _cut,
    "slow_body": _slow,
    "huge": _huge,
}
