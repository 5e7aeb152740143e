"""Home Assistant, the simulated service and an account, as the tests handle them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import device_registry as dr, entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.heimdall.backend import HeimdallAccount
from simulator.faults import Fault, FaultKind
from simulator.heimdall.world import HeimdallWorld
from simulator.server import Simulator
from tests.conftest import pass_time

PATHS: Mapping[str, str] = {
    "any": "/v1/",
    "latest": "/latest",
    "assets": "/assets$",
    "current": "/currents/latest",
    "temperature": "/conductor_temperatures/latest",
    "dlr": "/heimdall_dlrs/latest",
    "aar": "/heimdall_aars/latest",
    "transient": "lines/[^/]*/transient_ratings/latest",
    "circuit": "/circuit_ratings/latest",
    "circuit_transient": "/circuit_transient_ratings/latest",
    "icing": "/icing/latest",
    "sag": "/sag_and_clearance/latest",
    "dlr_forecast": "/heimdall_dlrs/forecasts",
    "aar_forecast": "/heimdall_aars/forecasts",
    "circuit_forecast": "/circuit_ratings/forecasts",
    "icing_forecast": "/icing/forecast",
}


@dataclass
class Home:
    """What a test has in its hands."""

    hass: HomeAssistant
    simulator: Simulator
    entry: MockConfigEntry
    freezer: FrozenDateTimeFactory

    @property
    def world(self) -> HeimdallWorld:
        return self.simulator.heimdall.world

    @property
    def line(self) -> str:
        """The first line: everything but icing."""
        return self.world.lines()[0].id

    @property
    def icy_line(self) -> str:
        """The second line: icing too."""
        return self.world.lines()[1].id

    @property
    def facility(self) -> str:
        return self.world.facility_of(self.line).id

    @property
    def account(self) -> HeimdallAccount:
        account = self.entry.runtime_data
        assert isinstance(account, HeimdallAccount)
        return account

    async def open(self, **options: object) -> None:
        """Set the account up, with options, and wait for its forecasts too."""
        if self.hass.config_entries.async_get_entry(self.entry.entry_id) is None:
            self.entry.add_to_hass(self.hass)
        self.hass.config_entries.async_update_entry(self.entry, options=options)
        await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.hass.async_block_till_done(wait_background_tasks=True)

    def enable(self, item_id: str, key: str) -> None:
        """Have a sensor that is disabled at first enabled, before the account is set up."""
        unique_id = f"{self.entry.unique_id}_{item_id}_{key}"
        er.async_get(self.hass).async_get_or_create(Platform.SENSOR, DOMAIN, unique_id)

    async def wait(self, **span: float) -> None:
        """Let time pass in one step."""
        await pass_time(self.hass, self.freezer, timedelta(**span))

    async def polls(self, count: int) -> None:
        """Let that many polls of measurements pass."""
        for _ in range(count):
            await self.wait(minutes=5)

    async def polls_of_assets(self, count: int) -> None:
        """Let that many polls of the assets pass, and what follows of them."""
        for _ in range(count):
            await self.wait(hours=6, seconds=2)

    def entity_id(self, item_id: str, key: str, platform: Platform = Platform.SENSOR) -> str | None:
        """Return the entity of a value; None where there is none."""
        unique_id = f"{self.entry.unique_id}_{item_id}_{key}"
        return er.async_get(self.hass).async_get_entity_id(platform, DOMAIN, unique_id)

    def sensor(self, item_id: str, key: str = "current") -> str:
        """Return the entity of a sensor that must be there."""
        found = self.entity_id(item_id, key)
        assert found is not None, f"{item_id} has no {key}"
        return found

    def find(self, item_id: str, key: str, platform: Platform = Platform.SENSOR) -> State | None:
        """Return the state of a value; None where it has no entity or none in use."""
        entity_id = self.entity_id(item_id, key, platform)
        return None if entity_id is None else self.hass.states.get(entity_id)

    def state(self, item_id: str, key: str, platform: Platform = Platform.SENSOR) -> State:
        """Return the state of a value that must be there."""
        found = self.find(item_id, key, platform)
        assert found is not None, f"{item_id} has no {key}"
        return found

    def value(self, item_id: str, key: str, platform: Platform = Platform.SENSOR) -> str:
        """Return the state's text."""
        return self.state(item_id, key, platform).state

    def device(self, kind: str, item_id: str) -> dr.DeviceEntry | None:
        """Return a device of the account."""
        registry = dr.async_get(self.hass)
        return registry.async_get_device_by_identifier(
            (DOMAIN, f"{kind}:{item_id}"), self.entry.entry_id
        )

    def calls(self, what: str, item_id: str = "") -> int:
        """Return how often a product was asked for, since the calls were cleared."""
        return sum(
            item_id in call.path
            for call in self.simulator.calls.list(service="heimdall", path=PATHS[what])
        )

    def forget_calls(self) -> None:
        self.simulator.calls.clear()

    def fault(
        self,
        what: str,
        kind: FaultKind = "status",
        *,
        item_id: str = "",
        count: int | None = None,
        status: int = 500,
        headers: Mapping[str, str] | None = None,
        patch: Mapping[str, object] | None = None,
        delay: float = 0,
    ) -> None:
        """Let a product fail, of all or of one, or everything where `what` is "any"."""
        self.simulator.faults.add(
            Fault(
                service="heimdall",
                path=f"{item_id}.*{PATHS[what]}" if item_id else PATHS[what],
                kind=kind,
                count=count,
                status=status if kind == "status" else None,
                headers=dict(headers or {}),
                patch=dict(patch) if patch else None,
                delay=delay,
            )
        )

    def recover(self) -> None:
        """Let nothing fail any more."""
        self.simulator.faults.clear()
