"""What cannot come back: it holds up nothing else, and is tried again in good time."""

import logging

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.faults import Fault
from simulator.options import Options
from simulator.server import running
from tests.conftest import gridduck_data, setup

from .yard import Yard

THREE = {"power": 1_000_000}


@pytest.mark.english
async def test_a_resume_that_fails_is_tried_again(yard: Yard) -> None:
    await yard.shed(yard.pump, power=1)
    fault = yard.simulator.faults.add(
        Fault(service="gridduck", path=yard.pump, method="PUT", status=500, count=None)
    )
    answer = await yard.restore()
    assert not answer["restored"]
    (item,) = answer["scheduled"]
    assert item["message"].startswith("GridDuck is in trouble, so ")
    yard.simulator.faults.remove(fault)
    yard.puts()
    await yard.wait(60)
    assert yard.commanded() == [yard.pump]
    assert not yard.requests.curtailed


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was told in the log of assets that cannot come back."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno == logging.WARNING and "cannot come back" in record.getMessage()
    ]


async def test_one_that_never_comes_back(yard: Yard, caplog: pytest.LogCaptureFixture) -> None:
    """The others do, each at its time; it is told once, and tried after them."""
    await yard.shed(yard.charger, power=1)
    await yard.wait(1)
    await yard.shed(**THREE)
    yard.fail(yard.charger)
    yard.puts()
    await yard.restore()
    assert yard.commanded() == [yard.charger]
    back = list[str]()
    for _ in range(2):
        await yard.wait(60)
        back += yard.commanded()
    assert sorted(back) == sorted([yard.pump, yard.freezers])
    assert [shed.name for shed in yard.requests.curtailed] == ["Charger"]
    for _ in range(3):
        await yard.wait(60)
        assert yard.commanded() == [yard.charger]
    (told,) = warnings(caplog)
    assert told.startswith("Charger cannot come back yet and is tried again: GridDuck is in")


@pytest.mark.parametrize("seconds", [0, 1])
async def test_it_is_not_tried_again_at_once(yard: Yard, seconds: int) -> None:
    await yard.shed(**THREE)
    yard.fail("/asset/.")
    yard.puts()
    await yard.restore(interval={"seconds": seconds}, assets_per_step=3)
    assert len(yard.commanded()) == 3
    for _ in range(5):
        await yard.wait(10)
    assert not yard.commanded()
    await yard.wait(10)
    assert len(yard.commanded()) == 3


@pytest.mark.parametrize("hours", [0, 12])
async def test_another_account_is_not_held_up(yard: Yard, hours: int) -> None:
    """What is of an account that is out of use comes back once that is in use again."""
    interval = {"hours": hours} if hours else {"minutes": 1}
    async with running(Options(sites=1, assets=1, lines=1, seed=7)) as elsewhere:
        heaters = [
            elsewhere.gridduck.world.add_asset(name, "ev_charger", created=0, min_time_on=None)
            for name in ("Heater", "Oven")
        ]
        entry = MockConfigEntry(
            domain="gridduck_heimdall",
            title="Elsewhere",
            unique_id="gridduck_99",
            data=gridduck_data(elsewhere),
        )
        await setup(yard.hass, entry)
        found = [entry.runtime_data.device_of(heater).id for heater in heaters]
        await yard.shed(**THREE, device_id=found, duration={"hours": 24})
        await yard.shed(**THREE)
        await yard.restore(device_id=yard.site)
        await yard.hass.config_entries.async_unload(entry.entry_id)
        answer = await yard.restore(device_id=found, interval=interval)
        assert len(answer["scheduled"]) == 2
        for _ in range(2):
            await yard.wait(60)
        assert {shed.name for shed in yard.requests.curtailed} == {"Heater", "Oven"}
        await yard.hass.config_entries.async_setup(entry.entry_id)
        await yard.hass.async_block_till_done(wait_background_tasks=True)
        assert len(yard.requests.curtailed) == 1
        await yard.wait(60)
        assert len(yard.requests.curtailed) == (1 if hours else 0)
        await yard.hass.config_entries.async_unload(entry.entry_id)
