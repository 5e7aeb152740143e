"""The client against the simulated service, over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from functools import reduce
import itertools
from operator import or_
from typing import Any

from aiohttp import ClientSession
import msgspec
import pytest

from custom_components.gridduck_heimdall.api import errors
from custom_components.gridduck_heimdall.api.heimdall import (
    ENDPOINTS,
    MAX_PARALLEL,
    Endpoint,
    HeimdallClient,
    Include,
    Parameters,
    Quantity,
    ResponseKind,
    Target,
    UnitSystem,
    endpoints,
    region_headers,
)
from custom_components.gridduck_heimdall.api.heimdall.endpoint import LONGEST_WINDOW
from custom_components.gridduck_heimdall.api.heimdall.models.assets import (
    Facility,
    Line,
)
from custom_components.gridduck_heimdall.api.heimdall.models.common import Payload
from custom_components.gridduck_heimdall.api.heimdall.models.forecasts import ForecastLevel
from custom_components.gridduck_heimdall.api.heimdall.units import apparent_power_mva
from custom_components.gridduck_heimdall.api.token import Token, parse_token_answer
from custom_components.gridduck_heimdall.api.transport import Transport
from simulator.clock import Clock
from simulator.faults import Fault, FaultKind
from simulator.options import Options
from simulator.server import Simulator, running

pytestmark = pytest.mark.usefixtures("socket_enabled")

NOW = datetime(2026, 11, 16, 12, 7, 30, tzinfo=UTC)


class Tokens:
    """Tokens of the simulated service, until they are refused."""

    def __init__(self, session: ClientSession, sim: Simulator) -> None:
        self._session = session
        self._service = sim.heimdall
        self._token: Token | None = None

    async def async_get_token(self) -> Token:
        if self._token is None:
            form = {
                "grant_type": "client_credentials",
                "client_id": self._service.client_id,
                "client_secret": self._service.client_secret,
                "scope": self._service.scope,
            }
            async with self._session.post(self._service.token_url, data=form) as response:
                self._token = parse_token_answer(await response.json(), NOW.timestamp())
        return self._token

    def invalidate(self, token: Token) -> None:
        if token is self._token:
            self._token = None


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    clock = Clock(now=NOW.timestamp)
    async with running(Options(lines=4), clock) as simulator:
        yield simulator


@pytest.fixture
async def client(sim: Simulator) -> AsyncIterator[HeimdallClient]:
    async with ClientSession() as session:
        tokens = Tokens(session, sim)
        yield HeimdallClient(
            Transport(session, sim.heimdall.base_url, tokens, headers=region_headers)
        )


async def circuits(client: HeimdallClient) -> list[tuple[Facility, Line]]:
    assets = await client.async_assets()
    assert assets.malformed == 0
    return [(facility, line) for _, facility, line in assets.instrumented_lines(NOW)]


def combinations(endpoint: Endpoint[Payload]) -> list[Parameters]:
    """Return all combinations of what an endpoint takes."""
    quantities = [Parameters(quantity=one) for one in Quantity if endpoint.takes_quantity]
    systems = [Parameters(unit_system=one) for one in UnitSystem if endpoint.takes_unit_system]
    choices: list[list[Parameters]] = [
        [{}, *quantities],
        [{}, *systems],
        [{}, {"include": endpoint.include}] if endpoint.include else [{}],
    ]
    match endpoint.kind:
        case ResponseKind.LATEST:
            choices.append([{}, {"since": NOW - timedelta(minutes=45)}])
        case ResponseKind.HISTORY:
            choices.append([{"start": NOW - timedelta(hours=3), "end": NOW}])
    return [reduce(or_, parts) for parts in itertools.product(*choices)]


@pytest.mark.parametrize("name", ENDPOINTS)
async def test_every_endpoint_with_every_parameter(
    sim: Simulator, client: HeimdallClient, name: str
) -> None:
    endpoint = ENDPOINTS[name]
    answered = 0
    for facility, line in await circuits(client):
        target = {Target.ACCOUNT: None, Target.LINE: line.id, Target.FACILITY: facility.id}
        for parameters in combinations(endpoint):
            try:
                answer = await client.async_fetch(endpoint, target[endpoint.target], **parameters)
            except errors.NotFound:
                continue
            answered += 1
            assert answer.malformed == 0
            if include := parameters.get("include"):
                [breakdown] = [key for key in dir(answer) if key in BREAKDOWNS[include]]
                assert getattr(answer, breakdown) is not None
    assert answered
    assert {call.status for call in sim.calls.list(service="heimdall")} <= {200, 404}


BREAKDOWNS = {
    Include.SPANS: {"spans"},
    Include.MEASUREMENT_POINTS: {"measurement_point_currents", "measurement_point_temperatures"},
}


OTHER_UNITS = (
    {"Ampere": "kA", "MVA": "kVA", "C": "F", "m": "ft", "kg/m": "lb/ft", "N": "lbf"},
    {"Ampere": "mA", "C": "K", "m": "in", "N": "kN"},
    {"Ampere": "A", "C": "°C", "m": "mi"},
)
UNKNOWN_UNITS = {
    "Ampere": "MVA",
    "MVA": "MW",
    "C": "Rankine",
    "m": "fathoms",
    "kg/m": "kg",
    "N": "kg",
    "%": "per mille",
}


def values_of(answer: object) -> Iterator[float | None]:
    """Yield all values of an answer, in their order."""
    match answer:
        case dict():
            for key, value in answer.items():
                if key in {"value", "min", "max"} and not isinstance(value, dict):
                    yield value
                else:
                    yield from values_of(value)
        case list():
            for one in answer:
                yield from values_of(one)


@pytest.mark.parametrize("name", [name for name in ENDPOINTS if name != "A1"])
async def test_answers_in_other_units(sim: Simulator, client: HeimdallClient, name: str) -> None:
    """Every value is what it was, or unknown where its unit is; also in each breakdown."""
    endpoint, tried = ENDPOINTS[name], 0
    for facility, line in await circuits(client):
        target = {Target.LINE: line.id, Target.FACILITY: facility.id}[endpoint.target]
        for parameters in combinations(endpoint):
            if "since" in parameters or parameters.get("unit_system") == UnitSystem.IMPERIAL:
                continue
            sim.heimdall.world.set_units({})
            try:
                usual = await client.async_fetch(endpoint, target, **parameters)
            except errors.NotFound:
                continue
            tried += 1
            values = list(values_of(msgspec.to_builtins(usual)))
            for units in OTHER_UNITS:
                sim.heimdall.world.set_units(units)
                other = await client.async_fetch(endpoint, target, **parameters)
                found = list(values_of(msgspec.to_builtins(other)))
                assert [one is None for one in found] == [one is None for one in values]
                known = [one for one in values if one is not None]
                assert [one for one in found if one is not None] == pytest.approx(known, rel=1e-6)
            sim.heimdall.world.set_units(UNKNOWN_UNITS)
            other = await client.async_fetch(endpoint, target, **parameters)
            assert set(values_of(msgspec.to_builtins(other))) <= {None}
    assert tried
    assert client.unknown_units


async def test_derived_values_agree_with_the_service(client: HeimdallClient) -> None:
    [(facility, line), *_] = await circuits(client)
    current = await client.async_fetch(endpoints.LATEST_CURRENT, line.id)
    power = await client.async_fetch(endpoints.LATEST_APPARENT_POWER, line.id)
    forecast = await client.async_fetch(endpoints.DLR_FORECAST, line.id)

    assert current.current.value is not None
    assert facility.voltage is not None
    assert power.apparent_power.value == pytest.approx(
        apparent_power_mva(current.current.value, facility.voltage), rel=0.005
    )
    assert {*forecast.hours.limits} <= {span.id for span in line.spans}
    assert any(
        NOW - timedelta(hours=1) < start < NOW + timedelta(hours=24)
        for start, _ in forecast.hours.at(ForecastLevel.PREDICTION)
    )


async def test_longest_windows_are_accepted(client: HeimdallClient) -> None:
    [(_, line), *_] = await circuits(client)
    for include in (None, Include.SPANS):
        start = NOW - LONGEST_WINDOW[include]
        answer = await client.async_fetch(
            endpoints.DLRS, line.id, start=start, end=NOW, include=include
        )
        assert all(start <= point.timestamp <= NOW for point in answer.ratings)
        assert len(answer.ratings) > 2000


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "html"}, errors.UnexpectedAnswer),
        ({"kind": "empty"}, errors.UnexpectedAnswer),
        ({"kind": "truncate"}, errors.UnexpectedAnswer),
        ({"kind": "malformed"}, errors.UnexpectedAnswer),
        ({"kind": "no_data"}, errors.NotFound),
        ({"kind": "status", "status": 403}, errors.PermissionDenied),
        ({"kind": "status", "status": 500}, errors.ServerError),
    ],
)
async def test_faults(
    sim: Simulator,
    client: HeimdallClient,
    fault: dict[str, Any],
    kind: type[errors.ApiError],
) -> None:
    [(_, line), *_] = await circuits(client)
    sim.faults.add(Fault(service="heimdall", path="heimdall_dlrs/latest", **fault))
    with pytest.raises(kind):
        await client.async_fetch(endpoints.LATEST_DLR, line.id)
    assert (await client.async_fetch(endpoints.LATEST_DLR, line.id)).rating.value


@pytest.mark.parametrize("kind", ["extra_keys", "null_optionals"])
@pytest.mark.parametrize("name", ["A1", "C1", "C2", "F1", "G3", "G10"])
async def test_tolerable_faults(
    sim: Simulator, client: HeimdallClient, kind: FaultKind, name: str
) -> None:
    endpoint = ENDPOINTS[name]
    [(facility, line), *_] = await circuits(client)
    target = {Target.ACCOUNT: None, Target.LINE: line.id, Target.FACILITY: facility.id}
    [parameters, *_] = combinations(endpoint)
    try:
        usual = await client.async_fetch(endpoint, target[endpoint.target], **parameters)
    except errors.NotFound:
        pytest.skip("not offered on the first line")
    sim.faults.add(Fault(service="heimdall", path=".", kind=kind))
    answer = await client.async_fetch(endpoint, target[endpoint.target], **parameters)

    assert answer.malformed == 0
    assert kind == "null_optionals" or answer == usual


async def test_unknown_ids_are_not_found(client: HeimdallClient) -> None:
    with pytest.raises(errors.NotFound):
        await client.async_fetch(endpoints.LATEST_DLR, "00000000-0000-4000-8000-000000000000")


async def test_requests_at_once_are_limited(sim: Simulator, client: HeimdallClient) -> None:
    [(_, line), *_] = await circuits(client)
    sim.calls.held_turns = 50
    await asyncio.gather(
        *(client.async_fetch(endpoints.LATEST_DLR, line.id) for _ in range(3 * MAX_PARALLEL))
    )
    assert sim.calls.max_concurrency["heimdall"] == MAX_PARALLEL
