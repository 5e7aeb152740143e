"""A poll of all measurements of all lines with nothing around it: aiohttp and msgspec alone."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from itertools import chain
from typing import Final

import aiohttp
import msgspec

from benchmarks.framework import Figures, Given, Work

from .measurements import FACILITY_PATHS, LINE_PATHS, RECENT_PATHS, asked, hour_ago

_ASSETS: Final = "/assets/v1/assets"

type Address = tuple[str, dict[str, str]]


class _Token(msgspec.Struct):
    access_token: str


class _Point(msgspec.Struct):
    unregistered_timestamp: str | None = None


class _Phase(msgspec.Struct):
    measurement_points: list[_Point]


class _Span(msgspec.Struct):
    span_phases: list[_Phase]


class _Line(msgspec.Struct):
    id: str
    spans: list[_Span]

    def instrumented(self) -> bool:
        """Tell whether any of its sensors was not removed."""
        phases = chain.from_iterable(span.span_phases for span in self.spans)
        points = chain.from_iterable(phase.measurement_points for phase in phases)
        return any(point.unregistered_timestamp is None for point in points)


class _Facility(msgspec.Struct):
    id: str
    line: _Line | None = None


class _Owner(msgspec.Struct):
    facilities: list[_Facility]


class _Assets(msgspec.Struct):
    grid_owners: list[_Owner]


class _Answer(msgspec.Struct):
    data: _Assets


@asynccontextmanager
async def bare(given: Given) -> AsyncIterator[Work]:
    """Ask the same addresses with aiohttp alone, as many at once, and decode with msgspec."""
    access, parallel = given.clouds["heimdall"], given.number("parallel")
    async with aiohttp.ClientSession(access["base_url"]) as session:
        session.headers.update(await _authorization(session, access))
        async with session.get(_ASSETS) as response:
            owners = msgspec.json.decode(await response.read(), type=_Answer).data.grid_owners
        addresses = [*_addresses(owners)]

        async def run() -> Figures:
            waiting = iter(addresses)
            counts = await asyncio.gather(
                *(_ask(session, waiting) for _ in range(parallel)),
            )
            return asked(requests=len(addresses), answers=sum(counts))

        yield Work(run=run)


async def _authorization(
    session: aiohttp.ClientSession, access: Mapping[str, str]
) -> dict[str, str]:
    form = {key: access[key] for key in ("client_id", "client_secret", "scope")}
    form["grant_type"] = "client_credentials"
    async with session.post(access["token_url"], data=form) as response:
        token = msgspec.json.decode(await response.read(), type=_Token)
    return {"Authorization": f"Bearer {token.access_token}", "x-region": "eu"}


def _addresses(owners: Iterable[_Owner]) -> Iterator[Address]:
    since = f"{hour_ago():%Y-%m-%dT%H:%M:%SZ}"
    for facility in chain.from_iterable(owner.facilities for owner in owners):
        if facility.line is None or not facility.line.instrumented():
            continue
        for path in LINE_PATHS:
            query = {"since": since} if path in RECENT_PATHS else {}
            yield path.format(facility.line.id), query
        for path in FACILITY_PATHS:
            yield path.format(facility.id), {}


async def _ask(session: aiohttp.ClientSession, waiting: Iterator[Address]) -> int:
    """Ask for what waits, one after another; return how many answers had data."""
    answers = 0
    for path, query in waiting:
        async with session.get(path, params=query) as response:
            body = await response.read()
            if response.status == HTTPStatus.OK:
                msgspec.json.decode(body)
                answers += 1
            elif response.status != HTTPStatus.NOT_FOUND:
                raise RuntimeError(f"Status {response.status}")
    return answers
