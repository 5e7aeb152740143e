"""Many large messages to a data hook at once."""

import asyncio
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
import gc
from itertools import cycle
from pathlib import Path
import sys
import time
from typing import Final
from unittest.mock import AsyncMock, patch

from homeassistant.components import webhook
from homeassistant.const import CONF_WEBHOOK_ID, EVENT_HOMEASSISTANT_START, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_platform, entity_registry as er, registry
import msgspec

from benchmarks.contenders.home import account
from benchmarks.framework import Figure, Figures, Given, Work
from custom_components.gridduck_heimdall.api.gridduck import Asset, GridDuckClient
from custom_components.gridduck_heimdall.core.backend import AccountEntry
from custom_components.gridduck_heimdall.core.entity_choice import Extent
from custom_components.gridduck_heimdall.gridduck.access import Access
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from custom_components.gridduck_heimdall.gridduck.coordinator import AssetCoordinator
from devtools.settings import HOST, ROOT

from .core import add_component, core, open_account, prepare

TAKEN: Final = Figure(key="taken", title="Items that were news", unit="", digits=0)
NEW: Final = Figure(key="new", title="New entities", unit="", digits=0)
COLLECTION: Final = Figure(key="collection", title="Garbage collection", unit="ms", scale=1e3)
"""Seconds that it takes to look at all that a run has made."""
_MESSAGE: Final = 1_000_000
# The limit of new enabled entities of an account.
_MOST_ENABLED: Final = "MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY"
# Seconds until Home Assistant saves its registries, which takes the interpreter for long, and for
# which it waits for a platform: on a slow machine, opening the account went on beside the messages.
_LATER: Final = 3600
# Entities of other integrations. Without any, all tables of Home Assistant would grow at the same
# entity, which no home does.
_OTHERS: Final = 1000
# Characters that an item has beside what we read of it.
_REST: Final = 700


@asynccontextmanager
async def ours(given: Given) -> AsyncIterator[Work]:
    """Send the messages to an account that is open, from a process of their own."""
    async with core(given.directory) as hass:
        await prepare(hass)
        await add_component(hass, "webhook")
        # That starts the HTTP server.
        hass.bus.async_fire(EVENT_HOMEASSISTANT_START)
        await hass.async_block_till_done()
        _add_others(hass)
        entry = account("gridduck", given.clouds["gridduck"], Extent.ALL, data_hook=True)
        listed = await Access.of(hass, entry.data).client.async_list_assets()
        listed = msgspec.structs.replace(listed, assets=tuple(map(_blank, listed.assets)))
        with (
            patch.object(GridDuckClient, "async_list_assets", AsyncMock(return_value=listed)),
            patch.object(entity_platform, _MOST_ENABLED, sys.maxsize),
            patch.object(entity_platform, "SLOW_SETUP_MAX_WAIT", _LATER),
            # Also what opening the account has scheduled.
            patch.object(registry, "SAVE_DELAY", _LATER),
        ):
            await open_account(hass, entry)
            assets = await _async_end_polls(hass, entry)
        folder = given.directory / "messages"
        folder.mkdir()
        for number, body in enumerate(_messages([one.id for one in listed.assets], given)):
            (folder / f"{number}.json").write_bytes(body)
        path = webhook.async_generate_path(entry.options[CONF_WEBHOOK_ID])
        polls = assets.polls_begun
        sender = _Sender(f"http://{HOST}:{hass.http.server_port}{path}", folder, given)
        senders = list[Process]()

        async def before() -> None:
            senders.append(await sender.async_start())
            # As Home Assistant does when it has started: what is old by now is not looked at.
            gc.collect()
            gc.freeze()

        async def run() -> Figures:
            states = len(hass.states.async_all())
            gc.disable()
            with (
                patch.object(entity_platform, _MOST_ENABLED, sys.maxsize),
                patch.object(registry, "SAVE_DELAY", _LATER),
            ):
                taken = await _async_send(senders.pop())
                await hass.async_block_till_done()
            if assets.polls_begun != polls:
                raise RuntimeError("A poll ran beside the messages")
            # Not in a callback: that would be the longest.
            collected = await hass.async_add_executor_job(_collect)
            gc.enable()
            return {
                TAKEN.key: taken,
                NEW.key: len(hass.states.async_all()) - states,
                COLLECTION.key: collected,
            }

        yield Work(run=run, before=before)


def _add_others(hass: HomeAssistant) -> None:
    """Add entities of other integrations: most have a unique id, and are registered."""
    entities = er.async_get(hass)
    for number in range(_OTHERS):
        name = f"other_{number}"
        if number % 3:
            entities.async_get_or_create(Platform.SENSOR, "other", name, suggested_object_id=name)
        hass.states.async_set(f"{Platform.SENSOR}.{name}", str(number))


@dataclass(frozen=True, slots=True)
class _Sender:
    """Sends all messages at once, from another process.

    Attributes:
        url: where to.
        folder: where the messages are.
        given: what the contender is given.
    """

    url: str
    folder: Path
    given: Given

    async def async_start(self) -> Process:
        """Return the process, which waits: to start one holds the event loop."""
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "benchmarks.hass.sender",
            self.url,
            str(self.folder),
            str(self.given.number("slow")),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )


async def _async_send(sender: Process) -> int:
    """Return how many items were news. Raises RuntimeError where a message was refused."""
    output, _ = await sender.communicate(b"")
    if sender.returncode:
        raise RuntimeError("A message was refused")
    return int(output)


async def _async_end_polls(hass: HomeAssistant, entry: AccountEntry) -> AssetCoordinator:
    """Let no poll follow: nothing but the messages brings anything."""
    hass.config_entries.async_update_entry(entry, pref_disable_polling=True)
    await hass.async_block_till_done(wait_background_tasks=True)
    account = entry.runtime_data
    if not isinstance(account, GridDuckAccount):
        raise TypeError(type(account))
    estate = account.data
    # A poll that is scheduled already would run all the same; one more cancels it.
    await estate.assets.async_refresh()
    await estate.temperatures.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    return estate.assets


def _blank(asset: Asset) -> Asset:
    """Return an asset of which no value is known, and whose override does not have to end."""
    return msgspec.structs.replace(
        asset,
        consumption=None,
        delivered=None,
        asset_signal_strength=None,
        last_contacted=None,
        boost_finish=None,
        boost_finish_stamp=None,
        snooze_finish=None,
        snooze_finish_stamp=None,
    )


def _messages(ids: Sequence[str], given: Given) -> Iterator[bytes]:
    """Yield the messages: one after another, they go round all assets."""
    assets = cycle(ids)
    for number in range(given.number("messages")):
        items, size = list[bytes](), 0
        while size < _MESSAGE:
            items.append(_item(next(assets), number, lenient=bool(given.settings["lenient"])))
            size += len(items[-1]) + 1
        yield b"[%s]" % b",".join(items[:-1])


def _item(asset_id: str, number: int, *, lenient: bool) -> bytes:
    item = msgspec.json.encode(
        {
            "id": asset_id,
            "consumption": 40.5 + number,
            "delivered": 1_000.0 + number,
            "asset_signal_strength": 2.0 + number % 3,
            "details": [{"phase": phase, "readings": [230.1, 4.2]} for phase in range(5)],
            "remark": "x" * _REST,
        }
    )
    return item.replace(b"230.1", b"NaN") if lenient else item


def _collect() -> float:
    """Collect garbage, and return how long it takes, in seconds."""
    began = time.perf_counter()
    gc.collect()
    return time.perf_counter() - began
