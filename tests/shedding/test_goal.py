"""How much is to be shed, in words."""

import pytest

from custom_components.gridduck_heimdall.shedding.goal import power_told


@pytest.mark.parametrize(
    ("power", "told"),
    [(0, "0 W"), (950.4, "950 W"), (1_000, "1.0 kW"), (48_260, "48.3 kW"), (2_180_000, "2.2 MW")],
)
def test_a_power_is_told_in_a_unit_that_fits(power: float, told: str) -> None:
    assert power_told(power) == told
