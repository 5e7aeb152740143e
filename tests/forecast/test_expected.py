"""Expected load: alike days, level of the last hours, gaps, holidays and changes of the clock."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
import math
from zoneinfo import ZoneInfo

import pytest

from custom_components.gridduck_heimdall.core.expected_load import ExpectedHour
from custom_components.gridduck_heimdall.forecast.expected import HOURS_BEHIND, LoadModel
from custom_components.gridduck_heimdall.forecast.local_hours import (
    DayKind,
    LocalHour,
    local_hours,
)

DAY = 24
MONDAY = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp() // 3600)
HOURS = local_hours(MONDAY - 60 * DAY, MONDAY + 60 * DAY, UTC)


def usual(hour: int) -> float:
    """Return a load that depends on the hour of the day, and on whether it is a weekend."""
    local = HOURS[hour]
    return (100.0 + 10 * local.hour) * (1.0 if local.kind is DayKind.WORKDAY else 0.5)


def past(days: int, now: int = MONDAY) -> dict[int, float]:
    """Return the loads of some days."""
    return {hour: usual(hour) for hour in range(now - days * DAY, now)}


def expect(
    loads: Mapping[int, float], hours: Mapping[int, LocalHour], now: int
) -> tuple[ExpectedHour, ...]:
    """Return what is expected of the hours ahead."""
    past = [loads.get(hour, math.nan) for hour in range(now - HOURS_BEHIND, now)]
    return LoadModel(hours, now).expect(past)


def centres(hours: tuple[ExpectedHour, ...]) -> dict[int, float]:
    """Return what is expected, by hour."""
    return {int(one.start.timestamp() // 3600): one.centre for one in hours}


def test_alike_days_repeat() -> None:
    saturday = MONDAY + 4 * DAY + 20
    expected = centres(expect(past(28, saturday), HOURS, saturday))
    assert expected == pytest.approx({hour: usual(hour) for hour in expected})
    assert list(expected) == list(range(saturday, saturday + 48))


def test_nothing_is_expected_from_less_than_three_days() -> None:
    assert expect(past(2), HOURS, MONDAY) == ()
    assert len(expect(past(3), HOURS, MONDAY)) == 48


def test_a_new_line_knows_no_workday_after_a_weekend_yet() -> None:
    loads = {hour: usual(hour) for hour in range(MONDAY - 3 * DAY, MONDAY)}
    tuesday = centres(expect(loads, HOURS, MONDAY))
    # One workday and two days of a weekend: the workday counts alone.
    assert tuesday[MONDAY + 8] == pytest.approx(usual(MONDAY + 8))


def test_all_days_count_where_no_alike_one_is_known() -> None:
    friday = MONDAY + 4 * DAY
    saturday = centres(expect(past(4, friday), HOURS, friday))
    assert saturday[friday + DAY + 8] == pytest.approx(180.0)


def test_an_unusual_day_scales_the_next_hours_most() -> None:
    noon = MONDAY + 12
    loads = past(28) | {hour: 1.2 * usual(hour) for hour in range(MONDAY, noon)}
    expected = centres(expect(loads, HOURS, noon))
    scale = {hour: load / usual(hour) for hour, load in expected.items()}
    assert 1.15 < scale[noon] < 1.2
    assert 1.07 < scale[noon + 24] < 1.14
    assert scale[noon] > scale[noon + 24] > scale[noon + 47] > 1.03


def test_an_outlier_does_not_more_than_double_the_load() -> None:
    loads = past(28) | {hour: 50 * usual(hour) for hour in range(MONDAY, MONDAY + 12)}
    expected = centres(expect(loads, HOURS, MONDAY + 12))
    before = past(28)
    assert expected[MONDAY + 12] < 2.1 * before[MONDAY - 3 * DAY + 12]


def test_the_band_holds_most_of_what_varies() -> None:
    loads = past(28)
    for place, hour in enumerate(loads):
        loads[hour] += 5 * (place // DAY % 5 - 2)
    for one in expect(loads, HOURS, MONDAY)[30:]:
        assert 6 < one.high - one.centre < 16
        assert 6 < one.centre - one.low < 16


def test_the_band_is_narrower_for_the_next_hours() -> None:
    loads = past(28)
    for place, hour in enumerate(loads):
        loads[hour] *= 1 + 0.02 * (place // DAY % 5 - 2)
    hours = expect(loads, HOURS, MONDAY)
    widths = [(one.high - one.low) / one.centre for one in hours]
    assert widths[2] < 0.7 * widths[26]


def test_gaps_leave_the_rest() -> None:
    loads = past(28)
    for hour in [*loads]:
        if HOURS[hour].hour == 7 or MONDAY - 10 * DAY <= hour < MONDAY - 6 * DAY:
            del loads[hour]
    expected = centres(expect(loads, HOURS, MONDAY))
    assert [hour for hour in range(MONDAY, MONDAY + 48) if hour not in expected] == [
        MONDAY + 7,
        MONDAY + DAY + 7,
    ]
    assert expected[MONDAY + 8] == pytest.approx(usual(MONDAY + 8))


def test_a_gap_before_the_present_leaves_the_usual_load() -> None:
    loads = past(28)
    for hour in range(MONDAY - 12, MONDAY):
        del loads[hour]
    expected = centres(expect(loads, HOURS, MONDAY))
    assert expected[MONDAY + 8] == pytest.approx(usual(MONDAY + 8))


def test_a_load_of_zero_or_less_is_expected_again() -> None:
    zero = expect(dict.fromkeys(past(7), 0.0), HOURS, MONDAY)
    assert {(one.low, one.centre, one.high) for one in zero} == {(0.0, 0.0, 0.0)}
    back = centres(expect(dict.fromkeys(past(7), -8.0), HOURS, MONDAY))
    assert back == pytest.approx(dict.fromkeys(back, -8.0))


def test_generation_is_scaled_like_load() -> None:
    """The same load the other way round: what is expected of it is, too."""
    noon = MONDAY + 12
    loads = past(28) | {hour: 1.2 * usual(hour) for hour in range(MONDAY, noon)}
    drawn = expect(loads, HOURS, noon)
    fed = expect({hour: -load for hour, load in loads.items()}, HOURS, noon)
    assert [-one.centre for one in fed] == pytest.approx([one.centre for one in drawn])
    assert [-one.low for one in fed] == pytest.approx([one.high for one in drawn])


def test_a_load_around_zero_is_not_scaled_by_chance() -> None:
    """A site with a solar roof draws at night, and feeds in by day."""

    def net(hour: int) -> float:
        return -9.9 if 8 <= HOURS[hour].hour < 16 else 5.0

    now = MONDAY + 12
    loads = {hour: net(hour) for hour in range(now - 28 * DAY, now)}
    loads |= {hour: net(hour) + 1.0 for hour in range(MONDAY, now)}
    for hour, load in centres(expect(loads, HOURS, now)).items():
        assert net(hour) - 0.5 < load < net(hour) + 2


def test_the_band_of_what_is_never_negative_is_not_either() -> None:
    """On some days a line carries nothing: there is no current below zero."""
    loads = past(28)
    for place, hour in enumerate(loads):
        loads[hour] *= 0.0 if place // DAY % 3 else 1.0
    assert all(0 <= one.low <= one.centre <= one.high for one in expect(loads, HOURS, MONDAY))
    fed = expect({hour: -load for hour, load in loads.items()}, HOURS, MONDAY)
    assert all(one.low <= one.centre <= one.high <= 0 for one in fed)


def test_a_holiday_is_like_a_sunday() -> None:
    hours = local_hours(MONDAY - 60 * DAY, MONDAY + 60 * DAY, UTC, {date(2026, 3, 3)})
    expected = centres(expect(past(28), hours, MONDAY))
    assert expected[MONDAY + DAY + 8] == pytest.approx(0.5 * usual(MONDAY + DAY + 8))
    assert expected[MONDAY + 8] == pytest.approx(usual(MONDAY + 8))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("Europe/Oslo", date(2026, 3, 29)),
        ("Europe/Oslo", date(2026, 10, 25)),
        ("Europe/London", date(2026, 3, 29)),
        ("Europe/London", date(2026, 10, 25)),
        ("Australia/Sydney", date(2026, 4, 5)),
        ("Australia/Sydney", date(2026, 10, 4)),
        ("Asia/Kathmandu", date(2026, 3, 29)),
    ],
)
def test_the_local_hour_counts_over_a_change_of_the_clock(name: str, change: date) -> None:
    zone = ZoneInfo(name)
    midnight = datetime(change.year, change.month, change.day, tzinfo=zone) - timedelta(days=1)
    now = int(midnight.timestamp() // 3600)
    hours = local_hours(now - 40 * DAY, now + 10 * DAY, zone)

    def load(start: datetime) -> float:
        return 100.0 + (start + timedelta(minutes=30)).astimezone(zone).hour

    loads = {
        hour: load(datetime.fromtimestamp(3600 * hour, UTC)) for hour in range(now - 28 * DAY, now)
    }
    expected = expect(loads, hours, now)
    assert len(expected) == 48
    for one in expected:
        assert one.centre == pytest.approx(load(one.start))


def test_an_hour_belongs_to_the_day_that_most_of_it_is_in() -> None:
    """In Nepal it is 45 minutes past when an hour of UTC begins."""
    zone = ZoneInfo("Asia/Kathmandu")
    late = datetime(2026, 3, 6, 23, 45, tzinfo=zone)
    hour = int(late.timestamp() // 3600)
    [friday, saturday] = local_hours(hour - 1, hour + 1, zone).values()
    assert (friday.kind, friday.hour) == (DayKind.WORKDAY, 23)
    assert (saturday.kind, saturday.hour) == (DayKind.SATURDAY, 0)


def test_kinds_of_days() -> None:
    kinds = [HOURS[MONDAY + day * DAY].kind for day in range(7)]
    assert kinds == [DayKind.WORKDAY] * 5 + [DayKind.SATURDAY, DayKind.SUNDAY]
