"""Load limits of a line and of a site: added through their forms, they curtail and restore."""

import asyncio
from pathlib import Path
from typing import Final

import pytest

from devtools import accounts
from devtools.cloud_client import Asset, CloudClient, connected_clouds
from devtools.clouds import Clouds, clouds
from devtools.demo.relief import add_load_limit, shown, wait_for_feeder, wait_for_load_limit
from devtools.demo.story_run import Decision, decisions, restore
from devtools.hass import Hass, connected
from devtools.home_assistant import home_assistant, unless_it_ends
from devtools.inventory import Device, take_inventory
from devtools.log import complaints
from devtools.ports import free_ports
from devtools.settings import WORLD, Ports
from simulator.feeder import LINE, SITE

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("socket_enabled")]

# Measured every 12 seconds, so that the line shows what was curtailed within a minute.
SMALL: Final = (*WORLD, "--sites=1", "--assets=8", "--lines=6", "--tempo=5")
AT_FIRST: Final = 150
"""Percent of the rating in force; far above what flows."""
SECONDS: Final = 600
DETAILS: Final = {"min_time_on": 0, "allow_non_interruptible": True}
ACTIVE: Final = {"curtailing", "holding", "not_enough"}
DONE: Final = {"idle", "paused"}
"""Nothing is off, and it waits; it is paused for a while after all was restored."""


class Limited:
    """A load limit, in Home Assistant and as GridDuck sees what it does."""

    def __init__(self, hass: Hass, cloud: CloudClient, device: Device, site: str) -> None:
        self.hass, self.cloud, self.device, self.site = hass, cloud, device, site

    async def state(self, key: str) -> str:
        """Return what an entity of the load limit shows."""
        found = shown(await take_inventory(self.hass), self.device, f"load_limit_{key}")
        assert found is not None, f"{self.device.name} has no {key}"
        return found.state

    async def number(self, key: str) -> float:
        """Return what a sensor shows, once it shows a number."""
        for _ in range(SECONDS):
            try:
                return float(await self.state(key))
            except ValueError:
                await asyncio.sleep(1)
        pytest.fail(f"{self.device.name} never had a {key}")

    async def limit_to(self, value: float) -> None:
        """Set the limit, as a person does."""
        found = shown(await take_inventory(self.hass), self.device, "load_limit_number")
        assert found is not None
        await self.hass.act("number.set_value", {"value": round(value, 1)}, found.entity_id)

    async def snoozed(self) -> list[Asset]:
        """Return the assets of the site that GridDuck snoozes."""
        assets = (await self.cloud.assets()).values()
        return [each for each in assets if each.site_name == self.site and each.runs("snooze")]

    async def until_off(self) -> list[Asset]:
        """Wait until something is curtailed, and the load is at or below the limit."""
        off: list[Asset] = []
        for _ in range(SECONDS):
            off = await self.snoozed()
            state = await self.state("state")
            if off and state in ACTIVE and await self.number("headroom") >= 0:
                return off
            await asyncio.sleep(1)
        pytest.fail(f"{self.device.name}: {await self.state('state')}, off: {off}")

    async def until_back(self) -> None:
        """Wait until all is on, and the load limit has nothing to do."""
        for _ in range(SECONDS):
            if not await self.snoozed() and await self.state("state") in DONE:
                return
            await asyncio.sleep(1)
        pytest.fail(f"{self.device.name}: {await self.state('state')}, {await self.snoozed()}")


async def test_load_limits(directory: Path) -> None:
    ports = free_ports()
    async with (
        clouds(directory, ports, SMALL) as both,
        home_assistant(directory, ports.hass) as process,
    ):
        await unless_it_ends(process, work(ports, both))
    assert complaints(directory / "home-assistant.log") == []


async def work(ports: Ports, both: Clouds) -> None:
    async with connected(ports.hass) as hass, connected_clouds(both) as cloud:
        await accounts.add_accounts(hass, both)
        await accounts.wait_until_loaded(hass)
        line = await limited_line(hass, cloud)
        site = await limited_site(hass, cloud)
        for one in (line, site):
            await one.until_back()
        # Below what flows now.
        share = await line.number("load") / await line.number("limit")
        await line.limit_to(0.95 * share * AT_FIRST)
        await site.limit_to(0.8 * await site.number("load"))
        off = [(one, await one.until_off()) for one in (line, site)]
        decided = await decisions(hass)
        for one, assets in off:
            assert reasons(decided, one, "curtail") <= {"above_limit", "above_short_time_rating"}
            assert {each.name for each in assets} <= names(decided, one, "curtail")
            assert float(await one.state("power_curtailed")) > 0
            await restore(hass, one.device)
        for one, assets in off:
            await one.until_back()
            back = await decisions(hass)
            assert reasons(back, one, "return") == {"restored"}
            assert {each.name for each in assets} <= names(back, one, "return")


async def limited_line(hass: Hass, cloud: CloudClient) -> Limited:
    """Limit the load of the feeder to what it can carry."""
    line, site = await wait_for_feeder(hass)
    fields = {"device": line.id, "limit": AT_FIRST, "limit_unit": "rating", "mode": "automatic"}
    fields["candidates"] = {"device_id": [site.id]}
    await add_load_limit(hass, "line", {**fields, "details": DETAILS})
    return Limited(hass, cloud, await wait_for_load_limit(hass, LINE), SITE)


async def limited_site(hass: Hass, cloud: CloudClient) -> Limited:
    """Limit the power of the other site, whose own assets are curtailed."""
    sites = (await take_inventory(hass)).devices_of("site")
    site = next(each for each in sites if each.name != SITE)
    name = site.name or ""
    fields = {"device": site.id, "limit": 1000, "mode": "automatic", "details": DETAILS}
    await add_load_limit(hass, "site", fields)
    return Limited(hass, cloud, await wait_for_load_limit(hass, name), name)


def names(decided: list[Decision], one: Limited, action: str) -> set[str]:
    """Return the assets to which a load limit has done something."""
    return {each.asset for each in of_kind(decided, one, action)}


def reasons(decided: list[Decision], one: Limited, action: str) -> set[str]:
    """Return why a load limit has done something."""
    return {each.reason for each in of_kind(decided, one, action)}


def of_kind(decided: list[Decision], one: Limited, action: str) -> list[Decision]:
    """Return the decisions of a load limit of one kind that were carried out."""
    name = (one.device.name or "").removeprefix("Load limit ")
    return [
        each for each in decided if each.limit_name == name and each.action == action and each.sent
    ]
