"""Whether live polling has recorded everything since a time."""

from datetime import UTC, datetime, timedelta

from homeassistant.util import dt as dt_util
import pytest

from custom_components.gridduck_heimdall.heimdall.products import DLR, ProductRequest
from custom_components.gridduck_heimdall.heimdall.schedule import TICK, RequestSchedule

from .home import Home

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def schedule() -> RequestSchedule:
    schedule = RequestSchedule(TICK)
    schedule.schedule_only([ProductRequest(DLR, "line")], START)
    return schedule


def test_answers_in_time_are_unbroken(schedule: RequestSchedule) -> None:
    (slot,) = schedule.due(START)
    assert not slot.unbroken(START, START)
    schedule.answered(slot, START)
    for tick in range(1, 7):
        # Some are a little late, as when the round takes long.
        schedule.answered(slot, START + tick * 5.5 * MINUTE)
    later = START + 33 * MINUTE
    assert slot.unbroken(START, later)
    assert not slot.unbroken(START - MINUTE, later)
    assert slot.unbroken(START, later + 9 * MINUTE)
    assert not slot.unbroken(START, later + 10 * MINUTE)


def test_a_failure_breaks(schedule: RequestSchedule) -> None:
    (slot,) = schedule.due(START)
    schedule.answered(slot, START)
    schedule.failed(slot, START + TICK, "HTTP 500", served=True)
    schedule.answered(slot, START + 2 * TICK)
    assert not slot.unbroken(START, START + 2 * TICK)
    assert slot.unbroken(START + 2 * TICK, START + 3 * TICK)


def test_no_data_is_an_answer(schedule: RequestSchedule) -> None:
    (slot,) = schedule.due(START)
    now = START
    for _ in range(8):
        schedule.missed(slot, now, forbidden=False)
        assert slot.pause is not None
        now += slot.pause
        assert slot.unbroken(START, now)
    # The first data may have come while nothing was asked.
    schedule.answered(slot, now)
    assert not slot.unbroken(START, now)
    assert slot.unbroken(now, now + TICK)


async def test_a_line_is_live_while_all_its_polls_are_answered(home: Home) -> None:
    await home.open()
    begin = dt_util.utcnow()

    async def live(line_id: str) -> bool:
        return (await home.account.history.async_sources()).by_key[line_id].live(begin)

    assert await live(home.line)
    assert not (await home.account.history.async_sources()).by_key[home.line].live(begin - MINUTE)
    await home.polls(3)
    assert await live(home.line)
    assert await live(home.icy_line)
    home.fault("sag", item_id=home.icy_line)
    await home.polls(1)
    home.recover()
    await home.polls(1)
    assert await live(home.line)
    assert not await live(home.icy_line)


async def test_no_line_is_live_while_nothing_is_polled(home: Home) -> None:
    await home.open()
    begin = dt_util.utcnow()
    home.freezer.tick(timedelta(minutes=30))
    assert not (await home.account.history.async_sources()).by_key[home.line].live(begin)
