"""What load limits survive: failed commands, closed accounts, damage, and people."""

from collections.abc import Iterator
from typing import Any, Final, override

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er, issue_registry as ir
from homeassistant.util.file import WriteError
import pytest
from pytest_homeassistant_custom_component.common import mock_storage

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.core.inclusion import CONF_INCLUDE, UNASSIGNED
from custom_components.gridduck_heimdall.load_limits.control_law.ledger import Curtailed
from custom_components.gridduck_heimdall.load_limits.record import FILE
from custom_components.gridduck_heimdall.load_limits.runtime import LOAD_LIMITS
from simulator.faults import Fault
from tests.load_limits.yard import Yard, failing
from tests.repairs import own

from .feeder import SENSOR, Feeder, add, device_of, shown

LIMIT: Final = "sensor.import_capacity"


class Disk(dict[str, Any]):
    """What is written to `.storage`, by file; nothing of load limits while it is full.

    Attributes:
        full: whether there is no room.
        writes: how often the file of load limits was written.
    """

    full = False
    writes = 0

    @override
    def __setitem__(self, file: str, content: Any) -> None:
        if file == FILE:
            if self.full:
                raise WriteError("[Errno 28] No space left on device")
            self.writes += 1
        super().__setitem__(file, content)


@pytest.fixture
def hass_storage() -> Iterator[Disk]:
    """Return the storage of a Home Assistant."""
    with mock_storage(disk := Disk()):
        yield disk


def curtailed(hass: HomeAssistant) -> dict[str, Curtailed]:
    """Return what stands in the ledger, by the id of the asset."""
    ledger = hass.data[LOAD_LIMITS].record.ledger
    return {key.rpartition(" ")[2]: one for key, one in ledger.curtailed.items()}


def change(yard: Yard, subentry: ConfigSubentry, **other: object) -> None:
    """Change what a config subentry stores."""
    current = yard.entry.subentries[subentry.subentry_id]
    yard.hass.config_entries.async_update_subentry(
        yard.entry, current, data={**current.data, **other}
    )


