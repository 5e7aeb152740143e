"""The law on a feeder whose load and limit behave badly."""

from collections.abc import Callable

import pytest

from custom_components.gridduck_heimdall.load_limits.control_law.models import Action, State
from custom_components.gridduck_heimdall.load_limits.control_law.tuning import DEFAULT

from .law_feeder import LIMIT, Feeder

# With all ten assets on, 98 % of the limit.
HIGH = 58_000.0
SHARES = (0.1, 0.2, 0.3, 0.5, 0.8)

type Course = Callable[[int, float], float]


def falls(minute: int, step: float) -> float:
    return HIGH if minute < 30 else HIGH - step


def rises(minute: int, step: float) -> float:
    return HIGH - step if minute < 30 else HIGH


def pulses(minute: int, step: float) -> float:
    """Change every ten minutes, as a large oven does."""
    return HIGH - step * (minute % 20 >= 10)


def falls_while_curtailed(minute: int, step: float) -> float:
    """Exceed the limit, then fall: what is curtailed returns at once."""
    return HIGH + 6_000 if minute < 45 else HIGH + 6_000 - step


def falls_and_returns(minute: int, step: float) -> float:
    """Exceed the limit but for some minutes."""
    return HIGH + 8_000 - step * (45 <= minute < 65)


@pytest.mark.parametrize("readings", [1, 5])
@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("course", [falls, rises, pulses, falls_while_curtailed, falls_and_returns])
def test_a_step_of_the_load_says_nothing_of_the_response(
    course: Course, share: float, readings: int
) -> None:
    """However the rest of the load jumps, the limit is kept without a false alarm."""
    feeder = Feeder(base=lambda minute: course(minute, share * LIMIT), readings=readings)
    feeder.run(120)
    assert not any(status.state is State.NO_RESPONSE for status in feeder.statuses)
    above = sum(load > 1.02 * LIMIT for load in feeder.loads)
    # A line shows a fall five minutes late, and what returns on it is soon curtailed again.
    assert above <= 12
    assert feeder.statuses[-1].response > 0.7


@pytest.mark.parametrize("share", SHARES)
def test_what_does_not_exceed_the_limit_costs_few_commands(share: float) -> None:
    feeder = Feeder(base=lambda minute: falls(minute, share * LIMIT))
    feeder.run(120)
    assert not feeder.decisions


@pytest.mark.parametrize(("response", "readings"), [(0.0, 1), (0.0, 5), (-1.0, 1), (-1.0, 5)])
def test_a_line_that_does_not_respond_is_still_found(response: float, readings: int) -> None:
    feeder = Feeder(
        base=lambda minute: (105_000 if minute > 20 else 80_000) - response * 40_000,
        response=response,
        readings=readings,
    )
    feeder.run(60)
    assert feeder.statuses[-1].state is State.NO_RESPONSE
    assert feeder.statuses[-1].assets == 0


def test_after_a_pause_the_response_is_tried_again() -> None:
    """A switched grid may respond in full: the verdict is not for ever."""
    hours = DEFAULT.blocked / 3600
    feeder = Feeder(base=lambda minute: 105_000.0 if minute > 20 else 80_000.0, response=0.0)
    feeder.run(round(60 * hours) + 90)
    found = [place for place, one in enumerate(feeder.statuses) if one.state is State.NO_RESPONSE]
    tried = [
        one.at / 60
        for one in feeder.decisions
        if one.action is Action.CURTAIL and one.at > DEFAULT.blocked
    ]
    assert found[-1] - found[0] > 60 * hours
    assert tried
    assert min(tried) >= found[0] + 60 * hours


def test_a_rating_that_falls_at_once_is_obeyed_at_once() -> None:
    feeder = Feeder(base=lambda _: 50_000.0, limit=lambda minute: LIMIT * (1 - 0.2 * (minute > 30)))
    feeder.run(60)
    assert all(load < 0.81 * LIMIT for load in feeder.loads[33:])
    assert not any(status.state is State.NO_RESPONSE for status in feeder.statuses)


def test_a_rating_that_flaps_does_not_flap_assets() -> None:
    """Every other measurement the limit is 20 % lower: the lower one is kept."""
    feeder = Feeder(base=lambda _: 50_000.0, limit=lambda minute: LIMIT * (1 - 0.2 * (minute % 2)))
    feeder.run(180)
    returned = [one for one in feeder.decisions if one.action is Action.RETURN]
    assert not returned
    assert all(load < 0.82 * LIMIT for load in feeder.loads[5:])


@pytest.mark.parametrize("readings", [1, 5])
def test_gaps_are_survived(readings: int) -> None:
    """Half of the measurements are missing, and once an hour of them."""
    feeder = Feeder(
        base=lambda minute: HIGH + 8_000 * (minute > 20),
        readings=readings,
        measured=lambda minute: minute % 4 < 2 and not 60 <= minute < 110,
    )
    feeder.run(180)
    assert not any(status.state is State.NO_RESPONSE for status in feeder.statuses)
    assert all(load < 1.02 * LIMIT for load in feeder.loads[40:])
