"""From a line's loading to assets: what a line carries too much of is shed, and it carries less."""

import json
import math
import re
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.load_limits.runtime import LOAD_LIMITS
from simulator.faults import Fault
from simulator.feeder import LINE, SITE
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import ask, pass_time, setup

from .yard import names

VOLTS = 22_000
NO_WAIT = {"verify_for": {"seconds": 0}, "duration": {"minutes": 30}}


@pytest.fixture
def simulator_options() -> Options:
    return Options(sites=1, assets=2, lines=1, feeders=1)


@pytest.fixture
async def accounts(
    hass: HomeAssistant,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    heimdall_entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Set up both accounts at the peak of the evening, and let the loads be on for long enough."""
    freezer.move_to("2026-11-18T18:00:00Z")
    world = simulator.gridduck.world
    for asset_id in world.ids():
        world.set_field(asset_id, "min_time_on", None)
    await setup(hass, gridduck_entry)
    await setup(hass, heimdall_entry)
    await pass_time(hass, freezer, 61)
    simulator.calls.clear()


def device(hass: HomeAssistant, name: str) -> str:
    return next(one.id for one in dr.async_get(hass).devices if one.name == name)


async def shed(hass: HomeAssistant, **data: object) -> dict[str, Any]:
    return await ask(hass, "shed_load", device_id=device(hass, SITE), **NO_WAIT | data)


async def test_down_to_a_loading(
    hass: HomeAssistant,
    accounts: None,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Asked at once again, nothing more is shed; measured again, the line carries less."""
    line = device(hass, LINE)
    answer = await ask(
        hass, "shed_load", device_id=device(hass, SITE), line=line, to_loading=80, **NO_WAIT
    )
    state = answer["goal"]["line"]
    assert state["loading"] > 90
    needed = state["current"] - 0.8 * state["limit"]
    assert answer["goal"]["power"] == pytest.approx(math.sqrt(3) * VOLTS * needed, rel=1e-3)
    assert answer["goal"]["reached"]
    assert names(answer["shed"])
    assert json.dumps(answer)
    simulator.calls.clear()
    again = await ask(
        hass, "shed_load", device_id=device(hass, SITE), line=line, to_loading=80, **NO_WAIT
    )
    assert not again["shed"]
    assert set(names(again["already_shed"])) == set(names(answer["shed"]))
    assert not simulator.calls.list(service="gridduck", method="PUT")
    for _ in range(3):
        await pass_time(hass, freezer, 300)
    later = await ask(
        hass,
        "shed_load",
        device_id=device(hass, SITE),
        line=line,
        to_loading=80,
        dry_run=True,
        **NO_WAIT,
    )
    assert later["goal"]["line"]["loading"] < state["loading"] - 5


@pytest.mark.english
async def test_why(hass: HomeAssistant, accounts: None) -> None:
    await shed(hass, line=device(hass, LINE), to_loading=80)
    (first, *_) = hass.data[LOAD_LIMITS].requests.curtailed
    assert first.why.startswith(f"{LINE} is at ")
    assert re.search(r"%: \S+ MW of \S+ MW shed$", first.why)


async def test_a_current(hass: HomeAssistant, accounts: None) -> None:
    """Also by the device of the facility."""
    for name in (LINE, f"{LINE} 22 kV circuit"):
        answer = await ask(
            hass,
            "shed_load",
            device_id=device(hass, SITE),
            line=device(hass, name),
            current=10,
            dry_run=True,
            **NO_WAIT,
        )
        assert answer["goal"]["power"] == round(math.sqrt(3) * VOLTS * 10, 1)
        assert len(answer["shed"]) == 1


async def test_a_line_that_carries_little(
    hass: HomeAssistant, accounts: None, simulator: Simulator
) -> None:
    answer = await shed(hass, line=device(hass, LINE), to_loading=200)
    assert answer["shed"] == []
    assert answer["goal"]["power"] == 0
    assert answer["goal"]["reached"]
    assert not simulator.calls.list(service="gridduck", method="PUT")


async def test_loading_that_is_not_known(
    hass: HomeAssistant, accounts: None, simulator: Simulator, freezer: FrozenDateTimeFactory
) -> None:
    """A measurement that is too old is none."""
    simulator.faults.add(Fault(service="heimdall", path="/currents/latest", status=500, count=None))
    for _ in range(14):
        await pass_time(hass, freezer, 300)
    await refused(hass, "loading_unknown", line=device(hass, LINE), to_loading=90)
    answer = await shed(hass, line=device(hass, LINE), current=1, dry_run=True)
    assert answer["shed"]


async def test_no_voltage(
    hass: HomeAssistant, accounts: None, simulator: Simulator, freezer: FrozenDateTimeFactory
) -> None:
    world = simulator.heimdall.world
    line = next(one for one in world.lines() if one.name == LINE)
    facility = world.facility_of(line.id)
    facility.nominal_voltage = 0
    await pass_time(hass, freezer, 6 * 3_600 + 60)
    for goal in ({"current": 10}, {"to_loading": 90}):
        await refused(hass, "no_voltage", line=device(hass, LINE), **goal)


@pytest.mark.parametrize(
    ("goal", "key"),
    [
        ({}, "no_goal"),
        ({"line": LINE}, "no_goal"),
        ({"current": 10}, "no_goal"),
        ({"power": 1, "line": LINE}, "several_goals"),
        ({"power": 1, "current": 1}, "several_goals"),
        ({"line": LINE, "current": 1, "to_loading": 90}, "several_goals"),
        ({"line": SITE, "current": 1}, "line_needed"),
    ],
    ids=str,
)
async def test_goals_that_are_refused(
    hass: HomeAssistant, accounts: None, goal: dict[str, object], key: str
) -> None:
    if isinstance(name := goal.get("line"), str):
        goal = {**goal, "line": device(hass, name)}
    await refused(hass, key, **goal)


async def refused(hass: HomeAssistant, key: str, **data: object) -> None:
    with pytest.raises(ServiceValidationError) as caught:
        await shed(hass, **data)
    assert caught.value.translation_key == key