async def test_damaged_settings(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    """They are reported, and what was curtailed comes back; another load limit goes on."""
    subentry = await add(yard, feeder.limit)
    await add(yard, 1000)
    await feeder.run(3)
    assert curtailed(hass)
    yard.puts()
    change(yard, subentry, measured="moon")
    await feeder.run(5)
    assert own(hass) == {"load_limit_damaged"}
    assert not curtailed(hass)
    assert [call.body for call in yard.puts()] == [{"snooze_finish": 0}]
    assert len(hass.data[LOAD_LIMITS].limits) == 1
    flow = await yard.entry.start_subentry_reconfigure_flow(hass, subentry.subentry_id)
    assert flow["reason"] == "damaged"
    change(yard, subentry, measured="sensor")
    await feeder.run(1)
    assert not own(hass)
    hass.config_entries.async_remove_subentry(yard.entry, subentry.subentry_id)
    await hass.async_block_till_done()
    assert not own(hass)


async def test_more_is_to_stay_on(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    """What is off beyond it comes back within a minute, and says why, and stays on."""
    subentry = await add(yard, feeder.limit)
    await feeder.run(3)
    (asset_id,) = curtailed(hass)
    change(yard, subentry, floor=6)
    await feeder.run(1)
    assert asset_id not in curtailed(hass)
    assert yard.world.assets[asset_id].on(yard.simulator.clock.now())
    decisions = [one for one in hass.data[LOAD_LIMITS].record.journal if one.asset == "Charger"]
    assert decisions[-1].reason == "left_on"
    await feeder.run(20)
    assert asset_id not in curtailed(hass)
    assert shown(hass, subentry, "sensor", "load_limit_state").state == "not_enough"


async def test_what_was_left_on_draws_less(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    """As much as always has to stay on comes back within a minute, although the load is high."""
    await add(yard, feeder.limit, floor=4)
    await feeder.run(3)
    (asset_id,) = curtailed(hass)
    feeder.watts[yard.pump] = 3_400
    await feeder.run(3)
    assert asset_id in curtailed(hass)
    feeder.watts[yard.pump] = 1_000
    feeder.base += 10
    await feeder.run(2)
    assert asset_id not in curtailed(hass)
    assert yard.world.assets[asset_id].on(yard.simulator.clock.now())
    decisions = [one for one in hass.data[LOAD_LIMITS].record.journal if one.asset == "Charger"]
    assert decisions[-1].reason == "left_on"


async def exclude_site(yard: Yard) -> None:
    """Have the options of the account include nothing but what belongs to no site."""
    options = {**yard.entry.options, CONF_INCLUDE: [UNASSIGNED]}
    yard.hass.config_entries.async_update_entry(yard.entry, options=options)
    await yard.hass.config_entries.async_reload(yard.entry.entry_id)
    await yard.hass.async_block_till_done(wait_background_tasks=True)


async def test_what_the_options_exclude_comes_back(
    hass: HomeAssistant, yard: Yard, feeder: Feeder
) -> None:
    """The account does not show it any more; its snooze is still ended by command."""
    await add(yard, feeder.limit)
    await feeder.run(3)
    (asset_id,) = curtailed(hass)
    yard.puts()
    with failing(yard, status=500):
        await exclude_site(yard)
        await feeder.run(3)
    assert asset_id in curtailed(hass)
    await feeder.run(5)
    assert yard.puts()[-1].body == {"snooze_finish": 0}
    assert yard.world.assets[asset_id].on(yard.simulator.clock.now())
    assert not curtailed(hass)
    decisions = [one for one in hass.data[LOAD_LIMITS].record.journal if one.sent]
    assert (decisions[-1].reason, decisions[-1].asset) == ("request_ended", "Charger")


async def test_an_action_returns_what_the_options_exclude(yard: Yard) -> None:
    await yard.shed(yard.pump, power=1)
    await yard.wait(61)
    await exclude_site(yard)
    await yard.wait(61)
    yard.puts()
    assert [one["name"] for one in (await yard.restore())["restored"]] == ["Pump"]
    assert yard.commanded() == [yard.pump]
    assert yard.world.assets[yard.pump].on(yard.simulator.clock.now())


async def test_an_account_that_is_closed(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    """Nothing is sent to its assets, nothing fails, and what is off stays noted."""
    await add(yard, feeder.limit)
    await feeder.run(3)
    before = curtailed(hass)
    await hass.config_entries.async_unload(yard.entry.entry_id)
    yard.puts()
    feeder.base += 10
    await feeder.run(10)
    assert not yard.puts()
    assert curtailed(hass) == before
    decisions = hass.data[LOAD_LIMITS].record.journal
    assert all(one.sent for one in decisions)
    await hass.config_entries.async_setup(yard.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await feeder.run(2)
    # Found again without any change of a registry, and more is curtailed for the higher load.
    assert curtailed(hass).keys() > before.keys()


async def test_a_restart_without_a_change_of_a_registry(
    hass: HomeAssistant, yard: Yard, feeder: Feeder
) -> None:
    """Candidates are found as soon as the account is loaded."""
    await add(yard, feeder.limit)
    await hass.config_entries.async_reload(yard.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await feeder.run(1)
    assert curtailed(hass)


async def test_refused_commands(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    """An asset that does not obey is left alone for a while, longer each time."""
    with failing(yard, status=400):
        subentry = await add(yard, feeder.limit)
        await feeder.run(30)
        assert not curtailed(hass)
        commands = yard.commanded()
    # In half an hour: after 1, 2, 4, 8 and 15 minutes, not each minute.
    assert all(commands.count(one) <= 6 for one in yard.every)
    assert yard.charger in commands
    event = shown(hass, subentry, "event", "load_limit_decision")
    assert event.attributes["event_type"] == "failure"
    assert event.attributes["error"]
    assert shown(hass, subentry, "sensor", "load_limit_assets_curtailed").state == "0"
    await feeder.run(16)
    assert curtailed(hass)


async def test_too_many_requests(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    """The whole account is left alone for as long as the service asks for."""
    with failing(yard, status=429, headers={"Retry-After": "600"}):
        await add(yard, feeder.limit)
        await feeder.run(8)
        assert len(yard.puts()) <= 4
    await feeder.run(6)
    assert curtailed(hass)


async def test_an_outcome_that_is_not_known_and_is_off(
    hass: HomeAssistant, yard: Yard, feeder: Feeder
) -> None:
    """What has arrived without an answer is ours, and comes back."""
    with failing(yard, kind="cut"):
        await add(yard, feeder.limit)
    off = {one for one in yard.every if not yard.world.assets[one].on(yard.simulator.clock.now())}
    assert off
    assert curtailed(hass).keys() == off
    await feeder.run(3)
    assert curtailed(hass).keys() == off
    assert all(one.seen for one in curtailed(hass).values())
    feeder.base = 80
    await feeder.run(40)
    assert not curtailed(hass)
    assert feeder.load > 90


async def test_an_outcome_that_is_not_known_and_is_on(
    hass: HomeAssistant, yard: Yard, feeder: Feeder
) -> None:
    """What has not arrived is noted until the account shows it, and is not held against anyone."""
    with failing(yard, kind="refuse"):
        await add(yard, feeder.limit)
    assert curtailed(hass)
    assert not any(one.accepted for one in curtailed(hass).values())
    await feeder.run(8)
    assert any(one.accepted for one in curtailed(hass).values())
    assert feeder.load <= feeder.limit


async def test_a_full_disk(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, hass_storage: Disk
) -> None:
    """Nothing is curtailed of which no record can be kept."""
    hass_storage.full = True
    await add(yard, feeder.limit)
    await feeder.run(5)
    assert not yard.puts()
    assert not curtailed(hass)
    assert own(hass) == {"storage_write_failed"}
    hass_storage.full = False
    await feeder.run(5)
    assert yard.puts()
    assert own(hass) == set()


async def test_many_commands_share_a_write(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, hass_storage: Disk
) -> None:
    await add(yard, 50)
    assert len(yard.puts()) == 4
    assert hass_storage.writes == 1
    assert {
        one["key"].rpartition(" ")[2] for one in hass_storage[FILE]["data"]["curtailed"]
    } == set(yard.every)


async def test_the_last_account_is_removed(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, hass_storage: Disk
) -> None:
    """Nothing of load limits is left, and nothing fails."""
    await add(yard, feeder.limit)
    await feeder.run(3)
    assert FILE in hass_storage
    await hass.config_entries.async_remove(yard.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await feeder.yard.wait(700)
    assert FILE not in hass_storage
    assert not hass.data[LOAD_LIMITS].limits
    assert not curtailed(hass)
    assert not dr.async_entries_for_config_entry(dr.async_get(hass), yard.entry.entry_id)


@pytest.mark.parametrize("source", ["unavailable", None])
async def test_a_sensor_that_fails(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, source: str | None
) -> None:
    """What is off stays off for a while, nothing more is curtailed, and it is reported."""
    subentry = await add(yard, feeder.limit)
    await feeder.run(4)
    before = curtailed(hass).keys()
    yard.puts()
    if source is None:
        hass.states.async_remove(SENSOR)
    else:
        hass.states.async_set(SENSOR, source, {"unit_of_measurement": "kW"})
    for _ in range(15):
        await yard.wait(60)
    assert curtailed(hass).keys() == before
    assert own(hass) == {"load_limit_source_missing"}
    # Without data for an hour nothing is extended any more: all comes back with its lease.
    for _ in range(18):
        await yard.wait(600)
    assert not curtailed(hass)
    assert shown(hass, subentry, "sensor", "load_limit_state").state == "no_data"
    assert shown(hass, subentry, "sensor", "load_limit_load").state == "unknown"
    await feeder.run(2)
    assert not own(hass)


async def test_a_limit_from_outside(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    """It acts at once, holds for a while when it is silent, and then gives way to the failsafe."""
    hass.states.async_set(LIMIT, "200000", {"unit_of_measurement": "W"})
    subentry = await add(
        yard, feeder.limit, unit="kW", limit_entity=LIMIT, failsafe_after=5, min_time_on=0
    )
    await feeder.run(2)
    assert not curtailed(hass)
    assert float(shown(hass, subentry, "sensor", "load_limit_limit").state) == 200
    # Between two measurements.
    hass.states.async_set(LIMIT, str(feeder.limit), {"unit_of_measurement": "kW"})
    await yard.wait(1)
    assert curtailed(hass)
    yard.puts()
    hass.states.async_set(LIMIT, "unavailable")
    await feeder.run(4)
    assert not yard.puts()
    await feeder.run(12)
    assert own(hass) == {"load_limit_silent"}
    assert float(shown(hass, subentry, "sensor", "load_limit_limit").state) == feeder.limit
    hass.states.async_set(LIMIT, "0.3", {"unit_of_measurement": "MW"})
    await feeder.run(30)
    assert not curtailed(hass)
    assert not own(hass)


async def test_other_candidates(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    """What is off and may no longer be curtailed comes back, and another asset is off."""
    subentry = await add(yard, feeder.limit, candidates={"device_id": [yard.device(yard.charger)]})
    await feeder.run(3)
    assert curtailed(hass).keys() == {yard.charger}
    change(yard, subentry, candidates={"device_id": [yard.device(yard.pump)]})
    await feeder.run(5)
    assert yard.charger not in curtailed(hass)
    assert yard.world.assets[yard.charger].on(yard.simulator.clock.now())


async def test_two_limits_share_an_asset(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    """It stays off while either needs it, whichever curtailed it, and returns once."""
    first = await add(yard, feeder.limit)
    second = await add(yard, feeder.limit)
    await feeder.run(5)
    off = curtailed(hass).keys()
    assert off
    yard.puts()
    (request,) = {one.request for one in curtailed(hass).values()}
    mine = first if first.subentry_id == request else second
    hass.config_entries.async_remove_subentry(yard.entry, mine.subentry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await feeder.run(10)
    assert curtailed(hass).keys() == off
    assert not yard.puts()
    feeder.base = 80
    await feeder.run(30)
    assert not curtailed(hass)


async def test_restored_twice(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    """Also while a command is in flight, one command an asset is sent."""
    subentry = await add(yard, feeder.limit)
    await feeder.run(3)
    yard.puts()
    button = shown(hass, subentry, "button", "load_limit_restore").entity_id
    for _ in range(2):
        await hass.services.async_call("button", "press", {"entity_id": button}, blocking=True)
        await yard.breathe(5)
    await feeder.run(4)
    assert [call.body for call in yard.puts()] == [{"snooze_finish": 0}]
    assert not curtailed(hass)


async def test_an_asset_goes_offline_while_it_is_off(
    hass: HomeAssistant, yard: Yard, feeder: Feeder
) -> None:
    """It is not sent anything in vain without end, and nobody claims it for a person."""
    await add(yard, feeder.limit)
    await feeder.run(3)
    (asset_id,) = curtailed(hass)
    yard.world.set_field(asset_id, "connection", False)
    await feeder.run(5)
    yard.world.set_field(asset_id, "connection", True)
    await feeder.run(3)
    assert asset_id in curtailed(hass)


async def test_the_service_fails_for_some_minutes(
    hass: HomeAssistant, yard: Yard, feeder: Feeder
) -> None:
    """What its assets draw counts once when it is back."""
    subentry = await add(yard, feeder.limit)
    await feeder.run(3)
    off = curtailed(hass).keys()
    yard.puts()
    yard.simulator.faults.add(Fault(service="gridduck", path=".", status=503, count=None))
    await feeder.run(6)
    yard.simulator.faults.clear()
    await feeder.run(10)
    assert curtailed(hass).keys() == off
    assert not yard.puts()
    assert shown(hass, subentry, "sensor", "load_limit_state").state == "holding"


async def test_title_and_units_follow(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    """The device follows the title; the entities follow the settings, and nothing comes back."""
    subentry = await add(yard, feeder.limit, unit="kW")
    await feeder.run(3)
    off = curtailed(hass).keys()
    yard.puts()
    hass.config_entries.async_update_subentry(yard.entry, subentry, title="Quay")
    change(yard, subentry, window=15)
    await hass.async_block_till_done(wait_background_tasks=True)
    device = device_of(yard, subentry)
    assert device.name is not None
    assert "Quay" in device.name
    await feeder.run(1)
    assert shown(hass, subentry, "sensor", "load_limit_expected_mean").state != "unavailable"
    hass.states.async_set(LIMIT, str(feeder.limit), {"unit_of_measurement": "kW"})
    change(yard, subentry, window=0, limit_entity=LIMIT)
    await hass.async_block_till_done(wait_background_tasks=True)
    await feeder.run(2)
    registry = er.async_get(hass)
    for platform, key in (
        ("sensor", "load_limit_expected_mean"),
        ("binary_sensor", "load_limit_peak_at_risk"),
        ("number", "load_limit_number"),
    ):
        unique_id = f"{subentry.subentry_id}_{key}"
        assert registry.async_get_entity_id(platform, DOMAIN, unique_id) is None
    assert curtailed(hass).keys() == off
    assert not yard.puts()


async def test_another_entity_gives_the_limit(
    hass: HomeAssistant, yard: Yard, feeder: Feeder
) -> None:
    """It is followed from then on, not only looked at each minute."""
    other = "sensor.another_limit"
    for entity_id in (LIMIT, other):
        hass.states.async_set(entity_id, "90", {"unit_of_measurement": "kW"})
    subentry = await add(yard, feeder.limit, limit_entity=LIMIT)
    await feeder.run(1)
    change(yard, subentry, limit_entity=other)
    await hass.async_block_till_done(wait_background_tasks=True)
    hass.states.async_set(other, "80", {"unit_of_measurement": "kW"})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert float(shown(hass, subentry, "sensor", "load_limit_limit").state) == 80


@pytest.mark.parametrize("mode", ["off", "advise"])
async def test_the_mode_changes_while_something_is_off(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, mode: str
) -> None:
    """It comes back, and the sensors say so."""
    subentry = await add(yard, feeder.limit)
    await feeder.run(3)
    yard.puts()
    change(yard, subentry, mode=mode)
    await feeder.run(5)
    assert not curtailed(hass)
    assert [call.body for call in yard.puts()] == [{"snooze_finish": 0}]
    change(yard, subentry, mode="automatic")
    await feeder.run(25)
    assert curtailed(hass)


async def test_issues_outlive_nothing(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    """A load limit that is removed leaves no issue."""
    subentry = await add(yard, feeder.limit, candidates={"label_id": ["none"]})
    await feeder.run(12)
    assert own(hass) == {"load_limit_no_candidates", "load_limit_not_enough"}
    hass.config_entries.async_remove_subentry(yard.entry, subentry.subentry_id)
    await hass.async_block_till_done()
    assert not own(hass)
    assert not [one for one in ir.async_get(hass).issues.values() if one.domain == DOMAIN]


async def test_a_person_is_noticed_after_a_reload(
    hass: HomeAssistant, yard: Yard, feeder: Feeder
) -> None:
    """What the account shows from then on counts, and not what the closed one showed."""
    await add(yard, feeder.limit)
    await feeder.run(3)
    await hass.config_entries.async_reload(yard.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await feeder.run(2)
    (asset_id,) = curtailed(hass)
    yard.world.command(asset_id, "snooze", 0)
    await feeder.run(2)
    assert asset_id not in curtailed(hass)
