"""Opening hours against the clock on the wall, minute by minute, in zones of all kinds."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from random import Random
from zoneinfo import ZoneInfo

import pytest

from custom_components.gridduck_heimdall.forecast.opening_hours import WEEKDAYS, OpeningHours

MINUTES = 24 * 60


def moment(minute: int) -> time:
    return time.max if minute == MINUTES else time(*divmod(minute, 60))


def schedule(seed: int) -> dict[str, list[dict[str, time]]]:
    """Return blocks of a week, many of them at night, when clocks are changed."""
    random = Random(seed)  # noqa: S311 - not a secret
    found = dict[str, list[dict[str, time]]]()
    for day in WEEKDAYS:
        edges = sorted(random.sample(range(0, 241, 5), 4) + random.sample(range(245, 1441, 5), 2))
        pairs = zip(edges[::2], edges[1::2], strict=True)
        found[day] = [{"from": moment(begins), "to": moment(ends)} for begins, ends in pairs]
    return found


def open_minutes(blocks: Mapping[str, list[dict[str, time]]], zone: ZoneInfo, hour: int) -> int:
    """Return how many minutes of an hour a clock on the wall shows a time within a block."""
    found = 0
    for minute in range(60):
        local = datetime.fromtimestamp(3600 * hour + 60 * minute, UTC).astimezone(zone)
        day = blocks[WEEKDAYS[local.weekday()]]
        found += any(one["from"] <= local.time() < one["to"] for one in day)
    return found


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Oslo", "2026-03-29"),
        ("Europe/Oslo", "2026-10-25"),
        ("Europe/London", "2026-03-29"),
        ("Europe/London", "2026-10-25"),
        ("Australia/Sydney", "2026-04-05"),
        ("Australia/Sydney", "2026-10-04"),
        # Half an hour is changed, within an hour of UTC.
        ("Australia/Lord_Howe", "2026-04-05"),
        ("Australia/Lord_Howe", "2026-10-04"),
        # At midnight.
        ("Africa/Cairo", "2026-04-24"),
        ("Asia/Kathmandu", "2026-03-29"),
    ],
)
@pytest.mark.parametrize("seed", range(4))
def test_each_hour_around_a_change_of_the_clock(zone: str, day: str, seed: int) -> None:
    noon = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=ZoneInfo(zone))
    middle = int(noon.timestamp() // 3600)
    blocks, hours = schedule(seed), range(middle - 30, middle + 30)
    shares = OpeningHours.of(blocks, ZoneInfo(zone)).open_share(hours.start, hours.stop)
    found = {hour: round(60 * shares.get(hour, 0.0), 6) for hour in hours}
    assert found == {hour: open_minutes(blocks, ZoneInfo(zone), hour) for hour in hours}


def test_nothing_open() -> None:
    assert OpeningHours.of({}, UTC).open_share(0, 500) == {}
