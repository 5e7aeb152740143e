"""The client against the simulated service, and against servers that differ from it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
import json
import time

import aiohttp
import pytest

from custom_components.gridduck_heimdall.api.download import download
from custom_components.gridduck_heimdall.api.errors import (
    ApiError,
    AuthenticationFailed,
    BadRequest,
    ConnectionFailed,
    FeatureUnavailable,
    NotFound,
    PermissionDenied,
    RateLimited,
    ServerError,
    UnexpectedAnswer,
)
from custom_components.gridduck_heimdall.api.gridduck import (
    AUTH_PATH,
    SCOPES_CONTROL,
    SCOPES_VIEW,
    DataRequestStatus,
    Granularity,
    GridDuckClient,
    IncompleteReason,
    Override,
    TelemetryPoint,
    TelemetryType,
    paging,
)
from custom_components.gridduck_heimdall.api.token import Token, parse_token_answer
from custom_components.gridduck_heimdall.api.transport import Transport
from simulator.faults import Fault, FaultKind
from simulator.options import Options
from simulator.server import Simulator

from .conftest import Cloud, Tokens, answer

START = datetime(2026, 11, 16, tzinfo=UTC)
END = START + timedelta(hours=24)
WH = TelemetryType.DELIVERED
HOUR = Granularity.HOUR


class RealTokens:
    """Gets tokens of the simulated service."""

    def __init__(self, session: aiohttp.ClientSession, simulator: Simulator) -> None:
        self._session = session
        self._cloud = simulator.gridduck
        self._token: Token | None = None

    async def async_get_token(self) -> Token:
        if self._token is None:
            form = {"grant_type": "client_credentials", "scope": " ".join(SCOPES_CONTROL)}
            auth = aiohttp.BasicAuth(self._cloud.client_id, self._cloud.client_secret)
            url = self._cloud.base_url + AUTH_PATH
            async with self._session.post(url, data=form, auth=auth) as response:
                self._token = parse_token_answer(await response.json(), time.monotonic())
        return self._token

    def invalidate(self, token: Token) -> None:
        self._token = None if self._token is token else self._token


@pytest.fixture
def simulator_options() -> Options:
    return Options(assets=260)


@pytest.fixture
async def real(simulator: Simulator, session: aiohttp.ClientSession) -> GridDuckClient:
    tokens = RealTokens(session, simulator)
    return GridDuckClient(Transport(session, simulator.gridduck.base_url, tokens))


@pytest.fixture
def client(transport: Transport) -> GridDuckClient:
    return GridDuckClient(transport)


async def test_token_of_the_service(simulator: Simulator, session: aiohttp.ClientSession) -> None:
    token = await RealTokens(session, simulator).async_get_token()
    assert token.user_id == "1234"
    assert token.scope == SCOPES_CONTROL
    assert SCOPES_VIEW < SCOPES_CONTROL


async def test_list_assets(simulator: Simulator, real: GridDuckClient) -> None:
    listing = await real.async_list_assets()
    assert {asset.id for asset in listing.assets} == set(simulator.gridduck.world.ids())
    assert (listing.total, listing.malformed, listing.complete) == (260, 0, True)
    calls = simulator.calls.list("gridduck", "GET", "/asset/")
    assert sorted(int(call.query["offset"]) for call in calls) == [0, 100, 200]
    assert not all(asset.connected for asset in listing.assets)
    assert {asset.currency_code for asset in listing.assets} == {"GBP"}


async def test_a_list_that_changes_while_it_is_paged(
    simulator: Simulator, real: GridDuckClient
) -> None:
    simulator.gridduck.world.shift_paging()
    listing = await real.async_list_assets()
    assert len({asset.id for asset in listing.assets}) == len(listing.assets) == 259
    assert not listing.complete


@pytest.mark.parametrize("status", [400, 422, 414])
@pytest.mark.parametrize(
    ("above", "queries", "first", "later", "limit"),
    [
        (100, False, 3, 3, 100),
        (50, False, 12, 11, 25),
        (25, False, 12, 11, 25),
        (100, True, 3, 1, None),
    ],
)
async def test_a_server_that_refuses_the_query(
    simulator: Simulator,
    real: GridDuckClient,
    status: int,
    above: int,
    queries: bool,
    first: int,
    later: int,
    limit: int | None,
) -> None:
    """It is asked for less, down to nothing, and what it took is asked for from then on."""
    world = simulator.gridduck.world
    world.refuses_limits_above, world.refuses_queries = above, queries
    world.refusal_status = status
    for requests in (first, later):
        simulator.calls.clear()
        listing = await real.async_list_assets()
        assert listing.incomplete is (IncompleteReason.UNPAGED if queries else None)
        assert len(listing.assets) == (25 if queries else 260)
        assert simulator.calls.count("gridduck", "GET", "/asset/") == requests
    assert real.page_limit == limit


async def test_a_list_that_is_refused_in_any_form(cloud: Cloud, client: GridDuckClient) -> None:
    cloud.will(answer('{"message": "no"}', 400))
    with pytest.raises(BadRequest):
        await client.async_list_assets()
    assert [request.query_string for request in cloud.requests] == [
        "offset=0&limit=100",
        "offset=0&limit=25",
        "",
    ]


@pytest.mark.parametrize(
    ("status", "listed_before", "requests"),
    [(404, True, 1), (404, False, 1), (500, True, 1), (500, False, 1), (503, False, 4)],
)
async def test_a_failure_that_is_not_of_the_limit(
    simulator: Simulator, real: GridDuckClient, status: int, listed_before: bool, requests: int
) -> None:
    """It is not asked for less: with small pages, a large list takes many calls."""
    if listed_before:
        await real.async_list_assets()
    simulator.calls.clear()
    simulator.faults.add(Fault(service="gridduck", path="^/asset/", status=status, count=4))
    with pytest.raises(ApiError):
        await real.async_list_assets()
    assert simulator.calls.count("gridduck", "GET", "/asset/") == requests
    assert real.page_limit == 100


async def test_more_is_asked_for_again(
    simulator: Simulator, real: GridDuckClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal may have been an accident."""
    simulator.faults.add(Fault(service="gridduck", path="limit=", status=400, count=2))
    assert (await real.async_list_assets()).incomplete is IncompleteReason.UNPAGED
    assert (await real.async_list_assets()).incomplete is IncompleteReason.UNPAGED
    now = time.monotonic()
    monkeypatch.setattr(paging, "monotonic", lambda: now + paging.RETRY_DELAY + 1)
    assert (await real.async_list_assets()).complete
    assert real.page_limit == 100


