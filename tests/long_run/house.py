"""A Home Assistant that can be stopped and started again on the same files."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from operator import attrgetter
from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
from homeassistant import bootstrap, loader
from homeassistant.components.recorder import get_instance
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    category_registry as cr,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    frame,
    issue_registry as ir,
    label_registry as lr,
    recorder as recorder_helper,
    restore_state as rs,
)
from homeassistant.setup import async_setup_component
from homeassistant.util.async_ import get_scheduled_timer_handles
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_test_home_assistant,
)

from custom_components.gridduck_heimdall.const import DOMAIN
from simulator.server import Simulator
from tests.conftest import RECORDER_CONFIG, gridduck_data, heimdall_data, pass_time, setup
from tests.gridduck.support import IDENTITY
from tests.heimdall.home import Home
from tests.plugin import commit_events_together, share_compiled_statements

from .listeners import Listeners


@dataclass
class House:
    """Home Assistant with an account of each cloud, over as many starts as it takes.

    Attributes:
        listeners: how many each coordinator has.
        starts: how often it was started.
    """

    simulator: Simulator
    freezer: FrozenDateTimeFactory
    folder: Path
    listeners: Listeners
    starts: int = 0
    _running: AsyncExitStack = field(default_factory=AsyncExitStack)
    _hass: HomeAssistant | None = None

    @property
    def hass(self) -> HomeAssistant:
        assert self._hass is not None
        return self._hass

    @property
    def gridduck(self) -> MockConfigEntry:
        return self._entry("gridduck")

    @property
    def heimdall(self) -> MockConfigEntry:
        return self._entry("heimdall")

    @property
    def home(self) -> Home:
        """Return the Heimdall account as its own tests handle it."""
        return Home(self.hass, self.simulator, self.heimdall, self.freezer)

    def _entry(self, service: str) -> MockConfigEntry:
        entry = self.hass.config_entries.async_get_entry(f"{service}_entry")
        assert isinstance(entry, MockConfigEntry)
        return entry

    async def start(self) -> None:
        """Start, and set both accounts up as they were."""
        context = async_test_home_assistant(load_registries=False, config_dir=str(self.folder))
        hass = self._hass = await self._running.enter_async_context(context)
        # The tests' own watch over each callback takes most of the time.
        hass.loop.set_debug(False)
        frame.async_setup(hass)
        # Home Assistant is to look for custom integrations.
        hass.data.pop(loader.DATA_CUSTOM_COMPONENTS)
        await _load_registries(hass)
        await self._start_recorder(hass)
        for service, data, identity in (
            ("gridduck", gridduck_data(self.simulator), IDENTITY),
            (
                "heimdall",
                heimdall_data(self.simulator),
                f"heimdall_{self.simulator.heimdall.client_id}",
            ),
        ):
            entry = MockConfigEntry(
                domain=DOMAIN,
                entry_id=f"{service}_entry",
                title=f"{service} test",
                unique_id=identity,
                data=data,
            )
            await setup(hass, entry)
        await hass.async_block_till_done(wait_background_tasks=True)
        self.starts += 1

    async def _start_recorder(self, hass: HomeAssistant) -> None:
        """Start the recorder as it is, not the one of the tests, which remembers every session."""
        recorder_helper.async_initialize_recorder(hass)
        share_compiled_statements()
        commit_events_together()
        config = {"db_url": f"sqlite:///{self.folder}/home-assistant_v2.db", **RECORDER_CONFIG}
        assert await async_setup_component(hass, "recorder", {"recorder": config})
        await get_instance(hass).async_recorder_ready.wait()

    async def stop(self) -> None:
        """Stop as Home Assistant does; its files stay."""
        await self.hass.async_stop(force=True)
        for handle in get_scheduled_timer_handles(self.hass.loop):
            # These would end with the process.
            if getattr(attrgetter("_callback")(handle), "hass", None) is self.hass:
                handle.cancel()
        await self._running.aclose()
        self._running, self._hass = AsyncExitStack(), None

    async def close(self) -> None:
        """Stop for good, with the accounts closed in order."""
        for entry in (self.gridduck, self.heimdall):
            await self.hass.config_entries.async_unload(entry.entry_id)
        await self.stop()

    async def reload(self, entry: MockConfigEntry) -> None:
        """Close an account and open it again."""
        await self.hass.config_entries.async_reload(entry.entry_id)
        await self.hass.async_block_till_done(wait_background_tasks=True)

    async def wait(self, span: timedelta) -> None:
        """Let time pass in one step, also while Home Assistant is not running."""
        if self._hass is None:
            self.freezer.tick(span)
            await asyncio.sleep(0)
            return
        await pass_time(self.hass, self.freezer, span)


async def _load_registries(hass: HomeAssistant) -> None:
    """Load what Home Assistant loads at its start, from its own files."""
    dr.async_setup(hass)
    for registry in (ar, cr, dr, er, fr, ir, lr, rs):
        await registry.async_load(hass)
    hass.data[bootstrap.DATA_REGISTRIES_LOADED] = None
