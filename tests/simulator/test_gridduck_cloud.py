"""The simulated GridDuck: its token endpoint and who may do what. Also a client for the others."""

from base64 import b64encode
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

import aiohttp
from aiohttp import web
import msgspec
import pytest

from simulator.app import make_app
from simulator.calls import Calls
from simulator.clock import Clock
from simulator.core import Core
from simulator.faults import Fault, Faults
from simulator.gridduck import MISSING, GridDuckService
from simulator.gridduck.settings import BasicForm
from simulator.gridduck.world import World
from simulator.options import Options

NOON = 1_795_608_000  # 2026-11-25T12:00:00Z, a Wednesday
ALL_SCOPES = "site:view asset:view asset:boost_snooze asset:edit"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """One answer, read to its end."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> dict[str, Any]:
        assert self.headers["Content-Type"].startswith("application/json"), self.content[:200]
        body: dict[str, Any] = msgspec.json.decode(self.content)
        return body

    @property
    def results(self) -> list[dict[str, Any]]:
        assert self.status == 200, self.content[:200]
        results: list[dict[str, Any]] = self.json["results"]
        return results


@dataclass
class Cloud:
    """The running service, seen from outside over a real socket."""

    core: Core
    service: GridDuckService
    session: aiohttp.ClientSession
    token: str = ""

    @property
    def world(self) -> World:
        return self.service.world

    @property
    def now(self) -> float:
        return self.core.clock.now()

    async def call(
        self, method: str, path: str, *, token: str | None = None, **more: Any
    ) -> Answer:
        """Send a request with the bearer token; `token=""` sends none."""
        bearer = self.token if token is None else token
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        headers |= more.pop("headers", {})
        url = path if path.startswith("http") else self.service.base_url + path
        async with self.session.request(
            method, url, headers=headers, allow_redirects=False, **more
        ) as response:
            return Answer(response.status, dict(response.headers), await response.read())

    async def get(self, path: str, **query: object) -> Answer:
        return await self.call("GET", path, params={k: str(v) for k, v in query.items()})

    async def put(self, asset_id: str, **body: object) -> Answer:
        return await self.call("PUT", f"/asset/{asset_id}", json=body)

    async def record(self, asset_id: str) -> dict[str, Any]:
        """Return an asset as the list gives it."""
        for offset in range(0, 10_000, 100):
            page = await self.get("/asset/", offset=offset, limit=100)
            for asset in page.results:
                if asset.get("id") == asset_id:
                    return asset
            if not page.results:
                break
        raise KeyError(asset_id)

    async def ask_token(
        self,
        scope: str = ALL_SCOPES,
        *,
        secret: str | None = None,
        client_id: str | None = None,
        **more: object,
    ) -> Answer:
        """Ask for a token; `more` replaces the arguments of the request."""
        pair = f"{client_id or self.service.client_id}:{secret or self.service.client_secret}"
        asked = {
            "data": {"grant_type": "client_credentials", "scope": scope},
            "headers": {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"},
        }
        return await self.call("POST", "/oauth/token", token="", **(asked | more))

    async def log_in(self, scope: str = ALL_SCOPES) -> None:
        self.token = (await self.ask_token(scope)).json["access_token"]


@asynccontextmanager
async def cloud_running(**options: Any) -> AsyncIterator[Cloud]:
    """Run the service alone, with a clock that only moves when told, and log in."""
    core = Core(
        options=Options(**options), clock=Clock(lambda: NOON), faults=Faults(), calls=Calls()
    )
    service = GridDuckService(core)
    app = make_app(core, "gridduck", service.routes(), service.authenticate, service.error)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        service.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with aiohttp.ClientSession() as session:
            cloud = Cloud(core, service, session)
            await cloud.log_in()
            yield cloud
    finally:
        await runner.cleanup()


@pytest.fixture
async def cloud(socket_enabled: None) -> AsyncGenerator[Cloud]:
    async with cloud_running() as running:
        yield running


async def test_token_is_what_the_guide_shows(cloud: Cloud) -> None:
    answer = await cloud.ask_token("site:view asset:view asset:edit")
    assert answer.status == 200
    token = answer.json.pop("access_token")
    assert len(token) > 20
    assert {k: v for k, v in answer.json.items() if k != "access_token"} == {
        "token_type": "Bearer",
        "expires_in": "3600",
        "mfa_requires_setup": False,
        "refresh_token": None,
        "scope": "site:view asset:view asset:edit",
        "user": {"id": 1234},
    }


async def test_every_token_is_another_and_all_are_good(cloud: Cloud) -> None:
    first, second = [(await cloud.ask_token()).json["access_token"] for _ in range(2)]
    assert first != second
    for token in (first, second):
        assert (await cloud.call("GET", "/asset/", token=token)).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic"},
        {"Authorization": "Basic !!!"},
        {"Authorization": f"Basic {b64encode(b'no-colon').decode()}"},
        {"Authorization": f"Basic {b64encode(b'someone:else').decode()}"},
        {"Authorization": "Bearer abc"},
    ],
)
async def test_bad_credentials_are_401(cloud: Cloud, headers: dict[str, str]) -> None:
    answer = await cloud.ask_token(headers=headers)
    assert answer.status == 401
    assert answer.json["error"] == "invalid_client"
    assert {"message", "request_id"} <= set(answer.json)
    assert answer.headers["WWW-Authenticate"] == "Basic"


async def test_credentials_in_the_body_do_not_do(cloud: Cloud) -> None:
    body = {
        "grant_type": "client_credentials",
        "scope": ALL_SCOPES,
        "client_id": cloud.service.client_id,
        "client_secret": cloud.service.client_secret,
    }
    assert (await cloud.ask_token(data=body, headers={})).status == 401
    assert (await cloud.ask_token(data=body)).status == 400


async def test_credentials_may_be_form_encoded(cloud: Cloud) -> None:
    cloud.world.rotate_secret("a+b %/c:é")
    assert (await cloud.ask_token()).status == 200
    assert (await cloud.ask_token(secret=quote_plus("a+b %/c:é"))).status == 200


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("grant_type=password&scope=asset%3Aview", "unsupported_grant_type"),
        ("scope=asset%3Aview", "unsupported_grant_type"),
        ("grant_type=client_credentials", "invalid_scope"),
        ("grant_type=client_credentials&scope=", "invalid_scope"),
        ("grant_type=client_credentials&scope=site%3Aread", "invalid_scope"),
        ("grant_type=client_credentials&scope=site%3Aview%2Casset%3Aview", "invalid_scope"),
        ("grant_type=client_credentials&scope=asset%3Aview&more=1", "bad_request"),
        ("grant_type=client_credentials&scope=asset%3Aview&scope=site%3Aview", "bad_request"),
    ],
)
async def test_bad_token_requests_are_400(cloud: Cloud, body: str, error: str) -> None:
    pair = f"{cloud.service.client_id}:{cloud.service.client_secret}"
    headers = {
        "Authorization": f"Basic {b64encode(pair.encode()).decode()}",
        "Content-Type": FORM,
    }
    answer = await cloud.ask_token(data=body, headers=headers)
    assert (answer.status, answer.json["error"]) == (400, error)


async def test_token_wants_a_form(cloud: Cloud) -> None:
    pair = f"{cloud.service.client_id}:{cloud.service.client_secret}"
    headers = {
        "Authorization": f"Basic {b64encode(pair.encode()).decode()}",
        "Content-Type": "application/json",
    }
    assert (await cloud.ask_token(data=b"{}", headers=headers)).status == 400
    assert (await cloud.call("GET", "/oauth/token")).status == 405


async def test_less_may_be_granted_than_asked(cloud: Cloud) -> None:
    cloud.world.granted_scopes.discard("asset:boost_snooze")
    answer = await cloud.ask_token("asset:view asset:boost_snooze")
    assert (answer.status, answer.json["scope"]) == (200, "asset:view")
    assert (await cloud.ask_token("asset:boost_snooze")).json["error"] == "invalid_scope"
    cloud.world.strict_scopes = True
    assert (await cloud.ask_token("asset:view asset:boost_snooze")).status == 400
    assert (await cloud.ask_token("asset:view")).status == 200


@pytest.mark.parametrize("value", [None, 0, 7200, "60", 12.5])
async def test_expires_in_can_be_anything(cloud: Cloud, value: object) -> None:
    cloud.world.expires_in = value
    assert (await cloud.ask_token()).json["expires_in"] == value
    cloud.world.expires_in = MISSING
    assert "expires_in" not in (await cloud.ask_token()).json


async def test_users(cloud: Cloud) -> None:
    cloud.world.users[cloud.service.client_id] = None
    assert "user" not in (await cloud.ask_token()).json
    cloud.world.add_application("other", "thing", 99)
    other = await cloud.ask_token(client_id="other", secret="thing")
    assert other.json["user"] == {"id": 99}


async def test_a_token_ends(cloud: Cloud) -> None:
    cloud.core.clock.advance(3_599)
    assert (await cloud.get("/asset/")).status == 200
    cloud.core.clock.advance(1)
    answer = await cloud.get("/asset/")
    assert (answer.status, answer.json["error"]) == (401, "unauthorized")
    cloud.world.token_lifetime = 10
    assert (await cloud.ask_token()).json["expires_in"] == "10"


async def test_revoked_tokens_and_another_secret(cloud: Cloud) -> None:
    old = cloud.service.client_secret
    cloud.world.rotate_secret("another")
    assert (await cloud.get("/asset/")).status == 200
    cloud.world.revoke_tokens()
    assert (await cloud.get("/asset/")).status == 401
    assert (await cloud.ask_token(secret=old)).status == 401
    await cloud.log_in()
    assert (await cloud.get("/asset/")).status == 200


@pytest.mark.parametrize("token", ["", "made-up"])
@pytest.mark.parametrize("path", ["/asset/", "/site/", "/data_request/x", "/nowhere"])
async def test_no_good_token_is_401(cloud: Cloud, token: str, path: str) -> None:
    answer = await cloud.call("GET", path, token=token)
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert {"error", "message", "request_id"} == set(answer.json)


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/asset/", "asset:view"),
        ("GET", "/site/", "site:view"),
        ("GET", "/asset/x/telemetry/aggregate", "asset:view"),
        ("GET", "/asset/x/telemetry/instantaneous", "asset:view"),
        ("POST", "/data_request/", "asset:view"),
        ("GET", "/data_request/x", "asset:view"),
        ("POST", "/data_request/x/link", "asset:view"),
        ("GET", "/data_request/", "asset:view"),
        ("DELETE", "/data_request/x", "asset:view"),
    ],
)
async def test_each_endpoint_wants_its_scope(
    cloud: Cloud, method: str, path: str, scope: str
) -> None:
    await cloud.log_in(ALL_SCOPES.replace(scope, ""))
    answer = await cloud.call(method, path)
    assert (answer.status, answer.json["error"]) == (403, "forbidden")
    await cloud.log_in(scope)
    assert (await cloud.call(method, path)).status != 403
    cloud.world.granted_scopes.discard(scope)
    assert (await cloud.call(method, path)).status == 403


async def test_either_scope_of_control_is_enough(cloud: Cloud) -> None:
    await cloud.log_in("site:view asset:view")
    assert (await cloud.call("PUT", "/asset/x")).status == 403
    for scope in ("asset:boost_snooze", "asset:edit"):
        await cloud.log_in(scope)
        assert (await cloud.call("PUT", "/asset/x")).status == 404
        cloud.world.granted_scopes.discard(scope)
        assert (await cloud.call("PUT", "/asset/x")).status == 403


@pytest.mark.parametrize(("form", "literal"), [("literal", 200), ("encoded", 401), ("either", 200)])
async def test_the_basic_header_can_be_wanted_in_one_form(
    cloud: Cloud, form: BasicForm, literal: int
) -> None:
    cloud.world.basic = form
    cloud.world.rotate_secret("a+b%")
    assert (await cloud.ask_token(secret="a+b%")).status == literal
    assert (await cloud.ask_token(secret=quote_plus("a+b%"))).status == (
        401 if form == "literal" else 200
    )


async def test_lists_can_refuse_their_query(cloud: Cloud) -> None:
    cloud.world.refuses_limits_above = 25
    assert (await cloud.get("/asset/?limit=26")).status == 400
    assert (await cloud.get("/asset/?limit=25&offset=25")).status == 200
    cloud.world.refuses_queries, cloud.world.refusal_status = True, 422
    assert (await cloud.get("/asset/?offset=0")).status == 422
    assert (await cloud.get("/asset/")).status == 200


async def test_lists_can_go_wrong(cloud: Cloud) -> None:
    cloud.world.ignores_offset, cloud.world.total = True, 7
    first, second = await cloud.get("/asset/?limit=5"), await cloud.get("/asset/?limit=5&offset=5")
    assert first.json["results"] == second.json["results"]
    assert second.json["pagination"] == {"offset": 0, "limit": 5, "total": 7}


@pytest.mark.parametrize("path", ["/asset", "/site"])
async def test_the_slash_can_be_redirected(cloud: Cloud, path: str) -> None:
    assert (await cloud.get(path)).status == 404
    cloud.world.redirects_slash = 308
    answer = await cloud.get(f"{path}/?limit=5&offset=1")
    assert (answer.status, answer.headers["Location"]) == (308, f"{path}?limit=5&offset=1")
    assert (await cloud.get(f"{path}?limit=5&offset=1")).status == 200


async def test_too_many_requests_say_when_to_come_back(cloud: Cloud) -> None:
    cloud.core.faults.add(Fault(service="gridduck", path="/asset/", status=429))
    answer = await cloud.get("/asset/")
    assert (answer.status, answer.headers["Retry-After"]) == (429, "30")
    assert answer.json["error"] == "too_many_requests"


async def test_nothing_secret_shows(cloud: Cloud) -> None:
    shown = f"{cloud.world.accounts!r} {cloud.core.calls.all()!r}"
    assert cloud.token not in shown
    assert cloud.service.client_secret not in shown
