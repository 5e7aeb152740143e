"""Whole evenings on the simulated feeder: no rule is broken in any of its scenarios."""

import pytest

from benchmarks.load_control.evenings import Current, Settings, evening
from benchmarks.load_control.plant import MIXES


@pytest.mark.parametrize("scenario", MIXES)
def test_an_evening_breaks_no_rule(scenario: str) -> None:
    found = evening(1, scenario, Settings())
    assert found.violations == 0
    assert found.left_off == 0
    assert found.quick_repeats == 0
    assert found.out_of_order == 0
    if scenario not in {"export", "notbehind"}:
        assert found.above < found.uncontrolled


def test_clock_aligned_maxima_are_controlled_as_well() -> None:
    found = evening(1, "plain", Settings(current=Current.CLOCK_ALIGNED))
    assert found.above < found.uncontrolled
    assert found.violations == 0


def test_the_plant_is_the_same_for_the_same_seed() -> None:
    """Its figures are those with which the law is compared."""
    found = evening(0, "cyclic", Settings())
    assert found == evening(0, "cyclic", Settings())
    assert found.fewest > 0
