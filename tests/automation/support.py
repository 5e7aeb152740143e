"""Automations with one trigger, conditions, and lines that show what a test wants."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from homeassistant.const import Platform
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import condition
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.gridduck_heimdall.const import DOMAIN
from simulator.faults import Cloud, Fault
from simulator.options import Options
from simulator.server import Simulator
from tests.heimdall.home import PATHS, Home

REPORTED: Final = "told"
TWO_LINES: Final = pytest.mark.parametrize(
    "simulator_options", [Options(sites=1, assets=8, lines=2)], ids=["two lines"]
)
"""For a test that needs a line that ices, too, or one beside that which is meant."""

type CapturedEvents = list[Event[dict[str, Any]]]


async def automate(
    hass: HomeAssistant, key: str, target: Mapping[str, object], **options: object
) -> CapturedEvents:
    """Set up an automation with one trigger, and return what it will tell."""
    reported = async_capture_events(hass, REPORTED)
    automation = automation_with(key, key, target, **options)
    assert await async_setup_component(hass, "automation", {"automation": automation})
    await hass.async_block_till_done()
    state = hass.states.get(f"automation.{key}")
    assert state is not None
    assert state.state == "on"
    return reported


def automation_with(
    alias: str, key: str, target: Mapping[str, object], **options: object
) -> dict[str, object]:
    """Return an automation with one trigger, which tells what that hands on."""
    return {
        "alias": alias,
        "mode": "queued",
        "triggers": {
            "trigger": f"{DOMAIN}.{key}",
            "target": dict(target),
            "options": {name.rstrip("_"): value for name, value in options.items()},
        },
        "actions": {
            "event": REPORTED,
            "event_data": {
                "entity_id": "{{ trigger.entity_id }}",
                "from": "{{ trigger.from_state.state if trigger.from_state is defined }}",
                "to": "{{ trigger.to_state.state if trigger.to_state is defined }}",
                "lowest": "{{ trigger.lowest | default(none) }}",
                "when": "{{ trigger.when | default('') }}",
                "device_id": "{{ trigger.device_id | default('') }}",
            },
        },
    }


async def checker(
    hass: HomeAssistant, key: str, target: Mapping[str, object], **options: object
) -> Callable[[], bool]:
    """Return what tests a condition."""
    config = await condition.async_validate_condition_config(
        hass,
        {
            "condition": f"{DOMAIN}.{key}",
            "target": dict(target),
            "options": {name.rstrip("_"): value for name, value in options.items()},
        },
    )
    found = await condition.async_from_config(hass, config)

    def check() -> bool:
        return found.async_check() is True

    return check


def device(home: Home, kind: str, item_id: str) -> dict[str, str]:
    """Return a device as a target."""
    found = home.device(kind, item_id)
    assert found is not None
    return {"device_id": found.id}


def entity(home: Home, item_id: str, key: str, platform: Platform = Platform.SENSOR) -> str:
    """Return the entity of a value that must be there."""
    found = home.entity_id(item_id, key, platform)
    assert found is not None
    return found


async def current(home: Home, amperes: float, line: str = "") -> None:
    """Let a line carry a current from now on, and poll."""
    home.recover()
    carry(home, amperes, line)
    await home.polls(1)


def carry(home: Home, amperes: float, line: str = "") -> None:
    """Let a line carry a current from the next poll on."""
    patch = {"data": {"current": {"value": amperes}}}
    home.fault("current", "patch", item_id=line or home.line, patch=patch)


def answer(home: Home, what: str, patch: Sequence[tuple[str, object]], item_id: str = "") -> None:
    """Let a product answer with other values from now on."""
    path = f"{item_id}.*{PATHS[what]}" if item_id else PATHS[what]
    home.recover()
    home.simulator.faults.add(
        Fault(service="heimdall", path=path, kind="patch", count=None, patch=[*patch])
    )


def reports_of(reported: CapturedEvents, key: str) -> list[object]:
    """Return one thing of all that was told."""
    return [one.data[key] for one in reported]


def fail_all(simulator: Simulator, service: Cloud) -> None:
    """Let everything of a service fail from now on."""
    simulator.faults.add(Fault(service=service, path="/", status=500, count=None))
