"""One round of requests, without a service."""

import asyncio
from datetime import UTC, datetime

import pytest

from custom_components.gridduck_heimdall.api.errors import (
    ApiError,
    AuthenticationFailed,
    BadRequest,
    ConnectionFailed,
    NotFound,
    PermissionDenied,
    RateLimited,
    ServerError,
)
from custom_components.gridduck_heimdall.api.heimdall import MAX_PARALLEL
from custom_components.gridduck_heimdall.api.heimdall.models.common import Payload
from custom_components.gridduck_heimdall.heimdall.batch import ENOUGH_FAILED, async_request_all
from custom_components.gridduck_heimdall.heimdall.products import DLR, ProductRequest
from custom_components.gridduck_heimdall.heimdall.schedule import Slot

NOW = datetime(2026, 11, 18, 18, tzinfo=UTC)
SLOTS = [Slot(ProductRequest(DLR, f"line-{number}"), NOW) for number in range(40)]


class Service:
    """Answers as it is told, and notes how it was asked."""

    def __init__(self, *answers: ApiError | None) -> None:
        self.answers = list(answers)
        self.asked = 0
        self.running = 0
        self.most = 0

    async def fetch(self, _: Slot) -> Payload:
        self.asked += 1
        answer = self.answers.pop(0) if self.answers else None
        self.running += 1
        self.most = max(self.most, self.running)
        await asyncio.sleep(0)
        self.running -= 1
        if answer is not None:
            raise answer
        return Payload()


async def test_everything_is_asked_for_some_at_once() -> None:
    service = Service()
    result = await async_request_all(SLOTS, service.fetch)
    assert service.asked == len(result.answers) == 40
    assert service.most == MAX_PARALLEL
    assert result.failure is None
    assert result.served


async def test_nothing_to_ask_for() -> None:
    result = await async_request_all([], Service().fetch)
    assert result.answers == {}
    assert result.failure is None


async def test_refused_credentials_end_it() -> None:
    service = Service(AuthenticationFailed("no"))
    result = await async_request_all(SLOTS, service.fetch)
    assert result.refused is not None
    assert service.asked == MAX_PARALLEL


async def test_too_many_requests_end_it() -> None:
    service = Service(*[None] * MAX_PARALLEL, RateLimited("slower", retry_after=60))
    result = await async_request_all(SLOTS, service.fetch)
    assert result.limited is not None
    assert MAX_PARALLEL < service.asked <= 2 * MAX_PARALLEL
    assert result.failure is None
    assert len(result.answers) == service.asked - 1


async def test_a_dead_connection_ends_it() -> None:
    service = Service(*[ConnectionFailed("dead")] * 40)
    result = await async_request_all(SLOTS, service.fetch)
    assert isinstance(result.failure, ConnectionFailed)
    assert not result.reached
    assert service.asked < ENOUGH_FAILED + MAX_PARALLEL


@pytest.mark.parametrize(
    "answer", [NotFound("none"), BadRequest("bad"), PermissionDenied("denied"), None]
)
async def test_one_answer_is_enough_to_go_on(answer: ApiError | None) -> None:
    service = Service(answer, *[ConnectionFailed("dead")] * 39)
    result = await async_request_all(SLOTS, service.fetch)
    assert service.asked == 40
    assert result.reached
    assert result.served is (answer is None)
    assert result.failure is None


async def test_failures_of_the_service_are_all_seen() -> None:
    service = Service(*[ServerError("broken", status=500)] * 40)
    result = await async_request_all(SLOTS, service.fetch)
    assert service.asked == 40
    assert isinstance(result.failure, ServerError)


async def test_too_many_requests_are_the_failure_where_nothing_was_answered() -> None:
    limited = RateLimited("slower", retry_after=60)
    service = Service(ServerError("broken", status=500), limited)
    result = await async_request_all(SLOTS[:2], service.fetch)
    assert result.failure is result.limited is limited
    assert result.put_off == [SLOTS[1]]
    assert [*result.answers] == [SLOTS[0].request.key]


async def test_no_token_ends_it() -> None:
    """Only such an error does, of those that are no refusal."""
    error = ServerError("broken", status=500)
    error.without_token = True
    service = Service(error)
    result = await async_request_all(SLOTS, service.fetch)
    assert isinstance(result.refused, ServerError)
    assert service.asked == MAX_PARALLEL


async def test_eight_failed_connections_end_it() -> None:
    service = Service(*[ConnectionFailed("dead")] * 40)
    result = await async_request_all(SLOTS, service.fetch)
    assert len(result.answers) == service.asked == 8 + MAX_PARALLEL - 1


async def test_no_request_begins_after_four_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is under way by then is waited for."""
    loop = asyncio.get_running_loop()
    clock = loop.time()
    monkeypatch.setattr(loop, "time", lambda: clock)
    service = Service()

    async def fetch(slot: Slot) -> Payload:
        nonlocal clock
        payload = await service.fetch(slot)
        clock += 30
        return payload

    result = await async_request_all(SLOTS, fetch)
    assert len(result.answers) == service.asked == 8 + MAX_PARALLEL - 1
    assert result.failure is None
