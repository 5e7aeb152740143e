"""Fixtures of the tests of triggers and conditions."""

from freezegun.api import FrozenDateTimeFactory
import pytest

from simulator.options import Options
from tests.gridduck.conftest import account, lamp, passing, world
from tests.heimdall.conftest import home

__all__ = ["account", "home", "lamp", "passing", "world"]

BEFORE_THE_PEAK = "2026-11-18T16:00:00Z"


@pytest.fixture
def simulator_options() -> Options:
    """Return a small world of one line, which has all but icing."""
    return Options(sites=1, assets=8, lines=1)


@pytest.fixture(autouse=True)
def four_in_the_afternoon(freezer: FrozenDateTimeFactory) -> None:
    """Stop the clock before anything starts, an hour before line 0 is overloaded."""
    freezer.move_to(BEFORE_THE_PEAK)
