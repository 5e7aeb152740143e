"""A world that lasts for days, and what a run can be given: `--days`, `--seed`."""

from argparse import ArgumentTypeError
from collections.abc import Iterator
from datetime import timedelta
import logging
from pathlib import Path
import tracemalloc
from typing import Final

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.gridduck_heimdall.history import plan
from simulator.options import Options
from simulator.server import Simulator
from tests.gridduck.conftest import START

from .house import House
from .listeners import count_listeners
from .usage import WARM_UP

FEWEST_DAYS: Final = 4
"""Of fewer there may be no two at whose ends nobody is there who comes and goes, to be compared."""


def _days(text: str) -> int:
    days = int(text)
    if days < FEWEST_DAYS:
        raise ArgumentTypeError(f"{days} days are too few: {FEWEST_DAYS} at least")
    return days


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the length of the run, in days, and what its accidents are drawn from."""
    parser.addoption("--days", type=_days, default=FEWEST_DAYS)
    parser.addoption("--seed", type=int, default=1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run with restarts; a longer run also without, to see whether memory grows in one life."""
    if "restarts" in metafunc.fixturenames:
        long = int(metafunc.config.getoption("--days", default=FEWEST_DAYS)) > WARM_UP
        ids = ["restarts", "reloads"][: 1 + long]
        metafunc.parametrize("restarts", [True, False][: 1 + long], ids=ids)


@pytest.fixture
def allocations(restarts: bool) -> Iterator[None]:
    """Trace who allocates memory, where Home Assistant is not started anew."""
    if not restarts:
        tracemalloc.start()
    yield
    tracemalloc.stop()


@pytest.fixture
def days(request: pytest.FixtureRequest) -> int:
    """Return how long to run."""
    return int(request.config.getoption("--days", default=FEWEST_DAYS))


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """Return what the accidents are drawn from."""
    return int(request.config.getoption("--seed", default=1))


@pytest.fixture
def simulator_options(seed: int) -> Options:
    """Return a world of six assets and two lines."""
    return Options(sites=1, assets=6, lines=2, seed=seed)


@pytest.fixture(autouse=True)
def _quiet_and_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Log no more than warnings, and begin with three days of the past."""
    for name in (None, "homeassistant", "custom_components.gridduck_heimdall"):
        logger = logging.getLogger(name)
        monkeypatch.setattr(logger, "level", logger.level)
        logger.setLevel(logging.ERROR)
    monkeypatch.setattr(plan, "FIRST_RANGE", timedelta(days=3))


@pytest.fixture
def house(
    freezer: FrozenDateTimeFactory,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> House:
    """Return a Home Assistant that is not started yet, with an account of each cloud."""
    freezer.move_to(START)
    simulator: Simulator = request.getfixturevalue("simulator")
    return House(simulator, freezer, tmp_path, count_listeners(monkeypatch))
