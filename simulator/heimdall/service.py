"""The simulated Heimdall service. Contract: heimdall-api.md §2, §5, §9."""

from aiohttp import web
from aiohttp.typedefs import Handler
from multidict import MultiMapping

from simulator.core import Core
from simulator.world.weather import WeatherModel

from . import inventory
from .answers import data, problem
from .asked import Asked, Models
from .assets import Facility, Line
from .endpoints import ASSETS_PATH, ENDPOINTS, Endpoint
from .measure import Measurements
from .mechanics import Mechanics
from .query import InvalidParametersError, Query, Takes, is_uuid, parse_query
from .ratings import Ratings
from .tokens import ROUTE, SCOPE, SUFFIX, TOKEN_PATH, Tokens
from .units import in_units
from .world import HeimdallWorld


class HeimdallService:
    """One account of the service; `base_url` is set when its port is bound."""

    def __init__(self, core: Core) -> None:
        """Make the service with the world of the core's options."""
        self.base_url = ""
        self.scope = SCOPE
        self.world = HeimdallWorld(core)
        self._clock = core.clock
        self._tokens = Tokens(self.world, core.clock)
        seed = core.options.seed
        weather = WeatherModel(seed)
        sliding = core.options.current_window == "sliding"
        measurements = Measurements(seed, weather, sliding=sliding)
        self.models = Models(
            measurements=measurements,
            ratings=Ratings(seed, measurements, from_issue=core.options.forecast_start == "issue"),
            mechanics=Mechanics(seed, weather, measurements),
        )

    @property
    def client_id(self) -> str:
        """Return the account's client id."""
        return self.world.client_id

    @property
    def client_secret(self) -> str:
        """Return the account's client secret."""
        return self.world.client_secret

    @property
    def token_url(self) -> str:
        """Return where tokens are to be had."""
        return f"{self.base_url}{TOKEN_PATH}"

    def routes(self) -> list[web.RouteDef]:
        """Return the token endpoint and the 23 routes of the API, all GET only."""
        return [
            web.post(ROUTE, self._tokens.answer),
            web.get(ASSETS_PATH, self._assets, allow_head=False),
            *(
                # Anything but a slash is an id, so that every malformed one is told it is.
                web.get(e.path.replace("_id}", "_id:[^/]+}"), self._handler(e), allow_head=False)
                for e in ENDPOINTS
            ),
        ]

    async def authenticate(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let requests with a good token through, and those for one; else 401, no body."""
        authorization = request.headers.get("Authorization")
        if request.path.endswith(SUFFIX) or self._tokens.good(authorization):
            return await handler(request)
        return self.error(401, "Unauthorized")

    def error(self, status: int, message: str) -> web.Response:
        """Return an error as the service words it."""
        if status == 404 and self.world.empty_not_found:
            return web.Response(status=404)
        return problem(status, message)

    async def _assets(self, request: web.Request) -> web.Response:
        """A1."""
        try:
            self._parameters(request, Takes.NOTHING)
        except InvalidParametersError as error:
            return problem(400, errors=error.errors)
        return data(inventory.assets(self.world.owners))

    def _handler(self, endpoint: Endpoint) -> Handler:
        async def answer(request: web.Request) -> web.Response:
            asset_id = request.match_info[f"{endpoint.kind}_id"]
            try:
                query = self._parameters(request, endpoint.takes)
                _check_id(endpoint, asset_id)
            except InvalidParametersError as error:
                return problem(400, errors=error.errors)
            return self._answer(endpoint, asset_id, query)

        return answer

    def _parameters(self, request: web.Request, takes: Takes) -> Query:
        region = request.headers.get("x-region", "eu")
        if region not in self.world.regions:
            message = f"The value '{region}' is not valid."
            raise InvalidParametersError({"x-region": [message]})
        query: MultiMapping[str] = request.query
        return parse_query(query, takes)

    def _answer(self, endpoint: Endpoint, asset_id: str, query: Query) -> web.Response:
        if asset_id in self.world.forbidden:
            return self.error(403, "Access to this asset is not allowed")
        found = self._find(endpoint, asset_id)
        if found is None:
            return self.error(self.world.unknown_id_status, "No such asset")
        facility, line = found
        now = self._clock.now()
        if line is None or not self._offers(endpoint, line, now):
            return self.error(404, f"No data available for this {endpoint.kind}")
        asked = Asked(facility=facility, line=line, query=query, now=now, models=self.models)
        payload = endpoint.answer(asked)
        if payload is None:
            return self.error(404, f"No data available for this {endpoint.kind}")
        return data(in_units(payload, self.world.units) if self.world.units else payload)

    def _find(self, endpoint: Endpoint, asset_id: str) -> tuple[Facility, Line | None] | None:
        try:
            if endpoint.kind == "facility":
                facility = self.world.facility(asset_id)
            else:
                facility = self.world.facility_of(asset_id)
        except KeyError:
            return None
        return facility, facility.line

    def _offers(self, endpoint: Endpoint, line: Line, now: float) -> bool:
        """Tell whether there can be data: without sensors only histories, which are empty."""
        live = endpoint.history or line.instrumented(now)
        return live and endpoint.product in line.products


def _check_id(endpoint: Endpoint, asset_id: str) -> None:
    if not is_uuid(asset_id):
        name = f"{endpoint.kind}_id"
        raise InvalidParametersError({name: [f"The value '{asset_id}' is not valid."]})
