"""A boosted asset over hours: commands that fail, people, restarts and clocks that differ."""

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from hypothesis import given, strategies as st

from custom_components.gridduck_heimdall.load_limits.control_law.boosts import (
    LEASE,
    PlannedBoost,
    decide_boosts,
)
from custom_components.gridduck_heimdall.load_limits.control_law.ledger import REST, Ledger
from custom_components.gridduck_heimdall.load_limits.control_law.models import (
    Action,
    Decision,
    Refusal,
)
from custom_components.gridduck_heimdall.load_limits.control_law.tuning import DEFAULT

from .test_reconcile import HOUR, LIMIT, NOW, asset, limit_on, snapshot_of

MINUTE: Final = 60.0
OUTCOMES: Final = ("accepted", "refused", "lost", "unknown", "killed before", "killed after")
"""What becomes of a command; one whose outcome is unknown has arrived, a lost one has not."""


@dataclass
class Store:
    """An asset that stores, at a service whose clock may differ, and what is noted of it.

    The list of the service is half a minute old at each snapshot.
    """

    skew: float
    now: float = NOW
    ledger: Ledger = field(default_factory=Ledger)
    end: float | None = None
    by_person: bool = False
    left_at: float | None = None
    shown: float | None = None

    def is_ours(self) -> bool:
        return self.is_on() and not self.by_person

    def is_on(self) -> bool:
        return self.end is not None and self.end > self.now

    def snapshot(self, load: float, *, planned: bool, known: bool) -> list[Decision]:
        """Return what is decided, and note the rest, as the load limits do."""
        state = replace(asset("a", 5_000.0 if self.shown else 0.0), seen=self.now - MINUTE / 2)
        if self.shown is not None:
            end = self.shown + self.skew
            state = replace(state, boosted=True, boosted_until=end, refusal=Refusal.BOOSTED)
        snapshot = snapshot_of([limit_on("a")], [state], load, self.ledger)
        measured = replace(snapshot.estimates["line"].measured, time=self.now)
        estimate = replace(snapshot.estimates["line"], measured=measured)
        snapshot = replace(snapshot, now=self.now, estimates={"line": estimate})
        plan = {"a": PlannedBoost(request="limit", until=self.now + 3 * HOUR, power=5_000.0)}
        outcome = decide_boosts(snapshot, plan if planned else {}, () if known else ("limit",))
        outcome.settle(self.ledger, snapshot)
        return outcome.decisions

    def carry_out(self, one: Decision, outcome: str) -> None:
        """Send a decision; the ledger is written before."""
        before = self.ledger.boosted.get("a")
        self.ledger.begin(one, self.now)
        if outcome in {"accepted", "unknown", "killed after"}:
            self.end, self.by_person = one.until, False
        match outcome:
            case "accepted":
                self.ledger.accept(one, self.now)
            case "refused":
                self.ledger.revert(one, None, before)

    def pass_time(self) -> None:
        self.now += MINUTE / 2
        self.shown = self.end if self.is_on() else None
        self.now += MINUTE / 2

    def leave(self, *, longer: bool) -> None:
        """Have a person end the boost, or give it another end."""
        self.end, self.by_person = (self.now + 5 * HOUR if longer else None), True
        self.left_at = self.now


MINUTES = st.lists(
    st.tuples(
        st.sampled_from([0.6, 0.6, 0.6, 0.8, 0.95, 1.02]),
        st.sampled_from([True, True, True, False]),
        st.sampled_from([True, True, False]),
        st.sampled_from(OUTCOMES),
    ),
    min_size=20,
    max_size=150,
)
SKEWS = st.sampled_from([-540.0, -120.0, 0.0, 45.0, 300.0, 540.0])


@given(SKEWS, MINUTES)
def test_no_boost_outlasts_its_lease_and_each_ends_where_there_is_no_room(
    skew: float, minutes: list[tuple[float, bool, bool, str]]
) -> None:
    store = Store(skew)
    for load, planned, known, outcome in minutes:
        decisions = store.snapshot(load * LIMIT, planned=planned, known=known)
        assert len(decisions) <= 1
        for one in decisions:
            store.carry_out(one, outcome)
        assert store.end is None or store.end <= store.now + LEASE
        store.pass_time()
    # Then the service works again, and there is no room.
    for _ in range(3):
        for one in store.snapshot(1.02 * LIMIT, planned=True, known=True):
            assert one.action is Action.END_BOOST
            store.carry_out(one, "accepted")
        store.pass_time()
    assert not store.is_on()


@given(SKEWS, MINUTES, st.booleans())
def test_what_a_person_left_is_left_alone(
    skew: float, minutes: list[tuple[float, bool, bool, str]], longer: bool
) -> None:
    store = Store(skew)
    for load, planned, known, outcome in minutes:
        for one in store.snapshot(load * LIMIT, planned=planned, known=known):
            left_at = store.left_at
            assert left_at is None or store.now - left_at >= DEFAULT.respect
            store.carry_out(one, outcome)
        noted = store.ledger.boosted.get("a")
        is_known = noted is not None and noted.shown is not None and store.shown == store.end
        # What ends while the outcome of our own command to end it is unknown may be ours.
        is_known = is_known and noted is not None and noted.ending is None
        left = store.end is not None and store.end - store.now > 5 * MINUTE
        if store.left_at is None and is_known and store.is_ours() and left:
            store.leave(longer=longer)
        store.pass_time()


@given(st.lists(st.sampled_from([0.6, 0.88, 0.95, 1.02]), min_size=60, max_size=150))
def test_a_load_that_jumps_switches_an_asset_at_most_each_quarter_of_an_hour(
    loads: list[float],
) -> None:
    store, begun = Store(0.0), list[float]()
    for load in loads:
        for one in store.snapshot(load * LIMIT, planned=True, known=True):
            if "a" not in store.ledger.boosted:
                begun.append(store.now)
            store.carry_out(one, "accepted")
        store.pass_time()
    assert all(later - before >= REST for before, later in pairwise(begun))
