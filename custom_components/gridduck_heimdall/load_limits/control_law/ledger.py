"""The ledger: what is curtailed now, and what was until lately."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, fields, replace
from typing import Final, Self

from .clock import lies_ahead
from .models import Action, Decision, Reason
from .tuning import DEFAULT

FORGET: Final = 24 * 3600.0
"""Seconds after which a return no longer matters to any decision."""
REST: Final = 900.0
"""Seconds after the end of a boost before which an asset is not boosted again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A snooze or boost of an asset, which ends by itself unless it is renewed.

    Attributes:
        key: the asset.
        request: the load limit that needed it last; empty for an action.
        since: when it was first commanded.
        renewed: when the last command was sent; of a boost, once it is accepted, when that was.
        until: when it ends, by our clock.
        accepted: whether the service has accepted it.
        until_else: when it ends if the outcome of the last command, which is unknown or not shown
            yet, is the other one; None once it is shown.
        ending: when a command to end it was sent whose outcome is unknown; None without one.
    """

    key: str
    request: str
    since: float
    renewed: float
    until: float
    accepted: bool = True
    until_else: float | None = None
    ending: float | None = None

    @property
    def ends(self) -> tuple[float, ...]:
        """When it may end."""
        return (self.until,) if self.until_else is None else (self.until, self.until_else)


@dataclass(frozen=True, slots=True, kw_only=True)
class Curtailed(Lease):
    """An asset that is curtailed.

    Attributes:
        power: what it drew before, W.
        tier: its place in the order of curtailment: not interruptible, then rank.
        seen: when its account has first shown the last snooze; None before.
        ahead: by how many seconds the end that the service shows is later than `until`, as the
            clocks differ; None before it has shown one.
        returning: when a person requested its return; None without that.
        held: until when an action keeps it off; no load limit returns it before.
        scheduled: when an action returns it; None without that.
        interval: seconds between two steps of that return.
        line: the device of the line that an action relieves by it; None for another goal.
        saved: by how much its measured power has fallen, W; None before that is known.
        entry_id: the config entry of the account by which an action curtailed it.
        why: in words for people.
    """

    power: float
    tier: tuple[int, int] = (0, 0)
    seen: float | None = None
    ahead: float | None = None
    returning: float | None = None
    held: float = 0.0
    scheduled: float | None = None
    interval: float = 0.0
    line: str | None = None
    saved: float | None = None
    entry_id: str = ""
    name: str = ""
    device_id: str | None = None
    why: str = ""

    @classmethod
    def of(cls, decision: Decision) -> Self:
        """Return an asset whose curtailment is decided, but not accepted."""
        return cls(
            key=decision.key,
            request=decision.request,
            since=decision.at,
            renewed=decision.at,
            until=decision.until or decision.at,
            power=decision.power,
            tier=decision.tier,
            accepted=False,
        )

    @property
    def asset_id(self) -> str:
        """The service's id."""
        return self.key.rpartition(" ")[2]

    @property
    def counts(self) -> float:
        """Power that it saves, W: what is expected until it is measured."""
        return self.power if self.saved is None else self.saved

    @property
    def by_action(self) -> bool:
        """Whether an action has curtailed it, or keeps it off."""
        return not self.request or self.held > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """An asset that was curtailed and is on again.

    Attributes:
        at: when it came back.
        power: what it drew before it was curtailed, W.
        not_before: it is not curtailed before, as a person has ended its curtailment or it had
            no effect.
        no_effect: whether that is because the asset drew what it drew before.
        unreported: the curtailment of an action that has ended without an answer that says so;
            dropped once an action has answered with that.
        lapsed: of `unreported`, whether its lease has ended.
    """

    key: str
    at: float
    power: float
    not_before: float = 0.0
    no_effect: bool = False
    unreported: Curtailed | None = None
    lapsed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Boosted(Lease):
    """An asset that a load limit has boosted ahead of its curtailment.

    Attributes:
        shown: the end that the service has first shown after the last command, which differs from
            `until` as the clocks do; None before.
    """

    accepted: bool = False
    shown: float | None = None


