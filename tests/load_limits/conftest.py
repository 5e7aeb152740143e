"""Fixtures of the tests of load limits: the yard of the tests of shedding, and its feeder."""

import pytest

from tests.shedding.conftest import _clock, simulator_options, yard
from tests.shedding.yard import Yard

from .feeder import Feeder

__all__ = ["_clock", "simulator_options", "yard"]


@pytest.fixture
async def feeder(yard: Yard) -> Feeder:
    """Return a feeder whose limit is exceeded by less than the charger draws."""
    found = Feeder(yard)
    # The account has seen what each draws.
    await found.run(2)
    return found
