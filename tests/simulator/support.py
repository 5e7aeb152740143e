"""What the tests of the simulator share."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import json
from typing import Any

from aiohttp import ClientSession
from multidict import CIMultiDict

from simulator.faults import Fault
from simulator.heimdall.assets import Line
from simulator.heimdall.endpoints import ENDPOINTS, Endpoint
from simulator.server import Simulator

NOW = datetime(2026, 11, 16, 12, 7, 30, tzinfo=UTC)
BY_NUMBER = {endpoint.number: endpoint for endpoint in ENDPOINTS}


def stamp(at: datetime) -> str:
    """Return a timestamp as the API takes it."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond:06d}Z"


def window(**length: float) -> dict[str, str]:
    """Return the parameters of a window that ends now."""
    return {
        "from_timestamp": stamp(NOW - timedelta(**length)),
        "to_timestamp": stamp(NOW),
    }


def fault(**more: Any) -> Fault:
    """Return a fault of the latest values of lines, unless told otherwise."""
    return Fault(**({"service": "heimdall", "path": "/latest"} | more))


@dataclass(frozen=True)
class Answer:
    """A status, headers and a body."""

    status: int
    headers: CIMultiDict[str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def data(self) -> Any:
        assert self.status == 200, self.body[:500]
        assert list(self.json) == ["data"]
        return self.json["data"]


class Api:
    """A client without any cleverness."""

    def __init__(self, simulator: Simulator, session: ClientSession) -> None:
        self.simulator = simulator
        self.service = simulator.heimdall
        self.world = simulator.heimdall.world
        self.session = session
        self.token = ""
        self.expires = 0.0

    @property
    def lines(self) -> list[Line]:
        return self.world.lines()

    async def call(self, method: str, path: str, **more: Any) -> Answer:
        url = path if path.startswith("http") else self.service.base_url + path
        async with self.session.request(method, url, allow_redirects=False, **more) as answer:
            return Answer(answer.status, CIMultiDict(answer.headers), await answer.read())

    async def log_in(self, **changes: str | None) -> Answer:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.service.client_id,
            "client_secret": self.service.client_secret,
            "scope": self.service.scope,
        }
        form = {k: v for k, v in (form | changes).items() if v is not None}
        answer = await self.call("POST", self.service.token_url, data=form)
        if answer.status == 200:
            self.token = answer.json["access_token"]
            self.expires = self.simulator.clock.now() + self.world.token_lifetime
        return answer

    async def get(
        self, path: str, headers: dict[str, str] | None = None, /, **params: str
    ) -> Answer:
        if not self.token:
            await self.log_in()
        own = {"Authorization": f"Bearer {self.token}"} | (headers or {})
        return await self.call("GET", path, headers=own, params=params)

    def path(self, number: str, line: Line) -> str:
        try:
            facility_id = self.world.facility_of(line.id).id
        except KeyError:
            facility_id = ""
        return BY_NUMBER[number].path.format(line_id=line.id, facility_id=facility_id)

    async def ask(self, number: str, line: Line | None = None, /, **params: str) -> Answer:
        """Ask an endpoint about a line or its facility; a history needs a window."""
        if self.simulator.clock.now() >= self.expires:
            await self.log_in()
        return await self.get(self.path(number, line or self.line_for(number)), **params)

    async def values(self, number: str, line: Line | None = None, /, **params: str) -> Any:
        return (await self.ask(number, line, **params)).data

    def line_for(self, number: str) -> Line:
        """Return the first line that offers what an endpoint gives."""
        endpoint: Endpoint = BY_NUMBER[number]
        return next(line for line in self.lines if endpoint.product in line.products)
