"""A Home Assistant with both accounts and a feeder, and short ways to watch an automation."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
import json
from pathlib import Path
import shutil
from types import CoroutineType
from typing import Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.trace.const import DATA_TRACE
from homeassistant.config import YAML_CONFIG_FILE
from homeassistant.const import ATTR_ENTITY_ID, EVENT_HOMEASSISTANT_FINAL_WRITE, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.gridduck_heimdall.automation.risen import RISEN
from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from custom_components.gridduck_heimdall.load_limits.runtime import LOAD_LIMITS
from simulator.faults import Fault
from simulator.gridduck.asset import Asset
from simulator.server import Simulator
from tests.heimdall.home import Home
from tests.load_limits.yard import until

BLUEPRINTS: Final = Path(__file__).parents[2] / "blueprints" / "automation" / DOMAIN
FORMER: Final = Path(__file__).parent / "former"
"""Blueprints that users may have imported before."""
AUTOMATION: Final = "automation.under_test"
_ID: Final = "under_test"

# The runs of an automation, and the simulator's connections, which wait for the next request:
# what either of them asks for has a task of its own.
_WAITING: Final = frozenset(
    {
        "AutomationEntity._async_trigger_if_enabled",
        "RequestHandler.start",
        "Script.async_run",
        "_ScriptRun.async_run",
    }
)
_BEFORE: Final = 5
_ROUNDS: Final = 20


def _is_waiting(task: asyncio.Task[object]) -> bool:
    """Tell whether a task may wait for more time to pass, or for good."""
    coroutine = task.get_coro()
    return isinstance(coroutine, CoroutineType) and coroutine.__qualname__ in _WAITING


def _write(config: object, path: str) -> None:
    # JSON is YAML.
    Path(path).write_text(json.dumps(config), "utf-8")


def _copy(blueprint: str, folder: str) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    files = (each / f"{blueprint}.yaml" for each in (BLUEPRINTS, FORMER))
    shutil.copy(next(file for file in files if file.exists()), folder)


def refused(asset: Asset | None = None) -> Fault:
    """Return a fault in which GridDuck takes no commands, or none to one asset."""
    path = "/" if asset is None else asset.id
    return Fault(service="gridduck", path=path, method="PUT", status=503, count=None)


@dataclass
class House:
    """What a test has in its hands."""

    hass: HomeAssistant
    simulator: Simulator
    gridduck: MockConfigEntry
    heimdall: MockConfigEntry
    freezer: FrozenDateTimeFactory

    async def automate(self, blueprint: str, **inputs: object) -> None:
        """Have an automation made from a blueprint, as a user does it."""
        _copy(blueprint, self.hass.config.path("blueprints", "automation", DOMAIN))
        made = {"path": f"{DOMAIN}/{blueprint}.yaml", "input": inputs}
        await self.configure({"use_blueprint": made})

    async def configure(self, automation: dict[str, object]) -> None:
        """Set up an automation, and see that nothing is wrong with it."""
        config = {"automation": [{"id": _ID, "alias": "Under test", **automation}]}
        # It is read again when automations are reloaded.
        _write(config, self.hass.config.path(YAML_CONFIG_FILE))
        assert await async_setup_component(self.hass, "automation", config)
        await self.hass.async_block_till_done(wait_background_tasks=True)
        state = self.hass.states.get(AUTOMATION)
        assert state is not None
        assert state.state == "on", state.attributes

    async def restart(self) -> None:
        """Let everything go as when Home Assistant stops, and come back from its files."""
        await self._turn("off")
        entries = self.hass.config_entries
        for entry in (self.gridduck, self.heimdall):
            assert await entries.async_unload(entry.entry_id)
        self.hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
        await self.hass.async_block_till_done()
        self.hass.data.pop(RISEN, None)
        for entry in (self.gridduck, self.heimdall):
            assert await entries.async_setup(entry.entry_id)
        await self._turn("on")
        await self.hass.async_block_till_done()

    async def _turn(self, how: str) -> None:
        await self.hass.services.async_call(
            "automation", f"turn_{how}", {ATTR_ENTITY_ID: AUTOMATION}, blocking=True
        )

    def device(self, kind: str, item_id: str) -> str:
        """Return the device of a line, a site or an asset."""
        entry = self.heimdall if kind == "line" else self.gridduck
        device = dr.async_get(self.hass).async_get_device_by_identifier(
            (DOMAIN, f"{kind}:{item_id}"), entry.entry_id
        )
        assert device is not None
        return device.id

    def assets(self, site: str) -> list[Asset]:
        """Return the assets of a site, by its name."""
        world = self.simulator.gridduck.world
        return [asset for asset in world.assets.values() if asset.site.name == site]

    def neighbour(self, asset: Asset) -> Asset:
        """Return another asset of its site that may be controlled."""
        world = self.simulator.gridduck.world
        return next(
            one
            for one in self.assets(asset.site.name)
            if one is not asset and not world.record(one.id)["read_only"]
        )

    def power(self, *assets: Asset) -> float:
        """Return what assets draw now, W."""
        now = self.simulator.clock.now()
        return sum(asset.power(now) or 0 for asset in assets)

    def running(self, *assets: Asset) -> set[str | None]:
        """Return which overrides run now, in the simulator."""
        now = self.simulator.clock.now()
        found = (asset.control.running(now) for asset in assets)
        return {None if one is None else one.kind for one in found}

    def value(self, item_id: str, key: str) -> str:
        """Return what a sensor of a line or an asset shows."""
        entry = next(
            one
            for account in (self.gridduck, self.heimdall)
            for one in er.async_entries_for_config_entry(er.async_get(self.hass), account.entry_id)
            if one.unique_id.endswith(f"_{item_id}_{key}") and one.domain == Platform.SENSOR
        )
        state = self.hass.states.get(entry.entity_id)
        assert state is not None
        return state.state

    async def wait(self, *, step: float = 60, **span: float) -> None:
        """Let time pass in steps of seconds.

        Polls are due before the whole minute at which automations run: which of two that are due
        at the same moment comes first would be a matter of luck.
        """
        left = timedelta(**span).total_seconds()
        while left > 0:
            now = min(step, left)
            for part in (now - _BEFORE, _BEFORE) if now > _BEFORE else (now,):
                self.freezer.tick(part)
                async_fire_time_changed(self.hass)
                await self._until_quiet()
            left -= step

    async def _until_quiet(self) -> None:
        """Let everything be done that needs no more time; an automation may wait for some."""
        rounds = 0

        def settled() -> bool:
            nonlocal rounds
            rounds = rounds + 1 if self._only_waits else 0
            return rounds > _ROUNDS

        await until(settled)

    @property
    def _only_waits(self) -> bool:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        if all(map(_is_waiting, tasks)):
            return True
        # Shedding waits for polls to come.
        accounts = (
            entry.runtime_data
            for entry in self.hass.config_entries.async_loaded_entries(DOMAIN)
            if isinstance(entry.runtime_data, GridDuckAccount)
        )
        waits = self.hass.data[LOAD_LIMITS].requests.waiting > 0
        return waits and not any(account.assets.polling for account in accounts)

    @property
    def home(self) -> Home:
        """The account of Heimdall Power alone."""
        return Home(self.hass, self.simulator, self.heimdall, self.freezer)

    def messages(self) -> list[str]:
        """Return what the automation told so far, oldest first, and forget it."""
        shown = self.hass.data.get("persistent_notification", {})
        told = [str(one["message"]) for one in shown.values()]
        shown.clear()
        return told

    def errors(self) -> list[str]:
        """Return what went wrong in the runs of the automation that are kept."""
        runs = self.hass.data[DATA_TRACE][f"automation.{_ID}"].runs.values()
        return [str(told["error"]) for run in runs if "error" in (told := run.as_short_dict())]

    def executions(self) -> set[str]:
        """Return how the runs of the automation that are kept have ended."""
        runs = self.hass.data[DATA_TRACE][f"automation.{_ID}"].runs.values()
        return {str(run.as_short_dict()["script_execution"]) for run in runs}

    def triggered(self) -> str | None:
        """Return when the automation last ran, as its state says."""
        state = self.hass.states.get(AUTOMATION)
        assert state is not None
        last = state.attributes["last_triggered"]
        return None if last is None else str(last)
