"""What the control law of load limits reads and returns.

Times are Unix times, durations seconds, powers W (of a line its apparent power, VA), shares 0 to 1,
unless a docstring says otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
import math


class Mode(StrEnum):
    """What a request may do."""

    OFF = "off"
    ADVISE = "advise"
    """Decide, but send no command."""
    AUTOMATIC = "automatic"


class State(StrEnum):
    """What a load limit is doing."""

    IDLE = "idle"
    CURTAILING = "curtailing"
    HOLDING = "holding"
    RESTORING = "restoring"
    NOT_ENOUGH = "not_enough"
    NO_RESPONSE = "no_response"
    PAUSED = "paused"
    NO_DATA = "no_data"


class Action(StrEnum):
    """What a decision does to an asset."""

    CURTAIL = "curtail"
    EXTEND = "extend"
    RETURN = "return"
    BOOST = "boost"
    """Switch it on ahead of its curtailment, or leave it on for longer."""
    END_BOOST = "end_boost"


class Reason(StrEnum):
    """Why an asset is curtailed, extended, returned or boosted."""

    ABOVE_LIMIT = "above_limit"
    ABOVE_SHORT_TIME_RATING = "above_short_time_rating"
    WINDOW_AT_RISK = "window_at_risk"
    REQUESTED = "requested"
    STILL_NEEDED = "still_needed"
    ROOM = "room"
    LONGEST_TIME_OFF = "longest_time_off"
    NO_RESPONSE = "no_response"
    NO_EFFECT = "no_effect"
    """The asset draws what it drew before."""
    NO_DATA = "no_data"
    REQUEST_ENDED = "request_ended"
    RESTORED = "restored"
    LEFT_ON = "left_on"
    """More has to stay on than when it was curtailed."""
    EXPECTED_ABOVE_LIMIT = "expected_above_limit"
    """Later, so that the asset is boosted before it is curtailed."""
    NO_LONGER_EXPECTED = "no_longer_expected"
    NO_ROOM = "no_room"


class Refusal(StrEnum):
    """Why an asset is not curtailed although load has to be."""

    UNAVAILABLE = "unavailable"
    READ_ONLY = "read_only"
    DISCONNECTED = "disconnected"
    BOOSTED = "boosted"
    SNOOZED = "snoozed"
    OFF = "off"
    NO_POWER = "no_power"
    NOT_INTERRUPTIBLE = "not_interruptible"
    ON_TOO_SHORT = "on_too_short"
    OFF_TOO_LONG = "off_too_long"
    IN_FLIGHT = "in_flight"
    OVERRIDDEN = "overridden"
    """A person has ended its curtailment."""
    NO_EFFECT = "no_effect"
    CURTAILED = "curtailed"
    PARENT_CURTAILED = "parent_curtailed"
    CHILD_CURTAILED = "child_curtailed"
    NOT_BEHIND = "not_behind"
    NOT_NEEDED = "not_needed"


class Urgency(IntEnum):
    """How long a load may stay as high as it is."""

    NONE = 0
    NORMAL = 1
    """Below the longest short-time rating: as few assets as possible."""
    HIGH = 2
    """Above the longest one."""
    CRITICAL = 3
    """Above the shortest one: whole ranks at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """When a load limit acts, as shares of the limit: act above ≥ down to > release below.

    Attributes:
        act_above: assets are curtailed where the projected load exceeds it.
        down_to: what the load is brought down to.
        release_below: assets return where the load stays below it with them.
    """

    act_above: float = 1.0
    down_to: float = 0.985
    release_below: float = 0.935

    @property
    def misplaced(self) -> str | None:
        """The name of one that is out of order; None where all are in order."""
        if self.act_above < self.down_to:
            return "act_above"
        return "release_below" if self.down_to <= self.release_below else None

    def scaled(self, share: float) -> Thresholds:
        """Return the thresholds as shares of another limit, of which this one is a share."""
        return Thresholds(
            act_above=self.act_above * share,
            down_to=self.down_to * share,
            release_below=self.release_below * share,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadLimit:
    """A load limit as it is configured.

    Attributes:
        source: what is measured; load limits with the same source share its excess.
        window: length of the clock-aligned window whose mean is limited; 0 to limit the load now.
        floor: power of the candidates that always stays on.
    """

    source: str
    thresholds: Thresholds = field(default_factory=Thresholds)
    window: float = 0.0
    floor: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An asset that a request may curtail; its key identifies it over all accounts.

    Attributes:
        rank: its place by label; lower ranks are curtailed first.
        behind: share of its power that the source measures.
    """

    key: str
    rank: int = 0
    behind: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetState:
    """An asset as its account has shown it last.

    Attributes:
        seen: when it was shown.
        power: what it draws; None where that is not known.
        above: keys of the assets that measure it too, nearest first.
        interruptible: whether its owner lets it be curtailed before others.
        off_until: when its running snooze ends; None without one.
        estimated: whether that end was estimated, by our clock.
        boosted_until: when its running boost ends; None without one.
        foreign: whether its override is known to come from a command that curtails nothing.
        listed_until: when the snooze ends that the service itself shows; None without one, and
            where it is foreign.
        gone: whether the service does not list it any more.
        min_time_on: shortest time on between two curtailments; None where it names none.
        max_time_off: longest time off; None where there is no limit.
        on_since: since when it is known to be on.
        refusal: why its account does not let it be curtailed now; None where it does.
        in_flight: whether a command to it has not been answered.
        kept_off: whether its mode keeps it off at all times.
    """

    key: str
    seen: float
    power: float | None
    above: tuple[str, ...] = ()
    interruptible: bool = True
    off_until: float | None = None
    estimated: bool = False
    boosted: bool = False
    boosted_until: float | None = None
    foreign: bool = False
    listed_until: float | None = None
    gone: bool = False
    min_time_on: float | None = None
    max_time_off: float | None = None
    on_since: float | None = None
    refusal: Refusal | None = None
    in_flight: bool = False
    kept_off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Power that an action wants to be off for some time.

    Attributes:
        power: W; zero or less where nothing has to be.
        longest_off: longest time off altogether, s; None where the action has no limit.
        measured_until: what was curtailed by then, the measurement that `power` follows from
            shows; minus infinity where it follows from none.
        served: W that the action has curtailed itself already.
    """

    power: float
    duration: float
    longest_off: float | None = None
    measured_until: float = -math.inf
    served: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """What a load limit or an action may curtail.

    Attributes:
        candidates: assets by key.
        longest_off: longest time off, beside that of each asset.
        allow_non_interruptible: whether assets may be curtailed that are not interruptible.
    """

    candidates: Mapping[str, Candidate]
    longest_off: float = 4 * 3600.0
    allow_non_interruptible: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Eligibility):
    """What a load limit wants.

    Attributes:
        lease: how long a snooze lasts unless it is renewed.
        complete: whether all its candidates are known, as no account with any is out of use.
    """

    id: str
    limit: LoadLimit
    mode: Mode = Mode.AUTOMATIC
    lease: float = 6000.0
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadMeasurement:
    """A measurement of a source.

    Attributes:
        time: when the newest reading was taken.
        value: the load: the highest of the readings.
        limit: the limit in force; zero before it is known.
        readings: how many readings the highest is of, a minute apart.
        short_time: short-time ratings, by seconds.
    """

    time: float
    value: float
    limit: float = 0.0
    readings: int = 1
    short_time: Mapping[float, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One command to one asset, and why.

    Attributes:
        request: on whose behalf.
        until: when the snooze or boost ends; None for a return or the end of a boost.
        power: what the asset drew, or is expected to draw.
        tier: its place in the order of curtailment: not interruptible, then rank.
        load: the projected load of the source at that moment; None without one.
        limit: the limit in force at that moment; None without one.
        send: whether a command is sent; False for advice.
    """

    action: Action
    key: str
    request: str
    reason: Reason
    at: float
    until: float | None = None
    power: float = 0.0
    tier: tuple[int, int] = (0, 0)
    load: float | None = None
    limit: float | None = None
    send: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What a request is doing, and with which figures.

    Attributes:
        load: the projected load; None where it is not known.
        limit: the limit in force; None where it is not known.
        response: estimated share of curtailed power that the source sees less.
        curtailed: curtailed power, W.
        assets: number of curtailed assets.
        unmet: power that is still to be curtailed and that no candidate has.
        next_return: earliest time at which an asset may return; None where none is off.
        refusals: why candidates were left on where they did not suffice, by key.
    """

    state: State
    urgency: Urgency = Urgency.NONE
    load: float | None = None
    limit: float | None = None
    response: float = 1.0
    curtailed: float = 0.0
    assets: int = 0
    unmet: float = 0.0
    next_return: float | None = None
    refusals: Mapping[str, Refusal] = field(default_factory=dict)
