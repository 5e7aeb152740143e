"""Describe events for the logbook."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from homeassistant.components.logbook import (
    LOGBOOK_ENTRY_ENTITY_ID,
    LOGBOOK_ENTRY_MESSAGE,
    LOGBOOK_ENTRY_NAME,
    LazyEventPartialState,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .api.sanitizer import sanitize_name, sanitize_text
from .const import DOMAIN
from .core.events import Happened
from .load_limits.sentences import sentence as decision

type _Data = Mapping[str, Any]

NAME: Final = "GridDuck & Heimdall Power"

_OVERRIDDEN: Final = {"boost": "boosted", "snooze": "snoozed"}

RATINGS: Final = {
    "aar": "its ambient-adjusted rating",
    "circuit_rating": "the rating of its circuit",
    "dlr": "its dynamic line rating",
    "static_rating": "its static rating",
}


def _overridden(verb: str) -> Callable[[_Data], str]:
    return lambda data: f"{verb}{_until(data)}{_why(data)}"


def _until(data: _Data) -> str:
    try:
        end = dt_util.parse_datetime(str(data.get("until")), raise_on_error=True)
        # With the date, as the logbook shows any time.
        return f" until {dt_util.as_local(end):%-d %B, %H:%M}"
    except ValueError, OverflowError:
        # Missing or invalid.
        return ""


def _why(data: _Data) -> str:
    why = sanitize_text(str(data.get("why") or ""))
    return f": {why}" if why else ""


def _seen(data: _Data) -> str:
    verb = _OVERRIDDEN.get(str(data.get("override")))
    return "back on its own schedule" if verb is None else f"{verb} in GridDuck{_until(data)}"


def _loaded(words: str) -> Callable[[_Data], str]:
    def sentence(data: _Data) -> str:
        match data:
            case {"loading": int() | float() as loading, "limit": int() | float() as limit}:
                rating = RATINGS.get(str(data.get("limited_by")), "its rating")
                return f"{words}: it carries {loading:.0f} % of {rating}, {limit:.0f} A"
            case _:
                return words

    return sentence


def _plain(words: str) -> Callable[[_Data], str]:
    return lambda _: words


SENTENCES: Final[Mapping[Happened, Callable[[_Data], str]]] = {
    Happened.ASSET_BOOSTED: _overridden("boosted"),
    Happened.ASSET_SNOOZED: _overridden("snoozed"),
    Happened.ASSET_RESUMED: _plain("back on its own schedule"),
    Happened.OVERRIDE_CHANGED: _seen,
    Happened.LOAD_SHED: _overridden("shed"),
    Happened.LOAD_RESTORED: lambda data: f"restored after load was shed{_why(data)}",
    Happened.LINE_CONGESTED: _loaded("congested"),
    Happened.LINE_RECOVERED: _loaded("no longer congested"),
    Happened.RATING_FELL_BACK: _plain("rated by a fallback, not by what its sensors measure"),
    Happened.RATING_RECOVERED: _plain("rated by what its sensors measure again"),
    Happened.LOAD_LIMIT_DECIDED: lambda data: decision(data, _until(data)),
}
"""Text after the name of the asset or line, by event type."""


@callback
def async_describe_events(
    hass: HomeAssistant,
    async_describe_event: Callable[
        [str, str, Callable[[LazyEventPartialState], dict[str, Any]]], None
    ],
) -> None:
    """Register the descriptions of all events."""
    for what, sentence in SENTENCES.items():
        async_describe_event(DOMAIN, what, _describer(sentence))


def _describer(
    sentence: Callable[[_Data], str],
) -> Callable[[LazyEventPartialState], dict[str, Any]]:
    @callback
    def describe(event: LazyEventPartialState) -> dict[str, Any]:
        data = event.data
        return {
            # Anyone can fire an event of this type, so its data is not trusted.
            LOGBOOK_ENTRY_NAME: sanitize_name(str(data.get("name") or ""), NAME),
            LOGBOOK_ENTRY_MESSAGE: sentence(data),
            LOGBOOK_ENTRY_ENTITY_ID: data.get("entity_id"),
        }

    return describe
