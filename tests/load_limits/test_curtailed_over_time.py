"""A curtailed asset over hours: commands that fail, people, crashes and clocks that differ."""

from dataclasses import dataclass, field, replace
from typing import Final

from hypothesis import given, strategies as st

from custom_components.gridduck_heimdall.load_limits.control_law.ledger import Ledger
from custom_components.gridduck_heimdall.load_limits.control_law.models import Action, Decision
from custom_components.gridduck_heimdall.load_limits.control_law.observe import observe
from custom_components.gridduck_heimdall.load_limits.control_law.reconcile import decide
from custom_components.gridduck_heimdall.load_limits.control_law.tuning import DEFAULT

from .test_boosts_over_time import MINUTE, OUTCOMES, SKEWS
from .test_reconcile import HOUR, LIMIT, NOW, asset, limit_on, snapshot_of

POWER: Final = 5_000.0


@dataclass
class Load:
    """An asset at a service whose clock may differ, and what is noted of it.

    The list of the service is half a minute old at each snapshot.
    """

    skew: float
    now: float = NOW
    ledger: Ledger = field(default_factory=Ledger)
    end: float | None = None
    by_person: bool = False
    left_at: float | None = None
    shown: float | None = None

    def is_off(self) -> bool:
        return self.end is not None and self.end > self.now

    def snapshot(self, uncontrolled: float) -> list[Decision]:
        """Return what is decided, and note the rest, as the load limits do."""
        drawn = 0.0 if self.shown is not None else POWER
        state = replace(asset("a", drawn), seen=self.now - MINUTE / 2)
        if self.shown is not None:
            end = self.shown + self.skew
            state = replace(state, off_until=end, listed_until=end)
        list(observe(self.ledger, {"a": state}, self.now))
        snapshot = snapshot_of([limit_on("a")], [state], uncontrolled + drawn, self.ledger)
        measured = replace(snapshot.estimates["line"].measured, time=self.now)
        estimate = replace(snapshot.estimates["line"], measured=measured)
        snapshot = replace(snapshot, now=self.now, estimates={"line": estimate})
        return list(decide(snapshot).decisions)

    def carry_out(self, one: Decision, outcome: str) -> None:
        """Send a decision; the ledger is written before."""
        before = self.ledger.curtailed.get("a")
        self.ledger.begin(one, self.now)
        if outcome in {"accepted", "unknown", "killed after"}:
            self.end, self.by_person = one.until, False
        match outcome:
            case "accepted":
                self.ledger.accept(one, self.now)
            case "refused":
                self.ledger.revert(one, before, None)

    def pass_time(self) -> None:
        self.now += MINUTE / 2
        self.shown = self.end if self.is_off() else None
        self.now += MINUTE / 2

    def leave(self, *, longer: bool) -> None:
        """Have a person end the curtailment, or give it another end."""
        self.end, self.by_person = (self.now + 5 * HOUR if longer else None), True
        self.left_at = self.now


MINUTES = st.lists(
    st.tuples(st.sampled_from([0.6, 0.98, 1.02, 1.02]), st.sampled_from(OUTCOMES)),
    min_size=20,
    max_size=200,
)


@given(SKEWS, MINUTES)
def test_what_load_limits_switch_off_stays_theirs_and_returns(
    skew: float, minutes: list[tuple[float, str]]
) -> None:
    """Also where answers are lost; nothing of it is taken for a person's."""
    load = Load(skew)
    for uncontrolled, outcome in minutes:
        decisions = load.snapshot(uncontrolled * LIMIT)
        assert len(decisions) <= 1
        assert not load.is_off() or "a" in load.ledger.curtailed
        returned = load.ledger.returned.get("a")
        assert returned is None or returned.not_before <= returned.at
        for one in decisions:
            load.carry_out(one, outcome)
        load.pass_time()
    # Then the service works again, and there is room.
    for _ in range(30):
        for one in load.snapshot(0.6 * LIMIT):
            assert one.action is Action.RETURN
            load.carry_out(one, "accepted")
        load.pass_time()
    assert not load.is_off()
    assert not load.ledger.curtailed


@given(SKEWS, MINUTES, st.booleans())
def test_what_a_person_left_is_left_alone(
    skew: float, minutes: list[tuple[float, str]], longer: bool
) -> None:
    load = Load(skew)
    for uncontrolled, outcome in minutes:
        for one in load.snapshot(uncontrolled * LIMIT):
            assert load.left_at is None or load.now - load.left_at >= DEFAULT.respect
            load.carry_out(one, outcome)
        noted = load.ledger.curtailed.get("a")
        # What changes while the outcome of our own command is unknown may be ours.
        is_known = noted is not None and noted.seen is not None and noted.ending is None
        is_ours = load.is_off() and not load.by_person and load.shown == load.end
        if load.left_at is None and is_known and is_ours:
            load.leave(longer=longer)
        load.pass_time()
