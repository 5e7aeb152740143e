"""Pauses that grow with each failure, on a clock of plain numbers."""

from datetime import timedelta

import pytest

from custom_components.gridduck_heimdall.api.concurrency import Backoff

NOW = 1_800_000_000.0


def backoff() -> Backoff:
    return Backoff(timedelta(minutes=1), timedelta(minutes=5))


def test_it_doubles_up_to_the_longest_until_it_is_opened() -> None:
    gate, pauses = backoff(), list[float]()
    now = NOW
    for _ in range(5):
        gate.fail(now)
        pauses.append(gate.remaining(now))
        # The next attempt comes when the pause is over, and fails as well.
        now = gate.opens_at(now)
    assert pauses == [60, 120, 240, 300, 300]
    gate.open()
    assert not gate.is_closed(now)
    gate.fail(now)
    assert gate.remaining(now) == 60


@pytest.mark.parametrize(("least", "pause"), [(0, 60), (59, 60), (90, 90), (900, 900)])
def test_a_pause_that_is_requested_is_the_shortest(least: float, pause: float) -> None:
    gate = backoff()
    gate.fail(NOW, least=least)
    assert gate.remaining(NOW) == pause


@pytest.mark.parametrize(("exact", "pause"), [(30, 30), (900, 900), (0, 1)])
def test_a_pause_can_be_set(exact: float, pause: float) -> None:
    """Requests without any pause would never end."""
    gate = backoff()
    gate.fail(NOW, exact=exact)
    assert gate.remaining(NOW) == pause
    gate.fail(NOW + 1000)
    assert gate.remaining(NOW + 1000) == 120


def test_a_failure_during_a_pause_does_not_shorten_it() -> None:
    gate = backoff()
    gate.fail(NOW, least=600)
    gate.fail(NOW + 1)
    assert gate.remaining(NOW + 1) == 599


def test_a_first_pause_of_less_than_a_second() -> None:
    gate = Backoff(timedelta(seconds=0.5), timedelta(minutes=5))
    gate.fail(NOW)
    assert gate.remaining(NOW) == 0.5
