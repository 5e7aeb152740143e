"""What is shown of a boost or snooze: the cloud's word, a command, and an end that stands."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.gridduck_heimdall.api.gridduck import Asset, Override, RunningOverride
from custom_components.gridduck_heimdall.gridduck.overrides import (
    Overrides,
    is_always_off,
    is_always_on,
    steady,
)

NOW = datetime(2026, 11, 18, 18, 0, tzinfo=UTC)
ON = Asset(id="a", current_state="ON", user_state="SCHEDULE")


def stamp(seconds: float) -> float:
    return NOW.timestamp() + seconds


def running(
    kind: Override = Override.BOOST, seconds: float = 3600, *, estimated: bool = True
) -> RunningOverride:
    return RunningOverride(kind, NOW + timedelta(seconds=seconds), estimated)


def boosted(seconds: float, state: str = "ON") -> Asset:
    return Asset(id="a", current_state=state, boost_finish_stamp=stamp(seconds))


def test_the_clouds_word() -> None:
    overrides = Overrides()
    assert overrides.take(boosted(600), NOW, 1)
    control = overrides.control(boosted(600))
    assert (control.is_on, control.override) == (True, Override.BOOST)
    assert control.ends == NOW + timedelta(minutes=10)
    assert not overrides.take(boosted(600), NOW, 2)
    assert overrides.next_end(NOW) == NOW + timedelta(minutes=10)
    assert overrides.take(ON, NOW, 3)
    assert overrides.control(ON).override is Override.NONE
    assert overrides.control(ON).ends is None
    assert overrides.next_end(NOW) is None


def test_seconds_left_do_not_jitter() -> None:
    overrides = Overrides()
    for minute, late in enumerate((0, 2, -1, 3)):
        left = 3600 - minute * 60 + late
        asset = Asset(id="a", current_state="OFF", snooze_finish=left)
        changed = overrides.take(asset, NOW + timedelta(minutes=minute), minute)
        assert changed is (minute == 0)
        assert overrides.control(asset).ends == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("former", "current", "kept"),
    [
        (None, running(), False),
        (running(), None, False),
        (running(), running(seconds=3602, estimated=False), True),
        (running(), running(seconds=3606, estimated=False), False),
        (running(), running(seconds=3595, estimated=False), False),
        (running(), running(seconds=3629), True),
        (running(), running(seconds=3571), True),
        (running(), running(seconds=3631), False),
        (running(estimated=False), running(seconds=3629), True),
        (running(), running(Override.SNOOZE), False),
    ],
)
def test_steady(
    former: RunningOverride | None, current: RunningOverride | None, *, kept: bool
) -> None:
    assert steady(former, current) is (former if kept else current)


def test_a_command_shows_until_it_is_confirmed() -> None:
    overrides = Overrides()
    overlay = overrides.show_optimistic(ON, running(Override.SNOOZE))
    assert overrides.control(ON) == overlay.control
    assert overrides.control(ON).is_on is False
    assert overrides.next_end(NOW) == NOW + timedelta(hours=1)
    # A poll that was under way knows nothing of it, and one that began before it was accepted
    # may not either.
    assert not overrides.take(ON, NOW, 1)
    overlay.sent_by = 2
    snoozed = Asset(id="a", current_state="OFF", snooze_finish_stamp=stamp(3602))
    overrides.take(snoozed, NOW, 2)
    assert overrides.is_shown("a", overlay)
    # The override shows, the state lags behind.
    lagging = Asset(id="a", current_state="ON", snooze_finish_stamp=stamp(3602))
    overrides.take(lagging, NOW, 3)
    assert overrides.control(lagging).is_on is False
    assert overrides.take(snoozed, NOW, 4)
    assert not overrides.is_shown("a", overlay)
    # The end that the command was shown with stays.
    assert overrides.control(snoozed).ends == NOW + timedelta(hours=1)


def test_another_end_is_not_a_confirmation() -> None:
    overrides = Overrides()
    overrides.take(boosted(600), NOW, 1)
    overlay = overrides.show_optimistic(boosted(600), running(seconds=7200))
    overlay.sent_by = 1
    overrides.take(boosted(600), NOW, 2)
    assert overrides.control(boosted(600)).ends == NOW + timedelta(hours=2)
    overrides.take(boosted(7200), NOW, 3)
    assert not overrides.is_shown("a", overlay)


@pytest.mark.parametrize(
    ("mode", "is_on"),
    [("ALWAYS_ON", True), ("ALWAYS_OFF", False), ("SCHEDULE", True), (None, True)],
)
def test_resume_shows_the_mode(mode: str | None, *, is_on: bool) -> None:
    overrides = Overrides()
    asset = Asset(id="a", current_state="ON", user_state=mode, boost_finish_stamp=stamp(600))
    overrides.take(asset, NOW, 1)
    overlay = overrides.show_optimistic(asset, None)
    assert overrides.control(asset).override is Override.NONE
    assert overrides.control(asset).is_on is is_on
    overlay.sent_by = 1
    overrides.take(asset, NOW, 2)
    assert overrides.control(asset).override is Override.NONE
    overrides.take(ON, NOW, 3)
    assert not overrides.is_shown("a", overlay)


def test_the_latest_command_wins() -> None:
    overrides = Overrides()
    first = overrides.show_optimistic(ON, running(Override.SNOOZE))
    second = overrides.show_optimistic(ON, running())
    assert not overrides.revert("a", first)
    assert overrides.control(ON).override is Override.BOOST
    assert overrides.revert("a", second)
    assert overrides.control(ON).override is Override.NONE


def test_forget() -> None:
    overrides = Overrides()
    overrides.take(boosted(600), NOW, 1)
    overrides.show_optimistic(boosted(600), None)
    overrides.forget("a")
    assert not overrides.shown


@pytest.mark.parametrize(
    ("late", "kept"), [(-5, False), (-4.9, True), (0, True), (4.9, True), (5, False)]
)
def test_an_end_moves_by_five_seconds_at_least(late: float, *, kept: bool) -> None:
    former, current = running(), running(seconds=3600 + late, estimated=False)
    assert (steady(former, current) is former) is kept


def test_an_end_that_has_passed_is_not_shown_on() -> None:
    """The override still runs, so that its end was wrong, however little."""
    overrides = Overrides()
    overrides.take(boosted(600), NOW, 1)
    ended = NOW + timedelta(seconds=600)
    assert overrides.take(boosted(603), ended, 2)
    assert overrides.control(boosted(603)).ends == NOW + timedelta(seconds=603)


def test_the_next_end() -> None:
    overrides = Overrides()
    overrides.take(boosted(600), NOW, 1)
    other = Asset(id="b", current_state="ON")
    overrides.show_optimistic(other, running(seconds=300))
    assert overrides.next_end(NOW) == NOW + timedelta(seconds=300)
    assert overrides.next_end(NOW + timedelta(seconds=300)) == NOW + timedelta(seconds=600)
    assert overrides.next_end(NOW + timedelta(seconds=600)) is None
    # A command to resume ends nothing.
    overrides.show_optimistic(other, None)
    assert overrides.next_end(NOW) == NOW + timedelta(seconds=600)


def test_assets_with_an_override() -> None:
    """A command is shown in place of what the cloud says."""
    overrides = Overrides()
    for asset_id in ("a", "b", "c"):
        boost = Asset(id=asset_id, current_state="ON", boost_finish_stamp=stamp(600))
        overrides.take(boost, NOW, 1)
    overrides.show_optimistic(Asset(id="b"), running(Override.SNOOZE))
    overrides.show_optimistic(Asset(id="c"), None)
    overrides.show_optimistic(Asset(id="d"), running())
    assert set(overrides.shown) == {"a", "b", "c", "d"}
    shown = {key: overrides.control(Asset(id=key)).running for key in overrides.shown}
    assert {key for key, one in shown.items() if one and one.kind is Override.BOOST} == {"a", "d"}
    assert shown["b"] == running(Override.SNOOZE)
    assert shown["c"] is None


def test_what_has_to_be_ended() -> None:
    """A command on its way comes beside what the cloud shows, and then replaces it."""
    overrides = Overrides()
    both = Asset(id="a", boost_finish_stamp=stamp(600), snooze_finish_stamp=stamp(600))
    assert set(overrides.kinds(both, NOW)) == {Override.BOOST, Override.SNOOZE}
    assert overrides.kinds(ON, NOW) == ()
    overlay = overrides.show_optimistic(boosted(600), running(Override.SNOOZE))
    assert overrides.kinds(boosted(600), NOW) == (Override.SNOOZE, Override.BOOST)
    overlay.accepted(NOW, 1)
    assert overrides.kinds(boosted(600), NOW) == (Override.SNOOZE,)
    overrides.show_optimistic(boosted(600), None).accepted(NOW, 2)
    assert overrides.kinds(boosted(600), NOW) == ()
    overrides.show_optimistic(boosted(600), running())
    assert overrides.kinds(boosted(600), NOW) == (Override.BOOST,)


def test_the_end_counts_from_when_a_command_is_sent() -> None:
    """A little later makes no difference that is shown."""
    overrides = Overrides()
    overlay = overrides.show_optimistic(ON, running())
    assert not overlay.sent(running(seconds=3604), NOW)
    assert overrides.control(ON).ends == NOW + timedelta(hours=1)
    assert overlay.sent(running(seconds=3605), NOW)
    assert overrides.control(ON).ends == NOW + timedelta(seconds=3605)
    assert overrides.control(ON).is_on is True
    assert not overlay.sent(None, NOW)
    resume = overrides.show_optimistic(ON, None)
    assert not resume.sent(running(), NOW)
    assert overrides.control(ON).running is None


@pytest.mark.parametrize(
    ("late", "confirmed"), [(-6, False), (-5, True), (0, True), (25, True), (26, False)]
)
def test_an_end_confirms_within_the_time_that_the_command_took(
    late: float, *, confirmed: bool
) -> None:
    """The cloud began to count between the sending and the answer, 20 seconds later."""
    overrides = Overrides()
    overlay = overrides.show_optimistic(ON, running())
    overlay.sent(running(), NOW)
    overlay.accepted(NOW + timedelta(seconds=20), 1)
    # A poll that had begun by then knows nothing.
    overrides.take(boosted(3600 + late), NOW, 1)
    assert overrides.is_shown("a", overlay)
    assert overrides.take(boosted(3600 + late), NOW, 2) is confirmed
    assert overrides.is_shown("a", overlay) is not confirmed


@pytest.mark.parametrize(("late", "confirmed"), [(-31, False), (-30, True), (30, True)])
def test_an_estimated_end_confirms_within_what_it_is_uncertain_by(
    late: float, *, confirmed: bool
) -> None:
    overrides = Overrides()
    overlay = overrides.show_optimistic(ON, running())
    # It was accepted without a note of when it was sent.
    overlay.accepted(NOW, 1)
    overrides.take(Asset(id="a", current_state="ON", boost_finish=3600 + late), NOW, 2)
    assert overrides.is_shown("a", overlay) is not confirmed


@pytest.mark.parametrize(("state", "confirmed"), [("ON", True), (None, True), ("OFF", False)])
def test_a_state_confirms_unless_it_is_the_other_one(state: str | None, *, confirmed: bool) -> None:
    overrides = Overrides()
    overlay = overrides.show_optimistic(ON, running())
    overlay.accepted(NOW, 1)
    asset = Asset(id="a", current_state=state, boost_finish_stamp=stamp(3600))
    overrides.take(asset, NOW, 2)
    assert overrides.is_shown("a", overlay) is not confirmed


def test_a_command_to_be_off_is_confirmed_by_an_asset_that_is_off() -> None:
    """A command that only resumes is confirmed whatever state follows."""
    overrides = Overrides()
    overrides.take(boosted(600), NOW, 1)
    off = overrides.show_optimistic(boosted(600), None, is_on=False)
    assert overrides.control(ON).is_on is False
    off.accepted(NOW, 1)
    overrides.take(ON, NOW, 2)
    assert overrides.is_shown("a", off)
    overrides.take(Asset(id="a", current_state="OFF"), NOW, 3)
    assert not overrides.is_shown("a", off)
    resume = overrides.show_optimistic(ON, None)
    resume.accepted(NOW, 3)
    overrides.take(ON, NOW, 4)
    assert not overrides.is_shown("a", resume)


@pytest.mark.parametrize(
    ("mode", "on", "off"),
    [
        (" Always_On ", True, False),
        (" Always_Off ", False, True),
        ("SCHEDULE", False, False),
        (None, False, False),
    ],
)
def test_always(mode: str | None, *, on: bool, off: bool) -> None:
    asset = Asset(id="a", user_state=mode)
    assert (is_always_on(asset), is_always_off(asset)) == (on, off)


def test_forgetting_what_is_not_known() -> None:
    overrides = Overrides()
    overrides.forget("a")
    assert overrides.control(ON).override is Override.NONE