@dataclass(slots=True, eq=False)
class Ledger:
    """What is curtailed now, and what was until lately, by the key of the asset.

    All attributes have to be persisted: they are to outlive a restart. An asset is noted as
    curtailed before the first command is sent, and dropped where that is refused.

    Attributes:
        curtailed: what is off.
        returned: what was off and is on again, the latest last.
        blocked: until when a source is not acted for, as it does not respond.
        boosted: what is boosted ahead of its curtailment.
        left_alone: until when an asset is not boosted, as its boost was ended.
        paused: until when a load limit curtails nothing, as a person has restored what it had.
        unanswered: what a load limit has commanded without an answer, and no list has shown. It
            counts as on, but the command may yet take effect.
    """

    curtailed: dict[str, Curtailed] = field(default_factory=dict)
    returned: dict[str, Returned] = field(default_factory=dict)
    blocked: dict[str, float] = field(default_factory=dict)
    boosted: dict[str, Boosted] = field(default_factory=dict)
    left_alone: dict[str, float] = field(default_factory=dict)
    paused: dict[str, float] = field(default_factory=dict)
    unanswered: dict[str, Curtailed] = field(default_factory=dict)

    def frozen(self) -> Ledger:
        """Return a copy that does not follow what is noted from now on."""
        return Ledger(**{one.name: getattr(self, one.name).copy() for one in fields(self)})

    @property
    def watched(self) -> AbstractSet[str]:
        """The keys of what is curtailed or boosted, or may yet be curtailed."""
        return self.curtailed.keys() | self.boosted.keys() | self.unanswered.keys()

    def leaves_alone(self, key: str, at: float) -> bool:
        """Return whether an asset is not boosted at some time, as its boost was ended."""
        return lies_ahead(self.left_alone.get(key, at), at, 2 * DEFAULT.respect)

    def blocks(self, source: str, at: float) -> bool:
        """Return whether nothing is curtailed for a source at some time, as it did not respond."""
        return lies_ahead(self.blocked.get(source, at), at, 2 * DEFAULT.blocked)

    def of(self, request: str) -> list[Curtailed]:
        """Return what is curtailed for a request."""
        return [one for one in self.curtailed.values() if one.request == request]

    def add(self, one: Curtailed) -> None:
        """Note that an asset is curtailed, or what has changed of that."""
        self.curtailed[one.key] = one

    def drop(self, key: str) -> None:
        """Forget a curtailment whose command was refused."""
        del self.curtailed[key]

    def end(self, key: str, at: float) -> Returned:
        """Note that a curtailed asset is on again; return what is noted."""
        one = self.curtailed.pop(key)
        self.returned.pop(key, None)
        self.returned[key] = returned = Returned(key=key, at=at, power=one.power)
        return returned

    def apply(self, decision: Decision) -> None:
        """Note a decision that is carried out."""
        self.begin(decision, decision.at)
        self.accept(decision, decision.at)

    def begin(self, decision: Decision, now: float) -> None:
        """Note that a command is about to be sent: its outcome is unknown from here on."""
        key = decision.key
        match decision.action:
            case Action.CURTAIL:
                self.unanswered.pop(key, None)
                self.add(Curtailed.of(decision))
            case Action.EXTEND:
                one, until = self.curtailed[key], decision.until or decision.at
                self.add(
                    replace(
                        one,
                        request=decision.request,
                        held=one.held if one.held > decision.at else 0.0,
                        renewed=decision.at,
                        until=until,
                        # Lists may show the former end for some seconds.
                        until_else=one.until,
                        seen=None,
                    )
                )
            case Action.RETURN:
                self.add(replace(self.curtailed[key], ending=now))
            case Action.BOOST:
                self._boost(decision)
            case Action.END_BOOST:
                self.boosted[key] = replace(self.boosted[key], ending=now)

    def accept(self, decision: Decision, now: float) -> None:
        """Note that a command that has begun was accepted, unless its asset is forgotten."""
        key, at = decision.key, decision.at
        match decision.action:
            case Action.CURTAIL if key in self.curtailed:
                self.add(replace(self.curtailed[key], accepted=True))
            case Action.RETURN if key in self.curtailed:
                one = self.end(key, at)
                if decision.reason is Reason.NO_EFFECT:
                    self.returned[key] = replace(one, not_before=at + FORGET, no_effect=True)
            case Action.BOOST if key in self.boosted:
                self.boosted[key] = replace(self.boosted[key], accepted=True, renewed=now)
            case Action.END_BOOST if key in self.boosted:
                del self.boosted[key]
                self.left_alone[key] = at + REST
            case _:
                pass

    def revert(
        self, decision: Decision, curtailed: Curtailed | None, boosted: Boosted | None
    ) -> None:
        """Note that a command that has begun was refused, with what was noted before it."""
        key = decision.key
        if decision.action in {Action.BOOST, Action.END_BOOST}:
            if self.boosted.pop(key, None) is not None and boosted is not None:
                self.boosted[key] = boosted
        elif curtailed is None:
            self.curtailed.pop(key, None)
        elif (one := self.curtailed.get(key)) is not None:
            # An action may have scheduled its return meanwhile, begun it, or keeps it off.
            is_return = decision.action is Action.RETURN
            self.add(
                replace(
                    one,
                    request=curtailed.request,
                    renewed=curtailed.renewed,
                    until=curtailed.until,
                    until_else=curtailed.until_else,
                    seen=curtailed.seen,
                    ending=curtailed.ending if is_return else one.ending,
                )
            )

    def _boost(self, decision: Decision) -> None:
        before, until_else = self.boosted.get(decision.key), None
        if before is not None:
            # A renewal whose outcome is unknown leaves the end of the boost before it.
            until_else = before.until if before.until_else is None else before.until_else
        self.boosted[decision.key] = Boosted(
            key=decision.key,
            request=decision.request,
            since=decision.at if before is None else before.since,
            renewed=decision.at,
            until=decision.until or decision.at,
            until_else=until_else,
        )

    def forget(self, now: float) -> None:
        """Drop what no longer matters."""
        for key, one in list(self.returned.items()):
            if max(one.at, one.not_before) + FORGET < now:
                del self.returned[key]
        self.blocked = {source: until for source, until in self.blocked.items() if until > now}
        self.left_alone = {key: until for key, until in self.left_alone.items() if until > now}
        self.paused = {limit: until for limit, until in self.paused.items() if until > now}
