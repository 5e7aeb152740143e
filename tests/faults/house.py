"""A Home Assistant with two clouds that fall ill, and the same two in good health."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
import logging
import re
from typing import Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.const import STATE_UNAVAILABLE, Platform
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.const import DOMAIN
from simulator.options import Options
from simulator.server import Simulator, running
from tests.conftest import gridduck_data, heimdall_data, pass_time, setup

START: Final = "2026-11-18T18:00:00Z"
OWN: Final = "custom_components.gridduck_heimdall"
SMALL: Final = Options(sites=1, assets=3, lines=2)
OTHERS: Final = Options(sites=1, assets=1, lines=1, seed=2)


@dataclass
class House:
    """What a test has in its hands.

    Attributes:
        ill: the clouds whose faults are tried.
        well: two clouds that work.
        accounts: of each cloud, by "gridduck", "heimdall", and the same of the others with "well ".
    """

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    ill: Simulator
    well: Simulator
    accounts: dict[str, MockConfigEntry]

    async def wait(self, seconds: float) -> None:
        """Let time pass in one step."""
        await pass_time(self.hass, self.freezer, seconds)

    def entity(self, account: str, item: str, key: str) -> str:
        """Return the id of a sensor."""
        unique_id = f"{self.accounts[account].unique_id}_{item}_{key}"
        found = er.async_get(self.hass).async_get_entity_id(Platform.SENSOR, DOMAIN, unique_id)
        assert found is not None, f"there is no {key}"
        return found

    def state(self, account: str, item: str, key: str) -> State:
        """Return the state of a sensor."""
        state = self.hass.states.get(self.entity(account, item, key))
        assert state is not None
        return state

    def shown(self, account: str, item: str, key: str) -> bool:
        """Whether a sensor is available."""
        return self.state(account, item, key).state != STATE_UNAVAILABLE

    def changed_at(self) -> dict[str, datetime]:
        """Return when each account in good health last showed something new."""
        return {name: self.state(name, *item).last_updated for name, item in self._living()}

    def _living(self) -> Iterator[tuple[str, tuple[str, str]]]:
        gridduck, heimdall = self.well.gridduck.world, self.well.heimdall.world
        yield "well gridduck", (gridduck.ids()[0], "power")
        yield "well heimdall", (heimdall.lines()[0].id, "current")

    def check_the_others(self, before: dict[str, datetime]) -> None:
        """Make sure that the accounts in good health go on showing what is new."""
        for name, item in self._living():
            assert self.shown(name, *item), name
        assert all(at > before[name] for name, at in self.changed_at().items())

    async def enter_credentials(self, account: str) -> None:
        """Do what Home Assistant asks a user for, with the same credentials."""
        entry = self.accounts[account]
        [flow] = entry.async_get_active_flows(self.hass, {SOURCE_REAUTH})
        given = {key: entry.data[key] for key in ("client_id", "client_secret")}
        result = await self.hass.config_entries.flow.async_configure(flow["flow_id"], given)
        assert result["reason"] == "reauth_successful"
        await self.hass.async_block_till_done(wait_background_tasks=True)


@pytest.fixture
async def house(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    socket_enabled: None,
) -> AsyncGenerator[House]:
    """Return the four accounts, set up and quiet."""
    async with open_house(hass, freezer) as opened:
        yield opened


@asynccontextmanager
async def open_house(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> AsyncIterator[House]:
    """Set up four accounts, two of each service."""
    freezer.move_to(START)
    async with running(SMALL) as ill, running(OTHERS) as well:
        well.gridduck.world.users[well.gridduck.client_id] = 99
        accounts = {
            f"{health}{service}": MockConfigEntry(
                domain=DOMAIN,
                title=f"{health}{service}",
                unique_id=f"{service}_{identity}",
                data=data,
            )
            for health, clouds in (("", ill), ("well ", well))
            for service, data, identity in (
                (
                    "gridduck",
                    gridduck_data(clouds),
                    clouds.gridduck.world.users[clouds.gridduck.client_id],
                ),
                ("heimdall", heimdall_data(clouds), clouds.heimdall.client_id),
            )
        }
        for entry in accounts.values():
            await setup(hass, entry)
        await hass.async_block_till_done(wait_background_tasks=True)
        yield House(hass, freezer, ill, well, accounts)


def lines_of(caplog: pytest.LogCaptureFixture, poll: str) -> tuple[int, int]:
    """Return how many lines the log has of a poll: of failures, and of recoveries.

    No line of any poll shows a traceback to who does not ask for details.
    """
    own = [record for record in caplog.records if record.name.startswith(OWN)]
    reported = [record for record in own if record.levelno >= logging.WARNING]
    assert not any(record.exc_info for record in reported)
    mine = [one for one in own if re.search(rf"(?<!well ){poll}\b", one.getMessage())]
    return (
        sum(record.levelno >= logging.WARNING for record in mine),
        sum(record.levelno == logging.INFO for record in mine),
    )
