"""What shedding and restoring tell: on whose behalf, and why."""

from homeassistant.core import Context

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.events import Happened
from tests.happenings import captured

from .yard import HOUR, Yard


async def test_each_step_is_on_behalf_of_who_asked(yard: Yard) -> None:
    """The later ones come from a timer, and still know."""
    events = captured(yard.hass)
    shedder, restorer = Context(), Context()
    for action, data, context in (
        ("shed_load", {"power": yard.power(yard.pump, yard.charger), "duration": HOUR}, shedder),
        ("restore_load", {}, restorer),
    ):
        target = {"device_id": yard.site} if action == "shed_load" else {}
        verify = {"verify_for": {"seconds": 0}} if action == "shed_load" else {}
        await yard.hass.services.async_call(
            DOMAIN, action, {**data, **target, **verify}, blocking=True, context=context
        )
    await yard.wait(61)
    assert [event.event_type for event in events] == [
        *[Happened.LOAD_SHED] * 2,
        *[Happened.LOAD_RESTORED] * 2,
    ]
    assert [event.context for event in events] == [shedder, shedder, restorer, restorer]
    assert all("to be shed" in event.data["why"] for event in events[:2])


async def test_told_again_only_when_it_lasts_longer(yard: Yard) -> None:
    events = captured(yard.hass)
    goal = {"power": yard.power(yard.pump)}
    for duration in (HOUR, HOUR, {"hours": 3}):
        await yard.shed(**goal, duration=duration)
    assert [event.data["until"] for event in events] == [
        "2026-11-18T19:00:00+00:00",
        "2026-11-18T21:00:00+00:00",
    ]
