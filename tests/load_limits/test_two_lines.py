"""Two lines that share assets: what comes back for one of them is not needed for the other."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
import pytest

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.load_limits.runtime import LOAD_LIMITS
from simulator.feeder import LINE, SITE
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import ask

from .test_relief import NO_WAIT, accounts, device
from .yard import names, reasons

__all__ = ["accounts"]

AMPERES = 10


@pytest.fixture
def simulator_options() -> Options:
    return Options(sites=1, assets=2, lines=1, feeders=1)


@pytest.fixture
def other_line(hass: HomeAssistant, accounts: None, simulator: Simulator) -> str:
    """Return the device of a line that is not the feeder."""
    line = next(one for one in simulator.heimdall.world.lines() if one.name != LINE)
    return next(
        one.id
        for one in dr.async_get(hass).devices
        if (DOMAIN, f"line:{line.id}") in one.identifiers
    )


async def relieve(hass: HomeAssistant, line: str, **data: object) -> dict[str, Any]:
    given = {"device_id": device(hass, SITE), "line": line, "current": AMPERES, **NO_WAIT}
    return await ask(hass, "shed_load", **given | data)


async def test_only_what_was_shed_for_a_line_comes_back(
    hass: HomeAssistant, other_line: str
) -> None:
    """Also where it was named by its facility, and where what is off is needed by both."""
    feeder = device(hass, LINE)
    (shed,) = names((await relieve(hass, device(hass, f"{LINE} 22 kV circuit")))["shed"])
    target = {"device_id": device(hass, SITE)}
    answer = await ask(hass, "restore_load", **target, line=other_line)
    assert not answer["restored"]
    assert not answer["scheduled"]
    assert reasons(answer) == {shed: "other_line"}
    # Not prolonged, and needed all the same.
    assert shed in names((await relieve(hass, other_line))["already_shed"])
    answer = await ask(hass, "restore_load", **target, line=feeder)
    assert reasons(answer)[shed] == "other_line"
    assert shed in {one.name for one in hass.data[LOAD_LIMITS].requests.curtailed}
    answer = await ask(hass, "restore_load", line=other_line, assets_per_step=9)
    assert shed in names(answer["restored"])
    assert not answer["passed_over"]
    assert not hass.data[LOAD_LIMITS].requests.curtailed


async def test_a_dry_run_makes_it_nobody_elses(hass: HomeAssistant, other_line: str) -> None:
    feeder = device(hass, LINE)
    shed = names((await relieve(hass, feeder))["shed"])
    await relieve(hass, other_line, dry_run=True)
    assert names((await ask(hass, "restore_load", line=feeder))["restored"]) == shed


async def test_what_was_shed_for_a_power(hass: HomeAssistant, other_line: str) -> None:
    """It is no line's, and comes back where no line is named."""
    target = {"device_id": device(hass, SITE)}
    shed = names((await ask(hass, "shed_load", **target, power=1, **NO_WAIT))["shed"])
    answer = await ask(hass, "restore_load", line=other_line)
    assert set(reasons(answer).values()) == {"other_line"}
    assert names((await ask(hass, "restore_load"))["restored"]) == shed


async def test_a_line_of_an_account_that_is_not_in_use(
    hass: HomeAssistant, other_line: str
) -> None:
    feeder = device(hass, LINE)
    shed = names((await relieve(hass, feeder))["shed"])
    found = dr.async_get(hass).async_get(feeder)
    assert found is not None
    await hass.config_entries.async_unload(found.config_entry_id)
    assert names((await ask(hass, "restore_load", line=feeder))["restored"]) == shed


@pytest.mark.parametrize("wrong", ["a site", "nothing"])
async def test_what_is_no_line(hass: HomeAssistant, other_line: str, wrong: str) -> None:
    line = device(hass, SITE) if wrong == "a site" else "0123456789abcdef0123456789abcdef"
    with pytest.raises(ServiceValidationError) as caught:
        await ask(hass, "restore_load", line=line)
    assert caught.value.translation_key == "line_needed"
