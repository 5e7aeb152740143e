"""The ledger: what is curtailed now, and what was until lately."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from .models import Action, Decision, Reason

FORGET: Final = 24 * 3600.0
"""Seconds after which a return no longer matters to any decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curtailed:
    """An asset that is curtailed.

    Attributes:
        key: the asset.
        request: the request that needed it last.
        since: when it was curtailed.
        renewed: when its lease began.
        until: when its lease ends.
        power: what it drew before, W.
        tier: its place in the order of curtailment: not interruptible, then rank.
        seen: when its account has first shown the snooze; None before.
        returning: when a person asked for it to return; None without that.
        accepted: whether the service has accepted the command; otherwise it may never have
            arrived.
    """

    key: str
    request: str
    since: float
    renewed: float
    until: float
    power: float
    tier: tuple[int, int] = (0, 0)
    seen: float | None = None
    returning: float | None = None
    accepted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """An asset that was curtailed and is on again.

    Attributes:
        key: the asset.
        at: when it came back.
        power: what it drew before it was curtailed, W.
        not_before: it is not curtailed before, as a person has ended its curtailment or it had
            no effect.
        no_effect: whether that is because the asset drew what it drew before.
    """

    key: str
    at: float
    power: float
    not_before: float = 0.0
    no_effect: bool = False


class Ledger:
    """What is curtailed now, and what was until lately, by the key of the asset.

    All three attributes have to be persisted: they are to outlive a restart. An asset is noted as
    curtailed before the first command is sent, and dropped where that is refused; an extension or
    return is noted once it is accepted.

    Attributes:
        curtailed: what is off.
        returned: what was off and is on again, the latest last.
        blocked: until when a source is not acted for, as it does not respond.
    """

    def __init__(
        self,
        curtailed: Mapping[str, Curtailed] | None = None,
        returned: Mapping[str, Returned] | None = None,
        blocked: Mapping[str, float] | None = None,
    ) -> None:
        """Take over what was persisted."""
        self.curtailed: dict[str, Curtailed] = dict(curtailed or {})
        self.returned: dict[str, Returned] = dict(returned or {})
        self.blocked: dict[str, float] = dict(blocked or {})

    def frozen(self) -> Ledger:
        """Return a copy that does not follow what is noted from now on."""
        return Ledger(self.curtailed, self.returned, self.blocked)

    def add(self, one: Curtailed) -> None:
        """Note that an asset is curtailed, or what has changed of that."""
        self.curtailed[one.key] = one

    def drop(self, key: str) -> None:
        """Forget a curtailment whose command was refused."""
        del self.curtailed[key]

    def end(self, key: str, at: float, *, not_before: float = 0.0, no_effect: bool = False) -> None:
        """Note that a curtailed asset is on again.

        Args:
            key: the asset.
            at: when it came back.
            not_before: when it may be curtailed again.
            no_effect: whether its curtailment had no effect.
        """
        one = self.curtailed.pop(key)
        self.returned.pop(key, None)
        self.returned[key] = Returned(
            key=key, at=at, power=one.power, not_before=not_before, no_effect=no_effect
        )

    def apply(self, decision: Decision) -> None:
        """Note a decision that is carried out."""
        key, now = decision.key, decision.at
        match decision.action:
            case Action.RETURN:
                no_effect = decision.reason is Reason.NO_EFFECT
                self.end(key, now, not_before=now + FORGET * no_effect, no_effect=no_effect)
            case Action.EXTEND:
                one, until = self.curtailed[key], decision.until or now
                self.add(replace(one, request=decision.request, renewed=now, until=until))
            case Action.CURTAIL:
                self.add(
                    Curtailed(
                        key=key,
                        request=decision.request,
                        since=now,
                        renewed=now,
                        until=decision.until or now,
                        power=decision.power,
                        tier=decision.tier,
                    )
                )

    def forget(self, now: float) -> None:
        """Drop what no longer matters."""
        for key, one in list(self.returned.items()):
            if max(one.at, one.not_before) + FORGET < now:
                del self.returned[key]
        self.blocked = {source: until for source, until in self.blocked.items() if until > now}
