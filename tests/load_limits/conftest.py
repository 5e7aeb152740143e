"""Fixtures of the tests of load limits: the yard of the tests of shedding."""

from tests.shedding.conftest import _clock, simulator_options, yard

__all__ = ["_clock", "simulator_options", "yard"]
