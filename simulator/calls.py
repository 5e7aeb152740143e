"""The record of what was asked of the simulated services."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
import re
from typing import Any, Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
import msgspec

from .clock import Clock

_HIDDEN_HEADERS: Final = frozenset({"authorization", "cookie", "proxy-authorization"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request as it came in.

    `status` is None while it is being answered, and stays None where the connection was closed
    without an answer. `template` is the path of the route, with its placeholders. `at` is the
    simulated unix time. Credentials in headers show as "present". `body` is decoded JSON or None.
    """

    service: str
    method: str
    path: str
    template: str
    query: dict[str, str]
    status: int | None
    at: float
    headers: dict[str, str]
    body: Any = None


# A name of its own: inside Calls, `list` is a method.
type CallList = list[Call]


@dataclass(slots=True)
class Calls:
    """All requests of both services, oldest first.

    Attributes:
        max_concurrency: how many requests of each service were under way at a time, at most.
        held_turns: turns of the event loop for which each answer is held back, so that others come
            in meanwhile: latency that needs no clock.
        gates: by method, what requests wait for before they are looked at: a service that hangs.
    """

    max_concurrency: dict[str, int] = field(default_factory=dict)
    held_turns: int = 0
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    _calls: dict[int, Call] = field(default_factory=dict)
    _running: Counter[str] = field(default_factory=Counter)
    _next: int = 0

    def all(self) -> CallList:
        """Return every call."""
        return [*self._calls.values()]

    def list(
        self, service: str | None = None, method: str | None = None, path: str | None = None
    ) -> CallList:
        """Return the calls that match every filter given; `path` is a regular expression."""
        pattern = re.compile(path or "")
        return [
            call
            for call in self._calls.values()
            if (service is None or call.service == service)
            and (method is None or call.method == method)
            and pattern.search(call.path)
        ]

    def count(
        self, service: str | None = None, method: str | None = None, path: str | None = None
    ) -> int:
        """Return how many calls match every filter given."""
        return len(self.list(service, method, path))

    def clear(self) -> None:
        """Forget every call and the highest concurrency seen."""
        self._calls.clear()
        self.max_concurrency.clear()

    def begin(self, call: Call) -> int:
        """Record a call that has come in; return its key for `end`."""
        self._next += 1
        self._calls[self._next] = call
        self._running[call.service] += 1
        self.max_concurrency[call.service] = max(
            self.max_concurrency.get(call.service, 0), self._running[call.service]
        )
        return self._next

    def end(self, key: int, service: str, status: int | None) -> None:
        """Record how a call was answered; `clear` may have come in between."""
        self._running[service] -= 1
        if (call := self._calls.get(key)) is not None:
            self._calls[key] = replace(call, status=status)


def recording(calls: Calls, clock: Clock, service: str) -> Middleware:
    """Return the middleware that records every request of a service."""

    async def record(request: web.Request, handler: Handler) -> web.StreamResponse:
        call = Call(
            service=service,
            method=request.method,
            path=request.path,
            template=_template(request),
            query=dict(request.query),
            status=None,
            at=clock.now(),
            headers=_safe_headers(request),
            body=await _json_body(request),
        )
        key = calls.begin(call)
        status: int | None = None
        try:
            response = await handler(request)
            status = response.status if response.prepared or _connected(request) else None
        except web.HTTPException as answer:
            status = answer.status
            raise
        finally:
            calls.end(key, service, status)
        return response

    return record


def _connected(request: web.Request) -> bool:
    return request.transport is not None and not request.transport.is_closing()


def _template(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return request.path if resource is None else resource.canonical


def _safe_headers(request: web.Request) -> dict[str, str]:
    headers = {
        name.lower(): "present" if name.lower() in _HIDDEN_HEADERS else value
        for name, value in request.headers.items()
    }
    headers.setdefault("authorization", "absent")
    return headers


async def _json_body(request: web.Request) -> object:
    if request.content_type != "application/json":
        return None
    try:
        return msgspec.json.decode(await request.read())
    except msgspec.DecodeError:
        return None
