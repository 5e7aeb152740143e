"""A load limit on a line that carries the load of a site, at the peak of the evening."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    MockHAClientWebSocket,
    WebSocketGenerator,
)

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.core.line_account import LineAccount, LineState
from custom_components.gridduck_heimdall.load_limits.meter import RATING_HELD
from custom_components.gridduck_heimdall.load_limits.runtime import LOAD_LIMITS, LoadLimits
from simulator.faults import Fault
from simulator.feeder import LINE, SITE
from simulator.heimdall.assets import Line
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import pass_time, setup
from tests.frontend.messages import event, events_so_far, subscribe

from .feeder import shown

CURRENTS: Final = "/currents/latest"


@pytest.fixture
def simulator_options() -> Options:
    return Options(sites=1, assets=2, lines=1, feeders=1)


@dataclass
class Grid:
    """Both accounts, with a line that feeds a site."""

    hass: HomeAssistant
    simulator: Simulator
    gridduck: MockConfigEntry
    heimdall: MockConfigEntry
    freezer: FrozenDateTimeFactory

    @property
    def line(self) -> Line:
        return next(one for one in self.simulator.heimdall.world.lines() if one.name == LINE)

    def device(self, name: str) -> str:
        return next(one.id for one in dr.async_get(self.hass).devices if one.name == name)

    def device_of(self, subentry: ConfigSubentry) -> str:
        identifier = (DOMAIN, f"load_limit:{subentry.subentry_id}")
        registry = dr.async_get(self.hass)
        return next(one.id for one in registry.devices if identifier in one.identifiers)

    @property
    def state(self) -> LineState:
        """The line as the account shows it."""
        account = self.heimdall.runtime_data
        device = dr.async_get(self.hass).async_get(self.device(LINE))
        assert isinstance(account, LineAccount)
        assert device is not None
        found = account.line_state(device)
        assert found is not None
        return found

    @property
    def loading(self) -> float:
        loading = self.state.loading
        assert loading is not None
        return loading

    async def add(self, *, limit: float = 100, **other: object) -> ConfigSubentry:
        """Add a load limit on the line, as the form does."""
        data: Mapping[str, Any] = {
            "measured": "line",
            "device": self.device(LINE),
            "limit": limit,
            "limit_unit": "rating",
            "candidates": {"device_id": [self.device(SITE)]},
            "mode": "automatic",
            "min_time_on": 0,
            **other,
        }
        subentry = ConfigSubentry(
            data=MappingProxyType(dict(data)),
            subentry_type="load_limit",
            title="Harbour",
            unique_id=None,
        )
        self.hass.config_entries.async_add_subentry(self.heimdall, subentry)
        await self.hass.async_block_till_done(wait_background_tasks=True)
        return subentry

    async def run(self, minutes: int) -> None:
        for _ in range(minutes):
            await pass_time(self.hass, self.freezer, 60)

    async def follow(self, client: MockHAClientWebSocket, minutes: int) -> list[dict[str, Any]]:
        """Let minutes pass; return what a card got meanwhile."""
        sent = list[dict[str, Any]]()
        for _ in range(minutes):
            await self.run(1)
            # It also answers the pings, without which the connection would end.
            sent += await events_so_far(client)
        return sent

    def shown(self, subentry: ConfigSubentry, key: str) -> str:
        return shown(self.hass, subentry, "sensor", f"load_limit_{key}").state

    def problems(self, subentry: ConfigSubentry) -> list[str]:
        """Return what the state says that keeps it from working."""
        state = shown(self.hass, subentry, "sensor", "load_limit_state")
        found = state.attributes["problems"]
        assert isinstance(found, list)
        return found

    def repairs(self) -> set[str | None]:
        return {
            one.translation_key
            for one in ir.async_get(self.hass).issues.values()
            if one.domain == DOMAIN and (one.translation_key or "").startswith("load_limit")
        }

    def carry(self, share: float) -> None:
        """Let the line be measured to carry a share of its rating, %."""
        assert self.state.limit is not None
        measured: dict[str, object] = {
            "data": {"current": {"value": share / 100 * self.state.limit}}
        }
        self.simulator.faults.clear()
        self.simulator.faults.add(
            Fault(
                service="heimdall",
                path=f"{self.line.id}.*{CURRENTS}",
                kind="patch",
                patch=measured,
                count=None,
            )
        )

    def puts(self) -> int:
        """Return how many commands were sent since the last call."""
        count = len(self.simulator.calls.list(service="gridduck", method="PUT"))
        self.simulator.calls.clear()
        return count

    def polls(self, name: str = LINE) -> int:
        """Return how often the current of a line was requested since the last call to `puts`."""
        lines = self.simulator.heimdall.world.lines()
        line_id = next(one.id for one in lines if one.name == name)
        calls = self.simulator.calls.list(service="heimdall", path=CURRENTS)
        return sum(line_id in call.path for call in calls)

    @property
    def curtailed(self) -> set[str]:
        return set(self.hass.data[LOAD_LIMITS].record.ledger.curtailed)


@pytest.fixture
async def grid(
    hass: HomeAssistant,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    heimdall_entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> Grid:
    """Return both accounts at the peak of the evening, with assets that may be off for long."""
    freezer.move_to("2026-11-18T18:00:00Z")
    world = simulator.gridduck.world
    for asset_id in world.ids():
        world.set_field(asset_id, "min_time_on", None)
        world.set_field(asset_id, "max_time_off", None)
    await setup(hass, gridduck_entry)
    await setup(hass, heimdall_entry)
    found = Grid(hass, simulator, gridduck_entry, heimdall_entry, freezer)
    await found.run(6)
    simulator.calls.clear()
    return found


async def test_the_peak_is_relieved_and_all_returns(grid: Grid) -> None:
    """The line is polled every minute for as long as it matters, and no other is."""
    assert grid.loading > 100
    subentry = await grid.add()
    at_once = grid.puts()
    await grid.run(15)
    assert grid.loading <= 100
    assert grid.curtailed
    assert grid.polls() == 15
    others = [one.name for one in grid.simulator.heimdall.world.lines() if one.name != LINE]
    assert {grid.polls(name) for name in others} <= {0, 3}
    assert 0 < at_once + grid.puts() <= 4
    assert grid.shown(subentry, "state") in {"curtailing", "holding"}
    assert float(grid.shown(subentry, "power_curtailed")) > 0
    above = 0
    for _ in range(20):
        await grid.run(1)
        above += grid.loading > 101
    assert above <= 3
    # The evening is over.
    grid.carry(60)
    await grid.run(60)
    assert not grid.curtailed
    assert grid.shown(subentry, "state") == "idle"
    await grid.run(6)
    grid.puts()
    await grid.run(10)
    assert grid.polls() == 2


async def test_a_limit_in_amperes(grid: Grid) -> None:
    current = grid.state.current
    assert current is not None
    subentry = await grid.add(limit=round(current - 5, 1), limit_unit="ampere")
    assert float(grid.shown(subentry, "load")) == pytest.approx(current, abs=0.2)
    assert float(grid.shown(subentry, "headroom")) == pytest.approx(-5, abs=0.2)
    await grid.run(12)
    assert grid.state.current is not None
    assert grid.state.current <= current - 5
    assert grid.curtailed


async def test_two_limits_share_the_excess_of_a_line(grid: Grid) -> None:
    """What one curtails lowers what the other measures: together they curtail no more."""
    first = await grid.add()
    second = await grid.add(limit=101)
    await grid.run(15)
    assert grid.loading <= 100
    requests = {one.request for one in grid.hass.data[LOAD_LIMITS].record.ledger.curtailed.values()}
    assert requests == {first.subentry_id}
    assert grid.shown(second, "assets_curtailed") == "0"
    assert grid.loading > 80


async def test_a_fallback_is_not_acted_upon_as_if_it_were_measured(grid: Grid) -> None:
    subentry = await grid.add(mode="advise")
    await grid.run(2)
    assert grid.problems(subentry) == []
    # What was measured last stands in for it.
    grid.simulator.heimdall.world.set_fallback(grid.line.id, fallback=True)
    await grid.run(6)
    assert grid.state.fallback
    assert grid.problems(subentry) == ["rating_fallback"]
    assert grid.shown(subentry, "limit") != "unknown"
    await grid.run(int(RATING_HELD / 60))
    assert grid.shown(subentry, "limit") == "unknown"
    assert grid.repairs() == {"load_limit_rating_fallback"}
    grid.hass.config_entries.async_update_subentry(
        grid.heimdall, subentry, data={**subentry.data, "mode": "automatic"}
    )
    grid.puts()
    await grid.run(70)
    grid.puts()
    await grid.run(20)
    assert not grid.curtailed
    assert grid.puts() == 0
    assert grid.shown(subentry, "state") == "no_data"
    grid.simulator.heimdall.world.set_fallback(grid.line.id, fallback=False)
    await grid.run(6)
    assert grid.problems(subentry) == []
    assert grid.repairs() == set()


async def test_a_limit_in_amperes_needs_no_rating(grid: Grid) -> None:
    grid.simulator.heimdall.world.set_fallback(grid.line.id, fallback=True)
    current = grid.state.current
    assert current is not None
    subentry = await grid.add(limit=round(current - 5, 1), limit_unit="ampere")
    await grid.run(12)
    assert grid.problems(subentry) == []
    assert grid.curtailed


async def test_late_measurement_of_the_line_is_sent_to_its_card(
    grid: Grid, hass_ws_client: WebSocketGenerator
) -> None:
    assert await async_setup_component(grid.hass, "websocket_api", {})
    subentry = await grid.add()
    client = await hass_ws_client(grid.hass)
    await subscribe(client, "load_limit", device_id=grid.device_of(subentry))
    assert "last_measured" not in await event(client)
    late = Fault(service="heimdall", path=CURRENTS, kind="stale", delay=1500, count=None)
    grid.simulator.faults.add(late)
    sent = await grid.follow(client, 7)
    measured = grid.state.measured_at
    assert measured is not None
    assert sent[-1]["last_measured"] == round(measured.timestamp() * 1000)
    grid.simulator.faults.clear()
    sent = await grid.follow(client, 7)
    assert "last_measured" not in sent[-1]


async def test_a_line_that_is_not_measured_any_more(grid: Grid) -> None:
    """What is off is held and returns; nothing new is curtailed."""
    subentry = await grid.add()
    await grid.run(10)
    off = grid.curtailed
    assert off
    grid.simulator.faults.add(Fault(service="heimdall", path=CURRENTS, status=500, count=None))
    await grid.run(75)
    assert grid.problems(subentry) == ["source_missing"]
    assert grid.repairs() == {"load_limit_source_missing"}
    # A lease that was renewed in the first hour lasts for an hour and a half.
    await grid.run(80)
    assert grid.shown(subentry, "state") == "no_data"
    assert not grid.curtailed
    grid.puts()
    grid.simulator.faults.clear()
    await grid.run(15)
    assert grid.problems(subentry) == []
    assert grid.repairs() == set()


async def test_an_unknown_voltage_is_named(grid: Grid) -> None:
    facility = grid.simulator.heimdall.world.facility_of(grid.line.id)
    grid.simulator.heimdall.world.set_voltage(facility.id, 0, None)
    await pass_time(grid.hass, grid.freezer, timedelta(hours=6, minutes=1))
    subentry = await grid.add()
    await grid.run(12)
    assert grid.problems(subentry) == ["voltage_unknown"]
    assert grid.repairs() == {"load_limit_voltage_unknown"}
    assert grid.puts() == 0


async def test_transient_ratings_are_known_while_they_mean_something(grid: Grid) -> None:
    """None below the rating in force, none while that is a fallback, none that is too old."""
    state = grid.state
    assert state.limit is not None
    assert state.short_time
    assert min(state.short_time) <= 900
    assert all(amperes > state.limit for amperes in state.short_time.values())
    grid.simulator.heimdall.world.set_fallback(grid.line.id, fallback=True)
    await grid.run(6)
    assert grid.state.current is not None
    assert not grid.state.short_time
    grid.simulator.heimdall.world.set_fallback(grid.line.id, fallback=False)
    grid.simulator.faults.add(
        Fault(service="heimdall", path="transient_ratings/latest", status=500, count=None)
    )
    await grid.run(16)
    assert not grid.state.short_time


@pytest.mark.parametrize("removed", [False, True])
async def test_the_account_of_the_line_goes(grid: Grid, *, removed: bool) -> None:
    """Reloaded, it loses nothing; removed, its load limits bring back what they curtailed."""
    subentry = await grid.add()
    await grid.run(10)
    off = grid.curtailed
    assert off
    grid.puts()
    if removed:
        await grid.hass.config_entries.async_remove(grid.heimdall.entry_id)
        await grid.hass.async_block_till_done(wait_background_tasks=True)
        await grid.run(30)
        assert not grid.curtailed
        now = grid.simulator.clock.now()
        world = grid.simulator.gridduck.world
        assert all(world.assets[key.rpartition(" ")[2]].on(now) for key in off)
        return
    await grid.hass.config_entries.async_reload(grid.heimdall.entry_id)
    await grid.hass.async_block_till_done(wait_background_tasks=True)
    await grid.run(5)
    assert off <= grid.curtailed
    assert grid.shown(subentry, "assets_curtailed") != "0"
    # It is polled every minute again.
    assert grid.polls() >= 5
    assert dt_util.utcnow().hour == 18


async def test_assets_that_are_found_later_have_drawn_before(grid: Grid) -> None:
    """At a start lines may be measured before the account of the assets is loaded.

    That its assets are candidates from then on does not mean that they began to draw.
    """
    grid.carry(70)
    await grid.hass.config_entries.async_unload(grid.gridduck.entry_id)
    await grid.hass.config_entries.async_unload(grid.heimdall.entry_id)
    # As Home Assistant starts anew.
    await grid.hass.data[LOAD_LIMITS].async_close()
    load_limits = LoadLimits(grid.hass)
    await load_limits.async_load()
    grid.hass.data[LOAD_LIMITS] = load_limits
    await grid.hass.config_entries.async_setup(grid.heimdall.entry_id)
    subentry = await grid.add()
    await grid.run(3)
    assert grid.shown(subentry, "state") == "idle"
    assert grid.shown(subentry, "load") != "unknown"
    await grid.hass.config_entries.async_setup(grid.gridduck.entry_id)
    await grid.run(3)
    assert load_limits.limits[subentry.subentry_id].request.candidates
    assert not grid.curtailed
    assert grid.puts() == 0
