"""Data requests, and the download of their files."""

from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Annotated, Literal
from uuid import uuid4

from aiohttp import web
import msgspec

from simulator.clock import Clock

from .asset import Asset
from .files import csv_file, csv_name, zip_file
from .series import GRANULARITIES, QUANTITIES, Quantity, Window
from .wire import (
    Refused,
    envelope,
    json_body,
    json_response,
    one_of,
    parameters,
    whole_number,
)
from .world import World

type _Stamp = Annotated[int, msgspec.Meta(ge=0, le=10**11)]
type _Status = Literal["pending", "processing", "ready", "failed"]


class _Share(msgspec.Struct, forbid_unknown_fields=True):
    expires_in: Annotated[int, msgspec.Meta(ge=1)]


class _Order(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    asset_ids: Annotated[list[str], msgspec.Meta(min_length=1)]
    start: _Stamp = msgspec.field(name="from")
    end: _Stamp = msgspec.field(name="to")
    granularity: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _DataRequest:
    id: str
    assets: list[Asset]
    quantity: Quantity
    type: str
    window: Window
    granularity: str
    asked_at: float
    seconds: float
    fails: bool

    def status(self, now: float) -> _Status:
        waited = now - self.asked_at
        if waited < self.seconds / 3:
            return "pending"
        if waited < self.seconds:
            return "processing"
        return "failed" if self.fails else "ready"

    def record(self, now: float) -> dict[str, object]:
        """Return it as the list gives it: its status and parameters."""
        return {
            "id": self.id,
            "status": self.status(now),
            "created": int(self.asked_at),
            "asset_ids": [asset.id for asset in self.assets],
            "from": self.window.start,
            "to": self.window.end,
            "granularity": self.granularity,
            "type": self.type,
        }


@dataclass(frozen=True, slots=True)
class _Link:
    request: _DataRequest
    name: str
    expires_at: float


class Downloads:
    """Takes data requests and serves their files. Contract: gridduck-api.md, "Data download"."""

    def __init__(self, world: World, clock: Clock, base_url: Callable[[], str]) -> None:
        """Take the world, its time, and what gives the address that links are to name."""
        self._world = world
        self._clock = clock
        self._base_url = base_url
        self._requests: dict[str, _DataRequest] = {}
        self._links: dict[str, _Link] = {}

    async def create(self, request: web.Request) -> web.Response:
        """Take a data request: 201 with its id."""
        order = await json_body(request, _Order)
        quantity = one_of(QUANTITIES, order.type, "type")
        step = one_of(GRANULARITIES, order.granularity, "granularity")
        if order.end <= order.start:
            raise Refused(400, "'to' must be after 'from'")
        if len(set(order.asset_ids)) != len(order.asset_ids):
            raise Refused(400, "An asset is named more than once")
        assets = [self._world.assets.get(asset_id) for asset_id in order.asset_ids]
        known = [asset for asset in assets if asset is not None]
        if len(known) != len(assets):
            raise Refused(404, "Asset not found")
        made = _DataRequest(
            id=str(uuid4()),
            assets=known,
            quantity=quantity,
            type=order.type,
            window=Window(order.start, order.end, step),
            granularity=order.granularity,
            asked_at=self._clock.now(),
            seconds=self._world.data_request_seconds,
            fails=self._world.data_requests_fail,
        )
        self._requests[made.id] = made
        return json_response({"id": made.id, "status": "pending"}, 201)

    async def get(self, request: web.Request) -> web.Response:
        """Answer the status of a data request."""
        parameters(request.query, ())
        made = self._find(request)
        status = made.status(self._clock.now())
        return json_response({"id": made.id, "status": status})

    async def list_all(self, request: web.Request) -> web.Response:
        """Answer a page of all data requests, the oldest first."""
        given = parameters(request.query, {"offset", "limit"})
        offset = whole_number(given.get("offset", "0"), "offset")
        limit = whole_number(given.get("limit", str(self._world.default_limit)), "limit")
        limit = min(limit, self._world.max_limit)
        now = self._clock.now()
        made = [one.record(now) for one in self._requests.values()]
        return envelope(request.path, made[offset : offset + limit], offset, limit, len(made))

    async def delete(self, request: web.Request) -> web.Response:
        """Delete a data request and its links; 409 while it is being prepared."""
        parameters(request.query, ())
        made = self._find(request)
        if (status := made.status(self._clock.now())) in {"pending", "processing"}:
            raise Refused(409, f"The data request is {status}")
        del self._requests[made.id]
        self._links = {key: one for key, one in self._links.items() if one.request is not made}
        return web.Response(status=204)

    async def create_link(self, request: web.Request) -> web.Response:
        """Answer an address to download from, good for a short while; 409 until it is ready.

        With a body it is good for as long as that says, up to `longest_link`.
        """
        parameters(request.query, ())
        made = self._find(request)
        share = await json_body(request, _Share) if await request.read() else None
        if (status := made.status(self._clock.now())) != "ready":
            raise Refused(409, f"The data request is {status}")
        world = self._world
        seconds = min(share.expires_in, world.longest_link) if share else world.link_lifetime
        key, name = token_urlsafe(32), _file_name(made)
        self._links[key] = _Link(made, name, self._clock.now() + seconds)
        answer: dict[str, object] = {"url": f"{self._base_url()}/download/{key}/{name}"}
        return json_response(answer | ({"expires_in": seconds} if share else {}))

    async def download(self, request: web.Request) -> web.Response:
        """Serve a file to whoever has its link, and to nobody who sends credentials with it."""
        if "Authorization" in request.headers:
            return _storage_error(400, "InvalidArgument", "Only one auth mechanism allowed")
        link = self._links.get(request.match_info["key"])
        if link is None or request.match_info["name"] != link.name:
            return _storage_error(404, "NoSuchKey", "The specified key does not exist")
        now = self._clock.now()
        if now >= link.expires_at:
            return _storage_error(403, "AccessDenied", "Request has expired")
        made = link.request
        body = await self._file(made)
        return web.Response(
            body=body,
            content_type="text/csv" if len(made.assets) == 1 else "application/zip",
            headers={"Content-Disposition": f'attachment; filename="{link.name}"'},
        )

    async def _file(self, made: _DataRequest) -> bytes:
        # As of when it was made, however often and late it is downloaded.
        at = made.asked_at + made.seconds
        style = self._world.csv
        if len(made.assets) == 1:
            return await csv_file(made.assets[0], made.quantity, made.window, at, style)
        return await zip_file(made.assets, made.quantity, made.window, at, style)

    def _find(self, request: web.Request) -> _DataRequest:
        made = self._requests.get(request.match_info["request_id"])
        if made is None:
            raise Refused(404, "Data request not found")
        return made


def _file_name(made: _DataRequest) -> str:
    return csv_name(made.assets[0]) if len(made.assets) == 1 else f"{made.id}.zip"


def _storage_error(status: int, code: str, message: str) -> web.Response:
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    )
    return web.Response(status=status, body=body.encode(), content_type="application/xml")
