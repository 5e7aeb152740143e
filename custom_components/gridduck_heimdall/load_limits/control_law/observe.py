"""Compares the ledger with what accounts show: a person's own override is never fought."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from .clock import is_future
from .ledger import FORGET, Curtailed, Ledger
from .models import AssetState
from .tuning import DEFAULT, Tuning

SAME_END: Final = 60.0
"""Seconds by which two ends may differ and still be the same: commands take time."""
UNSEEN: Final = 20.0
"""Seconds after a command for which an account may not show it."""
FIRST_SEEN: Final = 120.0
"""Seconds after a command for which the first snooze that is shown is ours, whatever its end.

The first list follows a command in seconds. Later, another command may have been sent.
"""
LATE: Final = 600.0
"""Seconds after a command with unknown outcome within which it may take effect."""


class Ended(StrEnum):
    """How a curtailment ended without a command of ours."""

    LAPSED = "lapsed"
    RESUMED = "resumed"
    """A person has ended it."""
    REPLACED = "replaced"
    """A person has given it another end."""
    GONE = "gone"
    NEVER_BEGUN = "never_begun"
    """The command whose outcome was unknown has not arrived."""


@dataclass(frozen=True, slots=True)
class Observed:
    """How a curtailment has ended; None where it has begun although its command failed."""

    curtailed: Curtailed
    how: Ended | None


def observe(
    ledger: Ledger, states: Mapping[str, AssetState], now: float, tuning: Tuning = DEFAULT
) -> Iterator[Observed | None]:
    """Take over into the ledger what accounts show; yield, for each asset, what has happened.

    An asset that a person has resumed, boosted or snoozed differently is no longer ours, and is
    left alone for a while. The ledger may change between two steps.
    """
    for key in list(ledger.curtailed):
        before, state = ledger.curtailed.get(key), states.get(key)
        if before is None or (state is not None and state.in_flight):
            continue
        # What was listed before the clock was set back tells nothing.
        shown = None if state is None or is_future(state.seen, now) else state
        one = _anew(before, shown, now) if is_future(before.renewed, now) else before
        if shown is not None:
            one = _confirmed(one, shown)
        if one is not before:
            ledger.add(one)
        if one.accepted and not before.accepted:
            yield Observed(one, None)
        if state is not shown:
            yield None
            continue
        if (how := ended(one, state, now)) is not None:
            settle(ledger, one, how, now, tuning)
            yield Observed(one, how)
        yield None
    yield from _arrived(ledger, states, now)
    ledger.forget(now)


def _arrived(
    ledger: Ledger, states: Mapping[str, AssetState], now: float
) -> Iterator[Observed | None]:
    """Take over what has taken effect although it was not waited for any more."""
    for key, one in list(ledger.unanswered.items()):
        state = states.get(key)
        over = is_future(one.renewed, now) or now >= one.renewed + 2 * LATE
        if over or key in ledger.curtailed:
            del ledger.unanswered[key]
        elif state is not None and not state.in_flight and _is_late(one, state, now):
            end = state.listed_until or one.until
            late = max(0.0, end - one.until)
            begun = replace(
                one,
                since=one.since + late,
                renewed=one.renewed + late,
                until=end,
                accepted=True,
                seen=state.seen,
            )
            del ledger.unanswered[key]
            ledger.add(begun)
            yield Observed(begun, None)
        yield None


def _is_late(one: Curtailed, state: AssetState, now: float) -> bool:
    """Return whether the snooze that is shown is that of a command without an answer."""
    if state.listed_until is None or not one.renewed < state.seen <= now:
        return False
    return _nearest(one, state.listed_until, 0.0, state.seen) is not None


def settle(
    ledger: Ledger, one: Curtailed, how: Ended, now: float, tuning: Tuning = DEFAULT
) -> None:
    """Note that a curtailment has ended without a command of ours."""
    if how is Ended.NEVER_BEGUN and not one.by_action:
        ledger.drop(one.key)
        ledger.unanswered[one.key] = one
        return
    # The command to return it may have arrived, although it was not answered.
    by_command = how is Ended.RESUMED and one.ending is not None and now < one.ending + LATE
    by_person = how in {Ended.RESUMED, Ended.REPLACED} and not by_command
    lapsed = how is Ended.LAPSED
    unreported = one if by_command else replace(one, ending=None)
    ledger.returned[one.key] = replace(
        ledger.end(one.key, min(now, one.until) if lapsed else now),
        not_before=now + tuning.respect if by_person else 0.0,
        unreported=unreported if one.by_action else None,
        lapsed=lapsed,
    )


def is_ours(one: Curtailed, state: AssetState, now: float) -> bool:
    """Return whether the snooze that an account shows is the one of the ledger."""
    if ended(one, state, now) is not None:
        return False
    return one.accepted or state.off_until is not None


def measured(one: Curtailed, power: float | None, seen: float, settled: float) -> Curtailed:
    """Return a curtailed asset with the power that is saved, as far as its account shows that.

    A fall is believed at once. That there is none is believed only `settled` seconds after it was
    curtailed, when the power (W) that is shown can no longer be that of before.
    """
    if power is None or seen <= one.since:
        return one
    fall = max(0.0, one.power - power)
    if seen < one.since + settled and fall < 0.9 * one.power:
        return one
    return replace(one, saved=fall) if fall != one.saved else one


def ended(one: Curtailed, state: AssetState | None, now: float) -> Ended | None:
    """Return how a curtailment has ended without a command of ours; None while it has not."""
    last = max(one.ends)
    if state is None:
        # Its account is not in use, or has no data.
        return Ended.GONE if now >= last + FORGET else None
    if state.gone:
        return Ended.GONE
    if now >= last + (0.0 if one.accepted else LATE):
        return Ended.LAPSED
    return _changed(one, state, now)


def _changed(one: Curtailed, state: AssetState, now: float) -> Ended | None:
    """Return how a person has changed a curtailment; that may also be its end, a little early."""
    if state.foreign:
        return Ended.REPLACED
    if state.boosted or state.off_until is not None:
        return Ended.REPLACED if _end_of(one, state, now) is None else None
    # A load limit does not wait for a command that may never take effect.
    waits = LATE if one.by_action and not one.accepted else UNSEEN
    if state.seen < one.renewed + waits:
        return None
    if not one.accepted:
        return Ended.NEVER_BEGUN
    # The end that a service shows whose clock is slow has passed before the snooze ends.
    early = min(0.0, one.ahead or 0.0) - SAME_END
    return Ended.LAPSED if now >= one.until + early else Ended.RESUMED


def _anew(one: Curtailed, state: AssetState | None, now: float) -> Curtailed:
    """Return a curtailment that was commanded before the clock was set back, as commanded now.

    Otherwise it would not be looked at until the clock has caught up. Where no end is shown, how
    long its snooze goes on is not known: that of a load limit is renewed at half its life, so for
    half of it at least.
    """
    # Before the list that tells what has become of it.
    at = (now if state is None else min(now, state.seen)) - 1
    back, life = one.renewed - at, one.until - one.renewed
    until = at + (life if one.by_action else life / 2)
    if state is not None and state.off_until is not None and state.off_until <= at + life + LATE:
        until = state.off_until
    return replace(
        one,
        since=one.since - back,
        renewed=at,
        until=until,
        until_else=None,
        ending=None if one.ending is None else one.ending - back,
        seen=None,
        ahead=None,
        returning=None if one.returning is None else one.returning - back,
        held=max(one.held - back, 0.0),
        scheduled=None if one.scheduled is None else one.scheduled - back,
    )


def _confirmed(one: Curtailed, state: AssetState) -> Curtailed:
    """Return what is known of a curtailment once the service shows its snooze.

    That is which of two ends is right, and how far the clocks differ: the first snooze that is
    shown after our command is ours, even if it has another end.
    """
    listed = state.listed_until
    if one.seen is not None or listed is None or state.seen <= one.renewed:
        return one
    newest, end = max(one.ends), _nearest(one, listed, one.ahead or 0.0, state.seen)
    listed_end = listed - (one.ahead or 0.0)
    if end == newest and listed_end - end > SAME_END and _is_doubtful(one):
        # It began to count only when it took effect.
        return replace(one, until=listed_end, until_else=None, accepted=True, seen=state.seen)
    if end is None:
        # Without an answer it has to be near ours, as clocks differ by minutes at most.
        is_first = one.accepted or abs(listed - newest) <= LATE
        if not is_first or state.seen > one.renewed + FIRST_SEEN:
            return one
        end = newest
    if end != newest and state.seen < one.renewed + UNSEEN:
        return one
    return replace(
        one, until=end, until_else=None, accepted=True, seen=state.seen, ahead=listed - end
    )


def _is_doubtful(one: Curtailed) -> bool:
    """Return whether the outcome of the last command is unknown."""
    return one.seen is None and (not one.accepted or one.until_else is not None)


def _end_of(one: Curtailed, state: AssetState, now: float) -> float | None:
    """Return the end of ours, by our clock, that a running snooze has; None if it is not ours."""
    if state.off_until is None:
        return None
    # An estimated end is by our clock.
    ahead = 0.0 if state.estimated else one.ahead or 0.0
    return _nearest(one, state.off_until, ahead, now)


def _nearest(one: Curtailed, end: float, ahead: float, now: float) -> float | None:
    """Return the end of ours to which the end of a snooze belongs; None for none.

    A command with unknown outcome may have taken effect at any time since it was sent.
    """
    nearest = min(one.ends, key=lambda ours: abs(end - ahead - ours))
    if abs(end - ahead - nearest) <= SAME_END:
        return nearest
    newest = max(one.ends)
    late = end - ahead - newest
    longest = min(max(now - one.renewed, 0.0), LATE) + SAME_END
    return newest if _is_doubtful(one) and 0 < late <= longest else None