@pytest.mark.parametrize("status", [301, 308])
async def test_a_list_without_its_slash(
    simulator: Simulator, real: GridDuckClient, status: int
) -> None:
    simulator.gridduck.world.redirects_slash = status
    assert len((await real.async_list_assets()).assets) == 260
    assert len((await real.async_list_assets()).assets) == 260
    assert simulator.calls.count("gridduck", "GET", "/asset/") == 1
    assert simulator.calls.count("gridduck", "GET", "/asset$") == 6


async def test_malformed_assets(simulator: Simulator, real: GridDuckClient) -> None:
    world = simulator.gridduck.world
    first, second, *_ = world.ids()
    world.set_field(first, "id", None)
    world.set_field(second, "consumption", "broken")
    listing = await real.async_list_assets()
    assert (len(listing.assets), listing.malformed, listing.complete) == (259, 1, True)
    assert next(a for a in listing.assets if a.id == second).power_w is None


@pytest.mark.parametrize("kind", ["extra_keys", "null_optionals"])
async def test_unknown_keys_and_nulls(
    simulator: Simulator, real: GridDuckClient, kind: FaultKind
) -> None:
    simulator.faults.add(Fault(service="gridduck", path="/asset/", kind=kind, count=None))
    assert len((await real.async_list_assets()).assets) == 260


@pytest.mark.parametrize("kind", ["html", "empty", "truncate", "malformed", "huge", "gzip_bomb"])
async def test_pages_that_are_none(
    simulator: Simulator, real: GridDuckClient, kind: FaultKind
) -> None:
    simulator.faults.add(Fault(service="gridduck", path="offset=100", kind=kind))
    with pytest.raises(UnexpectedAnswer):
        await real.async_list_assets()
    assert len((await real.async_list_assets()).assets) == 260


async def test_a_revoked_token(simulator: Simulator, real: GridDuckClient) -> None:
    await real.async_list_assets()
    simulator.gridduck.world.revoke_tokens()
    assert len((await real.async_list_assets()).assets) == 260
    assert simulator.calls.count("gridduck", "POST", AUTH_PATH) == 2


