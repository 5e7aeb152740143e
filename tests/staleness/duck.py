"""The GridDuck account, as the tests of this folder handle it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.faults import Fault, FaultKind
from simulator.gridduck.world import World
from simulator.server import Simulator
from tests.conftest import pass_time
from tests.gridduck.support import state_of

from .ages import NOTHING, Shown

LIST = r"/asset/\?"
TELEMETRY = "/telemetry/instantaneous"


def gone(shown: Shown) -> Collection[str]:
    """Return what is shown in place of a value; a button has none until it is pressed."""
    return {STATE_UNAVAILABLE} if shown.key == "end_override" else NOTHING


@dataclass
class Duck:
    """What a test has in its hands."""

    hass: HomeAssistant
    simulator: Simulator
    entry: MockConfigEntry
    freezer: FrozenDateTimeFactory

    @property
    def world(self) -> World:
        return self.simulator.gridduck.world

    @cached_property
    def items(self) -> dict[str, str]:
        """Return the ids of what the table is about, by their names there."""
        plug = self.world.add_asset("Heater")
        yesterday = self.simulator.clock.now() - 86_400
        warm = self.world.add_asset("Loft", "temperature", created=yesterday)
        return {"asset": plug, "warm asset": warm, "site": self.world.assets[plug].site.id}

    def value(self, shown: Shown) -> str:
        return state_of(self.hass, shown.platform, self.items[shown.item], shown.key).state

    def values(self, table: Collection[Shown]) -> dict[Shown, str]:
        return {shown: self.value(shown) for shown in table}

    def current(self, table: Collection[Shown]) -> set[Shown]:
        """Return what of the table is shown as current."""
        return {shown for shown, value in self.values(table).items() if value not in gone(shown)}

    def fault(self, path: str = "/asset", kind: FaultKind = "status", **more: Any) -> None:
        status = 500 if kind == "status" else None
        fault = {"count": None, "status": status, **more}
        self.simulator.faults.add(Fault(service="gridduck", path=path, kind=kind, **fault))

    def recover(self) -> None:
        self.simulator.faults.clear()

    def put_back(self, span: timedelta) -> None:
        """Put this machine's clock back, not the cloud's."""
        self.freezer.tick(-span)
        self.simulator.clock.advance(span.total_seconds())

    async def polls(self, count: int) -> None:
        for _ in range(count):
            await self.wait(minutes=1)

    async def wait(self, **span: float) -> None:
        await pass_time(self.hass, self.freezer, timedelta(**span))
