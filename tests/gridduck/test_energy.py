"""Energy never steps down for nothing."""

import pytest

from custom_components.gridduck_heimdall.gridduck.energy import EnergyGuard


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]),
        ([100.0, 99.0, 91.0, 100.5], [100.0, 100.0, 100.0, 100.5]),
        ([100.0, 90.0, 91.0], [100.0, 90.0, 91.0]),
        ([100.0, 0.0, 1.0], [100.0, 0.0, 1.0]),
        ([0.0, 0.0], [0.0, 0.0]),
        ([5.0, None, 4.9], [5.0, None, 5.0]),
    ],
)
def test_steps(values: list[float | None], shown: list[float | None]) -> None:
    guard = EnergyGuard()
    assert [guard.check(value) for value in values] == shown


def test_restored() -> None:
    guard = EnergyGuard()
    guard.restore(100.0)
    assert guard.check(99.5) == 100.0
    guard.restore(200.0)
    assert guard.check(100.5) == 100.5
