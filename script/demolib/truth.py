"""What the simulated clouds themselves say, asked without Home Assistant."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import msgspec

from .clouds import Clouds


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


class Truth:
    """The clouds' own word."""

    def __init__(self, session: aiohttp.ClientSession, clouds: Clouds) -> None:
        """Keep how to reach them."""
        self._session = session
        self._clouds = clouds

    async def assets(self) -> dict[str, Asset]:
        """Return all assets by id."""
        gridduck = self._clouds.gridduck
        login = aiohttp.encode_basic_auth(gridduck.client_id, gridduck.client_secret)
        form = {"grant_type": "client_credentials", "scope": "site:view asset:view"}
        async with self._session.post(
            f"{gridduck.base_url}/oauth/token", data=form, headers={"Authorization": login}
        ) as response:
            token = msgspec.json.decode(await response.read(), type=_Token)
        async with self._session.get(
            f"{gridduck.base_url}/asset/?offset=0&limit=100",
            headers={"Authorization": f"Bearer {token.access_token}"},
        ) as response:
            page = msgspec.json.decode(await response.read(), type=_Assets)
        return {asset.id: asset for asset in page.results}

    async def commands(self) -> list[Command]:
        """Return the commands that GridDuck received."""
        return [
            Command(call.service, call.method, call.path, call.status, _body(call))
            for call in (await self._calls()).calls
            if call.method == "PUT"
        ]

    async def counts(self) -> dict[str, int]:
        """Return how often each endpoint was called."""
        return (await self._calls()).counts

    async def _calls(self) -> _Calls:
        url = f"{self._clouds.gridduck.base_url}/_control/calls"
        async with self._session.get(url) as response:
            return msgspec.json.decode(await response.read(), type=_Calls)


def _body(call: _Call) -> dict[str, object] | None:
    return msgspec.json.decode(call.body, type=dict[str, object] | None)


@asynccontextmanager
async def asking(clouds: Clouds) -> AsyncIterator[Truth]:
    """Ask the clouds until the context ends."""
    async with aiohttp.ClientSession() as session:
        yield Truth(session, clouds)
