"""Compares the ledger with what accounts show: a person's own override is never fought."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from .ledger import Curtailed, Ledger
from .models import AssetState
from .tuning import DEFAULT, Tuning

CLOCKS: Final = 90.0
"""Seconds by which the end that an account shows may differ from the one that was sent."""


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
    """That a curtailment has ended.

    Attributes:
        curtailed: what it was.
        how: how it ended.
    """

    curtailed: Curtailed
    how: Ended


def observe(
    ledger: Ledger, states: Mapping[str, AssetState], now: float, tuning: Tuning = DEFAULT
) -> Iterator[Observed | None]:
    """Take over into the ledger what accounts show; yield, for each asset, whether it has ended.

    An asset that a person has resumed, boosted or snoozed differently is no longer ours, and is
    left alone for a while. The ledger may change between two steps.
    """
    for key in list(ledger.curtailed):
        if (one := ledger.curtailed.get(key)) is None:
            continue
        how = _ended(one, states.get(key), now)
        if how is not None:
            _end(ledger, one, how, now, tuning)
            yield Observed(one, how)
            continue
        if one.seen is None and _shows(one, states.get(key)):
            ledger.add(replace(one, seen=now))
        yield None
    ledger.forget(now)


def _end(ledger: Ledger, one: Curtailed, how: Ended, now: float, tuning: Tuning) -> None:
    """Note in the ledger how a curtailment has ended."""
    match how:
        case Ended.NEVER_BEGUN:
            ledger.drop(one.key)
        case Ended.LAPSED:
            ledger.end(one.key, min(now, one.until))
        case Ended.GONE:
            ledger.end(one.key, now)
        case Ended.RESUMED | Ended.REPLACED:
            ledger.end(one.key, now, not_before=now + tuning.respect)


def _shows(one: Curtailed, state: AssetState | None) -> bool:
    """Whether an account has shown an asset since the last command to it."""
    return state is not None and not state.in_flight and state.seen > one.renewed


def _ended(one: Curtailed, state: AssetState | None, now: float) -> Ended | None:
    if state is None:
        return Ended.GONE if now >= one.until else None
    if not _shows(one, state):
        return Ended.LAPSED if now >= one.until + CLOCKS and not state.in_flight else None
    if state.off_until is None and one.seen is None and not one.accepted:
        return Ended.NEVER_BEGUN
    if state.off_until is None:
        return Ended.LAPSED if now >= one.until - CLOCKS else Ended.RESUMED
    return Ended.REPLACED if abs(state.off_until - one.until) > CLOCKS else None
