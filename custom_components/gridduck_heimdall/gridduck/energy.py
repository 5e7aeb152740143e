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
HEADROOM: Final = 10
LEAST_POWER: Final = 200.0
UNKNOWN_POWER: Final = 1_000.0
MOST_POWER: Final = 10_000.0
# A service may deliver delayed readings all at once.
HELD_UP: Final = timedelta(hours=1)
SHORTEST: Final = timedelta(minutes=2)
# A doubtful reading is accepted once it has persisted for this number of polls and this long.
POLLS: Final = 3
STAYS: Final = timedelta(minutes=5)
STAYS_AT_ZERO: Final = timedelta(minutes=30)
STAYS_BELOW: Final = timedelta(hours=1)


def most_power(*watts: float | None) -> float:
    """Return an upper bound of the power, kW, from the demand of an asset, W."""
    known = [abs(one) for one in watts if one is not None]
    if not known:
        return UNKNOWN_POWER
    return min(max(LEAST_POWER, HEADROOM * max(known) / 1000), MOST_POWER)


def most_energy_of_an_hour(watts: float | None) -> float:
    """Return an upper bound of the energy of an asset in a past hour, kWh.

    Args:
        watts: its present demand, which says little of the past.
    """
    return max(UNKNOWN_POWER, most_power(watts))


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
class Believed:
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
        """Return the shown value, kWh."""
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
class _Doubt:
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
        self._believed: Believed | None = None
        self._doubt: _Doubt | None = None
        self._power: float | None = None
        self._away = False

    @property
    def in_doubt(self) -> bool:
        """Whether a reading is held back."""
        return self._doubt is not None

    def stored(self, now: datetime) -> Believed | None:
        """Return the state to persist."""
        if (believed := self._believed) is None or self._away:
            return believed
        return replace(believed, seen=now)

    def restore(self, believed: Believed) -> None:
        """Restore the state from before a restart."""
        if self._believed is None:
            self._believed = believed
            self._away = True

    def mark_stale(self, now: datetime) -> None:
        """Note that the reading of the service is stale."""
        self._doubt = None
        if not self._away and self._believed is not None:
            self._believed = replace(self._believed, seen=now)
            self._away = True

    def check(self, seen: Observation) -> float | None:
        """Return the energy to show, kWh; None if unknown."""
        if (counter := seen.counter) is None:
            return None
        if (believed := self._believed) is None:
            self._believe(counter, 0.0, seen)
            return counter
        if 0 <= counter - believed.counter <= self._most(believed, seen):
            since = seen.now if counter != believed.counter else believed.since
            self._believe(counter, believed.offset, seen, since=since, origin=believed.origin)
        else:
            self._hold_back(counter, believed, seen)
        return None if self._believed is None else self._believed.shown

    def _most(self, believed: Believed, seen: Observation) -> float:
        """Return an upper bound of what was counted since, kWh."""
        held_up = HELD_UP + (seen.now - believed.seen if self._away else timedelta())
        span = max(min(seen.now - believed.since, held_up), SHORTEST)
        return most_power(self._power, seen.power) * (span / timedelta(hours=1))

    def _hold_back(self, counter: float, believed: Believed, seen: Observation) -> None:
        """Hold a reading back, or accept it if it has persisted."""
        doubt = self._doubt
        if doubt is None or not self._continues(doubt, counter, seen):
            self._doubt = _Doubt(counter, counter, seen.now, seen.now, seen.polls)
            return
        if counter != doubt.latest:
            doubt.latest, doubt.changed = counter, seen.now
        if not _stays(doubt, believed, seen):
            return
        most = most_power(self._power, seen.power) * (
            max(doubt.since - believed.since, HELD_UP) / timedelta(hours=1)
        )
        if (origin := believed.origin) is not None and _returns(doubt, believed, origin, most):
            # What was counted on the wrong scale may be more than it now reads on its own: the
            # value stands still until the counter has caught up, as it must not fall.
            if counter + origin.offset >= believed.shown:
                self._believe(counter, origin.offset, seen)
            return
        # A counter that was reset counts from 0. What else it reads was never drawn.
        if doubt.first <= min(most, believed.shown * (1 - NOISE)):
            self._believe(counter, 0.0, seen)
            return
        origin = origin or CounterScale(counter=believed.counter, offset=believed.offset)
        self._believe(counter, believed.shown - doubt.first, seen, origin=origin)

    def _continues(self, doubt: _Doubt, counter: float, seen: Observation) -> bool:
        """Return whether a reading continues the one that is held back."""
        span = max(seen.now - doubt.changed, SHORTEST) / timedelta(hours=1)
        return 0 <= counter - doubt.latest <= most_power(self._power, seen.power) * span

    def _believe(
        self,
        counter: float,
        offset: float,
        seen: Observation,
        *,
        since: datetime | None = None,
        origin: CounterScale | None = None,
    ) -> None:
        self._believed = Believed(
            counter=counter,
            offset=offset,
            since=since or seen.now,
            seen=seen.now,
            origin=origin,
        )
        self._power, self._doubt, self._away = seen.power, None, False


def _returns(doubt: _Doubt, believed: Believed, origin: CounterScale, most: float) -> bool:
    """Return whether a reading that was held back goes on from before the counter jumped.

    Args:
        doubt: the reading.
        believed: what is believed meanwhile.
        origin: the scale before the jump.
        most: the most that can have been counted since, kWh.
    """
    return doubt.first >= origin.counter and doubt.first + origin.offset - believed.shown <= most


def _stays(doubt: _Doubt, believed: Believed, seen: Observation) -> bool:
    """Return whether a reading that was held back has persisted long enough."""
    counts = doubt.latest > doubt.first
    needed = STAYS
    if believed.counter * (1 - NOISE) < doubt.first < believed.counter:
        # Responses may be slightly older than the previous one for a long time.
        if not counts:
            return False
        needed = STAYS_BELOW
    elif doubt.first == 0 and not counts:
        needed = STAYS_AT_ZERO
    return seen.polls - doubt.polls >= POLLS - 1 and seen.polled - doubt.since >= needed
