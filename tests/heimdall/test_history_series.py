"""How values over time combine, and how long the windows of a history may be."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.gridduck_heimdall.api.heimdall import Include, endpoints
from custom_components.gridduck_heimdall.api.heimdall.models.assets import (
    Line,
    MeasurementPoint,
    Span,
    SpanPhase,
)
from custom_components.gridduck_heimdall.heimdall.history_series import (
    HOLD,
    STEP,
    Track,
    Tracks,
    Values,
    combined,
)
from custom_components.gridduck_heimdall.heimdall.inventory import Kind, LineItem
from custom_components.gridduck_heimdall.heimdall.rating import Rule
from custom_components.gridduck_heimdall.heimdall.rating_options import RatingOptions

from .history_support import RECIPES
from .home import Home


def known_sum(values: Values) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def at_times(samples: list[tuple[float, float]], *times: float) -> list[float | None]:
    """Return what holds at these times, each sample for a step."""
    step = STEP.total_seconds()
    return [
        next((value for at, value in reversed(samples) if at <= time < at + step), None)
        for time in times
    ]


def test_values_combine_while_they_hold() -> None:
    samples = list(combined([[(0, 1), (600, 2)], [(300, 10)]], known_sum))
    assert samples[:3] == [(0, 1), (300, 11), (600, 12)]
    assert at_times(samples, 299, 300, 3899, 3900, 4199, 4200) == [1, 11, 12, 2, 2, None]


def test_what_holds_for_long_is_repeated() -> None:
    samples = list(combined([[(0, 1)]], known_sum))
    assert [at for at, _ in samples] == list(range(0, 3600, 300))
    assert samples[-1][0] + STEP.total_seconds() == HOLD.total_seconds()


def test_nothing_combines_to_nothing() -> None:
    assert not list(combined([], known_sum))
    assert not list(combined([[], []], known_sum))
    assert not list(combined([[(0, 1)]], lambda _: None))


def test_a_value_that_comes_back_counts_again() -> None:
    samples = list(combined([[(0, 1), (7200, 3)]], known_sum))
    assert at_times(samples, 3599, 3600, 7199, 7200) == [1, None, None, 3]


async def test_loading_is_that_of_the_rating_in_force(home: Home) -> None:
    await home.open()
    device = home.device("line", home.line)
    assert device is not None
    line = home.account.data.item_near(device)
    assert isinstance(line, LineItem)
    tracks = {
        Track.CURRENT: [[(0.0, 500.0)]],
        Track.DLR: [[(0.0, 1000.0), (1200.0, 400.0)]],
        Track.AAR: [[(600.0, 800.0), (2400.0, 0.0)]],
    }
    percent, headroom = RECIPES[Kind.LINE, "loading"].make, RECIPES[Kind.LINE, "headroom"].make
    # A limit of nothing is none to be measured against.
    times = (0, 599, 600, 1200, 2399, 2400, 3599)

    def percents(tracks: Tracks, ratings: RatingOptions) -> list[float | None]:
        return at_times(list(percent(line, tracks, ratings)), *times)

    standard, lowest = RatingOptions(), RatingOptions(rule=Rule.LOWEST)
    assert percents(tracks, lowest) == [50, 50, 62.5, 125, 125, None, None]
    left = at_times(list(headroom(line, tracks, lowest)), *times)
    assert left == [500, 500, 300, -100, -100, None, None]
    assert percents(tracks, standard) == [50, 50, 50, 125, 125, 125, 125]
    # The AAR counts in place of a DLR that is a fallback.
    fallback = {Track.DLR_FALLBACK: [[(0.0, 0.0), (600.0, 1.0), (1200.0, 0.0)]]}
    assert percents(tracks | fallback, standard) == [50, 50, 62.5, 125, 125, 125, 125]
    circuit = {Track.CIRCUIT: [[(600.0, 625.0)]]}
    assert percents(tracks | circuit, standard) == [50, 50, 80, 125, 125, 125, 125]
    bounded = RatingOptions(bounds={line.id: 500.0})
    assert percents(tracks, bounded) == [100, 100, 100, 125, 125, 125, 125]
    assert not list(percent(line, {Track.CURRENT: [[(0.0, 1.0)]]}, standard))
    assert not list(percent(line, {Track.DLR: [[(0.0, 1.0)]]}, standard))


async def test_apparent_power_needs_a_voltage(home: Home) -> None:
    await home.open()
    device = home.device("line", home.line)
    assert device is not None
    line = home.account.data.item_near(device)
    assert isinstance(line, LineItem)
    make = RECIPES[Kind.LINE, "apparent_power"].make
    tracks = {Track.CURRENT: [[(0.0, 1000.0)]]}
    ((_, power),) = make(line, tracks, RatingOptions())
    assert line.voltage is not None
    assert power == pytest.approx(3**0.5 * line.voltage / 1000)
    assert not list(make(replace(line, voltage=None), tracks, RatingOptions()))


def line(spans: int, points: int = 1) -> Line:
    return Line(
        id="line",
        spans=tuple(
            Span(
                id=f"span {number}",
                span_phases=tuple(
                    SpanPhase(
                        id=f"{number} {phase}",
                        measurement_points=tuple(
                            MeasurementPoint(id=f"{number} {phase} {point}")
                            for point in range(points)
                        ),
                    )
                    for phase in "abc"
                ),
            )
            for number in range(spans)
        ),
    )


def test_windows_are_shorter_for_long_lines() -> None:
    assert endpoints.CURRENTS.longest_window(line(1000)) == timedelta(days=30)
    assert endpoints.ICINGS.longest_window(None) == timedelta(days=30)
    # Spans without sensors have no values.
    assert endpoints.ICINGS.longest_window(line(100, 0)) == timedelta(days=30)
    assert timedelta(days=5) < endpoints.ICINGS.longest_window(line(3)) < timedelta(days=30)
    assert endpoints.ICINGS.longest_window(line(100_000)) == timedelta(hours=1)
    assert endpoints.DLRS.longest_window(line(3), Include.SPANS) == timedelta(days=7)
    assert endpoints.DLRS.longest_window(line(100), Include.SPANS) < timedelta(days=1)
    points = Include.MEASUREMENT_POINTS
    assert endpoints.CURRENTS.longest_window(line(2), points) < timedelta(days=7)
    assert endpoints.CURRENTS.longest_window(line(2, 0), points) == timedelta(days=30)