async def test_boost_and_snooze(simulator: Simulator, real: GridDuckClient) -> None:
    plug = simulator.gridduck.world.add_asset()

    async def state() -> tuple[bool | None, Override, int]:
        now = datetime.fromtimestamp(simulator.clock.now(), UTC)
        assets = {asset.id: asset for asset in (await real.async_list_assets()).assets}
        running = assets[plug].running_override(now)
        left = round((running.end - now).total_seconds()) if running else 0
        return assets[plug].is_on, running.kind if running else Override.NONE, left

    await real.async_snooze(plug, 600)
    is_on, override, left = await state()
    assert (is_on, override) == (False, Override.SNOOZE)
    # A stamp is in whole seconds, rounded up.
    assert 590 <= left <= 601
    await real.async_end_snooze(plug)
    assert await state() == (True, Override.NONE, 0)
    await real.async_boost(plug, 86_400)
    assert (await state())[:2] == (True, Override.BOOST)
    await real.async_end_boost(plug)
    assert (await state())[1:] == (Override.NONE, 0)
    sent = [call.body for call in simulator.calls.list("gridduck", "PUT")]
    assert sent == [
        {"snooze_finish": 600},
        {"snooze_finish": 0},
        {"boost_finish": 86_400},
        {"boost_finish": 0},
    ]


async def test_control_that_is_refused(simulator: Simulator, real: GridDuckClient) -> None:
    world = simulator.gridduck.world
    plug = world.add_asset(read_only=True)
    with pytest.raises(PermissionDenied):
        await real.async_snooze(plug, 60)
    with pytest.raises(NotFound):
        await real.async_snooze("unknown", 60)
    with pytest.raises(NotFound):
        await real.async_end_snooze("unknown")
    world.granted_scopes = set(SCOPES_VIEW)
    with pytest.raises(PermissionDenied):
        await real.async_snooze(world.ids()[1], 60)


async def test_a_server_without_what_is_assumed(simulator: Simulator, real: GridDuckClient) -> None:
    world = simulator.gridduck.world
    world.endpoints_missing = {
        "boost",
        "site",
        "telemetry_aggregate",
        "telemetry_instantaneous",
        "data_request_create",
        "data_request",
        "data_request_link",
        "data_request_list",
        "data_request_delete",
    }
    plug = world.add_asset()
    await real.async_snooze(plug, 60)
    for feature, call in assumed_calls(real, plug).items():
        with pytest.raises(FeatureUnavailable, match="does not offer") as caught:
            await call()
        assert caught.value.feature == feature.split(":")[0]
    assert len((await real.async_list_assets()).assets) == 261


def assumed_calls(
    client: GridDuckClient, asset_id: str = "a"
) -> dict[str, Callable[[], Awaitable[object]]]:
    start, end = START, START + timedelta(hours=2)
    return {
        "boost": lambda: client.async_boost(asset_id, 60),
        "boost:end": lambda: client.async_end_boost(asset_id),
        "aggregate telemetry": lambda: client.async_telemetry_aggregate(
            asset_id, WH, start, end, HOUR
        ),
        "instantaneous telemetry": lambda: client.async_telemetry_instantaneous(
            asset_id, WH, start, end, HOUR
        ),
        "data download": lambda: client.async_create_data_request([asset_id], WH, start, end, HOUR),
        "data download:one": lambda: client.async_data_request("r"),
        "data download:link": lambda: client.async_data_request_link("r"),
        "data archive": client.async_list_data_requests,
        "data archive:link": lambda: client.async_shared_link("r", 60),
        "data archive:delete": lambda: client.async_delete_data_request("r"),
    }


@pytest.mark.parametrize("name", assumed_calls(GridDuckClient.__new__(GridDuckClient)))
@pytest.mark.parametrize("status", [200, 302, 400, 403, 404, 405, 422, 501])
async def test_each_assumed_endpoint_elsewhere(
    cloud: Cloud, client: GridDuckClient, name: str, status: int
) -> None:
    """Whatever refuses it costs the feature, which is known by then."""
    cloud.will(answer("<html>no</html>", status))
    call, feature = assumed_calls(client)[name], name.split(":", maxsplit=1)[0]
    with pytest.raises(FeatureUnavailable, match=f"does not offer {feature}: ") as caught:
        await call()
    assert caught.value.feature == feature
    assert client.offered.missing == {feature: str(caught.value)}
    # A list is asked for in each form that a server may take.
    assert len(cloud.requests) == 1 or feature == "sites"


