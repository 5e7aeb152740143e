"""The benchmark of docs/forecast.md holds what it promises, for one seed."""

import pytest

from benchmarks.forecast.judge import LEADS, judge, world
from benchmarks.forecast.methods import NEWEST, OURS, PERFECT


@pytest.mark.parametrize(
    ("name", "of_perfect", "f1"), [("day ahead", 0.88, 0.67), ("same day", 0.93, 0.82)]
)
def test_congested_hours_are_foreseen(name: str, of_perfect: float, f1: float) -> None:
    lines, lead = world(11), LEADS[name]
    ours, perfect = judge(OURS, lines, lead), judge(PERFECT, lines, lead)
    assert ours.f1 >= f1
    assert ours.f1 >= of_perfect * perfect.f1
    assert 0.7 < ours.covered < 0.9
    assert ours.mean_error < 0.55 * judge(NEWEST, lines, lead).mean_error


def test_levels_are_undercut_as_often_as_they_say() -> None:
    share = {}
    for level in ("p80", "p95"):
        hours = [
            (line, 24 * day + hour)
            for line in world(11)
            for day in range(28, 88)
            for hour in range(24)
        ]
        below = sum(
            line.rating[hour] < line.forecast(hour - 24, hour)[level] for line, hour in hours
        )
        share[level] = below / len(hours)
    assert share["p80"] == pytest.approx(0.20, abs=0.05)
    assert share["p95"] == pytest.approx(0.05, abs=0.03)
