"""What a poll shows, and what it leaves alone."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, override

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN, Platform
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.api.gridduck import Asset, Override
from custom_components.gridduck_heimdall.gridduck import coordinator
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from simulator.faults import Fault
from simulator.gridduck.settings import MISSING
from simulator.gridduck.world import World
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import THREE_SITES
from tests.turns import counting

from .conftest import Pass
from .support import LIST_PATH, entity_of, named, state_of, switch_of, value_of, writes

LIVE = ("consumption", "delivered", "last_contacted")


def freeze(world: World) -> None:
    """Let no asset's values change any more."""
    for asset_id in world.assets:
        record = world.record(asset_id)
        for name in LIVE:
            world.set_field(asset_id, name, record[name])


async def test_one_list_a_minute(
    account: GridDuckAccount, simulator: Simulator, passing: Pass
) -> None:
    for _ in range(5):
        await passing(60)
    assert simulator.calls.count(path=LIST_PATH) == 5


async def test_nothing_changed_wakes_nothing(
    hass: HomeAssistant, account: GridDuckAccount, world: World, passing: Pass
) -> None:
    freeze(world)
    await passing(60)
    woken = list[None]()
    account.assets.async_add_listener(lambda: woken.append(None))
    written = writes(hass)
    await passing(60)
    assert not woken
    assert not written


async def test_values_alone_concern_no_inventory_listener(
    account: GridDuckAccount, world: World, passing: Pass, lamp: str
) -> None:
    freeze(world)
    await passing(60)
    woken = list[str]()
    account.assets.async_add_listener(lambda: woken.append("any"))
    account.assets.async_add_inventory_listener(lambda: woken.append("inventory"))
    before = account.assets.inventory
    world.set_field(lamp, "consumption", 41.5)
    await passing(60)
    assert woken == ["any"]
    # What was read before is a state of its own.
    assert before is not account.assets.inventory
    assert before.controllable is account.assets.inventory.controllable
    world.set_field(lamp, "name", "Reading lamp")
    await passing(60)
    assert woken == ["any", "any", "inventory"]


class Watched(dict[str, Asset]):
    """The assets of the last poll, which note the turn in which each is looked up."""

    def __init__(self, assets: Mapping[str, Asset]) -> None:
        """Begin with assets that nothing has looked up."""
        super().__init__(assets)
        self.turn = 0
        self.looked_up_in: dict[str, int] = {}

    @override
    def get(self, asset_id: str, default: Any = None) -> Any:
        self.looked_up_in.setdefault(asset_id, self.turn)
        return super().get(asset_id, default)