@pytest.mark.parametrize(
    ("status", "error"), [(429, RateLimited), (500, ServerError), (503, ServerError)]
)
@pytest.mark.parametrize("name", assumed_calls(GridDuckClient.__new__(GridDuckClient)))
async def test_other_errors_of_assumed_endpoints(
    cloud: Cloud, client: GridDuckClient, name: str, status: int, error: type[ApiError]
) -> None:
    for _ in range(4):
        cloud.will(answer("", status))
    with pytest.raises(error):
        await assumed_calls(client)[name]()
    feature = name.split(":", maxsplit=1)[0]
    assert set(client.offered.missing) == {feature}


async def test_a_command_that_refuses_the_credentials(
    simulator: Simulator, real: GridDuckClient
) -> None:
    """Where the list accepts the token, it is good, and is not thrown away with each command."""
    plug = simulator.gridduck.world.ids("plug")[0]
    await real.async_list_assets()
    simulator.faults.add(
        Fault(service="gridduck", path="^/asset/[^/?]+$", method="PUT", status=401, count=None)
    )
    tokens = simulator.calls.count(path="/oauth/token")
    for command in (partial(real.async_snooze, plug, 60), partial(real.async_end_snooze, plug)):
        with pytest.raises(PermissionDenied, match="though not the credentials"):
            await command()
    assert simulator.calls.count(path="/oauth/token") == tokens
    simulator.faults.clear()
    # A token that has expired is renewed.
    simulator.gridduck.world.revoke_tokens()
    await real.async_snooze(plug, 60)
    assert simulator.calls.count(path="/oauth/token") == tokens + 1


@pytest.mark.parametrize("name", assumed_calls(GridDuckClient.__new__(GridDuckClient)))
async def test_an_assumed_endpoint_that_refuses_the_credentials(
    simulator: Simulator, real: GridDuckClient, name: str
) -> None:
    """The list of assets tells whether the token is good; one that is good is not thrown away."""
    # Where the list refuses it as well, it is the credentials.
    everything = Fault(service="gridduck", path="^/(?!oauth)", status=401, count=None)
    fault_id = simulator.faults.add(everything)
    call = assumed_calls(real, simulator.gridduck.world.ids("plug")[0])[name]
    with pytest.raises(AuthenticationFailed):
        await call()
    assert not real.offered.missing
    simulator.faults.remove(fault_id)
    await real.async_list_assets()
    simulator.calls.clear()
    tokens = simulator.calls.count(path="/oauth/token")
    paths = {"b": "^/asset/[^/?]+$", "d": "^/data_request/"}
    path = paths.get(name[0], "/telemetry/")
    simulator.faults.add(Fault(service="gridduck", path=path, status=401, count=None))
    with pytest.raises(FeatureUnavailable, match="though not the credentials"):
        await call()
    assert simulator.calls.count(path="/oauth/token") == tokens
    assert simulator.calls.count(path="^/asset/$") == 1
    # A proof says nothing of what is refused later.
    results = await asyncio.gather(call(), call(), call(), return_exceptions=True)
    assert {type(one) for one in results} == {FeatureUnavailable}
    assert 2 <= simulator.calls.count(path="^/asset/$") <= 4
    assert simulator.calls.count(path="/oauth/token") == tokens


@pytest.mark.parametrize("name", assumed_calls(GridDuckClient.__new__(GridDuckClient)))
async def test_an_assumed_endpoint_that_hangs_up(
    simulator: Simulator, real: GridDuckClient, name: str
) -> None:
    """It is as good as missing; where there is no connection, nothing is said of the feature."""
    call = assumed_calls(real, simulator.gridduck.world.ids("plug")[0])[name]
    path = "^/(asset/[^?]|data_request)"
    simulator.faults.add(Fault(service="gridduck", path=path, count=None, kind="refuse"))
    with pytest.raises(ConnectionFailed):
        await call()
    assert set(real.offered.missing) == {name.split(":", maxsplit=1)[0]}


async def test_no_connection_says_nothing_of_a_feature(session: aiohttp.ClientSession) -> None:
    nowhere = GridDuckClient(Transport(session, "http://127.0.0.1:1", Tokens()))
    for call in assumed_calls(nowhere).values():
        with pytest.raises(ConnectionFailed):
            await call()
    assert not nowhere.offered.missing


@pytest.mark.parametrize("seconds", [0, -1, 86_401])
async def test_seconds_out_of_range(cloud: Cloud, client: GridDuckClient, seconds: int) -> None:
    for call in (client.async_boost, client.async_snooze):
        with pytest.raises(ValueError, match="1 to 86400 seconds"):
            await call("a", seconds)
    assert cloud.requests == []


