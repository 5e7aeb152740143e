"""What `shed_load` and `restore_load` answer: plain values, rounded."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from homeassistant.util.json import JsonObjectType, JsonValueType

from ..clock import iso
from ..control_law.ledger import Curtailed
from ..control_law.timing import Limit
from .goal import Goal
from .passed import Passed
from .snapshot import TargetAsset


@dataclass(frozen=True, slots=True, kw_only=True)
class ShedAsset:
    """An asset that is curtailed, now or since before, as the ledger notes it.

    Attributes:
        limit: why its snooze is shorter than requested; None where it is not.
        message: what the service said of a snooze that it did not accept, for people.
    """

    asset: TargetAsset
    noted: Curtailed
    limit: Limit | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheddingOutcome:
    """What became of an action that sheds load.

    Attributes:
        reached: whether it was shed, as measured, or as expected where that is not known.
        shed: the assets that were curtailed.
        already: those that had been before, and count.
    """

    goal: Goal
    dry_run: bool
    reached: bool
    shed: tuple[ShedAsset, ...]
    already: tuple[ShedAsset, ...]
    passed: tuple[Passed, ...]

    def answer(self) -> JsonObjectType:
        """Return the answer of `shed_load`."""
        every = [one.noted for one in (*self.shed, *self.already)]
        return {
            "dry_run": self.dry_run,
            "goal": {**_goal(self.goal), "reached": self.reached},
            "shed": [_shed_asset(one) for one in self.shed],
            "already_shed": [_shed_asset(one) for one in self.already],
            "expected_power": _rounded(sum(one.power for one in every)),
            "saved_power": _rounded(sum(one.saved or 0.0 for one in every)),
            "passed_over": [one.answer() for one in self.passed],
        }


@dataclass(slots=True)
class Restored:
    """What became of an action that restores load.

    Attributes:
        passed: what is not ours any more, and why.
        messages: what the service said of those that could not come back yet, by key.
    """

    restored: list[Curtailed] = field(default_factory=list)
    scheduled: list[Curtailed] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    messages: dict[str, str] = field(default_factory=dict)

    def answer(self, passed: Iterable[Passed]) -> JsonObjectType:
        """Return the answer of `restore_load`, with all that was passed over."""
        return {
            "restored": [_named(one) for one in self.restored],
            "scheduled": [
                {**_named(one), "at": iso(one.scheduled), **_message(self.messages.get(one.key))}
                for one in self.scheduled
                if one.scheduled is not None
            ],
            "passed_over": [one.answer() for one in passed],
        }


def _goal(goal: Goal) -> JsonObjectType:
    found: JsonObjectType = {
        "power": _rounded(max(0.0, goal.power)),
        "origin": goal.origin.value,
        goal.origin.value: round(goal.asked, 1),
    }
    if (line := goal.line) is not None:
        measured_at = line.measured_at
        found["line"] = {
            "name": line.name,
            "voltage": _rounded(line.voltage),
            "current": _rounded(line.current),
            "limit": _rounded(line.limit),
            "limited_by": line.limited_by,
            "fallback": line.fallback,
            "loading": _rounded(line.loading),
            "measured_at": None if measured_at is None else measured_at.isoformat(),
        }
    return found


def _shed_asset(shed: ShedAsset) -> JsonValueType:
    one, target = shed.noted, shed.asset
    return {
        "name": target.load.name,
        "device_id": target.asset.device_id,
        "power": _rounded(one.power),
        "saved": _rounded(one.saved),
        "until": iso(one.until),
        "limited_by": None if shed.limit is None else shed.limit.value,
        **_message(shed.message or None),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _named(one: Curtailed) -> JsonObjectType:
    return {"name": one.name, "device_id": one.device_id}


def _message(message: str | None) -> JsonObjectType:
    return {} if message is None else {"message": message}
