"""What is shown has as many decimals in its state as it is known to."""

import pytest

from custom_components.gridduck_heimdall.core.entity import RoundedDescription


@pytest.mark.parametrize(
    ("value", "digits", "state"),
    [
        (30.9171213302156, 1, "30.9"),
        (27.2070540852919, 2, "27.21"),
        (1165.4, 0, "1165"),
        (-0.04, 1, "0.0"),
        (-0.4, 0, "0"),
        (238.0, 1, "238.0"),
        (238, 1, "238"),
        (30.9171213302156, None, "30.9171213302156"),
        ("schedule", 1, "schedule"),
        (None, 1, "None"),
        (True, 0, "True"),
    ],
)
def test_rounded(value: float | str | None, digits: int | None, state: str) -> None:
    description = RoundedDescription(key="any", precision=digits)
    assert str(description.rounded(value)) == state