@pytest.mark.parametrize(
    ("asset_id", "path"),
    [("a/../b", "/asset/a%2F..%2Fb"), ("?x#y%", "/asset/%3Fx%23y%25"), ("é ", "/asset/%C3%A9%20")],
)
async def test_an_id_cannot_change_the_path(
    cloud: Cloud, client: GridDuckClient, asset_id: str, path: str
) -> None:
    cloud.will(answer(b"", 204))
    await client.async_snooze(asset_id, 60)
    assert cloud.requests[0].raw_path == path
    for bad in ("", "..", "\n"):
        with pytest.raises(ValueError, match="cannot be part of an address"):
            await client.async_snooze(bad, 60)
    assert len(cloud.requests) == 1


async def test_telemetry(simulator: Simulator, real: GridDuckClient) -> None:
    plug = simulator.gridduck.world.ids("plug")[0]
    end = datetime.fromtimestamp(simulator.clock.now() // 3600 * 3600, UTC)
    start = end - timedelta(hours=24)
    hours = await real.async_telemetry_aggregate(plug, WH, start, end, HOUR)
    assert (hours.unit, hours.malformed, hours.complete) == ("Wh", 0, True)
    assert [point.at for point in hours.points] == [start + timedelta(hours=n) for n in range(24)]
    watts = await real.async_telemetry_instantaneous(
        plug, TelemetryType.CONSUMPTION, start, end, Granularity.HALF_HOUR
    )
    assert (len(watts.points), watts.unit) == (48, "W")
    none = await real.async_telemetry_aggregate(plug, TelemetryType.TEMPERATURE, start, end, HOUR)
    assert none.points == ()


async def test_points_of_many_forms(cloud: Cloud, client: GridDuckClient) -> None:
    stamp = int(START.timestamp())
    results = [
        {"stamp": stamp + 3600, "value": "2.5", "unit": "kWh"},
        {"stamp": stamp * 1000, "value": 1},
        {"stamp": stamp + 7200, "value": None},
        {"stamp": stamp + 10_800, "value": "bad"},
        {"stamp": 0, "value": 1},
        {"value": 1},
        {"stamp": stamp + 3600, "value": 3},
    ]
    cloud.will(answer(json.dumps({"results": results, "pagination": {"total": 90}})))
    series = await client.async_telemetry_aggregate("a", WH, START, END, HOUR)
    assert series.points == (
        TelemetryPoint(START, 1),
        TelemetryPoint(START + timedelta(hours=1), 3),
    )
    assert (series.unit, series.malformed, series.complete) == ("kWh", 2, False)
    query = dict(cloud.requests[0].query)
    assert query == {
        "type": "delivered",
        "from": str(stamp),
        "to": str(stamp + 86_400),
        "granularity": "hour",
    }
    results = [
        {"stamp": "2026-11-16T01:00:00+01:00", "value": 1},
        {"stamp": f"{stamp + 3600}.25", "value": 2},
        {"stamp": "2026-11-16T02:00:00.5Z", "value": 3},
        {"stamp": "yesterday", "value": 4},
    ]
    cloud.will(answer(json.dumps({"results": results})))
    series = await client.async_telemetry_aggregate("a", WH, START, END, HOUR)
    assert [(point.at - START).total_seconds() for point in series.points] == [0, 3600.25, 7200.5]
    assert series.malformed == 1


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"results": [{"time": 1, "val": 2}]}, "no points"),
        ({"results": [{"stamp": "yesterday", "value": 2}]}, "no points"),
        (
            {
                "results": [
                    {"stamp": 1_763_251_200, "value": 2, "unit": "Wh"},
                    {"stamp": 1_763_254_800, "value": 2, "unit": "kWh"},
                ]
            },
            "different units",
        ),
        (
            {"unit": "Wh", "results": [{"stamp": 1_763_251_200, "value": 2, "unit": "kWh"}]},
            "different units",
        ),
    ],
)
async def test_no_points(
    cloud: Cloud, client: GridDuckClient, body: dict[str, object], text: str
) -> None:
    cloud.will(answer(json.dumps(body)))
    with pytest.raises(FeatureUnavailable, match=text):
        await client.async_telemetry_aggregate("a", WH, START, END, HOUR)


@pytest.mark.parametrize("unit", [5, ["Wh"], {"symbol": "Wh"}])
async def test_a_unit_that_is_not_text(cloud: Cloud, client: GridDuckClient, unit: object) -> None:
    """It is not the usual one, which a missing unit stands for."""
    results = [{"stamp": 1_763_251_200, "value": 2}]
    cloud.will(answer(json.dumps({"unit": unit, "results": results})))
    series = await client.async_telemetry_aggregate("a", WH, START, END, HOUR)
    assert series.unit == str(unit)


