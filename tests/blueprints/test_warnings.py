"""Warnings of ice and of little clearance."""

import pytest

from simulator.options import Options
from tests.automation.support import answer

from .house import House

ICE = "/data/icing/max/ice_weight/value"
CLEARANCE = "/data/sag_and_clearance/min_clearance/value"


@pytest.fixture
def simulator_options() -> Options:
    """Return a world in which line 1 ices."""
    return Options(lines=2, assets=0, sites=1)


@pytest.fixture
def start() -> str:
    """Return the second last hour of a cold spell; the next one begins the midnight after."""
    return "2026-11-18T03:00:00Z"


def lines(house: House) -> list[str]:
    return [house.device("line", one.id) for one in house.simulator.heimdall.world.lines()[:2]]


async def ice(house: House, weight: float) -> None:
    answer(house.home, "icing", [(ICE, weight)])
    await house.wait(minutes=5, step=300)


async def test_the_cold_spell_is_reported_and_its_end(house: House) -> None:
    await house.automate("ice_warning", lines=lines(house), heavy=0.4, light=0.1)
    # It is heavy when the automation starts, and over a few hours later: neither is news.
    await house.wait(hours=1, step=3600)
    await house.wait(hours=20, step=20 * 3600)
    assert house.messages() == []
    await house.wait(hours=6, step=3600)
    assert house.messages() == ["Ice on Haug - Lia: 0.4 kg/m."]
    await house.wait(hours=66, step=22 * 3600)
    assert house.messages() == []
    await house.wait(hours=10, step=2 * 3600)
    assert house.messages() == ["The ice on Haug - Lia is gone: 0.1 kg/m."]
    assert house.errors() == []


async def test_ice_that_comes_and_goes_is_reported_each_time(house: House) -> None:
    await house.automate("ice_warning", lines=lines(house))
    reported = []
    for weight in (0.5, 1.2, 0.5, 1.3, 0.5, 0.1, 0.5, 0.1):
        await ice(house, weight)
        reported += house.messages()
    assert reported == [
        "Ice on Haug - Lia: 1.2 kg/m.",
        "Ice on Haug - Lia: 1.3 kg/m.",
        "The ice on Haug - Lia is gone: 0.1 kg/m.",
    ]


async def test_silence_is_not_the_end_of_ice(house: House) -> None:
    await house.automate("ice_warning", lines=lines(house))
    await ice(house, 1.2)
    house.messages()
    house.home.recover()
    house.home.fault("any")
    await house.wait(minutes=20, step=300)
    assert house.value(house.home.icy_line, "ice_load") == "unavailable"
    assert house.messages() == []
    await ice(house, 0.1)
    assert house.messages() == ["The ice on Haug - Lia is gone: 0.1 kg/m."]


@pytest.mark.parametrize("during", [0.6, 0.1])
@pytest.mark.parametrize("how", ["automation", "account", "restart"])
async def test_the_end_of_ice_is_reported_after_a_restart(
    house: House, how: str, during: float
) -> None:
    await house.automate("ice_warning", lines=lines(house))
    await ice(house, 1.2)
    assert house.messages() == ["Ice on Haug - Lia: 1.2 kg/m."]
    answer(house.home, "icing", [(ICE, during)])
    match how:
        case "automation":
            await house.hass.services.async_call("automation", "reload", blocking=True)
        case "account":
            assert await house.hass.config_entries.async_reload(house.heimdall.entry_id)
        case _:
            await house.restart()
    reported = []
    for weight in (during, 0.1, 0.1):
        await ice(house, weight)
        reported += house.messages()
    assert reported == ["The ice on Haug - Lia is gone: 0.1 kg/m."]
    await house.restart()
    await ice(house, 0.1)
    assert house.messages() == []
    assert house.errors() == []


async def test_little_clearance(house: House) -> None:
    await house.automate("clearance_warning", lines=lines(house))
    reported = []
    for metres in (9.0, 6.5, 6.0, 7.5, 5.0):
        answer(house.home, "sag", [(CLEARANCE, metres)], house.home.line)
        await house.wait(minutes=5, step=300)
        reported += house.messages()
    assert reported == [
        "The clearance below Nordvik - Sordal is only 6.5 m.",
        "The clearance below Nordvik - Sordal is only 5.0 m.",
    ]
    assert house.errors() == []
