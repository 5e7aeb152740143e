"""What the rooms of the simulator share."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web
from aiohttp.typedefs import Handler

from .calls import Calls
from .clock import Clock
from .faults import Faults
from .options import Options


@dataclass(slots=True)
class Core:
    """The parts that both services share."""

    options: Options
    clock: Clock
    faults: Faults
    calls: Calls


class Service(Protocol):
    """A simulated service; `base_url` is set when its port is bound."""

    base_url: str

    def routes(self) -> Iterable[web.RouteDef]:
        """Return the routes of the service."""

    async def authenticate(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer a request that lacks a good token; hand every other one to the handler."""

    def error(self, status: int, message: str) -> web.Response:
        """Return an error as the service words it."""
