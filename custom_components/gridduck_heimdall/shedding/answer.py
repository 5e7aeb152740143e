"""What the actions answer: plain values, rounded as they are known."""

from collections.abc import Iterable
from dataclasses import dataclass

from homeassistant.util.json import JsonObjectType, JsonValueType

from .candidates import Candidate, Passed
from .goal import Goal
from .record import Shed
from .restore import Restored
from .timing import Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An asset that gives way, now or since before.

    Attributes:
        candidate: the asset.
        shed: what is noted of it.
        limit: why its snooze is shorter than was asked for; None where it is not.
        message: what the service said of a snooze that it did not accept, for people.
    """

    candidate: Candidate
    shed: Shed
    limit: Limit | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a request to shed load.

    Attributes:
        goal: what was to be shed.
        dry_run: whether nothing was done.
        reached: whether it was shed, as measured, or as expected where that is not known.
        given: the assets that gave way now.
        already: those that had before, and count.
        passed: those that did not, and why.
    """

    goal: Goal
    dry_run: bool
    reached: bool
    given: tuple[Given, ...]
    already: tuple[Given, ...]
    passed: tuple[Passed, ...]


def shed_answer(outcome: Outcome) -> JsonObjectType:
    """Return the answer of `shed_load`."""
    records = [one.shed for one in (*outcome.given, *outcome.already)]
    return {
        "dry_run": outcome.dry_run,
        "goal": {**_goal(outcome.goal), "reached": outcome.reached},
        "shed": [_given(one) for one in outcome.given],
        "already_shed": [_given(one) for one in outcome.already],
        "expected_power": _watts(sum(shed.power for shed in records)),
        "saved_power": _watts(sum(shed.saved or 0.0 for shed in records)),
        "passed_over": passed_over(outcome.passed),
    }


def passed_over(passed: Iterable[Passed]) -> list[JsonValueType]:
    """Return what was passed over."""
    return [
        {
            "name": one.name,
            "device_id": one.device_id,
            "reason": one.reason.value,
            **_message(one.message),
        }
        for one in passed
    ]


def _goal(goal: Goal) -> JsonObjectType:
    found: JsonObjectType = {
        "power": _watts(max(0.0, goal.power)),
        "origin": goal.origin.value,
        goal.origin.value: round(goal.asked, 1),
    }
    if (line := goal.line) is not None:
        measured_at = line.measured_at
        found["line"] = {
            "name": line.name,
            "voltage": _watts(line.voltage),
            "current": _watts(line.current),
            "limit": _watts(line.limit),
            "limited_by": line.limited_by,
            "fallback": line.fallback,
            "loading": None if line.loading is None else round(line.loading, 1),
            "measured_at": None if measured_at is None else measured_at.isoformat(),
        }
    return found


def _given(given: Given) -> JsonValueType:
    shed, candidate = given.shed, given.candidate
    return {
        "name": candidate.name,
        "device_id": candidate.device_id,
        "power": _watts(shed.power),
        "saved": _watts(shed.saved),
        "until": shed.until.isoformat(timespec="seconds"),
        "limited_by": None if given.limit is None else given.limit.value,
        **_message(given.message or None),
    }


def _watts(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def restore_answer(restored: Restored) -> JsonObjectType:
    """Return the answer of `restore_load`."""
    return {
        "restored": [_named(shed) for shed in restored.restored],
        "scheduled": [
            {
                **_named(shed),
                "at": shed.comeback.at.isoformat(timespec="seconds"),
                **_message(restored.messages.get(shed.key)),
            }
            for shed in restored.scheduled
            if shed.comeback is not None
        ],
        "passed_over": passed_over(restored.passed),
    }


def _named(shed: Shed) -> JsonObjectType:
    return {"name": shed.name, "device_id": shed.device_id}


def _message(message: str | None) -> JsonObjectType:
    return {} if message is None else {"message": message}