@THREE_SITES
async def test_a_poll_lets_others_run(
    account: GridDuckAccount, world: World, passing: Pass, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Assets are compared in slices, and there are turns before they are taken and announced."""
    monkeypatch.setattr(coordinator, "COMPARED_AT_ONCE", 4)
    polls = account.assets
    polls.data = former = Watched(polls.data)
    known = {*former}
    new = world.add_asset("New")
    world.max_limit = 10
    announced, seen = list[bool](), set[tuple[bool, bool, bool]]()

    def look() -> None:
        former.turn += 1
        seen.add((polls.list_status.pages > 1, new in polls.data, bool(announced)))

    polls.async_add_listener(lambda: announced.append(True))
    with counting(look):
        await passing(60)
    slices = Counter(former.looked_up_in.values())
    assert known | {new} == {*former.looked_up_in}
    assert max(slices.values()) <= coordinator.COMPARED_AT_ONCE
    assert seen >= {(True, False, False), (True, True, False), (True, True, True)}


async def test_only_what_changed_is_written(
    hass: HomeAssistant, account: GridDuckAccount, world: World, passing: Pass, lamp: str
) -> None:
    freeze(world)
    await passing(60)
    written = writes(hass)
    world.set_field(lamp, "consumption", 41.5)
    await passing(60)
    assert value_of(hass, lamp, "power") == "41.5"
    site = world.assets[lamp].site.id
    assert set(written) == {
        entity_of(hass, Platform.SENSOR, lamp, "power"),
        entity_of(hass, Platform.SENSOR, site, "power"),
    }


async def test_last_contact_is_written_every_five_minutes(
    hass: HomeAssistant, account: GridDuckAccount, world: World, passing: Pass, lamp: str
) -> None:
    freeze(world)
    minute = 1_795_024_800
    world.set_field(lamp, "last_contacted", minute)
    await passing(60)
    written = writes(hass)
    world.set_field(lamp, "last_contacted", minute + 299)
    await passing(60)
    assert not written
    world.set_field(lamp, "last_contacted", minute + 300)
    await passing(60)
    assert written == [entity_of(hass, Platform.SENSOR, lamp, "last_contact")]


async def test_offline(
    hass: HomeAssistant, account: GridDuckAccount, world: World, passing: Pass, lamp: str
) -> None:
    """An asset that is not connected shows only what does not depend on it."""
    site = world.assets[lamp].site.id
    online = int(value_of(hass, site, "assets_online"))
    world.disconnect(lamp)
    await passing(60)
    assert switch_of(hass, lamp) == STATE_UNAVAILABLE
    for key in ("power", "energy", "override", "override_ends"):
        assert value_of(hass, lamp, key) == STATE_UNAVAILABLE
    assert state_of(hass, Platform.BUTTON, lamp, "end_override").state == STATE_UNAVAILABLE
    assert state_of(hass, Platform.BINARY_SENSOR, lamp, "connection").state == "off"
    assert state_of(hass, Platform.NUMBER, lamp, "boost_duration").state == "60"
    assert value_of(hass, lamp, "mode") == "always_on"
    assert value_of(hass, lamp, "last_contact").startswith("2026-11-18T18:0")
    assert int(value_of(hass, site, "assets_online")) == online - 1
    assert value_of(hass, site, "assets_disconnected") == "2"
    world.reconnect(lamp)
    await passing(60)
    assert switch_of(hass, lamp) == "on"


@pytest.mark.parametrize("field", ["lost", "disconnected", "gateway_disconnected"])
async def test_every_connection_fault_counts(
    hass: HomeAssistant,
    account: GridDuckAccount,
    world: World,
    passing: Pass,
    lamp: str,
    field: str,
) -> None:
    world.set_field(lamp, field, True)
    await passing(60)
    assert state_of(hass, Platform.BINARY_SENSOR, lamp, "connection").state == "off"
    assert value_of(hass, lamp, "power") == STATE_UNAVAILABLE


@pytest.mark.parametrize("value", [None, MISSING, "much", [], {"w": 3}], ids=str)
async def test_missing_and_malformed_values_are_unknown(
    hass: HomeAssistant,
    account: GridDuckAccount,
    world: World,
    passing: Pass,
    lamp: str,
    value: object,
) -> None:
    for name in (
        *("consumption", "delivered", "current_state", "user_state", "last_contacted"),
        *("boost_finish", "boost_finish_stamp", "snooze_finish", "snooze_finish_stamp"),
        *("site_price_per_kwh", "site_currency", "price_per_kwh", "currency", "sku", "name"),
    ):
        world.set_field(lamp, name, value)
    await passing(60)
    assert account.assets.last_update_success
    for key in ("power", "energy", "mode", "last_contact"):
        assert value_of(hass, lamp, key) in {STATE_UNKNOWN, "much"}, key
    assert switch_of(hass, lamp) == STATE_UNKNOWN
    assert value_of(hass, lamp, "override") == "none"
    other = named(world, "Heat pump")
    assert value_of(hass, other, "power") != STATE_UNKNOWN


async def test_a_value_that_appears_gets_its_entity(
    hass: HomeAssistant, account: GridDuckAccount, world: World, passing: Pass
) -> None:
    room = named(world, "Meeting room")
    assert entity_of(hass, Platform.SENSOR, room, "power") is None
    world.set_field(room, "consumption", 3)
    await passing(60)
    assert value_of(hass, room, "power") == "3.0"


async def test_an_entity_that_was_there_stays_without_a_value(
    hass: HomeAssistant,
    account: GridDuckAccount,
    gridduck_entry: MockConfigEntry,
    world: World,
    lamp: str,
) -> None:
    world.set_field(lamp, "consumption", None)
    await hass.config_entries.async_reload(gridduck_entry.entry_id)
    await hass.async_block_till_done()
    assert value_of(hass, lamp, "power") == STATE_UNKNOWN


async def test_energy_is_guarded(
    hass: HomeAssistant, account: GridDuckAccount, world: World, passing: Pass, lamp: str
) -> None:
    before = account.assets.data[lamp].delivered
    assert before
    for more, shown in ((100, 100), (-1000, 100), (200, 200), (90 - before, 200), (10**9, 200)):
        world.set_field(lamp, "delivered", before + more)
        await passing(60)
        assert float(value_of(hass, lamp, "energy")) == (before + shown) / 1000


async def test_energy_goes_on_after_a_restart(
    hass: HomeAssistant,
    account: GridDuckAccount,
    gridduck_entry: MockConfigEntry,
    world: World,
    passing: Pass,
    lamp: str,
) -> None:
    before = account.assets.data[lamp].delivered
    assert before
    for wrong in (before - 500, 0, before + 10**9):
        await hass.config_entries.async_unload(gridduck_entry.entry_id)
        world.set_field(lamp, "delivered", wrong)
        await hass.config_entries.async_setup(gridduck_entry.entry_id)
        await hass.async_block_till_done()
        assert float(value_of(hass, lamp, "energy")) == before / 1000


@THREE_SITES
async def test_site_power_counts_nothing_twice(
    hass: HomeAssistant, account: GridDuckAccount, world: World
) -> None:
    for site_id in world.sites:
        assets = [one for one in account.assets.data.values() if one.site_id == site_id]
        due = sum(
            one.consumption or 0
            for one in assets
            if one.parent_asset is None and not one.disconnected
        )
        assert float(value_of(hass, site_id, "power")) == pytest.approx(due / 1000, abs=0.001)
        assert sum(one.consumption or 0 for one in assets) > due


async def test_site_power_is_unknown_without_any_value(
    hass: HomeAssistant, account: GridDuckAccount, world: World, passing: Pass, lamp: str
) -> None:
    site = world.assets[lamp].site.id
    for asset_id in world.ids(site_id=site):
        world.set_field(asset_id, "consumption", None)
    await passing(60)
    assert value_of(hass, site, "power") == STATE_UNKNOWN


async def test_price(
    hass: HomeAssistant, account: GridDuckAccount, world: World, passing: Pass, lamp: str
) -> None:
    """A price is in the major unit, as the Energy dashboard takes it."""
    site = world.assets[lamp].site.id
    state = state_of(hass, Platform.SENSOR, site, "price")
    assert (state.state, state.attributes["unit_of_measurement"]) == ("0.285", "GBP/kWh")
    assert state.attributes["state_class"] == "measurement"
    for asset_id in world.ids(site_id=site):
        world.set_field(asset_id, "site_currency", "€")
    world.set_price(site, "30.5")
    await passing(60)
    state = state_of(hass, Platform.SENSOR, site, "price")
    assert (state.state, state.attributes["unit_of_measurement"]) == ("0.305", "EUR/kWh")
    for asset_id in world.ids(site_id=site):
        world.set_field(asset_id, "site_currency", "?")
    await passing(60)
    state = state_of(hass, Platform.SENSOR, site, "price")
    assert "unit_of_measurement" not in state.attributes


async def test_a_malformed_asset_costs_that_asset_only(
    hass: HomeAssistant, account: GridDuckAccount, world: World, passing: Pass, lamp: str
) -> None:
    world.junk.extend([{"name": "no id"}, 7, None])
    world.set_field(lamp, "consumption", 12)
    for _ in range(4):
        await passing(60)
    assert value_of(hass, lamp, "power") == "12.0"
    assert account.diagnostics()["counts"]["malformed"] == 3


@pytest.mark.parametrize(
    "fault", [{"status": 500}, {"kind": "html"}, {"kind": "malformed"}, {"status": 403}], ids=str
)
async def test_short_failures_pass_unseen(
    hass: HomeAssistant,
    account: GridDuckAccount,
    simulator: Simulator,
    passing: Pass,
    lamp: str,
    fault: dict[str, Any],
) -> None:
    simulator.faults.add(Fault(service="gridduck", path=r"/asset/\?", count=3, **fault))
    await passing(60)
    await passing(60)
    assert switch_of(hass, lamp) == "on"
    assert account.diagnostics()["polls"]["assets"]["error"]
    await passing(60)
    assert switch_of(hass, lamp) == STATE_UNAVAILABLE
    site = next(iter(account.assets.inventory.sites))
    assert value_of(hass, site, "power") == STATE_UNAVAILABLE
    await passing(60)
    assert switch_of(hass, lamp) == "on"
    assert account.diagnostics()["polls"]["assets"]["error"] is None


async def test_the_cloud_asks_for_silence(
    account: GridDuckAccount, simulator: Simulator, passing: Pass, lamp: str
) -> None:
    """No list is asked for before Retry-After is over, not even after a command."""
    limit = Fault(service="gridduck", path=r"/asset/\?", status=429, headers={"Retry-After": "300"})
    simulator.faults.add(limit)
    await passing(60)
    simulator.calls.clear()
    await account.commands.async_override(Override.SNOOZE, lamp, 600)
    for _ in range(4):
        await passing(60)
    assert simulator.calls.count(path=LIST_PATH) == 0
    await passing(62)
    assert simulator.calls.count(path=LIST_PATH) == 1


async def test_refused_credentials_ask_the_user(
    hass: HomeAssistant,
    account: GridDuckAccount,
    gridduck_entry: MockConfigEntry,
    world: World,
    passing: Pass,
    lamp: str,
) -> None:
    world.rotate_secret("another one")
    world.revoke_tokens()
    await passing(60)
    assert gridduck_entry.state is ConfigEntryState.LOADED
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["step_id"] == "reauth_confirm"
    assert switch_of(hass, lamp) == STATE_UNAVAILABLE


@THREE_SITES
async def test_calls_are_counted(account: GridDuckAccount, passing: Pass, lamp: str) -> None:
    await account.commands.async_override(Override.SNOOZE, lamp, 60)
    await passing(2)
    calls = account.diagnostics()["calls_so_far"]
    assert calls == {"list": 2, "control": 1, "telemetry": 20}


class TestLarge:
    """An account so large that a poll takes many calls."""

    @pytest.fixture
    def simulator_options(self) -> Options:
        """Return a world of which a list takes four pages of the size that the test sets."""
        return Options(assets=40)

    async def test_the_interval_grows_with_the_pages(
        self, account: GridDuckAccount, simulator: Simulator, world: World, passing: Pass
    ) -> None:
        assert account.assets.list_status.pages == 1
        world.max_limit = 1
        await passing(60)
        assert account.assets.list_status.pages == 40
        assert account.assets.update_interval == timedelta(seconds=80)
        simulator.calls.clear()
        await passing(79)
        assert simulator.calls.count() == 0
        simulator.calls.held_turns = 50
        await passing(2)
        assert simulator.calls.count() == 40
        assert simulator.calls.max_concurrency["gridduck"] == 6
        assert account.diagnostics()["calls_per_hour"]["list"] == 1800
