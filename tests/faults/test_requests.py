"""Every fault on every kind of request, over real sockets, against the table of expectations."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from itertools import batched
import logging
import re
from typing import Final

import aiohttp
from homeassistant.core import HomeAssistant
import pytest

from custom_components.gridduck_heimdall.api import download
from custom_components.gridduck_heimdall.api.errors import ApiError
from custom_components.gridduck_heimdall.api.transport import Transport
from custom_components.gridduck_heimdall.core import auth
from custom_components.gridduck_heimdall.core.exceptions import translation_key
from simulator.calls import Call
from simulator.clock import Clock
from simulator.options import Options
from simulator.server import Simulator, running

from .conftest import Foreign, TokenClock
from .expectations import NOT_APPLICABLE
from .faults import FAULTS, IMPATIENCE, LATE, RETRY_AFTER, How
from .requests import (
    GRIDDUCK,
    TOKEN_PATHS,
    Clients,
    Request,
    Subjects,
    clients,
    every_request,
    prepare,
)
from .table import EXPECTED, OUTCOMES, Cell

NOON: Final = 1_795_003_200.0
OWN: Final = "custom_components.gridduck_heimdall"
COMMANDS: Final = ("boost", "snooze", "resume")
# While others are asked for, these would be spoiled twice.
ALONE: Final = ("token", "list", "page")
AT_ONCE: Final = 6

# The simulated world and its clock stand still: these are the same in every test.
_whole: dict[tuple[str, str], object] = {}


@pytest.fixture
async def simulator(socket_enabled: None) -> AsyncGenerator[Simulator]:
    """Run both clouds with a clock that stands still, so that answers can be compared."""
    async with running(Options(assets=12, lines=2), Clock(lambda: NOON)) as clouds:
        yield clouds


@dataclass
class Row:
    """One fault, as it is tried on each request in turn."""

    name: str
    how: How
    simulator: Simulator
    foreign: Foreign
    clock: TokenClock
    hass: HomeAssistant
    about: Subjects
    address: str | None
    cells: dict[tuple[str, str], set[Cell]] = field(default_factory=lambda: defaultdict(set))
    calls: list[Call] = field(default_factory=list)

    async def try_all(self) -> None:
        """Make each request that the fault makes sense for, and note how it ended."""
        sender = clients(self.hass, self.simulator, address=self.address)
        about = self.about
        if self.address is not None:
            about = replace(about, link=f"{self.address}/download/key/file.csv")
        asked = self._with_tokens(every_request(sender, about), about)
        together = [one for one in asked if self.how.slow and one.column not in ALONE]
        for request in asked:
            if request not in together:
                await self._try_alone(sender, request)
        await self._tokens(sender)
        self.simulator.calls.clear()
        for some in batched(together, AT_ONCE, strict=False):
            for request in some:
                self._spoil(request)
            ended = await asyncio.gather(*(self._ended(request) for request in some))
            for request, word in zip(some, ended, strict=True):
                self._note(request, word)
        self._clear()

    def _with_tokens(self, asked: list[Request], about: Subjects) -> list[Request]:
        """Take requests for a token to the address that fails too."""
        if self.address is not None:
            sender = clients(self.hass, self.simulator, token_address=self.address)
            asked = [
                token if request.column == "token" else request
                for request, token in zip(asked, every_request(sender, about), strict=True)
            ]
        return [
            one
            for one in asked
            if not EXPECTED[one.service][self.name][one.column][0].startswith("-")
        ]

    async def _try_alone(self, sender: Clients, request: Request) -> None:
        if self.how.place != "token" or request.column == "token":
            await self._tokens(sender)
        self.simulator.calls.clear()
        self._spoil(request)
        words = [await self._ended(request) for _ in range(1 + self.how.twice)]
        self._note(request, "/".join(dict.fromkeys(words)))
        self._clear()
        if request.column == "token" or self.how.place == "token":
            # Tokens end, and the pauses that the token endpoint has asked for.
            self.clock.moved += 86_400

    async def _tokens(self, sender: Clients) -> None:
        """Get the tokens before, so that only the request itself is spoiled."""
        if self.address is None:
            await sender.gridduck_tokens.async_get_token()
            await sender.heimdall_tokens.async_get_token()

    def _path(self, request: Request) -> str:
        return TOKEN_PATHS[request.service] if self.how.place == "token" else request.path

    def _spoil(self, request: Request) -> None:
        if self.address is None:
            fault = self.how.fault(request.service, self._path(request), self.foreign.url)
            self.simulator.faults.add(fault)

    async def _ended(self, request: Request) -> str:
        try:
            came = await request.send()
        except ApiError as error:
            key = translation_key(error)
            return next(word for word, reported in OUTCOMES.items() if reported == key)
        return "ok" if came == _whole[request.service, request.name] else "some"

    def _note(self, request: Request, word: str) -> None:
        pattern = re.compile(self._path(request))
        reached = [
            call
            for call in self.simulator.calls.list(service=request.service)
            if pattern.search(call.path + _query(call))
        ]
        self.cells[request.service, request.column].add((word, str(len(reached))))

    def _clear(self) -> None:
        self.calls += self.simulator.calls.all()
        self.simulator.faults.clear()


def _query(call: Call) -> str:
    query = "&".join(f"{key}={value}" for key, value in call.query.items())
    return f"?{query}" if query else ""


async def _all_well(sender: Clients, about: Subjects) -> None:
    """Make each request, and see that it succeeds with a whole answer."""
    for request in every_request(sender, about):
        came = await request.send()
        assert came == _whole.setdefault((request.service, request.name), came), request.name


@pytest.fixture
async def about(hass: HomeAssistant, simulator: Simulator) -> Subjects:
    """Return what requests are about; all have been made once, and the answers are known."""
    sender = clients(hass, simulator)
    about = await prepare(sender, simulator)
    for request in every_request(sender, about):
        if request.column in COMMANDS:
            # They change what the list shows, and only the first time.
            await request.send()
    if not _whole:
        await _all_well(sender, about)
    return about


@pytest.fixture
def impatience(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what shortens every time limit from then on."""

    def shorten() -> None:
        defaults = Transport.__init__.__kwdefaults__
        assert defaults is not None
        monkeypatch.setitem(defaults, "time_limit", IMPATIENCE)
        monkeypatch.setattr(auth, "TOKEN_TIMEOUT", IMPATIENCE)
        monkeypatch.setattr(download, "TIME_LIMIT", aiohttp.ClientTimeout(total=IMPATIENCE))

    return shorten


