"""What shedding and restoring tell: on whose behalf, and why."""

from homeassistant.core import Context
import pytest

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.core.events import EventType
from simulator.gridduck.timeline import OverrideKind
from tests.happenings import captured

from .test_restore import restart
from .yard import HOUR, Yard


@pytest.mark.english
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
        *[EventType.LOAD_SHED] * 2,
        *[EventType.LOAD_RESTORED] * 2,
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


@pytest.mark.parametrize("restarted", [False, True])
async def test_an_end_tells_what_it_was(yard: Yard, *, restarted: bool) -> None:
    """A snooze that runs out is told once, also when it did so while Home Assistant was down."""
    await yard.shed(power=yard.power(yard.pump), duration={"minutes": 5})
    await yard.wait(61)
    shed = yard.record(yard.pump)
    assert shed is not None
    events = captured(yard.hass)
    if restarted:
        await restart(yard, yard.hass, 300)
    for _ in range(6):
        await yard.wait(61)
    (event,) = events
    assert event.event_type == EventType.LOAD_RESTORED
    assert event.data["why"] == shed.why
    assert event.data["name"] == "Pump"
    assert event.data["entity_id"].startswith("switch.")
    assert not yard.requests.curtailed
    await restart(yard, yard.hass, 1)
    await yard.shed(power=1, dry_run=True)
    await yard.restore()
    assert len(events) == 1


@pytest.mark.parametrize("override", ["boost", "snooze"])
async def test_an_end_that_is_somebody_elses_is_not_reported_as_restored(
    yard: Yard, override: OverrideKind
) -> None:
    await yard.shed(power=yard.power(yard.pump), duration={"minutes": 5})
    await yard.wait(61)
    yard.world.command(yard.pump, override, 7_200 if override == "boost" else 0)
    events = captured(yard.hass)
    for _ in range(6):
        await yard.wait(61)
    assert [event.event_type for event in events] == [EventType.OVERRIDE_CHANGED]
