"""The decisions of load limits in the logbook."""

from collections.abc import Callable
from itertools import product
from typing import Any

from homeassistant.components.logbook import LazyEventPartialState
from homeassistant.components.logbook.models import async_event_to_row
from homeassistant.core import Event, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.gridduck_heimdall.core.events import EventType
from custom_components.gridduck_heimdall.load_limits.control_law.models import Action, Reason
from custom_components.gridduck_heimdall.load_limits.sentences import sentence
from custom_components.gridduck_heimdall.logbook import async_describe_events
from tests.load_limits.yard import Yard

from .feeder import Feeder, add, shown


@pytest.mark.parametrize(("action", "reason"), list(product(Action, Reason)))
@pytest.mark.usefixtures("texts")
async def test_no_key_is_shown(hass: HomeAssistant, action: Action, reason: Reason) -> None:
    """Whatever is decided, done, advised or failed is said in words."""
    for more in ({"sent": True}, {}, {"error": "The service is away"}):
        data = {"action": action, "reason": reason, "asset": "Pump", **more}
        said = sentence(hass, data, "noon")
        assert "Pump" in said
        assert "_" not in said
        assert "decided" not in said


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"action": 5, "reason": None, "asset": ["x"], "load": "much", "limit": float("nan")},
        {"action": "curtail", "sent": "yes", "load": 1, "limit": 2, "unit": "{asset}"},
        {"action": "return", "asset": "{why}", "error": "{figures}"},
        {"load": 10**400, "limit": 1, "unit": "kW"},
        {"load": 1, "limit": float("nan"), "unit": "kW"},
    ],
)
@pytest.mark.usefixtures("texts")
async def test_anything_can_be_fired(hass: HomeAssistant, data: dict[str, Any]) -> None:
    assert sentence(hass, data, None)
    known = {"action": "curtail", "sent": True, "reason": "above_limit", **data}
    assert "nan" not in sentence(hass, known, "noon")


@pytest.mark.english
async def test_the_logbook(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    """A decision is a row of the load limit's event entity."""
    events = async_capture_events(hass, EventType.LOAD_LIMIT_DECIDED)
    subentry = await add(yard, feeder.limit)
    await feeder.run(1)
    (event,) = events
    entity_id = shown(hass, subentry, "event", "load_limit_decision").entity_id
    assert event.data["entity_id"] == entity_id
    described = describe(hass, event)
    assert described["entity_id"] == entity_id
    assert "Feeder" in described["name"]
    message = described["message"]
    assert message.startswith("curtailed Charger until 2026-11-18 ")
    assert "The load was expected to be too high (load 112.7 kW, limit 107.7 kW)" in message


def describe(hass: HomeAssistant, event: Event[Any]) -> dict[str, Any]:
    """Return how the logbook describes an event."""
    found = list[dict[str, Any]]()

    def register(
        _domain: str, what: str, describer: Callable[[LazyEventPartialState], dict[str, Any]]
    ) -> None:
        if what == event.event_type:
            found.append(describer(LazyEventPartialState(async_event_to_row(event), {})))

    async_describe_events(hass, register)
    (described,) = found
    return described
