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
OWN_DELAY: Final = frozenset({"stale", "ahead", "slow_headers", "slow_body"})
_HEADER_BYTES: Final = 1024


def spoiling(faults: Faults, service: str, error: ErrorFactory) -> Middleware:
    """Return the middleware that carries out the faults of a service."""

    async def spoil(request: web.Request, handler: Handler) -> web.StreamResponse:
        authorization = request.headers.get("Authorization", "")
        if faults.token_ended(authorization):
            return error(HTTPStatus.UNAUTHORIZED, "The token has ended")
        fault = faults.take(service, request.method, request.path_qs)
        if fault is None:
            return await handler(request)
        if fault.delay and fault.kind not in OWN_DELAY:
            await asyncio.sleep(fault.delay)
        if fault.kind == "token_ended":
            if authorization.startswith("Bearer "):
                faults.end_token(authorization)
            return error(HTTPStatus.UNAUTHORIZED, "The token has ended")
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


def _header_flood(fault: Fault, status: int, _error: ErrorFactory) -> web.Response:
    value = "x" * _HEADER_BYTES
    headers = {f"X-Flood-{number}": value for number in range(fault.size // _HEADER_BYTES)}
    return web.Response(status=status, body=b"{}", content_type=_JSON, headers=headers)


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
    "header_flood": _header_flood,
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
    return _with_body(answer, mutated(fault, service, decoded))


def mutated(fault: Fault, service: str, decoded: object) -> bytes:
    """Return a decoded body as JSON, changed by a fault of a kind that changes bodies."""
    return msgspec.json.encode(_MUTATIONS[fault.kind](fault, service, decoded))


def _numbers_as(text: bytes) -> Mutation:
    """Return what writes this for every number, be it JSON or not."""

    def visit(_key: str, item: object) -> object:
        is_number = isinstance(item, int | float) and not isinstance(item, bool)
        return msgspec.Raw(text) if is_number else item

    return lambda _fault, _service, body: mutate.walk(body, visit)


def _wrong_types(_fault: Fault, _service: str, body: object) -> object:
    return mutate.walk(body, lambda _, item: "wrong" if isinstance(item, int | float) else item)


def _duplicates(_fault: Fault, _service: str, body: object) -> object:
    def twice(_key: str, item: object) -> object:
        return [one for one in item for _ in range(2)] if isinstance(item, list) else item

    return mutate.walk(body, twice)


def _unknown_ids(_fault: Fault, _service: str, body: object) -> object:
    return mutate.walk(body, lambda key, item: f"unknown-{item}" if key == "id" else item)


def _patched(fault: Fault, _service: str, decoded: object) -> object:
    if not isinstance(fault.patch, list):
        return mutate.merge_patch(decoded, fault.patch)
    for pointer, value in fault.patch:
        mutate.set_pointer(decoded, pointer, value)
    return decoded


type Mutation = Callable[[Fault, str, object], object]
_MUTATIONS: Final[dict[str, Mutation]] = {
    "patch": _patched,
    "extra_keys": lambda _fault, _service, body: mutate.extra_keys(body),
    "null_optionals": lambda _fault, service, body: mutate.null_optionals(body, service),
    "empty_lists": lambda _fault, _service, body: mutate.empty_lists(body),
    "fractions": lambda _fault, _service, body: mutate.seven_digits(body),
    "stale": lambda fault, _service, body: mutate.shift_back(body, fault.delay),
    "ahead": lambda fault, _service, body: mutate.shift_back(body, -fault.delay),
    "wrong_types": _wrong_types,
    "nan": _numbers_as(b"NaN"),
    "overflow": _numbers_as(b"1" + b"0" * 400),
    "duplicates": _duplicates,
    "unknown_ids": _unknown_ids,
}


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


async def _redirect_loop(
    fault: Fault, request: web.Request, _handler: Handler
) -> web.StreamResponse:
    status = fault.status or HTTPStatus.TEMPORARY_REDIRECT
    return web.Response(status=status, headers={"Location": str(request.rel_url)})


async def _slow_headers(fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    answer = await handler(request)
    body = _body(answer)
    head = [f"HTTP/1.1 {answer.status} {_phrase(answer.status)}\r\nConnection: close\r\n"]
    head += [f"X-Slow-{number}: yes\r\n" for number in range(_PIECES)]
    head += [f"Content-Type: {answer.content_type}\r\nContent-Length: {len(body)}\r\n\r\n"]
    for line in head:
        if request.transport is None or request.transport.is_closing():
            return web.Response()
        request.transport.write(line.encode())
        await asyncio.sleep(fault.delay / len(head))
    if request.transport is not None:
        request.transport.write(body)
        # What is returned then goes nowhere: the whole answer was sent.
        request.transport.close()
    return web.Response()


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
    "redirect_loop": _redirect_loop,
    "slow_headers": _slow_headers,
    "slow_body": _slow,
    "huge": _huge,
}
