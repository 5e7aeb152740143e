"""Plausibility of energy counters, so that a wrong reading never reaches the statistics.

Home Assistant counts each increase as energy, and treats a decrease by more than a tenth as a
reset, after which the whole reading counts as new. A single wrong reading of 0 would therefore add
everything that the meter has ever counted to one hour.

Contract: gridduck-api.md, "List assets" (`delivered`).
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Self

from homeassistant.util import dt as dt_util

# Home Assistant treats a smaller decrease as noise, not as a reset.
NOISE: Final = 0.1
# Upper bound of the power of an asset, kW: many times its present demand, and at least the power of
# a large building. If the demand is unknown, the power of a street's transformer.
DEMAND_FACTOR: Final = 10
LOWEST_BOUND: Final = 200.0
BOUND_WITHOUT_DEMAND: Final = 1_000.0
HIGHEST_BOUND: Final = 10_000.0
# A service may deliver delayed readings all at once.
LONGEST_DELAY: Final = timedelta(hours=1)
SHORTEST: Final = timedelta(minutes=2)
# A doubtful reading is accepted once it has persisted for this number of polls and this long.
POLLS: Final = 3
PERSISTS: Final = timedelta(minutes=5)
PERSISTS_AT_ZERO: Final = timedelta(minutes=30)
PERSISTS_BELOW: Final = timedelta(hours=1)


def power_bound(*watts: float | None) -> float:
    """Return an upper bound of the power, kW, from the demand of an asset, W."""
    known = [abs(one) for one in watts if one is not None]
    if not known:
        return BOUND_WITHOUT_DEMAND
    return min(max(LOWEST_BOUND, DEMAND_FACTOR * max(known) / 1000), HIGHEST_BOUND)


def hourly_energy_bound(watts: float | None) -> float:
    """Return an upper bound of the energy of an asset in a past hour, kWh.

    Args:
        watts: its present demand, which says little of the past.
    """
    return max(BOUND_WITHOUT_DEMAND, power_bound(watts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """State of a counter at one moment.

    Attributes:
        counter: the reading, kWh; None if unknown.
        now: the present.
        power: the demand, W; None if unknown.
        polls: number of the newest poll.
        polled: when the newest poll that succeeded ended.
    """

    counter: float | None
    now: datetime
    power: float | None
    polls: int
    polled: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterScale:
    """The scale of a counter before it jumped, to which it may return.

    Attributes:
        counter: what it read last, kWh.
        offset: what was shown beyond that, kWh.
    """

    counter: float
    offset: float

    @classmethod
    def from_dict(cls, stored: object) -> Self | None:
        """Return the inverse of `asdict`; None for anything else."""
        match stored:
            case {"counter": int() | float() as counter, "offset": int() | float() as offset}:
                return cls(counter=counter, offset=offset)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedReading:
    """The last accepted reading.

    Attributes:
        counter: what the counter read, kWh.
        offset: added to the reading, kWh, after the counter was replaced or has jumped.
        since: when it last changed.
        seen: when the asset was last read.
        origin: the scale before it jumped; None if it has not.
    """

    counter: float
    offset: float
    since: datetime
    seen: datetime
    origin: CounterScale | None = None

    @property
    def shown(self) -> float:
        """The shown value, kWh."""
        return self.counter + self.offset

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self) | {"since": self.since.isoformat(), "seen": self.seen.isoformat()}

    @classmethod
    def from_dict(cls, stored: object) -> Self | None:
        """Return the inverse of `as_dict`; None for anything else."""
        match stored:
            case {
                "counter": int() | float() as counter,
                "offset": int() | float() as offset,
                "since": str() as since_text,
                "seen": str() as seen_text,
                **others,
            }:
                since, seen = (dt_util.parse_datetime(one) for one in (since_text, seen_text))
                if since is not None and seen is not None and since.tzinfo and seen.tzinfo:
                    origin = CounterScale.from_dict(others.get("origin"))
                    return cls(
                        counter=counter, offset=offset, since=since, seen=seen, origin=origin
                    )
        return None


@dataclass(slots=True)
class _PendingReading:
    """A reading that is held back.

    Attributes:
        first: what the counter read first, kWh.
        latest: what it reads now.
        since: when it was first read.
        changed: when it last changed.
        polls: the number of its poll.
    """

    first: float
    latest: float
    since: datetime
    changed: datetime
    polls: int


class EnergyGuard:
    """Accept plausible counter readings; hold any other back until it persists."""

    def __init__(self) -> None:
        """Start with no value."""
        self._accepted: AcceptedReading | None = None
        self._pending: _PendingReading | None = None
        self._power: float | None = None
        self._is_stale = False

    @property
    def holds_back(self) -> bool:
        """Whether a reading is held back."""
        return self._pending is not None

    def stored(self, now: datetime) -> AcceptedReading | None:
        """Return the state to persist."""
        if (accepted := self._accepted) is None or self._is_stale:
            return accepted
        return replace(accepted, seen=now)

    def restore(self, accepted: AcceptedReading) -> None:
        """Restore the state from before a restart."""
        if self._accepted is None:
            self._accepted = accepted
            self._is_stale = True

    def mark_stale(self, now: datetime) -> None:
        """Note that the reading of the service is stale."""
        self._pending = None
        if not self._is_stale and self._accepted is not None:
            self._accepted = replace(self._accepted, seen=now)
            self._is_stale = True

    def check(self, observed: Observation) -> float | None:
        """Return the energy to show, kWh; None if unknown."""
        if (counter := observed.counter) is None:
            return None
        if (accepted := self._accepted) is None:
            self._accept(counter, 0.0, observed)
            return counter
        if 0 <= counter - accepted.counter <= self._energy_bound(accepted, observed):
            since = observed.now if counter != accepted.counter else accepted.since
            self._accept(counter, accepted.offset, observed, since=since, origin=accepted.origin)
        else:
            self._hold_back(counter, accepted, observed)
        return None if self._accepted is None else self._accepted.shown

    def _energy_bound(self, accepted: AcceptedReading, observed: Observation) -> float:
        """Return an upper bound of what was counted since, kWh."""
        delay = LONGEST_DELAY + (observed.now - accepted.seen if self._is_stale else timedelta())
        span = max(min(observed.now - accepted.since, delay), SHORTEST)
        return power_bound(self._power, observed.power) * (span / timedelta(hours=1))

    def _hold_back(self, counter: float, accepted: AcceptedReading, observed: Observation) -> None:
        """Hold a reading back, or accept it if it has persisted."""
        pending = self._pending
        if pending is None or not self._continues(pending, counter, observed):
            self._pending = _PendingReading(
                counter, counter, observed.now, observed.now, observed.polls
            )
            return
        if counter != pending.latest:
            pending.latest, pending.changed = counter, observed.now
        if not _has_persisted(pending, accepted, observed):
            return
        bound = power_bound(self._power, observed.power) * (
            max(pending.since - accepted.since, LONGEST_DELAY) / timedelta(hours=1)
        )
        if (origin := accepted.origin) is not None and _returns(pending, accepted, origin, bound):
            # What was counted on the wrong scale may be more than it now reads on its own: the
            # value stands still until the counter has caught up, as it must not fall.
            if counter + origin.offset >= accepted.shown:
                self._accept(counter, origin.offset, observed)
            return
        # A counter that was reset counts from 0. What else it reads was never drawn.
        if pending.first <= min(bound, accepted.shown * (1 - NOISE)):
            self._accept(counter, 0.0, observed)
            return
        origin = origin or CounterScale(counter=accepted.counter, offset=accepted.offset)
        self._accept(counter, accepted.shown - pending.first, observed, origin=origin)

    def _continues(self, pending: _PendingReading, counter: float, observed: Observation) -> bool:
        """Return whether a reading continues the one that is held back."""
        span = max(observed.now - pending.changed, SHORTEST) / timedelta(hours=1)
        return 0 <= counter - pending.latest <= power_bound(self._power, observed.power) * span

    def _accept(
        self,
        counter: float,
        offset: float,
        observed: Observation,
        *,
        since: datetime | None = None,
        origin: CounterScale | None = None,
    ) -> None:
        self._accepted = AcceptedReading(
            counter=counter,
            offset=offset,
            since=since or observed.now,
            seen=observed.now,
            origin=origin,
        )
        self._power, self._pending, self._is_stale = observed.power, None, False


def _returns(
    pending: _PendingReading, accepted: AcceptedReading, origin: CounterScale, bound: float
) -> bool:
    """Return whether a reading that was held back goes on from before the counter jumped.

    Args:
        pending: the reading.
        accepted: what is accepted meanwhile.
        origin: the scale before the jump.
        bound: the most that can have been counted since, kWh.
    """
    return (
        pending.first >= origin.counter and pending.first + origin.offset - accepted.shown <= bound
    )


def _has_persisted(
    pending: _PendingReading, accepted: AcceptedReading, observed: Observation
) -> bool:
    """Return whether a reading that was held back has persisted long enough."""
    counts = pending.latest > pending.first
    needed = PERSISTS
    if accepted.counter * (1 - NOISE) < pending.first < accepted.counter:
        # Responses may be slightly older than the previous one for a long time.
        if not counts:
            return False
        needed = PERSISTS_BELOW
    elif pending.first == 0 and not counts:
        needed = PERSISTS_AT_ZERO
    return observed.polls - pending.polls >= POLLS - 1 and observed.polled - pending.since >= needed
