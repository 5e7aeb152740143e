"""How much is to be shed, from what, and in words."""

from datetime import UTC, datetime
import math

from homeassistant.core import HomeAssistant
import pytest

from custom_components.gridduck_heimdall.core.line_account import LineState
from custom_components.gridduck_heimdall.load_limits.shedding.goal import (
    Goal,
    Origin,
    of_current,
    of_loading,
    of_power,
    power_text,
)

MEASURED = datetime(2026, 11, 18, 18, tzinfo=UTC)
LINE = LineState(
    id="line", name="Hill", voltage=22_000, current=190, limit=200, measured_at=MEASURED
)
UNMEASURED_LINE = LineState(id="line", name="Hill", voltage=22_000)


def test_what_a_goal_comes_to() -> None:
    """Three phases: 10 A at 22 kV between them are 381 kW."""
    assert of_power(5_000).power == 5_000
    assert of_current(10, LINE, 22_000).power == pytest.approx(381_051.2, abs=0.1)
    excess = of_loading(80, LINE, current=190, limit=200, voltage=22_000)
    assert excess.power == pytest.approx(math.sqrt(3) * 22_000 * 30)
    assert of_loading(80, LINE, current=100, limit=200, voltage=22_000).power < 0


@pytest.mark.english
@pytest.mark.parametrize(
    ("goal", "text"),
    [
        (of_power(5_000), "Less power was asked for: {} shed"),
        (of_current(10, LINE, 22_000), "Hill is to carry 10 A less: {} shed"),
        (of_loading(80, LINE, 190, 200, 22_000), "Hill is at 95%: {} shed"),
        (of_loading(80, UNMEASURED_LINE, 190, 200, 22_000), "Less power was asked for: {} shed"),
    ],
)
@pytest.mark.usefixtures("texts")
async def test_why(hass: HomeAssistant, goal: Goal, text: str) -> None:
    power = power_text(goal.power)
    assert goal.why(hass) == text.format(f"{power} to be")
    assert goal.why(hass, 400) == text.format(f"400 W of {power}")


@pytest.mark.parametrize("minutes", [-600, -6, -5, -4, 0, 60])
def test_what_was_shed_for_a_loading_counts_until_it_is_measured(minutes: int) -> None:
    """The current is the highest of five minutes, which must all have passed without the load."""
    goal = of_loading(80, LINE, 190, 200, 22_000)
    assert (MEASURED.timestamp() + 60 * minutes > goal.measured_until) is (minutes > -5)


@pytest.mark.parametrize(
    "goal",
    [
        of_power(5_000),
        of_current(10, LINE, 22_000),
        of_loading(80, UNMEASURED_LINE, 190, 200, 22_000),
        Goal(power=5_000, origin=Origin.TO_LOADING, asked=80),
    ],
)
def test_what_was_shed_for_anything_else_always_counts(goal: Goal) -> None:
    """No measurement lessens what was asked for, and an unknown one tells nothing."""
    assert goal.measured_until == -math.inf


@pytest.mark.parametrize(
    ("power", "text"),
    [
        (0, "0 W"),
        (950.4, "950 W"),
        (1_000, "1.0 kW"),
        (48_260, "48.3 kW"),
        (1_000_000, "1.0 MW"),
        (2_180_000, "2.2 MW"),
    ],
)
def test_a_power_has_a_unit_that_fits(power: float, text: str) -> None:
    assert power_text(power) == text
