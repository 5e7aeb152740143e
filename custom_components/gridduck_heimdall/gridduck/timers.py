"""One-shot timers by name."""

from collections.abc import Callable
from datetime import datetime

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later


class Timers:
    """Timers that end with their account."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Start without timers."""
        self._hass = hass
        self._cancel: dict[str, CALLBACK_TYPE] = {}
        self._ended = False

    def __contains__(self, name: str) -> bool:
        """Return whether a timer is running."""
        return name in self._cancel

    @callback
    def start(self, name: str, delay: float, action: Callable[[], None]) -> None:
        """Call `action` after `delay` seconds, replacing an earlier timer of this name.

        After `end`, no timer starts.
        """
        if self._ended:
            return
        self.stop(name)

        @callback
        def fire(_: datetime) -> None:
            del self._cancel[name]
            action()

        job = HassJob(fire, f"{name} timer", cancel_on_shutdown=True)
        self._cancel[name] = async_call_later(self._hass, delay, job)

    @callback
    def stop(self, name: str) -> None:
        """Stop a timer, if it runs."""
        if (cancel := self._cancel.pop(name, None)) is not None:
            cancel()

    @callback
    def end(self) -> None:
        """Stop all timers; none can start any more."""
        self._ended = True
        for name in [*self._cancel]:
            self.stop(name)
