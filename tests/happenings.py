"""The integration's events, as the tests hear them."""

from typing import Any

from homeassistant.core import Event, HomeAssistant, callback

from custom_components.gridduck_heimdall.core.events import EventType

type CapturedEvents = list[Event[dict[str, Any]]]


def captured(hass: HomeAssistant) -> CapturedEvents:
    """Return a list that from now on grows by each event."""
    events: CapturedEvents = []

    @callback
    def hear(event: Event[dict[str, Any]]) -> None:
        events.append(event)

    for event_type in EventType:
        hass.bus.async_listen(event_type, hear)
    return events
