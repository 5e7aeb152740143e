"""Every kind of request that the integration makes, as the table of expectations names it."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from custom_components.gridduck_heimdall.api.download import download
from custom_components.gridduck_heimdall.api.gridduck import (
    Granularity,
    GridDuckClient,
    TelemetryType,
)
from custom_components.gridduck_heimdall.api.heimdall import (
    Endpoint,
    HeimdallClient,
    Target,
    endpoints,
)
from custom_components.gridduck_heimdall.api.heimdall.endpoint import Parameters, ResponseKind
from custom_components.gridduck_heimdall.api.token import TokenSource
from custom_components.gridduck_heimdall.const import CONF_BASE_URL, CONF_TOKEN_URL
from custom_components.gridduck_heimdall.gridduck.access import Access as GridDuckAccess
from custom_components.gridduck_heimdall.heimdall.access import Access as HeimdallAccess
from simulator.faults import Cloud
from simulator.heimdall.endpoints import ENDPOINTS
from simulator.server import Simulator
from tests.conftest import gridduck_data, heimdall_data

GRIDDUCK: Final = "gridduck"
HEIMDALL: Final = "heimdall"
TOKEN_PATHS: Final = {GRIDDUCK: "^/oauth/token$", HEIMDALL: "/oauth2/v2.0/token$"}
PAGE: Final = 10

# Of the full and the packed form of a forecast, the packed one, which polls use.
HEIMDALL_ENDPOINTS: Final[tuple[Endpoint[Any], ...]] = tuple(
    {one.id: one for one in vars(endpoints).values() if isinstance(one, Endpoint)}.values()
)

type Send = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Request:
    """One kind of request.

    Attributes:
        service: whose it is.
        name: its own.
        column: of the table, which may stand for several.
        path: a regular expression that the path of no other kind of request fits.
        send: makes it, and returns what came, without what differs from time to time.
    """

    service: Cloud
    name: str
    column: str
    path: str
    send: Send


@dataclass(frozen=True, kw_only=True)
class Clients:
    """What makes the requests, just as an account has it."""

    hass: HomeAssistant
    gridduck: GridDuckClient
    gridduck_tokens: TokenSource
    heimdall: HeimdallClient
    heimdall_tokens: TokenSource


def clients(
    hass: HomeAssistant,
    simulator: Simulator,
    *,
    address: str | None = None,
    token_address: str | None = None,
) -> Clients:
    """Return the clients of both simulated accounts, or of what is at other addresses."""
    gridduck, heimdall = gridduck_data(simulator), heimdall_data(simulator)
    gridduck[CONF_BASE_URL] = address or token_address or gridduck[CONF_BASE_URL]
    heimdall[CONF_BASE_URL] = address or heimdall[CONF_BASE_URL]
    heimdall[CONF_TOKEN_URL] = token_address or heimdall[CONF_TOKEN_URL]
    duck, power = GridDuckAccess.of(hass, gridduck), HeimdallAccess.of(hass, heimdall)
    return Clients(
        hass=hass,
        gridduck=duck.client,
        gridduck_tokens=duck.tokens,
        heimdall=power.client,
        heimdall_tokens=power.tokens,
    )


@dataclass(frozen=True)
class Subjects:
    """What the requests are about.

    Attributes:
        request_id: of a data request that is ready.
        link: to its file.
        now: the simulated time.
    """

    simulator: Simulator
    request_id: str
    link: str
    now: datetime

    @property
    def assets(self) -> list[str]:
        """Ids of assets that may be controlled."""
        world = self.simulator.gridduck.world
        return [one for one in world.ids() if not world.record(one)["read_only"]]


async def prepare(sender: Clients, simulator: Simulator) -> Subjects:
    """Prepare the cloud for all kinds of requests: pages, and a data request that is ready."""
    simulator.gridduck.world.max_limit = PAGE
    simulator.gridduck.world.link_lifetime = 1e6
    now = datetime.fromtimestamp(simulator.clock.now(), UTC)
    asked = await sender.gridduck.async_create_data_request(
        [simulator.gridduck.world.ids()[0]], *_range(now)
    )
    simulator.clock.advance(simulator.gridduck.world.data_request_seconds)
    link = await sender.gridduck.async_data_request_link(asked.id)
    return Subjects(simulator, asked.id, link, now)


def every_request(sender: Clients, about: Subjects) -> list[Request]:
    """Return all of them."""
    return [*_gridduck(sender, about), *_heimdall(sender, about)]


def _gridduck(sender: Clients, about: Subjects) -> Iterator[Request]:
    client = sender.gridduck
    boosted, snoozed, resumed, measured, *_ = about.assets
    listing = client.async_list_assets

    async def submit() -> object:
        return (await client.async_create_data_request([measured], *_range(about.now))).status

    async def status() -> object:
        return (await client.async_data_request(about.request_id)).status

    async def link() -> object:
        return (await client.async_data_request_link(about.request_id))[:5]

    async def file() -> object:
        session = async_get_clientsession(sender.hass)
        async with aclosing(download(session, about.link)) as blocks:
            return b"".join([block async for block in blocks])

    table: tuple[tuple[str, str, Send], ...] = (
        ("token", TOKEN_PATHS[GRIDDUCK], partial(_token, sender.gridduck_tokens)),
        ("list", r"^/asset/\?offset=0&", listing),
        ("page", rf"^/asset/\?offset={PAGE}&", listing),
        ("boost", f"^/asset/{boosted}$", partial(client.async_boost, boosted, 60)),
        ("snooze", f"^/asset/{snoozed}$", partial(client.async_snooze, snoozed, 60)),
        ("resume", f"^/asset/{resumed}$", partial(client.async_end_snooze, resumed)),
        (
            "series",
            f"^/asset/{measured}/telemetry/aggregate",
            partial(client.async_telemetry_aggregate, measured, *_range(about.now)),
        ),
        ("submit", "^/data_request/$", submit),
        ("status", f"^/data_request/{about.request_id}$", status),
        ("link", "/link$", link),
    )
    for column, path, send in table:
        yield Request(GRIDDUCK, column, column, path, send)
    yield Request(GRIDDUCK, "file", "file", "^/download/", file)


def _heimdall(sender: Clients, about: Subjects) -> Iterator[Request]:
    yield Request(
        HEIMDALL, "token", "token", TOKEN_PATHS[HEIMDALL], partial(_token, sender.heimdall_tokens)
    )
    for endpoint in HEIMDALL_ENDPOINTS:
        target = _target_of(endpoint, about.simulator)
        path = endpoint.path.format(id=target)
        yield Request(
            HEIMDALL,
            endpoint.id,
            endpoint.kind.value,
            rf"^{path}(\?|$)",
            partial(sender.heimdall.async_fetch, endpoint, target, **_parameters(endpoint, about)),
        )


async def _token(tokens: TokenSource) -> object:
    """Get a new token, as when the one at hand was refused."""
    tokens.invalidate(await tokens.async_get_token())
    return (await tokens.async_get_token()).scope


def _range(now: datetime) -> tuple[TelemetryType, datetime, datetime, Granularity]:
    end = now.replace(minute=0, second=0, microsecond=0)
    return TelemetryType.DELIVERED, end - timedelta(days=1), end, Granularity.HOUR


def _parameters(endpoint: Endpoint[Any], about: Subjects) -> Parameters:
    if endpoint.kind is not ResponseKind.HISTORY:
        return Parameters()
    return Parameters(start=about.now - timedelta(hours=6), end=about.now)


def _target_of(endpoint: Endpoint[Any], simulator: Simulator) -> str | None:
    """Return the id of the first line that offers what an endpoint gives, or of its facility."""
    if endpoint.target is Target.ACCOUNT:
        return None
    world = simulator.heimdall.world
    [offered] = (one for one in ENDPOINTS if one.number == endpoint.id)
    line = next(one for one in world.lines() if offered.product in one.products)
    return line.id if endpoint.target is Target.LINE else world.facility_of(line.id).id