@pytest.mark.parametrize("page", ["<html>blocked</html>", "\ufeff \n<!doctype html>"])
@pytest.mark.parametrize("content_type", ["application/json", "text/html"])
async def test_a_page_is_no_success(
    cloud: Cloud, client: GridDuckClient, page: str, content_type: str
) -> None:
    """A firewall may answer a command with a page, whatever it says that it is."""
    cloud.will(answer(page, headers={"Content-Type": content_type}))
    with pytest.raises(UnexpectedAnswer, match="web page"):
        await client.async_snooze("a", 60)


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        (START.replace(tzinfo=None), END, "time zone"),
        (START, END.replace(tzinfo=None), "time zone"),
        (START, START, "after its start"),
        (START, START.astimezone(timezone(timedelta(hours=5))), "after its start"),
    ],
)
async def test_windows_that_are_none(
    cloud: Cloud, client: GridDuckClient, start: datetime, end: datetime, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        await client.async_telemetry_aggregate("a", WH, start, end, HOUR)
    with pytest.raises(ValueError, match=message):
        await client.async_create_data_request(["a"], WH, start, end, HOUR)
    assert cloud.requests == []


async def test_windows_that_are_too_long(cloud: Cloud, client: GridDuckClient) -> None:
    cloud.will(answer('{"results": []}'))
    await client.async_telemetry_aggregate("a", WH, START, START + 1000 * HOUR.length, HOUR)
    await client.async_telemetry_instantaneous("a", WH, START, START + 48 * HOUR.length, HOUR)
    with pytest.raises(ValueError, match="1000 points"):
        await client.async_telemetry_aggregate("a", WH, START, START + 1001 * HOUR.length, HOUR)
    with pytest.raises(ValueError, match="48 points"):
        await client.async_telemetry_instantaneous("a", WH, START, START + 49 * HOUR.length, HOUR)
    with pytest.raises(ValueError, match="needs an asset"):
        await client.async_create_data_request([], WH, START, END, HOUR)
    assert len(cloud.requests) == 2


async def test_data_download(
    simulator: Simulator, real: GridDuckClient, session: aiohttp.ClientSession
) -> None:
    plug = simulator.gridduck.world.ids("plug")[0]
    end = datetime.fromtimestamp(simulator.clock.now() // 3600 * 3600, UTC)
    start = end - timedelta(hours=3)
    created = await real.async_create_data_request([plug], WH, start, end, HOUR)
    assert created.status is DataRequestStatus.PENDING
    simulator.clock.advance(600)
    assert (await real.async_data_request(created.id)).status is DataRequestStatus.READY
    link = await real.async_data_request_link(created.id)
    content = b"".join([chunk async for chunk in download(session, link)])
    assert len(content.splitlines()) == 4
    (call,) = simulator.calls.list("gridduck", "GET", "/download/")
    assert call.headers.get("Authorization") != "present"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"id": 5, "status": "READY"}', DataRequestStatus.READY),
        ('{"id": "5", "status": "failed"}', DataRequestStatus.FAILED),
        ('{"id": "5", "status": "queued"}', DataRequestStatus.PROCESSING),
        ('{"id": "5"}', DataRequestStatus.PENDING),
        ('{"id": "5", "status": null, "more": 1}', DataRequestStatus.PENDING),
    ],
)
async def test_data_request_status(
    cloud: Cloud, client: GridDuckClient, body: str, status: DataRequestStatus
) -> None:
    cloud.will(answer(body))
    request = await client.async_data_request("5")
    assert (request.id, request.status) == ("5", status)


@pytest.mark.parametrize("url", ["http://example.com/x", "ftp://x", "", "https://u:p@host/x"])
async def test_links_that_are_not_used(cloud: Cloud, client: GridDuckClient, url: str) -> None:
    cloud.will(answer(json.dumps({"url": url})))
    with pytest.raises(FeatureUnavailable):
        await client.async_data_request_link("5")


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"status": "ready", "url": 5}', "<html>"])
async def test_answers_that_are_none(cloud: Cloud, client: GridDuckClient, body: str) -> None:
    cloud.will(answer(body))
    with pytest.raises(FeatureUnavailable):
        await client.async_data_request("5")
    with pytest.raises(FeatureUnavailable):
        await client.async_data_request_link("5")
