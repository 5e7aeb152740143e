"""The gate that keeps requests back, on a clock of plain numbers."""

from collections.abc import Callable

import pytest

from custom_components.gridduck_heimdall.api.concurrency import RetryAfterGate
from custom_components.gridduck_heimdall.api.errors import RateLimited, ServerError

NOW = 1_800_000_000.0


def closed(seconds: float = 60) -> RetryAfterGate:
    gate = RetryAfterGate()
    gate.close(seconds, NOW)
    return gate


def test_a_new_gate_is_open() -> None:
    gate = RetryAfterGate()
    assert not gate.is_closed(NOW)
    assert gate.remaining(NOW) == 0
    assert gate.opens_at(NOW) == 0


@pytest.mark.parametrize(
    ("later", "remaining"), [(0, 60), (1, 59), (59.5, 0.5), (60, 0), (61, 0), (1e6, 0)]
)
def test_a_pause_ends_when_it_was_asked_to(later: float, remaining: float) -> None:
    gate = closed()
    assert gate.remaining(NOW + later) == remaining
    assert gate.is_closed(NOW + later) is (remaining > 0)
    assert gate.opens_at(NOW + later) == NOW + 60


def test_a_clock_that_is_set_back_opens_the_gate() -> None:
    gate = closed()
    assert not gate.is_closed(NOW - 1)
    assert gate.remaining(NOW - 1) == 0
    assert gate.opens_at(NOW - 1) == 0


def test_a_new_pause_replaces_the_current_one() -> None:
    gate = closed(600)
    gate.close(5, NOW + 1)
    assert gate.remaining(NOW + 1) == 5
    gate.open()
    assert not gate.is_closed(NOW + 1)


@pytest.mark.parametrize("seconds", [0, 7.5, None])
@pytest.mark.parametrize(
    "error",
    [
        lambda seconds: RateLimited("slower", retry_after=seconds),
        lambda seconds: ServerError("broken", status=503, retry_after=seconds),
    ],
)
def test_an_error_closes_the_gate_for_as_long_as_it_names(
    error: Callable[[float | None], RateLimited | ServerError], seconds: float | None
) -> None:
    gate = RetryAfterGate()
    gate.obey(error(seconds), NOW)
    assert gate.remaining(NOW) == (seconds or 0)


def test_an_error_without_a_pause_leaves_the_current_one() -> None:
    gate = closed()
    gate.obey(RateLimited("slower"), NOW + 1)
    assert gate.remaining(NOW + 1) == 59


def test_passing_a_closed_gate_names_the_seconds_left() -> None:
    gate, reached = closed(), False
    with pytest.raises(RateLimited) as caught, gate.passing(lambda: NOW + 20):
        reached = True
    assert not reached
    assert caught.value.retry_after == 40


def test_a_rejection_on_passing_closes_the_gate_as_of_then() -> None:
    gate, clock = RetryAfterGate(), iter([NOW, NOW + 10])
    with pytest.raises(RateLimited, match="slower"), gate.passing(lambda: next(clock)):
        raise RateLimited("slower", retry_after=30)
    assert gate.opens_at(NOW + 10) == NOW + 40


def test_other_failures_on_passing_leave_the_gate_open() -> None:
    gate = RetryAfterGate()
    with pytest.raises(ServerError), gate.passing(lambda: NOW):
        raise ServerError("broken", status=503, retry_after=30)
    assert not gate.is_closed(NOW)
