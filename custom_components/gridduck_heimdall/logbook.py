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

from .api.decoding import LARGEST_NUMBER
from .api.sanitizer import sanitize_name, sanitize_text
from .const import DOMAIN
from .core.events import EventType
from .core.texts import local_time, text
from .load_limits.sentences import sentence as decision

type _Data = Mapping[str, Any]

NAME: Final = "GridDuck & Heimdall Power"

type _Sentence = Callable[[HomeAssistant, _Data], str]

_ELSEWHERE: Final = {
    "boost": "logbook_boosted_elsewhere",
    "snooze": "logbook_snoozed_elsewhere",
}

RATINGS: Final = ("aar", "circuit_rating", "dlr", "static_rating")


def _overridden(key: str) -> _Sentence:
    def sentence(hass: HomeAssistant, data: _Data) -> str:
        match _until(data), _why(data):
            case None, _:
                return text(hass, key)
            case time, "":
                return text(hass, f"{key}_until", time=time)
            case time, why:
                return text(hass, f"{key}_until_why", time=time, why=why)

    return sentence


def _until(data: _Data) -> str | None:
    """Return the end as text for any language; None if it is missing or invalid."""
    try:
        end = dt_util.parse_datetime(str(data.get("until")), raise_on_error=True)
        # With the date, as the logbook shows any time.
        return local_time(end)
    except ValueError, OverflowError:
        return None


def _why(data: _Data) -> str:
    return sanitize_text(str(data.get("why") or ""))


def _seen(hass: HomeAssistant, data: _Data) -> str:
    if (key := _ELSEWHERE.get(str(data.get("override")))) is None:
        return text(hass, "logbook_resumed")
    if (time := _until(data)) is None:
        return text(hass, key)
    return text(hass, f"{key}_until", time=time)


def _restored(hass: HomeAssistant, data: _Data) -> str:
    why = _why(data)
    return text(hass, "logbook_restored_why" if why else "logbook_restored", why=why)


def _loaded(key: str) -> _Sentence:
    def sentence(hass: HomeAssistant, data: _Data) -> str:
        match data:
            case {"loading": int() | float() as loading, "limit": int() | float() as limit} if (
                abs(loading) <= LARGEST_NUMBER and abs(limit) <= LARGEST_NUMBER
            ):
                by = data.get("limited_by")
                rating = by if by in RATINGS else "rating"
                return text(hass, f"{key}_{rating}", loading=f"{loading:.0f}", limit=f"{limit:.0f}")
            case _:
                return text(hass, key)

    return sentence


def _plain(key: str) -> _Sentence:
    return lambda hass, _: text(hass, key)


SENTENCES: Final[Mapping[EventType, _Sentence]] = {
    EventType.ASSET_BOOSTED: _overridden("logbook_boosted"),
    EventType.ASSET_SNOOZED: _overridden("logbook_snoozed"),
    EventType.ASSET_RESUMED: _plain("logbook_resumed"),
    EventType.OVERRIDE_CHANGED: _seen,
    EventType.LOAD_SHED: _overridden("logbook_shed"),
    EventType.LOAD_RESTORED: _restored,
    EventType.LINE_CONGESTED: _loaded("logbook_congested"),
    EventType.LINE_RECOVERED: _loaded("logbook_recovered"),
    EventType.RATING_FELL_BACK: _plain("logbook_rating_fell_back"),
    EventType.RATING_RECOVERED: _plain("logbook_rating_measured"),
    EventType.LOAD_LIMIT_DECIDED: lambda hass, data: decision(hass, data, _until(data)),
}
"""Text after the name of the asset or line, by event type, in the language of Home Assistant."""


@callback
def async_describe_events(
    hass: HomeAssistant,
    async_describe_event: Callable[
        [str, str, Callable[[LazyEventPartialState], dict[str, Any]]], None
    ],
) -> None:
    """Register the descriptions of all events."""
    for event_type, sentence in SENTENCES.items():
        async_describe_event(DOMAIN, event_type, _describer(hass, sentence))


def _describer(
    hass: HomeAssistant, sentence: _Sentence
) -> Callable[[LazyEventPartialState], dict[str, Any]]:
    @callback
    def describe(event: LazyEventPartialState) -> dict[str, Any]:
        data = event.data
        return {
            # Anyone can fire an event of this type, so its data is not trusted.
            LOGBOOK_ENTRY_NAME: sanitize_name(str(data.get("name") or ""), NAME),
            LOGBOOK_ENTRY_MESSAGE: sentence(hass, data),
            LOGBOOK_ENTRY_ENTITY_ID: data.get("entity_id"),
        }

    return describe
