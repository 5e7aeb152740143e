"""The control endpoints: faults, calls and the clock, over HTTP and without authentication."""

from collections import Counter
from dataclasses import asdict
from typing import Literal

from aiohttp import web
import msgspec

from .core import Core
from .faults import Fault, FaultKind


class _FaultRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    service: Literal["gridduck", "heimdall"]
    path: str
    method: str | None = None
    count: int | None = 1
    skip: int = 0
    status: int | None = None
    body: str | None = None
    headers: dict[str, str] = {}
    delay: float = 0.0
    kind: FaultKind = "status"
    size: int = 32 * 1024 * 1024
    patch: dict[str, object] | list[tuple[str, object]] | None = None

    def fault(self) -> Fault:
        return Fault(**msgspec.structs.asdict(self))


class _ClockRequest(msgspec.Struct, forbid_unknown_fields=True):
    advance: float


def control_routes(core: Core) -> list[web.RouteDef]:
    """Return the control routes, the same on both ports."""
    control = _Control(core)
    return [
        web.get("/_control/faults", control.get_faults, allow_head=False),
        web.post("/_control/faults", control.post_fault),
        web.delete("/_control/faults", control.delete_faults),
        web.get("/_control/calls", control.get_calls, allow_head=False),
        web.delete("/_control/calls", control.delete_calls),
        web.get("/_control/clock", control.get_clock, allow_head=False),
        web.post("/_control/clock", control.post_clock),
    ]


class _Control:
    def __init__(self, core: Core) -> None:
        self._core = core

    async def get_faults(self, _request: web.Request) -> web.Response:
        """List the faults by id, with what is left of their counts."""
        return _json({key: asdict(fault) for key, fault in self._core.faults.all().items()})

    async def post_fault(self, request: web.Request) -> web.Response:
        """Add a fault; answer its id."""
        try:
            fault = msgspec.json.decode(await request.read(), type=_FaultRequest).fault()
        except (msgspec.DecodeError, ValueError) as error:
            return _json({"error": str(error)}, status=400)
        return _json({"id": self._core.faults.add(fault)}, status=201)

    async def delete_faults(self, request: web.Request) -> web.Response:
        """Remove the fault named by `id`, or all."""
        if fault_id := request.query.get("id"):
            self._core.faults.remove(fault_id)
        else:
            self._core.faults.clear()
        return web.Response(status=204)

    async def get_calls(self, _request: web.Request) -> web.Response:
        """List the calls, with counts by service, method and path template."""
        calls = self._core.calls.all()
        counts = Counter(f"{call.service} {call.method} {call.template}" for call in calls)
        return _json(
            {
                "total": len(calls),
                "counts": counts,
                "max_concurrency": self._core.calls.max_concurrency,
                "calls": [asdict(call) for call in calls],
            }
        )

    async def delete_calls(self, _request: web.Request) -> web.Response:
        """Forget the calls."""
        self._core.calls.clear()
        return web.Response(status=204)

    async def get_clock(self, _request: web.Request) -> web.Response:
        """Answer the simulated unix time."""
        return _json({"now": self._core.clock.now()})

    async def post_clock(self, request: web.Request) -> web.Response:
        """Advance the simulated time by `advance` seconds; answer the new time."""
        try:
            self._core.clock.advance(
                msgspec.json.decode(await request.read(), type=_ClockRequest).advance
            )
        except (msgspec.DecodeError, ValueError) as error:
            return _json({"error": str(error)}, status=400)
        return _json({"now": self._core.clock.now()})


def _json(body: object, status: int = 200) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(body), status=status, content_type="application/json"
    )
