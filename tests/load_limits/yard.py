"""A site of a few loads, and short ways to shed and restore them."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
import time
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from custom_components.gridduck_heimdall.load_limits.control_law.ledger import Curtailed
from custom_components.gridduck_heimdall.load_limits.record import FILE
from custom_components.gridduck_heimdall.load_limits.runtime import LOAD_LIMITS
from custom_components.gridduck_heimdall.load_limits.shedding.requests import Requests
from simulator.calls import Call
from simulator.faults import Fault
from simulator.gridduck.world import World
from simulator.server import Simulator
from tests.conftest import ask, pass_time

HOUR = {"hours": 1}
AT_ONCE = {"seconds": 0}
SITE = "Yard"
_TURNS = 2_000
"""Turns of the event loop after which threads get time of their own."""


@dataclass
class Yard:
    """What a test has in its hands: two large interruptible loads, a small one, and lights."""

    hass: HomeAssistant
    simulator: Simulator
    entry: MockConfigEntry
    freezer: FrozenDateTimeFactory
    site_id: str
    charger: str
    pump: str
    freezers: str
    lights: str

    @property
    def world(self) -> World:
        return self.simulator.gridduck.world

    @property
    def account(self) -> GridDuckAccount:
        account = self.entry.runtime_data
        assert isinstance(account, GridDuckAccount)
        return account

    @property
    def requests(self) -> Requests:
        return self.hass.data[LOAD_LIMITS].requests

    @property
    def every(self) -> list[str]:
        return [self.charger, self.pump, self.freezers, self.lights]

    def device(self, asset_id: str) -> str:
        device = self.account.device_of(asset_id)
        assert device is not None
        return device.id

    def devices(self, *asset_ids: str) -> list[str]:
        return [self.device(asset_id) for asset_id in asset_ids or self.every]

    @property
    def site(self) -> str:
        """The site's device."""
        found = dr.async_get(self.hass).async_get_device_by_identifier(
            (DOMAIN, f"site:{self.site_id}"), self.entry.entry_id
        )
        assert found is not None
        return found.id

    def power_sensor(self, device_id: str) -> str:
        """Return the sensor that measures the load of the site or of an asset."""
        device = dr.async_get(self.hass).async_get(device_id)
        assert device is not None
        load = self.account.measured_load(device)
        assert load is not None
        assert load.entity_id is not None
        return load.entity_id

    def power(self, *asset_ids: str) -> float:
        """Return what assets drew when they were listed last."""
        return sum(self.account.assets.data[one].power_w or 0.0 for one in asset_ids)

    def draws(self, *asset_ids: str) -> float:
        """Return what assets really draw now."""
        now = self.simulator.clock.now()
        return sum(self.world.assets[one].power(now) or 0 for one in asset_ids)

    async def shed(self, *asset_ids: str, **data: object) -> dict[str, Any]:
        """Shed load of the site or of some assets, without waiting for the power to fall."""
        target = self.devices(*asset_ids) if asset_ids else self.site
        given = {"duration": HOUR, "verify_for": AT_ONCE, "device_id": target}
        return await ask(self.hass, "shed_load", **given | data)

    async def restore(self, **data: object) -> dict[str, Any]:
        return await ask(self.hass, "restore_load", **data)

    def begin(self, *asset_ids: str, **data: object) -> asyncio.Task[dict[str, Any]]:
        """Begin to shed load and to wait for the power to fall."""
        return asyncio.ensure_future(self.shed(*asset_ids, **{"verify_for": {"minutes": 3}} | data))

    async def until_it_waits(self, task: asyncio.Task[dict[str, Any]]) -> None:
        """Go on until a request waits for the power to fall, or is done."""
        await until(lambda: task.done() or self.waits)

    async def verified(self, *asset_ids: str, step: float = 2, **data: object) -> dict[str, Any]:
        """Shed load, and let time pass in steps until that is done."""
        task = self.begin(*asset_ids, **data)
        await self.until_it_waits(task)
        for _ in range(200):
            if task.done():
                break
            await self.wait(step)
            await self.until_it_waits(task)
        return task.result()

    def fail(self, asset_id: str) -> None:
        """Have GridDuck answer commands to an asset with an error."""
        fault = Fault(service="gridduck", path=asset_id, method="PUT", status=500, count=None)
        self.simulator.faults.add(fault)

    @property
    def waits(self) -> bool:
        """Whether somebody waits for the power to fall."""
        return self.requests.waiting > 0

    async def wait(self, seconds: float) -> None:
        await pass_time(self.hass, self.freezer, seconds)

    def record(self, asset_id: str) -> Curtailed | None:
        """Return what is noted of an asset."""
        return next((one for one in self.requests.curtailed if one.asset_id == asset_id), None)

    def shed_power(self, asset_id: str) -> float:
        """Return what an asset drew before it was shed."""
        record = self.record(asset_id)
        assert record is not None
        return record.power

    async def breathe(self, times: int = 1) -> None:
        """Let everything go on for a moment, without the clock."""
        for _ in range(times):
            await asyncio.sleep(0)

    def puts(self) -> list[Call]:
        """Return the commands that reached GridDuck, and forget them."""
        calls = self.simulator.calls.list(service="gridduck", method="PUT")
        self.simulator.calls.clear()
        return calls

    def commanded(self) -> list[str]:
        """Return the assets that were commanded since it was last asked, in order."""
        return [call.path.rsplit("/", 1)[-1] for call in self.puts()]

    def stored(self, storage: dict[str, Any]) -> list[str]:
        """Return the assets that stand in the file."""
        data = storage.get(FILE, {"data": {"curtailed": []}})["data"]
        return [one["key"].rpartition(" ")[2] for one in data["curtailed"]]


@contextmanager
def failing(yard: Yard, **fault: Any) -> Iterator[None]:
    """Have commands to GridDuck fail for a while."""
    added = yard.simulator.faults.add(
        Fault(service="gridduck", path="/asset/.", method="PUT", count=None, **fault)
    )
    yield
    yard.simulator.faults.remove(added)


async def until(condition: Callable[[], object]) -> None:
    """Let everything go on, without the clock, until something is so.

    What takes many turns of the event loop waits for a thread, such as one that reads statistics.
    """
    for turn in range(20_000):
        if condition():
            return
        if turn < _TURNS:
            await asyncio.sleep(0)
        else:
            await asyncio.to_thread(time.sleep, 0.001)
    raise AssertionError("It never came to that")


def names(items: Iterable[dict[str, Any]]) -> list[str]:
    """Return whom a part of an answer is about."""
    return [item["name"] for item in items]


def reasons(answer: dict[str, Any]) -> dict[str, str]:
    """Return why each asset was passed over, by name."""
    return {item["name"]: item["reason"] for item in answer["passed_over"]}
