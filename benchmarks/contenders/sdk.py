"""A poll of all measurements of all lines by the vendor's SDK. Runs where the SDK is installed."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus
from uuid import UUID

from heimdall_api_client.client import HeimdallApiClient
from heimdall_api_client.errors import HeimdallApiError

from benchmarks.framework import Figures, Given, Work

from .measurements import asked, hour_ago


@asynccontextmanager
async def sdk(given: Given) -> AsyncIterator[Work]:
    """Ask for one product after another, as the SDK's own examples do."""
    access = given.clouds["heimdall"]
    client = HeimdallApiClient(
        access["client_id"],
        access["client_secret"],
        api_base_url=access["base_url"],
        auth_scope=[access["scope"]],
        timeout=30.0,
    )
    # It only makes addresses that begin with https.
    client.auth_service.token_url = access["token_url"]
    targets = [(one.line.id, one.facility.id) for one in client.get_instrumented_lines()]

    async def run() -> Figures:
        requests = answers = 0
        for ask in _asks(client, targets):
            requests += 1
            answers += _answered(ask)
        return asked(requests=requests, answers=answers)

    yield Work(run=run)


def _asks(
    client: HeimdallApiClient, targets: list[tuple[UUID, UUID]]
) -> Iterator[Callable[[], object]]:
    since = hour_ago()
    for line_id, facility_id in targets:
        yield partial(client.get_latest_current, line_id)
        yield partial(client.get_latest_conductor_temperature, line_id)
        yield partial(client.get_latest_icing, line_id, since=since)
        yield partial(client.get_latest_sag_and_clearance, line_id, since=since)
        yield partial(client.get_latest_heimdall_dlr, line_id)
        yield partial(client.get_latest_heimdall_aar, line_id)
        yield partial(client.get_latest_line_transient_rating, line_id)
        yield partial(client.get_latest_circuit_rating, facility_id)
        yield partial(client.get_latest_circuit_transient_rating, facility_id)


def _answered(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except HeimdallApiError as error:
        if error.status_code != HTTPStatus.NOT_FOUND:
            raise
        return False
    return True
