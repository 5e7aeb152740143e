"""What is reported of the skill of forecasts, against the truth of a simulated world."""

from collections.abc import Iterator
from itertools import pairwise
import json
from statistics import fmean

from homeassistant.core import HomeAssistant
from hypothesis import given, strategies as st
import pytest

from benchmarks.forecast.world import BEHIND_DAYS, FIRST, SimulatedLine
from custom_components.gridduck_heimdall.forecast.skill import (
    DAYS,
    LEADS,
    Forecast,
    ForecastQuantity,
    Score,
    Scores,
    Skill,
)
from custom_components.gridduck_heimdall.forecast.skill_record import SkillRecord, key_of

SIMULATED_DAYS = 30
LINES = 6
WAITS = 48


def ran(line: SimulatedLine, days: int, gaps: frozenset[int] = frozenset()) -> Skill:
    """Return the skill after some days, in each hour of which the forecasts are noted."""
    skill, begin = Skill(), 24 * BEHIND_DAYS
    for now in range(begin, begin + 24 * days):
        actual = {
            FIRST + hour: line.rating[hour] for hour in range(now - 72, now) if hour not in gaps
        }
        skill = skill.settled(ForecastQuantity.RATING, actual, FIRST + now, WAITS)
        forecasts = {
            FIRST + hour: Forecast(levels["prediction"], levels["p95"])
            for hour in range(now, now + 26)
            for levels in (line.forecast(now, hour),)
        }
        skill = skill.noted(FIRST + now, forecasts)
    return skill


def forecasts(line: SimulatedLine, lead: int, days: int) -> Iterator[tuple[int, dict[str, float]]]:
    """Yield each hour of the days whose forecast was noted, and what it said."""
    begin = 24 * BEHIND_DAYS
    for hour in range(begin + lead, begin + 24 * days - 1):
        yield hour, line.forecast(hour - lead, hour)


@pytest.mark.parametrize("number", range(LINES))
def test_thirty_days(number: int) -> None:
    """How often the level of 95 % held is reported within a point of the truth."""
    line = SimulatedLine(7, number)
    skill = ran(line, SIMULATED_DAYS)
    for lead in LEADS:
        said = skill.scores.total(lead, 0).as_dict()
        truth = list(forecasts(line, lead, SIMULATED_DAYS))
        held = 100 * fmean(line.rating[hour] >= levels["p95"] for hour, levels in truth)
        assert said["hours"] == len(truth)
        assert said["held"] == pytest.approx(held, abs=0.1)
        errors = [line.rating[hour] - levels["prediction"] for hour, levels in truth]
        assert said["bias"] == pytest.approx(fmean(errors), abs=0.05)
        assert said["error"] == pytest.approx(fmean(map(abs, errors)), abs=0.05)
        naive = fmean(abs(line.rating[hour] - line.rating[hour - 24]) for hour, _ in truth)
        assert said["error_as_yesterday"] == pytest.approx(naive, abs=0.05)


def test_all_lines_hold_what_they_say() -> None:
    """Over all lines the levels of this world come as true as they say."""
    scores = [ran(SimulatedLine(7, number), SIMULATED_DAYS).scores for number in range(LINES)]
    total = sum((one.total(lead, 0) for one in scores for lead in LEADS), Score())
    assert 100 * total.held / total.hours == pytest.approx(95, abs=3)
    errors = [sum((one.total(lead, 0).error for one in scores), 0.0) for lead in LEADS]
    assert all(near < far for near, far in pairwise(errors))


def test_hours_that_were_not_recorded() -> None:
    """An outage costs its own hours, and a day later those that are compared with them."""
    line = SimulatedLine(7, 0)
    gap = range(24 * (BEHIND_DAYS + 3), 24 * (BEHIND_DAYS + 3) + 10)
    skill = ran(line, 8, frozenset(gap))
    whole = ran(line, 8)
    for lead in LEADS:
        found, full = skill.scores.total(lead, 0), whole.scores.total(lead, 0)
        assert found.hours == full.hours - len(gap)
        assert found.compared == full.compared - 2 * len(gap)
    # What has never come is not awaited for ever.
    assert min(hour for hour, _ in skill.pending) >= FIRST + 24 * (BEHIND_DAYS + 6)


def test_an_hour_that_is_recorded_late() -> None:
    skill = Skill().noted(1000, {1001: Forecast(500, 400)})
    skill = skill.settled(ForecastQuantity.RATING, {}, 1030, WAITS)
    assert skill.pending
    skill = skill.settled(ForecastQuantity.RATING, {1001: 450}, 1031, WAITS)
    assert not skill.pending
    score = skill.scores.total(1, 0)
    assert (score.hours, score.held, score.compared) == (1, 1, 0)
    assert (score.bias, score.error) == (-50, 50)
    assert score.as_dict()["error_as_yesterday"] is None


