"""Boosts of which it is not known whether the last command has taken effect."""

from dataclasses import replace
from typing import Any

from custom_components.gridduck_heimdall.load_limits.control_law.boosts import (
    LEASE,
    BoostOutcome,
    decide_boosts,
)
from custom_components.gridduck_heimdall.load_limits.control_law.ledger import Boosted
from custom_components.gridduck_heimdall.load_limits.control_law.models import Action

from .test_boosts import MINUTE, boosted, idle, look_with, on, only, planned
from .test_reconcile import HOUR, NOW


def in_doubt(**fields: Any) -> Boosted:
    """Return a boost until in 20 minutes, whose renewal has an unknown outcome."""
    doubtful = boosted(
        renewed=NOW - MINUTE,
        until=NOW + LEASE,
        until_else=NOW + 20 * MINUTE,
        accepted=False,
        shown=None,
    )
    return replace(doubtful, **fields)


def test_a_renewal_that_has_not_arrived_is_sent_again() -> None:
    look = look_with(on(boosted_until=NOW + 20 * MINUTE), 80_000, in_doubt())
    outcome = decide_boosts(look, planned(), ())
    assert not outcome.by_person
    decision = only(outcome)
    assert (decision.action, decision.until) == (Action.BOOST, NOW + LEASE)
    assert only(decide_boosts(look, {}, ())).action is Action.END_BOOST
    look.ledger.apply(decision)
    assert look.ledger.boosted["a"].ends == (NOW + LEASE, NOW + 20 * MINUTE)
    just_sent = look_with(on(boosted_until=NOW + 20 * MINUTE), 80_000, in_doubt(renewed=NOW - 5))
    assert decide_boosts(just_sent, planned(), ()) == BoostOutcome()


def test_a_renewal_that_has_arrived_late_is_ours() -> None:
    late = NOW + LEASE + 5 * MINUTE
    outcome = decide_boosts(look_with(on(boosted_until=late), 80_000, in_doubt()), planned(), ())
    [shown] = outcome.shown
    assert (shown.shown, shown.accepted, shown.until_else) == (late, True, None)
    assert not outcome.by_person
    assert not outcome.decisions


def test_a_person_who_ends_it_while_a_renewal_is_in_doubt() -> None:
    outcome = decide_boosts(look_with(idle(seen=NOW), 80_000, in_doubt()), planned(), ())
    assert outcome.by_person == ["a"]
    ended = look_with(idle(seen=NOW), 80_000, in_doubt(until_else=NOW - MINUTE))
    assert decide_boosts(ended, {}, ()).lapsed == ["a"]


def test_a_first_boost_may_take_effect_late() -> None:
    """It is waited for, and then goes on or ends like any other."""
    unknown = boosted(renewed=NOW - 5 * MINUTE, accepted=False, shown=None)
    waits = decide_boosts(look_with(idle(seen=NOW), 80_000, unknown), planned(), ())
    assert waits == BoostOutcome()
    arrived = look_with(on(boosted_until=NOW + HOUR + 4 * MINUTE), 80_000, unknown)
    assert [one.accepted for one in decide_boosts(arrived, planned(), ()).shown] == [True]
    assert only(decide_boosts(arrived, {}, ())).action is Action.END_BOOST


def test_an_end_whose_outcome_is_unknown() -> None:
    """If it has arrived, no person has ended the boost; if not, one may do so later."""
    arrived = look_with(idle(seen=NOW), 80_000, boosted(ending=NOW - MINUTE))
    assert decide_boosts(arrived, {}, ()).lapsed == ["a"]
    [shown] = decide_boosts(
        look_with(on(), 80_000, boosted(ending=NOW - 11 * MINUTE)), planned(), ()
    ).shown
    assert shown.ending is None
