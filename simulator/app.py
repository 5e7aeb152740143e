"""One aiohttp application per service, with the middlewares that every service has."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from .calls import recording
from .control import control_routes
from .core import Core
from .spoil import spoiling

CONTROL_PREFIX: Final = "/_control/"


def make_app(
    core: Core,
    service: str,
    routes: Iterable[web.RouteDef],
    authenticate: Middleware | None,
    error: Callable[[int, str], web.Response],
) -> web.Application:
    """Return the application of a service.

    A request passes, in this order: record, latency, faults, authentication, handler. The control
    endpoints are outside all of that. `error` words the service's own errors.
    """
    chain = [recording(core.calls, core.clock, service), _latency(core)]
    chain.append(spoiling(core.faults, service, error))
    if authenticate is not None:
        chain.append(authenticate)
    chain.append(_own_errors(error))
    app = web.Application(middlewares=[_beside_control(middleware) for middleware in chain])
    app.add_routes(control_routes(core))
    app.add_routes(routes)
    return app


def _beside_control(inner: Middleware) -> Middleware:
    @web.middleware
    async def outer(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith(CONTROL_PREFIX):
            return await handler(request)
        return await inner(request, handler)

    return outer


def _latency(core: Core) -> Middleware:
    async def wait(request: web.Request, handler: Handler) -> web.StreamResponse:
        if core.options.latency_ms:
            await asyncio.sleep(core.options.latency_ms / 1000)
        for _ in range(core.calls.held_turns):
            await asyncio.sleep(0)
        if (gate := core.calls.gates.get(request.method)) is not None:
            await gate.wait()
        return await handler(request)

    return wait


def _own_errors(error: Callable[[int, str], web.Response]) -> Middleware:
    async def word(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as answer:
            # Only the router's "no such path" and "no such method": what a handler raises stands.
            if answer is not request.match_info.http_exception:
                raise
            response = error(answer.status, answer.reason)
            if "Allow" in answer.headers:
                response.headers["Allow"] = answer.headers["Allow"]
            return response

    return word