@pytest.mark.parametrize("name", FAULTS)
async def test_row(
    name: str,
    hass: HomeAssistant,
    simulator: Simulator,
    foreign: Foreign,
    about: Subjects,
    addresses: dict[str, str],
    token_clock: TokenClock,
    impatience: Callable[[], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Each request ends as the table says, and goes well again when the fault is over."""
    patient, how = clients(hass, simulator), FAULTS[name]
    caplog.set_level(logging.DEBUG, OWN)
    if how.slow:
        impatience()
    row = Row(
        name=name,
        how=how,
        simulator=simulator,
        foreign=foreign,
        clock=token_clock,
        hass=hass,
        about=about,
        address=addresses.get(how.place),
    )
    await row.try_all()
    for service, rows in EXPECTED.items():
        seen = {
            column: _summed(row.cells[service, column])
            for column, (word, _) in rows[name].items()
            if not word.startswith("-")
        }
        wanted = {column: cell for column, cell in rows[name].items() if cell[0][0] != "-"}
        assert seen == wanted
    await _all_well(patient, about)
    _check_calls(row.calls)
    _check_log(caplog, simulator)
    if how.slow:
        # What the cloud still sends to nobody.
        await asyncio.sleep(LATE)


def _summed(cells: set[Cell]) -> Cell | set[Cell]:
    """Return what all requests of a column ended with; "some" where only some answers differ."""
    if len(cells) == 1:
        (cell,) = cells
        return cell
    words, counts = {word for word, _ in cells}, {count for _, count in cells}
    if words == {"ok", "some"} and len(counts) == 1:
        return "some", counts.pop()
    return cells


def _check_calls(calls: list[Call]) -> None:
    """A token goes where it is due, and nowhere else."""
    for call in calls:
        is_bearer_due = "/token" not in call.path and not call.path.startswith("/download/")
        basic = call.path == "/oauth/token"
        assert call.headers["authorization"] == (
            "present" if is_bearer_due or basic else "absent"
        ), call.path


def _check_log(caplog: pytest.LogCaptureFixture, simulator: Simulator) -> None:
    """Nothing of a failed request is in the log but for who looks for it, and no secret."""
    secrets = {
        simulator.gridduck.client_secret,
        simulator.heimdall.client_secret,
        *simulator.gridduck.world.accounts.grants,
    }
    for record in caplog.records:
        if record.name.startswith(OWN):
            assert record.levelno == logging.DEBUG
            assert record.exc_info is None
            assert not any(secret in record.getMessage() for secret in secrets)


def test_the_table_is_whole() -> None:
    """Every fault has a row in both tables, and every cell a meaning."""
    for rows in EXPECTED.values():
        assert rows.keys() == FAULTS.keys()
        assert len({frozenset(cells) for cells in rows.values()}) == 1
        for cells in rows.values():
            for word, count in cells.values():
                assert word in (NOT_APPLICABLE if word.startswith("-") else OUTCOMES)
                assert count == "" or count.isdecimal()


async def test_the_token_endpoint_is_left_alone_while_it_wants_a_pause(
    hass: HomeAssistant, simulator: Simulator, token_clock: TokenClock
) -> None:
    """No request of any kind asks it again before that; then all is well by itself."""
    sender = clients(hass, simulator)
    path = TOKEN_PATHS[GRIDDUCK]
    simulator.faults.add(FAULTS["token 429"].fault("gridduck", path, ""))
    asked: list[Awaitable[object]] = [sender.gridduck.async_list_assets() for _ in range(5)]
    ended = await asyncio.gather(*asked, return_exceptions=True)
    assert {translation_key(error) for error in ended if isinstance(error, ApiError)} == {
        "rate_limited"
    }
    simulator.faults.clear()
    token_clock.moved += RETRY_AFTER - 5
    with pytest.raises(ApiError):
        await sender.gridduck.async_list_assets()
    assert simulator.calls.count(path=path) == 1
    token_clock.moved += 6
    assert (await sender.gridduck.async_list_assets()).assets
    assert simulator.calls.count(path=path) == 2
