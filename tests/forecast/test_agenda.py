"""Events keep their identity while the forecasts of them move."""

from datetime import UTC, datetime, timedelta

from homeassistant.core import HomeAssistant
import pytest

from custom_components.gridduck_heimdall.forecast.agenda import Agenda, Occurrence

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
TOPIC = "ice line"


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def expected(start: float, end: float, name: str = "Line") -> Occurrence:
    """Return ice from so many hours after noon on."""
    return Occurrence(kind="ice", subject="line", name=name, start=at(start), end=at(end))


@pytest.fixture
async def agenda(hass: HomeAssistant) -> Agenda:
    found = Agenda(hass, "entry")
    await found.async_load()
    return found


def shown(agenda: Agenda) -> dict[str, tuple[datetime, datetime]]:
    return {uid: (one.start, one.end) for uid, one in agenda.events.items()}


@pytest.mark.parametrize(
    ("then", "same"),
    [
        ((5, 8), True),
        ((3, 6), True),
        ((7, 12), True),
        ((8, 9), True),
        # Two hours apart, it is the same peak; five hours apart it is another one.
        ((10, 11), True),
        ((2, 3), True),
        ((13, 14), False),
    ],
)
def test_a_forecast_that_moves(agenda: Agenda, then: tuple[float, float], same: bool) -> None:
    assert agenda.update(TOPIC, [expected(5, 8)], NOON)
    (uid,) = agenda.events
    agenda.update(TOPIC, [expected(*then)], at(0.5))
    ((now_uid, times),) = shown(agenda).items()
    assert (now_uid == uid) is same
    assert times == (at(then[0]), at(then[1]))


def test_each_takes_the_nearest(agenda: Agenda) -> None:
    """Two peaks a day: when the first is gone, the second does not become it."""
    agenda.update(TOPIC, [expected(5, 7), expected(8, 11)], NOON)
    first, second = sorted(agenda.events, key=lambda uid: agenda.events[uid].start)
    assert agenda.update(TOPIC, [expected(7.5, 12)], NOON)
    assert shown(agenda) == {second: (at(7.5), at(12))}
    assert agenda.update(TOPIC, [expected(4, 6), expected(8, 12)], NOON)
    assert second in agenda.events
    assert first not in agenda.events


def test_an_event_that_splits(agenda: Agenda) -> None:
    """The longer part is what it was."""
    agenda.update(TOPIC, [expected(5, 12)], NOON)
    (uid,) = agenda.events
    agenda.update(TOPIC, [expected(5, 6), expected(8, 12)], NOON)
    assert agenda.events[uid].start == at(8)
    assert len(agenda.events) == 2


def test_what_has_begun_keeps_its_beginning(agenda: Agenda) -> None:
    """A calendar trigger would fire again for a start that moves into the future."""
    agenda.update(TOPIC, [expected(1, 3)], NOON)
    (uid,) = agenda.events
    agenda.update(TOPIC, [expected(2, 4)], at(1.2))
    assert shown(agenda) == {uid: (at(1), at(4))}
    # As hours pass, the forecast begins later and later.
    agenda.update(TOPIC, [expected(3, 5)], at(3.1))
    assert shown(agenda) == {uid: (at(1), at(5))}
    # It is over, and what comes hours later is another one.
    agenda.update(TOPIC, [expected(6, 7)], at(3.2))
    assert uid not in agenda.events


def test_what_runs_and_splits_goes_on_with_its_first_part(agenda: Agenda) -> None:
    """What comes after a break is another event, also if it is the longer part."""
    agenda.update(TOPIC, [expected(1, 8)], NOON)
    (uid,) = agenda.events
    agenda.update(TOPIC, [expected(2, 3), expected(5, 8)], at(2.1))
    other = next(one for one in agenda.events if one != uid)
    assert shown(agenda) == {uid: (at(1), at(3)), other: (at(5), at(8))}


def test_what_runs_and_merges_stays_one(agenda: Agenda) -> None:
    agenda.update(TOPIC, [expected(1, 3), expected(4, 8)], NOON)
    first = min(agenda.events, key=lambda uid: agenda.events[uid].start)
    agenda.update(TOPIC, [expected(2, 8)], at(2.1))
    assert shown(agenda) == {first: (at(1), at(8))}


def test_nothing_changed(agenda: Agenda) -> None:
    assert not agenda.update(TOPIC, [], NOON)
    assert agenda.update(TOPIC, [expected(1, 3)], NOON)
    assert not agenda.update(TOPIC, [expected(1, 3)], at(0.5))
    assert agenda.update(TOPIC, [expected(1, 3, "Renamed")], at(0.5))
    assert agenda.update(TOPIC, [], at(0.6))
    assert not agenda.topics


def test_what_is_over_is_dropped(agenda: Agenda) -> None:
    agenda.update(TOPIC, [expected(1, 3), expected(8, 9)], NOON)
    assert agenda.update(TOPIC, [expected(1, 3), expected(8, 9)], at(3))
    assert [one.start for one in agenda.events.values()] == [at(8)]


def test_in_order_of_time(agenda: Agenda) -> None:
    agenda.update(TOPIC, [expected(8, 9), expected(1, 3)], NOON)
    agenda.update("ice other", [expected(2, 20)], NOON)
    found = agenda.between(at(2.5), at(8))
    assert [one.start for _, one in found] == [at(1), at(2)]
    assert [one.start for _, one in agenda.between(at(0), at(30))] == [at(1), at(2), at(8)]
    following = agenda.next(at(3))
    assert following is not None
    assert following[1].start == at(2)
    assert agenda.next(at(20)) is None


async def test_a_restart(hass: HomeAssistant, agenda: Agenda) -> None:
    agenda.update(TOPIC, [expected(1, 3), expected(20, 22)], NOON)
    uids = {one.start: uid for uid, one in agenda.events.items()}
    await agenda.async_close()
    later = Agenda(hass, "entry")
    await later.async_load()
    assert later.topics == {TOPIC}
    later.update(TOPIC, [expected(2, 3), expected(21, 23)], at(1.5))
    assert shown(later) == {uids[at(1)]: (at(1), at(3)), uids[at(20)]: (at(21), at(23))}
    await later.async_close()
