"""Load limits that share all assets of a large account."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
import gc
from types import MappingProxyType
from typing import Any, Final
from unittest.mock import patch

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import UnitOfPower
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, registry
import msgspec

from benchmarks.contenders.home import account
from benchmarks.framework import Figure, Figures, Given, Work
from benchmarks.meter import watching_loop
from custom_components.gridduck_heimdall.api.gridduck import Asset, AssetList, GridDuckClient
from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.core.backend import AccountEntry
from custom_components.gridduck_heimdall.core.device_kind import kind_and_id
from custom_components.gridduck_heimdall.core.slices import in_slices
from custom_components.gridduck_heimdall.gridduck.access import Access
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from custom_components.gridduck_heimdall.load_limits.control_law.ledger import Ledger
from custom_components.gridduck_heimdall.load_limits.diagnostics import async_limits_of
from custom_components.gridduck_heimdall.load_limits.runtime import LOAD_LIMITS
from custom_components.gridduck_heimdall.load_limits.settings.config import SUBENTRY_TYPE

from .core import add_component, core, open_account, prepare


def _block(key: str, title: str) -> Figure:
    return Figure(key=key, title=title, unit="ms", scale=1e3)


ADD: Final = _block("add", "Add the load limits")
QUIET: Final = _block("quiet", "One measurement, nothing curtailed")
CURTAIL: Final = _block("curtail", "All limits exceeded at once")
ACTIVE: Final = _block("active", "One measurement, all limits exceeded")
EVERY: Final = _block("every", "All measurements, all limits exceeded")
POLLED: Final = _block("polled", "A list in which everything changed")
DECISIONS: Final = _block("decisions", "`get_decisions`")
DIAGNOSTICS: Final = _block("diagnostics", "Diagnostics of load limits")
RELOAD: Final = _block("reload", "Reload the account")
RESTORE: Final = _block("restore", "Restore now, all limits")
BLOCKS: Final = (QUIET, CURTAIL, ACTIVE, EVERY, POLLED, DECISIONS, DIAGNOSTICS, RESTORE)
"""The longest block of each event, in the order in which they happen."""
OFF: Final = Figure(key="off", title="Assets curtailed", unit="", digits=0)

_POWER: Final = 500.0
"""What each asset draws, W."""
_EXCEEDED: Final = 1.1
"""Share of the limit that is measured when it is exceeded."""
_LATER: Final = 3600
"""Seconds until Home Assistant saves its registries, which takes the interpreter for long."""


@asynccontextmanager
async def ours(given: Given) -> AsyncIterator[Work]:
    """Open the account, and have everything happen to its load limits once."""
    async with core(given.directory) as hass:
        await prepare(hass)
        for platform in ("event", "select"):
            await add_component(hass, platform)
        cloud = _Cloud()
        with (
            patch.object(registry, "SAVE_DELAY", _LATER),
            patch.object(GridDuckClient, "async_list_assets", cloud.async_list_assets),
        ):
            entry = account("gridduck", given.clouds["gridduck"])
            cloud.client = Access.of(hass, entry.data).client
            await open_account(hass, entry)
            # Polls come when they are measured, or a command was sent.
            hass.config_entries.async_update_entry(entry, pref_disable_polling=True)
            estate = _Estate(hass, entry, given, cloud)
            yield Work(run=estate.async_run, before=estate.async_prepare)


class _Cloud:
    """Lists the assets as the simulator does, all of which draw the same while they are on.

    Attributes:
        client: lists them.
        factor: what their power is multiplied by.
    """

    client: GridDuckClient
    factor = 1.0

    def __init__(self) -> None:
        """Keep how assets are really listed."""
        self._list = GridDuckClient.async_list_assets

    async def async_list_assets(self) -> AssetList:
        """Return all assets, as the cloud lists them now."""
        listed = await self._list(self.client)
        assets = await in_slices(map(self._alike, listed.assets), at_once=50)
        return msgspec.structs.replace(listed, assets=tuple(assets))

    def _alike(self, asset: Asset) -> Asset:
        """Return an asset that may be off at any time for as long as it takes."""
        patient = msgspec.structs.replace(asset, min_time_on=None, max_time_off=None)
        if asset.snooze_finish:
            return msgspec.structs.replace(patient, consumption=0.0)
        power = _POWER * self.factor
        return msgspec.structs.replace(patient, consumption=power, current_state="on")


class _Estate:
    """An account with load limits, each of which may curtail all of its assets."""

    def __init__(
        self, hass: HomeAssistant, entry: AccountEntry, given: Given, cloud: _Cloud
    ) -> None:
        """Take an account that is open."""
        self._hass, self._entry, self._cloud = hass, entry, cloud
        self._places = range(given.number("limits"))
        self._kilowatts = _POWER * given.number("assets") / 1000
        self._blocks = dict[str, float]()
        devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
        self._sites = [one.id for one in devices if kind_and_id(one)[0] == "site"]

    @property
    def _account(self) -> GridDuckAccount:
        account = self._entry.runtime_data
        if not isinstance(account, GridDuckAccount):
            raise TypeError(type(account))
        return account

    @property
    def _ledger(self) -> Ledger:
        return self._hass.data[LOAD_LIMITS].record.ledger

    async def async_prepare(self) -> None:
        """Take out of garbage collections what is old, as Home Assistant does once started."""
        gc.collect()
        gc.freeze()

    async def async_run(self) -> Figures:
        """Have everything happen once; return the longest blocks."""
        everything = self._places
        self._measure(0.9, everything)
        await self._async_timed(ADD, self._async_add())
        self._measure(0.91, (0,))
        await self._async_timed(QUIET)
        self._measure(_EXCEEDED, everything)
        await self._async_timed(CURTAIL)
        self._measure(1.11, (0,))
        await self._async_timed(ACTIVE)
        self._measure(1.12, everything)
        await self._async_timed(EVERY)
        self._cloud.factor = 0.98
        await self._async_timed(POLLED, self._account.assets.async_refresh())
        await self._async_timed(DECISIONS, self._async_decisions())
        await self._async_timed(DIAGNOSTICS, self._async_diagnose())
        off = len(self._ledger.curtailed)
        await self._async_timed(RELOAD, self._async_reload())
        await self._async_timed(RESTORE, self._async_restore())
        return {**self._blocks, OFF.key: off}

    async def _async_timed(
        self, figure: Figure, work: Coroutine[Any, Any, object] | None = None
    ) -> None:
        """Note the longest block until all that has begun is done."""
        gc.disable()
        with watching_loop() as meter:
            if work is not None:
                await self._hass.async_create_task(work, eager_start=False)
            await self._hass.async_block_till_done(wait_background_tasks=True)
        gc.enable()
        self._blocks[figure.key] = meter.longest

    def _measure(self, share: float, places: Iterable[int]) -> None:
        """Have sensors of load limits measure a share of their limit, less what is curtailed."""
        off = sum(one.power for one in self._ledger.curtailed.values()) / 1000
        for place in places:
            self._hass.states.async_set(
                f"sensor.load_{place}",
                str(share * self._kilowatts - off),
                {"device_class": "power", "unit_of_measurement": UnitOfPower.KILO_WATT},
            )

    async def _async_add(self) -> None:
        """Add the load limits, one after the other."""
        for place in self._places:
            data = {
                "measured": "sensor",
                "sensor": f"sensor.load_{place}",
                "limit": self._kilowatts,
                "limit_unit": "of_sensor",
                "unit": UnitOfPower.KILO_WATT,
                "candidates": {"device_id": self._sites},
                "mode": "automatic",
                "min_time_on": 0,
                "allow_non_interruptible": True,
            }
            subentry = ConfigSubentry(
                data=MappingProxyType(data),
                subentry_type=SUBENTRY_TYPE,
                title=f"Limit {place}",
                unique_id=None,
            )
            self._hass.config_entries.async_add_subentry(self._entry, subentry)
            await asyncio.sleep(0)

    async def _async_decisions(self) -> None:
        await self._hass.services.async_call(
            DOMAIN, "get_decisions", blocking=True, return_response=True
        )

    async def _async_diagnose(self) -> None:
        await async_limits_of(self._hass.data[LOAD_LIMITS], self._entry)

    async def _async_reload(self) -> None:
        await self._hass.config_entries.async_reload(self._entry.entry_id)

    async def _async_restore(self) -> None:
        for limit_id in self._hass.data[LOAD_LIMITS].limits:
            self._hass.data[LOAD_LIMITS].async_restore(limit_id)