def test_the_first_forecast_of_an_hour_counts() -> None:
    skill = Skill().noted(1000, {1001: Forecast(500, 400)}).noted(1000, {1001: Forecast(9, 9)})
    assert skill.pending == {(1001, 1): Forecast(500, 400)}


def test_the_current_hour_is_not_over() -> None:
    skill = Skill().noted(1000, {1001: Forecast(500, 400)})
    assert skill.settled(ForecastQuantity.RATING, {1001: 450}, 1001, WAITS) == skill


def test_a_bound_from_above() -> None:
    """Of loads, the upper end of the band is judged."""
    for actual, held in ((0.3, 1), (0.5, 1), (0.6, 0)):
        score = Score.of(ForecastQuantity.LOAD, Forecast(0.4, 0.5), actual, 0.2)
        assert score.held == held
    assert score.as_dict() == {
        "hours": 1,
        "held": 0,
        "bias": 0.2,
        "error": 0.2,
        "error_as_yesterday": 0.4,
        "better_by": 50,
    }


@pytest.mark.parametrize(
    ("held", "hours", "overconfident"),
    [
        (170, 200, True),
        (174, 200, False),
        (180, 200, False),
        (190, 200, False),
        (100, 199, False),
        (870, 1000, True),
        (890, 1000, False),
    ],
)
def test_clearly_less_than_ninety_percent(held: int, hours: int, overconfident: bool) -> None:
    assert Score(hours=hours, held=held).is_overconfident is overconfident


days_and_scores = st.lists(
    st.tuples(
        st.integers(20_000, 20_000 + 2 * DAYS),
        st.sampled_from(LEADS),
        st.floats(0, 3000),
        st.booleans(),
    ),
    max_size=60,
)


@pytest.mark.parametrize("load", [0.304, 0.0049, 1 / 3, 712.34567])
def test_a_load_that_never_changes_stays_within_its_band(load: float) -> None:
    """Neither the resolution of what is kept, nor a small site, makes a forecast wrong."""
    skill = Skill().noted(1000, {1001: Forecast(load, load)})
    for quantity in ForecastQuantity:
        settled = skill.settled(quantity, {1001: load}, 1002, WAITS)
        assert settled.scores.total(1, 0).held == 1
    for above, quantity in ((0.99, ForecastQuantity.RATING), (1.01, ForecastQuantity.LOAD)):
        settled = skill.settled(quantity, {1001: above * load}, 1002, WAITS)
        assert settled.scores.total(1, 0).held == (load < 0.005)


@given(days_and_scores)
def test_days_in_any_order(hours: list[tuple[int, int, float, bool]]) -> None:
    """The newest days are kept, and nothing is counted on another day."""
    scores = Scores()
    for day, lead, error, held in hours:
        score = Score(hours=1, held=held, bias=-error, error=error)
        scores = scores.added(day, lead, score)
    assert scores.end - scores.first <= DAYS
    if not hours:
        assert scores.end == scores.first
        return
    assert scores.end == max(day for day, *_ in hours) + 1
    for lead in LEADS:
        mine = [one for one in hours if one[1] == lead and one[0] > scores.end - 1 - DAYS]
        found = scores.total(lead, 0)
        assert found.hours <= len(mine)
        if max(day for day, *_ in hours) - min(day for day, *_ in hours) < DAYS:
            assert found.hours == len(mine)
            assert found.error == pytest.approx(sum(one[2] for one in mine), abs=0.01 * len(mine))
            assert found.bias == pytest.approx(-found.error)


@pytest.mark.parametrize(("outage", "most"), [(0, 4_000_000), (200, 7_000_000)])
async def test_the_file_of_three_hundred_lines(
    hass: HomeAssistant, hass_storage: dict[str, dict[str, object]], outage: int, most: int
) -> None:
    """Ratings and loads of 300 lines take less than 4 MB, and come back as they were.

    Forecasts of hours that are not recorded wait for two days.
    """
    line = SimulatedLine(7, 0)
    last = 24 * (BEHIND_DAYS + 10)
    skill = Skill(pending=ran(line, 10, frozenset(range(last - outage, last))).pending)
    scores = Scores()
    for day in range(20_000, 20_000 + DAYS):
        for lead in LEADS:
            score = Score(hours=24, held=23, compared=24, bias=-99.5, error=2345.25)
            scores = scores.added(day, lead, score)
    skill = Skill(scores, skill.pending)
    record = SkillRecord(hass, "entry")
    for number in range(300):
        for quantity in ForecastQuantity:
            record[key_of(quantity, f"{number:032}")] = skill
    await record.async_close()
    stored = hass_storage["gridduck_heimdall.forecast_skill.entry"]
    assert len(json.dumps(stored["data"])) < most
    later = SkillRecord(hass, "entry")
    await later.async_load()
    found = later.skill(ForecastQuantity.LOAD, f"{299:032}")
    assert found.scores == skill.scores
    assert found.pending.keys() == skill.pending.keys()
    await later.async_close()
