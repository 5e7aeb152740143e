"""What a poll that fails shows, and how it comes back, in a real Home Assistant."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
import logging
from typing import Final

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.util import dt as dt_util
import pytest

from custom_components.gridduck_heimdall.heimdall.products import Group
from simulator.faults import Cloud

from .conftest import Foreign
from .faults import FAULTS, RETRY_AFTER, How
from .house import OWN, House, lines_of
from .requests import GRIDDUCK, HEIMDALL, TOKEN_PATHS
from .table import POLLS, PollCells

MEASUREMENTS: Final = "heimdall measurements"
CURRENT: Final = "{}/currents/latest"
MOST_POLLS: Final = 6
NOTHING: Final = (STATE_UNAVAILABLE, STATE_UNKNOWN)


@dataclass(frozen=True)
class Poll:
    """One poll.

    Attributes:
        service: whose it is.
        name: as the log has it.
        spoiled: a regular expression for the requests that fail.
        counted: one for those of them that are counted.
        seconds: between two polls while they fail.
        key: of the sensor that follows it.
        item: returns what that sensor is of.
        begin: brings the first poll about, where that takes more than waiting as long.
    """

    service: Cloud
    name: str
    spoiled: str
    counted: str
    seconds: int
    key: str
    item: Callable[[House], str]
    begin: Callable[[House], Awaitable[None]] | None = None


def _asset(house: House) -> str:
    return house.ill.gridduck.world.ids()[0]


def _line(house: House) -> str:
    return house.ill.heimdall.world.lines()[0].id


def _facility(house: House) -> str:
    return house.ill.heimdall.world.facility_of(_line(house)).id


async def _forecasts_are_due(house: House) -> None:
    account = house.accounts[HEIMDALL].runtime_data
    account.polls[Group.FORECASTS].schedule.make_all_due(dt_util.utcnow())
    await house.wait(300)


async def _read_assets(house: House) -> None:
    await house.accounts[HEIMDALL].runtime_data.assets.async_refresh()
    await house.hass.async_block_till_done()


TRIED: Final = {
    "list": Poll(GRIDDUCK, "gridduck assets", r"^/asset/\?", "^/asset/$", 60, "power", _asset),
    "newest": Poll(HEIMDALL, MEASUREMENTS, "/latest", CURRENT, 300, "current", _line),
    "current": Poll(HEIMDALL, MEASUREMENTS, CURRENT, CURRENT, 300, "current", _line),
    "forecasts": Poll(
        HEIMDALL,
        "heimdall forecasts",
        r"/forecasts?(\?|$)",
        "{}/heimdall_dlrs/forecasts",
        300,
        "dlr_forecast_lowest",
        _line,
        _forecasts_are_due,
    ),
    "assets": Poll(
        HEIMDALL,
        "heimdall assets",
        "^/assets/",
        "^/assets/",
        300,
        "voltage",
        _facility,
        _read_assets,
    ),
}


@dataclass
class Trial:
    """One fault of one poll."""

    house: House
    poll: Poll
    how: How
    foreign: Foreign
    caplog: pytest.LogCaptureFixture

    @property
    def item(self) -> str:
        return self.poll.item(self.house)

    @property
    def shown(self) -> bool:
        return self.house.shown(self.poll.service, self.item, self.poll.key)

    @property
    def _state(self) -> str:
        return self.house.state(self.poll.service, self.item, self.poll.key).state

    async def run(self) -> PollCells:
        """Let it fail until nothing is shown any more, and be well again."""
        house, poll = self.house, self.poll
        before = house.changed_at()
        self.caplog.clear()
        house.ill.calls.clear()
        self._spoil()
        gone, value = await self._until_gone()
        counted = poll.counted.format(self.item)
        calls = str(house.ill.calls.count(poll.service, path=counted))
        if self.how.place == "token":
            # Which of many requests finds out that there is no token is a matter of chance.
            calls = "-"
        # As long as it takes each of the others to be polled.
        await house.wait(300)
        house.check_the_others(before)
        house.ill.faults.clear()
        back = await self._until_back()
        failed, recovered = lines_of(self.caplog, poll.name)
        return PollCells(gone, value, calls, back, failed, recovered)

    def _spoil(self) -> None:
        service = self.poll.service
        path = self.poll.spoiled.format(self.item)
        if self.how.place == "token":
            path = TOKEN_PATHS[service]
            self.house.ill.gridduck.world.accounts.grants.clear()
            self.house.ill.heimdall.world.revoke_tokens()
        self.house.ill.faults.add(self.how.fault(service, path, self.foreign.url))

    async def _until_gone(self) -> tuple[str, str]:
        """Return after how many polls nothing is shown, or what is shown after so many."""
        for polls in range(1, MOST_POLLS + 1):
            if polls == 1 and self.poll.begin is not None:
                await self.poll.begin(self.house)
            else:
                await self.house.wait(self.poll.seconds)
            if not self.shown:
                return str(polls), "gone"
        return "-", "unknown" if self._state == STATE_UNKNOWN else "shown"

    async def _until_back(self) -> str:
        """Return after how many polls all is well again, or that it takes a user."""
        house, again = self.house, self.poll.seconds
        if any(
            house.accounts[self.poll.service].async_get_active_flows(house.hass, {SOURCE_REAUTH})
        ):
            await house.enter_credentials(self.poll.service)
            return "user"
        polls = 0
        while self._state in NOTHING and polls < MOST_POLLS:
            await house.wait(again)
            polls += 1
        if self._state in NOTHING:
            return "-"
        # Whatever pause the service has asked for is over before the next trial.
        await house.wait(RETRY_AFTER + again)
        return str(polls)


@pytest.mark.parametrize("name", TRIED)
async def test_polls(
    name: str, house: House, foreign: Foreign, caplog: pytest.LogCaptureFixture
) -> None:
    """Each fault of a poll comes to what the table says, one after the other."""
    caplog.set_level(logging.INFO, OWN)
    seen = {
        fault: await Trial(house, TRIED[name], FAULTS[fault], foreign, caplog).run()
        for fault in POLLS[name]
    }
    assert seen == POLLS[name]


async def test_another_line_loses_nothing(house: House, foreign: Foreign) -> None:
    """What cannot be read of one line is read of the other all the while."""
    other = house.ill.heimdall.world.lines()[1].id
    for fault in POLLS["current"]:
        how = FAULTS[fault]
        if fault == "429 no time":
            # It is about the account.
            continue
        path = TRIED["current"].spoiled.format(_line(house))
        house.ill.faults.add(how.fault("heimdall", path, foreign.url))
        before = after = house.state(HEIMDALL, other, "current")
        for _ in range(3):
            await house.wait(300)
            after = house.state(HEIMDALL, other, "current")
            assert after.state not in NOTHING
        assert after.last_updated > before.last_updated, fault
        house.ill.faults.clear()
        await house.wait(300)
