"""A client of both simulated clouds: their state, without Home Assistant in between."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

import aiohttp
import msgspec

from .clouds import Clouds
from .settings import LaunchError, Service

_HOUR: Final = 3600
_WH_PER_KWH: Final = 1000
_STAMP: Final = "%Y-%m-%dT%H:%M:%SZ"


class Asset(msgspec.Struct, frozen=True):
    """An asset as GridDuck lists it."""

    id: str
    name: str
    current_state: str | None = None
    lost: bool | None = None
    disconnected: bool | None = None
    gateway_disconnected: bool | None = None
    read_only: bool | None = None
    boost_finish_stamp: float | None = None
    snooze_finish_stamp: float | None = None
    site_name: str | None = None
    consumption: float | None = None
    min_time_on: float | None = None

    @property
    def offline(self) -> bool:
        """Whether GridDuck cannot reach it."""
        return bool(self.lost or self.disconnected or self.gateway_disconnected)

    @property
    def idle(self) -> bool:
        """Whether a command could change it."""
        busy = self.boost_finish_stamp or self.snooze_finish_stamp
        return not (self.offline or self.read_only or busy)

    def runs(self, override: str) -> bool:
        """Whether a boost or a snooze runs, by its name."""
        end = self.boost_finish_stamp if override == "boost" else self.snooze_finish_stamp
        return bool(end)


class Command(msgspec.Struct, frozen=True):
    """A request that a cloud received."""

    service: str
    method: str
    path: str
    status: int
    body: dict[str, object] | None = None


class _Token(msgspec.Struct):
    access_token: str


class _Assets(msgspec.Struct):
    results: list[Asset]


class _Amount(msgspec.Struct):
    stamp: int
    value: float


class _Amounts(msgspec.Struct):
    results: list[_Amount]


class _Value(msgspec.Struct):
    timestamp: datetime
    value: float | None = None


class _Series(msgspec.Struct):
    currents: list[_Value] = []
    heimdall_dlrs: list[_Value] = []


class _History(msgspec.Struct):
    data: _Series


class _Call(msgspec.Struct):
    service: str
    method: str
    path: str
    status: int
    body: msgspec.Raw = msgspec.Raw(b"null")


class _Calls(msgspec.Struct):
    total: int
    counts: dict[str, int]
    calls: list[_Call]


class CloudClient:
    """Asks both clouds."""

    def __init__(self, session: aiohttp.ClientSession, clouds: Clouds) -> None:
        """Keep how to reach them."""
        self._session = session
        self._clouds = clouds

    async def assets(self) -> dict[str, Asset]:
        """Return all assets by id."""
        page = await self._gridduck("/asset/", _Assets, {"offset": "0", "limit": "100"})
        return {asset.id: asset for asset in page.results}

    async def energy(self, asset_id: str, start: datetime, end: datetime) -> dict[int, float]:
        """Return the energy (kWh) that an asset was delivered, by hour since 1970."""
        query = {
            "type": "delivered",
            "granularity": "hour",
            "from": f"{start.timestamp():.0f}",
            "to": f"{end.timestamp():.0f}",
        }
        path = f"/asset/{asset_id}/telemetry/aggregate"
        answer = await self._gridduck(path, _Amounts, query)
        return {each.stamp // _HOUR: each.value / _WH_PER_KWH for each in answer.results}

    async def currents(self, line_id: str, start: datetime, end: datetime) -> list[float]:
        """Return what a line was measured to carry, A, oldest first."""
        answer = await self._currents(line_id, start, end)
        return [each.value for each in answer if each.value is not None]

    async def current_hours(self, line_id: str, start: datetime, end: datetime) -> set[int]:
        """Return the hours since 1970 in which a line has a current."""
        return _hours(await self._currents(line_id, start, end))

    async def dlr_hours(self, line_id: str, start: datetime, end: datetime) -> set[int]:
        """Return the hours since 1970 in which a line has a dynamic rating."""
        path = f"/capacity_monitoring/v1/lines/{line_id}/heimdall_dlrs"
        return _hours((await self._heimdall(path, start, end)).heimdall_dlrs)

    async def commands(self) -> list[Command]:
        """Return the commands that GridDuck received."""
        return [
            Command(call.service, call.method, call.path, call.status, _body(call))
            for call in (await self._calls()).calls
            if call.method == "PUT"
        ]

    async def fail(self, service: Service) -> None:
        """Let a cloud refuse each request, until `recover`."""
        fault = {"service": service, "path": "", "status": 503, "count": None}
        await self._spoil(fault)

    async def patch(self, service: Service, path: str, patch: Mapping[str, object]) -> None:
        """Change the answers of a path of a cloud by a merge patch, until `recover`."""
        fault = {"service": service, "path": path, "kind": "patch", "patch": patch, "count": None}
        await self._spoil(fault)

    async def recover(self) -> None:
        """Let both clouds answer again."""
        async with self._session.delete(self._faults) as response:
            response.raise_for_status()

    async def _spoil(self, fault: Mapping[str, object]) -> None:
        async with self._session.post(self._faults, json=fault) as response:
            response.raise_for_status()

    @property
    def _faults(self) -> str:
        # Each cloud takes the faults of both.
        return f"{self._clouds.gridduck.base_url}/_control/faults"

    async def _currents(self, line_id: str, start: datetime, end: datetime) -> list[_Value]:
        path = f"/grid_insights/v1/lines/{line_id}/currents"
        return (await self._heimdall(path, start, end)).currents

    async def _calls(self) -> _Calls:
        # Each cloud lists the calls of both.
        url = f"{self._clouds.gridduck.base_url}/_control/calls"
        return await self._get(url, _Calls)

    async def _gridduck[AnswerT](
        self, path: str, answer: type[AnswerT], query: Mapping[str, str]
    ) -> AnswerT:
        gridduck = self._clouds.gridduck
        login = aiohttp.encode_basic_auth(gridduck.client_id, gridduck.client_secret)
        form = {"grant_type": "client_credentials", "scope": "site:view asset:view"}
        url = f"{gridduck.base_url}/oauth/token"
        token = await self._token(url, form, {"Authorization": login})
        return await self._get(f"{gridduck.base_url}{path}", answer, query, token)

    async def _heimdall(self, path: str, start: datetime, end: datetime) -> _Series:
        heimdall = self._clouds.heimdall
        form = {
            "grant_type": "client_credentials",
            "client_id": heimdall.client_id,
            "client_secret": heimdall.client_secret,
            "scope": heimdall.scope,
        }
        token = await self._token(heimdall.token_url, form)
        query = {"from_timestamp": f"{start:{_STAMP}}", "to_timestamp": f"{end:{_STAMP}}"}
        return (await self._get(f"{heimdall.base_url}{path}", _History, query, token)).data

    async def _token(
        self, url: str, form: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> str:
        async with self._session.post(url, data=form, headers=headers) as response:
            return msgspec.json.decode(await response.read(), type=_Token).access_token

    async def _get[AnswerT](
        self,
        url: str,
        answer: type[AnswerT],
        query: Mapping[str, str] | None = None,
        token: str | None = None,
    ) -> AnswerT:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        async with self._session.get(url, params=query, headers=headers) as response:
            if not response.ok:
                raise LaunchError(f"The simulator refused {url} ({response.status})")
            return msgspec.json.decode(await response.read(), type=answer)


def _hours(values: list[_Value]) -> set[int]:
    return {int(each.timestamp.timestamp()) // _HOUR for each in values}


def _body(call: _Call) -> dict[str, object] | None:
    return msgspec.json.decode(call.body, type=dict[str, object] | None)


@asynccontextmanager
async def connected_clouds(clouds: Clouds) -> AsyncIterator[CloudClient]:
    """Ask the clouds until the context ends."""
    async with aiohttp.ClientSession() as session:
        yield CloudClient(session, clouds)
