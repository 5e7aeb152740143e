"""What is shown of a boost or snooze: the cloud's word, a command, and an end that stands."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.gridduck_heimdall.api.gridduck import Asset, Override, RunningOverride
from custom_components.gridduck_heimdall.gridduck.overrides import Overrides, steady

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
    overlay = overrides.cover(ON, running(Override.SNOOZE))
    assert overrides.control(ON) == overlay.control
    assert overrides.control(ON).is_on is False
    assert overrides.next_end(NOW) == NOW + timedelta(hours=1)
    # A poll that was under way knows nothing of it, and one that began before it was accepted
    # may not either.
    assert not overrides.take(ON, NOW, 1)
    overlay.sent_by = 2
    snoozed = Asset(id="a", current_state="OFF", snooze_finish_stamp=stamp(3602))
    overrides.take(snoozed, NOW, 2)
    assert [*overrides.overlaid] == ["a"]
    # The override shows, the state lags behind.
    lagging = Asset(id="a", current_state="ON", snooze_finish_stamp=stamp(3602))
    overrides.take(lagging, NOW, 3)
    assert overrides.control(lagging).is_on is False
    assert overrides.take(snoozed, NOW, 4)
    assert not overrides.overlaid
    # The end that the command was shown with stays.
    assert overrides.control(snoozed).ends == NOW + timedelta(hours=1)


def test_another_end_is_not_a_confirmation() -> None:
    overrides = Overrides()
    overrides.take(boosted(600), NOW, 1)
    overrides.cover(boosted(600), running(seconds=7200)).sent_by = 1
    overrides.take(boosted(600), NOW, 2)
    assert overrides.control(boosted(600)).ends == NOW + timedelta(hours=2)
    overrides.take(boosted(7200), NOW, 3)
    assert not overrides.overlaid


@pytest.mark.parametrize(
    ("mode", "is_on"),
    [("ALWAYS_ON", True), ("ALWAYS_OFF", False), ("SCHEDULE", True), (None, True)],
)
def test_resume_shows_the_mode(mode: str | None, *, is_on: bool) -> None:
    overrides = Overrides()
    asset = Asset(id="a", current_state="ON", user_state=mode, boost_finish_stamp=stamp(600))
    overrides.take(asset, NOW, 1)
    overlay = overrides.cover(asset, None)
    assert overrides.control(asset).override is Override.NONE
    assert overrides.control(asset).is_on is is_on
    overlay.sent_by = 1
    overrides.take(asset, NOW, 2)
    assert overrides.control(asset).override is Override.NONE
    overrides.take(ON, NOW, 3)
    assert not overrides.overlaid


def test_the_latest_command_wins() -> None:
    overrides = Overrides()
    first = overrides.cover(ON, running(Override.SNOOZE))
    second = overrides.cover(ON, running())
    assert not overrides.uncover("a", first)
    assert overrides.control(ON).override is Override.BOOST
    assert overrides.uncover("a", second)
    assert overrides.control(ON).override is Override.NONE


def test_forget() -> None:
    overrides = Overrides()
    overrides.take(boosted(600), NOW, 1)
    overrides.cover(boosted(600), None)
    overrides.forget("a")
    assert not overrides.running
    assert not overrides.overlaid
