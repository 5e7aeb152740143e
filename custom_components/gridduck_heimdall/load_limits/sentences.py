"""Decisions of load limits as sentences of the logbook, after the name of the load limit."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from ..api.sanitizer import sanitize_name, sanitize_text
from .models import Action, Reason

_WHY: Final[Mapping[str, str]] = MappingProxyType(
    {
        Reason.ABOVE_LIMIT: "the load was expected to be too high",
        Reason.ABOVE_SHORT_TIME_RATING: "the load was above a short-time rating",
        Reason.WINDOW_AT_RISK: "the mean of the window was expected to be too high",
        Reason.REQUESTED: "somebody asked for it",
        Reason.STILL_NEEDED: "there was no room for it yet",
        Reason.ROOM: "there was room for it",
        Reason.LONGEST_TIME_OFF: "it may not be off for longer",
        Reason.NO_RESPONSE: "the measured load did not respond",
        Reason.NO_EFFECT: "it drew as much as before",
        Reason.NO_DATA: "nothing was measured any more",
        Reason.REQUEST_ENDED: "it was no longer asked for",
        Reason.RESTORED: "somebody restored it",
    }
)
"""Why something was decided."""

_DONE: Final[Mapping[str, str]] = MappingProxyType(
    {
        Action.CURTAIL: "curtailed {asset}{until}: {why}{figures}",
        Action.EXTEND: "left {asset} off{until}: {why}{figures}",
        Action.RETURN: "returned {asset}: {why}{figures}",
    }
)
_ADVISED: Final[Mapping[str, str]] = MappingProxyType(
    {
        Action.CURTAIL: "would curtail {asset}{until}: {why}{figures}",
        Action.EXTEND: "would leave {asset} off{until}: {why}{figures}",
        Action.RETURN: "would return {asset}: {why}{figures}",
    }
)
_FAILED: Final[Mapping[str, str]] = MappingProxyType(
    {
        Action.CURTAIL: "could not curtail {asset}: {error}",
        Action.EXTEND: "could not leave {asset} off{until}: {error}",
        Action.RETURN: "could not return {asset}: {error}",
    }
)


def sentence(data: Mapping[str, Any], until: str) -> str:
    """Return a decision as a sentence.

    Args:
        data: of the event; anyone can fire one, so that nothing of it is trusted.
        until: the end of the curtailment, with the word before it; "" without one.
    """
    error = sanitize_text(str(data.get("error") or ""))
    sentences = _FAILED if error else _DONE if data.get("sent") is True else _ADVISED
    template = sentences.get(str(data.get("action")), "decided about {asset}")
    return template.format(
        asset=sanitize_name(str(data.get("asset") or ""), "an asset"),
        until=until,
        why=_WHY.get(str(data.get("reason")), "for a reason that is not known"),
        figures=_figures(data),
        error=error,
    )


def _figures(data: Mapping[str, Any]) -> str:
    match data:
        case {
            "load": int() | float() as load,
            "limit": int() | float() as limit,
            "unit": "A" | "kW" as unit,
        }:
            return f" (load {load:,.1f} {unit}, limit {limit:,.1f} {unit})"
        case _:
            return ""
