"""Decisions of load limits as sentences of the logbook, after the name of the load limit."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from homeassistant.core import HomeAssistant

from ..api.decoding import LARGEST_NUMBER
from ..api.sanitizer import sanitize_name, sanitize_text
from ..core.texts import template, text
from .announce import DECISION_KEY
from .control_law.models import Action

_DONE, _ADVISED, _FAILED = range(3)
_KEYS: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        Action.CURTAIL: ("curtailed", "would_curtail", "not_curtailed"),
        Action.EXTEND: ("extended", "would_extend", "not_extended"),
        Action.RETURN: ("returned", "would_return", "not_returned"),
        Action.BOOST: ("boosted_ahead", "would_boost", "not_boosted"),
        Action.END_BOOST: ("boost_ended", "would_end_boost", "boost_not_ended"),
    }
)
"""The translation keys of sentences, after `logbook_`: done, advised, failed."""
_ENDING: Final = (Action.RETURN, Action.END_BOOST)
"""What has no end of its own."""
_DECIDED: Final = "logbook_decided"
_NO_NAME: Final = "?"


def sentence(hass: HomeAssistant, data: Mapping[str, Any], until: str | None) -> str:
    """Return a decision as a sentence.

    Args:
        hass: Home Assistant.
        data: of the event; anyone can fire one, so that nothing of it is trusted.
        until: the end of the curtailment or boost as text; None without one.
    """
    error = sanitize_text(str(data.get("error") or ""))
    kind = _FAILED if error else _DONE if data.get("sent") is True else _ADVISED
    action = str(data.get("action"))
    asset = sanitize_name(str(data.get("asset") or ""), _NO_NAME)
    why = _why(hass, data)
    known = action in _KEYS and (error or (why and (until or action in _ENDING)))
    if not known:
        return text(hass, _DECIDED, asset=asset)
    values = {"asset": asset, "time": until, "why": why, "error": error}
    figures = {} if error else _figures(data)
    key = f"logbook_{_KEYS[action][kind]}"
    return text(hass, f"{key}_load" if figures else key, **values, **figures)


def _why(hass: HomeAssistant, data: Mapping[str, Any]) -> str | None:
    """Return why something was decided, as the event entity shows it."""
    path = f"event.{DECISION_KEY}.state_attributes.reason.state.{data.get('reason')}"
    return template(hass, "entity", path)


def _figures(data: Mapping[str, Any]) -> dict[str, str]:
    match data:
        case {
            "load": int() | float() as load,
            "limit": int() | float() as limit,
            "unit": "A" | "kW" as unit,
        } if abs(load) <= LARGEST_NUMBER and abs(limit) <= LARGEST_NUMBER:
            return {"load": f"{load:.1f} {unit}", "limit": f"{limit:.1f} {unit}"}
        case _:
            return {}
