"""A line that is looked at again and again: what relieves it does not come back in the middle."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from custom_components.gridduck_heimdall.load_limits.runtime import LOAD_LIMITS
from simulator.feeder import LINE, SITE
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import ask, pass_time

from .test_relief import accounts, device

__all__ = ["accounts"]


@pytest.fixture
def simulator_options() -> Options:
    return Options(sites=1, assets=2, lines=1, feeders=1)


async def relieve(hass: HomeAssistant, **data: object) -> dict[str, Any]:
    given = {"to_loading": 80, "duration": {"minutes": 20}, "verify_for": {"seconds": 0}}
    return await ask(
        hass, "shed_load", device_id=device(hass, SITE), line=device(hass, LINE), **given | data
    )


def off(simulator: Simulator) -> set[str]:
    now = simulator.clock.now()
    running = (
        (asset.name, asset.control.running(now))
        for asset in simulator.gridduck.world.assets.values()
    )
    return {name for name, one in running if one is not None and one.kind == "snooze"}


async def test_asked_again_and_again(
    hass: HomeAssistant, accounts: None, simulator: Simulator, freezer: FrozenDateTimeFactory
) -> None:
    """Also while the line, without what is off, carries less than the goal."""
    world = simulator.gridduck.world
    for asset_id in world.ids():
        world.set_field(asset_id, "max_time_off", None)
    await pass_time(hass, freezer, 61)
    await relieve(hass)
    first = off(simulator)
    assert first
    below = 0
    for _ in range(12):
        await pass_time(hass, freezer, 300)
        answer = await relieve(hass)
        below += answer["goal"]["power"] == 0
        assert off(simulator)
    assert below > 3
    assert hass.data[LOAD_LIMITS].requests.curtailed


async def test_once_it_is_not_needed_it_comes_back(
    hass: HomeAssistant, accounts: None, simulator: Simulator, freezer: FrozenDateTimeFactory
) -> None:
    """The line could carry it by now."""
    await relieve(hass)
    assert off(simulator)
    for _ in range(6):
        await pass_time(hass, freezer, 300)
        answer = await relieve(hass, to_loading=190)
        assert answer["goal"]["reached"]
    assert not off(simulator)
