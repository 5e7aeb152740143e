"""The ledger: what is curtailed now, and what was until lately."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

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

    It outlives a restart: `curtailed` and `returned` are all that has to be persisted.

    Attributes:
        curtailed: what is off.
        returned: what was off and is on again.
    """

    def __init__(
        self,
        curtailed: Mapping[str, Curtailed] | None = None,
        returned: Mapping[str, Returned] | None = None,
    ) -> None:
        """Take over what was persisted."""
        self.curtailed: dict[str, Curtailed] = dict(curtailed or {})
        self.returned: dict[str, Returned] = dict(returned or {})

    def of_request(self, request: str) -> Iterator[Curtailed]:
        """Yield what is curtailed for a request."""
        return (one for one in self.curtailed.values() if one.request == request)

    def add(self, one: Curtailed) -> None:
        """Note that an asset is curtailed, or its lease renewed."""
        self.curtailed[one.key] = one

    def end(
        self, key: str, at: float, *, not_before: float = 0.0, no_effect: bool = False
    ) -> Returned:
        """Note that a curtailed asset is on again.

        Args:
            key: the asset.
            at: when it came back.
            not_before: when it may be curtailed again.
            no_effect: whether its curtailment had no effect.
        """
        one = self.curtailed.pop(key)
        self.returned[key] = returned = Returned(
            key=key, at=at, power=one.power, not_before=not_before, no_effect=no_effect
        )
        return returned

    def last_return(self) -> float | None:
        """Return when an asset last came back; None where none has."""
        return max((one.at for one in self.returned.values()), default=None)

    def forget(self, now: float) -> None:
        """Drop the returns that no longer matter."""
        for key, one in list(self.returned.items()):
            if max(one.at, one.not_before) + FORGET < now:
                del self.returned[key]
