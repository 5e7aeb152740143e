"""The real-time connection: merged as the data hook is, and polls take over whenever it is lost."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from yarl import URL

from custom_components.gridduck_heimdall.api.errors import PermissionDenied
from custom_components.gridduck_heimdall.api.websocket import HEARTBEAT, open_websocket
from custom_components.gridduck_heimdall.const import CONF_BASE_URL
from custom_components.gridduck_heimdall.gridduck.options import (
    CONF_REAL_TIME_ADDRESS,
    CONF_REAL_TIME_MESSAGE,
)
from custom_components.gridduck_heimdall.gridduck.real_time import LARGEST, MOST_A_SECOND, STEADY
from simulator.faults import Fault, FaultKind
from simulator.gridduck.real_time import PATH, RealTime
from simulator.gridduck.world import World
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import account_state, setup

from .support import LIST_PATH, UP_TO_THE_LAMP, named, value_of

TURNS = 20_000
SECRET = "key=s3cr3t"


async def until(condition: Callable[[], bool]) -> None:
    """Let the event loop turn until a condition holds."""
    for _ in range(TURNS):
        if condition():
            return
        await asyncio.sleep(0)
    pytest.fail("It never came to be")


@dataclass
class Stream:
    """An account with a real-time connection, and the other end of that."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    entry: MockConfigEntry
    simulator: Simulator
    lamp: str

    @property
    def server(self) -> RealTime:
        return self.simulator.gridduck.real_time

    @property
    def state(self) -> Any:
        """Return what diagnostics show of the connection; None without one."""
        return self.entry.runtime_data.diagnostics()["real_time"]

    @property
    def lists(self) -> int:
        return self.simulator.calls.count(path=LIST_PATH)

    @property
    def attempts(self) -> int:
        return self.simulator.calls.count(path=PATH)

    @property
    def power(self) -> str:
        return value_of(self.hass, self.lamp, "power")

    def fault(self, kind: FaultKind, *, method: str | None = "MESSAGE", **more: Any) -> str:
        fault = Fault(service="gridduck", path=PATH, method=method, kind=kind, **more)
        return self.simulator.faults.add(fault)

    async def connected(self) -> None:
        await until(lambda: self.server.clients > 0 and self.state["state"] == "connected")

    async def lost(self, losses: int = 1) -> None:
        await until(lambda: self.state["losses"] >= losses and self.state["state"] == "waiting")

    async def passing(self, seconds: float) -> None:
        """Let time pass; the connection, which never ends, is not waited for."""
        self.freezer.tick(seconds)
        async_fire_time_changed(self.hass)
        await self.quiet()

    async def quiet(self) -> None:
        """Wait for polls under way, and for what they have changed."""
        for _ in range(200):
            await asyncio.sleep(0)
        await until(lambda: not self.entry.runtime_data.assets.polling)
        await self.hass.async_block_till_done()

    async def push(self, consumption: float, **fields: object) -> None:
        """Send the power of the lamp and wait until it has come."""
        before = self.state["messages"]
        stamp = {"stamp": dt_util.utcnow().timestamp()}
        item = {"id": self.lamp, "consumption": consumption, **stamp, **fields}
        await self.server.send(item)
        await until(lambda: self.state["messages"] > before)
        await self.quiet()

    async def send(self, message: object) -> None:
        """Send any message and wait until it has come."""
        before = self.state["messages"]
        await self.server.send(message)
        await until(lambda: self.state["messages"] > before)
        await self.quiet()


@pytest.fixture
def simulator_options() -> Options:
    """Return a world in which there is the lamp."""
    return UP_TO_THE_LAMP


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Let the client's last heartbeat linger: aiohttp cancels none when a WebSocket is closed."""
    return True


@pytest.fixture
def gridduck_entry(gridduck_entry: MockConfigEntry, simulator: Simulator) -> MockConfigEntry:
    """Return an account with a real-time address."""
    address = simulator.gridduck.base_url.replace("http:", "ws:") + PATH
    object.__setattr__(gridduck_entry, "options", {CONF_REAL_TIME_ADDRESS: address})
    return gridduck_entry


@pytest.fixture
async def unopened(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    gridduck_entry: MockConfigEntry,
    simulator: Simulator,
    world: World,
) -> AsyncGenerator[Stream]:
    """Return the account before it is set up; it is closed in the end."""
    yield Stream(hass, freezer, gridduck_entry, simulator, named(world, "Lamp"))
    if account_state(gridduck_entry) is ConfigEntryState.LOADED:
        await hass.config_entries.async_unload(gridduck_entry.entry_id)


@pytest.fixture
async def stream(unopened: Stream) -> Stream:
    """Return the account once it is connected, and the list was read after that."""
    await setup(unopened.hass, unopened.entry)
    await unopened.connected()
    await unopened.passing(10)
    unopened.simulator.calls.clear()
    return unopened


async def test_shown_at_once(stream: Stream) -> None:
    await stream.push(41.5)
    assert stream.power == "41.5"
    assert not stream.lists
    state = stream.state
    assert state["token_sent"]
    assert state["brings_changes"]
    assert state["last_message"] == dt_util.utcnow().isoformat()
    assert (state["messages"], state["updated"], state["losses"]) == (1, 1, 0)


@pytest.mark.parametrize("wrapper", ["data", "results", "asset"])
async def test_wrapped(stream: Stream, wrapper: str) -> None:
    item = {"id": stream.lamp, "consumption": 7, "delivered": None}
    await stream.send({"type": "update", "id": 12, wrapper: [item]})
    assert stream.power == "7.0"
    await stream.send({wrapper: {"asset": {**item, "consumption": 8}}, "more": []})
    assert stream.power == "8.0"
    await stream.send(f'{{"{wrapper}": {{"id": "{stream.lamp}", "consumption": 9, "x": NaN}}}}')
    assert stream.power == "9.0"


async def test_older_than_known(stream: Stream) -> None:
    """The rules of the data hook hold: what is older, or of no asset, changes nothing."""
    await stream.push(5)
    await stream.push(6, stamp=dt_util.utcnow().timestamp() - 60)
    await stream.push(7, id="unknown")
    assert stream.power == "5.0"
    assert (stream.state["updated"], stream.state["ignored"]) == (1, 2)
    former = stream.entry.runtime_data.assets.data[stream.lamp]
    await stream.push(5, name="x", read_only=True, site_id="x")
    assert stream.entry.runtime_data.assets.data[stream.lamp] == former


@pytest.mark.parametrize("kind", ["duplicates", "unknown_ids", "null_optionals", "extra_keys"])
async def test_spoiled_items(stream: Stream, kind: FaultKind) -> None:
    stream.fault(kind)
    await stream.push(5)
    await stream.push(6)
    assert stream.power == "6.0"
    assert stream.state["losses"] == 0


async def test_out_of_order(stream: Stream) -> None:
    stream.fault("reordered")
    late = dt_util.utcnow().timestamp() - 1
    await stream.server.send({"id": stream.lamp, "consumption": 1, "stamp": late})
    await stream.push(2)
    await until(lambda: stream.state["messages"] == 2)
    await stream.quiet()
    assert stream.power == "2.0"


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("malformed", {}),
        ("malformed", {"body": "[1, 2"}),
        ("malformed", {"body": b"\xff"}),
        ("empty", {}),
        ("binary", {}),
        ("truncate", {}),
        ("huge", {"size": LARGEST // 2}),
    ],
)
async def test_invalid_messages(stream: Stream, kind: FaultKind, more: dict[str, Any]) -> None:
    """Each is counted and dropped, and the next one counts."""
    stream.fault(kind, **more)
    await stream.push(5)
    assert stream.state["invalid"] == 1
    await stream.push(6)
    assert stream.power == "6.0"
    assert stream.state["losses"] == 0


async def test_far_too_large(stream: Stream) -> None:
    """A message that is not even read to its end costs the connection."""
    stream.fault("huge", size=2 * LARGEST)
    await stream.server.push(stream.lamp, consumption=5)
    await stream.lost()
    await stream.passing(2)
    await stream.connected()
    await stream.push(6)
    assert stream.power == "6.0"


async def test_too_many(stream: Stream) -> None:
    """What is too much for a second is dropped, and polls stay as frequent as ever."""
    for _ in range(MOST_A_SECOND + 20):
        await stream.server.push(stream.lamp, consumption=5)
    await until(lambda: stream.state["messages"] == MOST_A_SECOND + 20)
    await stream.quiet()
    assert stream.state["excess"] == 20
    assert not stream.state["brings_changes"]
    await stream.passing(1)
    await stream.push(6)
    assert stream.power == "6.0"


async def test_polls_are_relaxed_while_it_brings_changes(stream: Stream) -> None:
    await stream.push(1)
    await stream.passing(60)
    assert stream.lists == 1
    for minute in range(4):
        await stream.push(minute)
        await stream.passing(60)
    assert stream.lists == 1
    await stream.passing(61)
    assert stream.lists == 2
    # Nothing has come for five minutes.
    await stream.passing(300)
    lists = stream.lists
    for _ in range(3):
        await stream.passing(60)
    assert stream.lists >= lists + 2


async def test_a_failed_poll_is_retried_soon(stream: Stream) -> None:
    await stream.push(1)
    await stream.passing(60)
    stream.simulator.faults.add(Fault(service="gridduck", path=r"^/asset/\?", status=500))
    for _ in range(5):
        await stream.push(1)
        await stream.passing(62)
    assert stream.lists == 2
    assert not stream.entry.runtime_data.assets.last_update_success
    await stream.passing(62)
    assert stream.lists == 3
    assert stream.entry.runtime_data.assets.last_update_success
    assert stream.power != "unavailable"


async def test_lost_and_back(stream: Stream, caplog: pytest.LogCaptureFixture) -> None:
    """The list is read at once if it is old, and once more when the connection is back."""
    await stream.push(1)
    await stream.passing(60)
    for _ in range(3):
        await stream.push(1)
        await stream.passing(60)
    assert stream.lists == 1
    await stream.server.close(1001)
    await stream.lost()
    await stream.passing(0)
    assert stream.lists == 2
    await stream.passing(2)
    await stream.connected()
    await stream.passing(5)
    assert stream.lists == 3
    await stream.passing(STEADY)
    await stream.passing(60)
    assert stream.lists >= 4
    said = [one.getMessage() for one in caplog.records if "real-time" in one.getMessage()]
    assert [("is lost" in one, "is back" in one) for one in said] == [(True, False), (False, True)]
    assert "1001" in said[0]


async def test_closed_again_and_again(stream: Stream, caplog: pytest.LogCaptureFixture) -> None:
    """It is asked less and less often, and that is logged once."""
    stream.fault("close", status=1011, count=None)
    by_minute = []
    for _ in range(30):
        before = stream.attempts
        for _ in range(6):
            await stream.passing(10)
            if stream.server.clients:
                await stream.server.push(stream.lamp, consumption=1)
                await stream.quiet()
        by_minute.append(stream.attempts - before)
    assert sum(by_minute[:5]) > sum(by_minute[5:15]) > 0
    assert sum(by_minute) <= 12
    assert stream.lists <= 30 + sum(by_minute)
    assert sum("is lost" in one.getMessage() for one in caplog.records) == 1


async def test_silence(stream: Stream) -> None:
    """A server that sends no pong is left; one that has nothing else to say is not."""
    for _ in range(3):
        await stream.passing(HEARTBEAT + 2)
        await stream.passing(HEARTBEAT / 2 + 2)
        assert stream.state["losses"] == 0
    stream.fault("mute")
    await stream.server.push(stream.lamp, consumption=1)
    await stream.passing(HEARTBEAT + 2)
    await stream.passing(HEARTBEAT / 2 + 2)
    await stream.lost()


@pytest.mark.parametrize("status", [401, 403, 404, 500])
async def test_refused(
    unopened: Stream, world: World, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    """It costs the connection alone, and is asked for less and less often."""
    world.endpoints_refused["real_time"] = status
    await setup(unopened.hass, unopened.entry)
    await unopened.lost()
    # A token that is refused is replaced once.
    first = 2 if status == 401 else 1
    assert unopened.attempts == first
    for _ in range(7):
        await unopened.passing(60)
    assert unopened.attempts == first
    assert unopened.lists >= 6
    assert unopened.entry.state is ConfigEntryState.LOADED
    assert not unopened.hass.config_entries.flow.async_progress()
    assert sum("is lost" in one.getMessage() for one in caplog.records) == 1
    world.endpoints_refused.clear()
    await unopened.passing(2 * 3600)
    await unopened.connected()
    await unopened.passing(10)
    await unopened.push(5)
    assert unopened.power == "5.0"


async def test_a_token_that_has_ended(stream: Stream, world: World) -> None:
    """A new one is requested, and the connection opened with that."""
    world.revoke_tokens()
    await stream.server.close()
    await stream.lost()
    await stream.passing(2)
    await stream.connected()
    statuses = [call.status for call in stream.simulator.calls.list(path=PATH)]
    assert statuses == [401, None]


@pytest.mark.parametrize("kind", ["redirect", "redirect_loop", "html", "refuse"])
async def test_no_websocket(unopened: Stream, kind: FaultKind) -> None:
    """No redirect is followed: the token stays where it belongs."""
    unopened.fault(kind, method=None, count=None, headers={"Location": "/elsewhere"})
    await setup(unopened.hass, unopened.entry)
    await unopened.lost()
    assert not unopened.simulator.calls.count(path="elsewhere")


async def test_slow(unopened: Stream) -> None:
    """Nothing waits for the connection."""
    unopened.fault("delay", method=None, delay=0.2)
    await setup(unopened.hass, unopened.entry)
    assert unopened.entry.state is ConfigEntryState.LOADED
    assert unopened.state["state"] == "connecting"
    await until(lambda: unopened.attempts > 0)
    await unopened.passing(1)
    await unopened.connected()


async def test_first_message(unopened: Stream, world: World) -> None:
    world.real_time_greeting = "subscribe"
    options = {**unopened.entry.options, CONF_REAL_TIME_MESSAGE: "subscribe"}
    object.__setattr__(unopened.entry, "options", options)
    await setup(unopened.hass, unopened.entry)
    await until(lambda: unopened.server.received == ["subscribe"])
    await unopened.push(5)
    assert unopened.power == "5.0"


@pytest.mark.parametrize("how", ["unload", "stop"])
async def test_closed_with_the_account(stream: Stream, how: str) -> None:
    if how == "unload":
        await stream.hass.config_entries.async_unload(stream.entry.entry_id)
    else:
        stream.hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await until(lambda: not stream.server.clients)
    stream.freezer.tick(60)
    async_fire_time_changed(stream.hass)
    await stream.hass.async_block_till_done()
    assert not stream.attempts


async def test_off(hass: HomeAssistant, unopened: Stream) -> None:
    object.__setattr__(unopened.entry, "options", {})
    await setup(hass, unopened.entry)
    assert unopened.state is None
    assert not unopened.attempts


async def test_no_token_for_another_host(stream: Stream) -> None:
    """The address has to carry a key of its own there."""
    client = stream.entry.runtime_data.client
    url = URL(stream.entry.options[CONF_REAL_TIME_ADDRESS])
    assert client.is_host(url)
    assert not client.is_host(URL("wss://example.com/realtime"))
    session = async_get_clientsession(stream.hass)
    with pytest.raises(PermissionDenied):
        async with open_websocket(session, url, None, limit_bytes=1):
            pytest.fail("It was opened")
    assert stream.simulator.calls.list(path=PATH)[0].headers["authorization"] == "absent"


async def test_an_account_that_has_moved(
    unopened: Stream, caplog: pytest.LogCaptureFixture
) -> None:
    """An address that is no longer allowed is not connected to."""
    options = {CONF_REAL_TIME_ADDRESS: f"ws://example.com/?{SECRET}"}
    object.__setattr__(unopened.entry, "options", options)
    await setup(unopened.hass, unopened.entry)
    assert unopened.state is None
    assert "stays closed" in caplog.text
    assert SECRET not in caplog.text


async def test_nothing_is_said_of_the_address(
    stream: Stream, caplog: pytest.LogCaptureFixture
) -> None:
    address = f"{stream.entry.options[CONF_REAL_TIME_ADDRESS]}?{SECRET}"
    stream.fault("status", method="GET", status=500)
    stream.hass.config_entries.async_update_entry(
        stream.entry, options={CONF_REAL_TIME_ADDRESS: address}
    )
    await stream.hass.config_entries.async_reload(stream.entry.entry_id)
    await stream.lost()
    ours = [one.getMessage() for one in caplog.records if "gridduck" in one.name]
    assert any("is lost" in one for one in ours)
    assert not [one for one in ours if SECRET in one]
    assert SECRET not in str(stream.state)


class TestOptions:
    """The address in the form of the options."""

    @pytest.mark.parametrize(
        ("address", "error"),
        [
            ("https://v2.api.gridduck.com/realtime", "scheme"),
            ("v2.api.gridduck.com/realtime", "scheme"),
            ("ws://v2.api.gridduck.com/realtime", "scheme"),
            ("ws://127.0.0.1:1/realtime", "scheme"),
            ("wss://", "host"),
            ("wss:///realtime", "host"),
            ("wss://user:word@v2.api.gridduck.com/", "credentials"),
            ("wss://v2.api.gridduck.com:port/", "url"),
            ("wss://v2.api.gridduck.com/#top", "url"),
        ],
    )
    async def test_refused(
        self, hass: HomeAssistant, gridduck_entry: MockConfigEntry, address: str, error: str
    ) -> None:
        base = {**gridduck_entry.data, CONF_BASE_URL: "https://v2.api.gridduck.com"}
        object.__setattr__(gridduck_entry, "data", base)
        gridduck_entry.add_to_hass(hass)
        form = await hass.config_entries.options.async_init(gridduck_entry.entry_id)
        assert form["description_placeholders"] is not None
        assert form["description_placeholders"]["host"] == "v2.api.gridduck.com"
        entered = {"data_hook": False, CONF_REAL_TIME_ADDRESS: address}
        form = await hass.config_entries.options.async_configure(form["flow_id"], entered)
        assert form["errors"] == {CONF_REAL_TIME_ADDRESS: f"real_time_{error}"}
        assert form["description_placeholders"] is not None
        assert form["description_placeholders"]["host"] == "v2.api.gridduck.com"

    async def test_stored(self, hass: HomeAssistant, unopened: Stream) -> None:
        address = f"{unopened.entry.options[CONF_REAL_TIME_ADDRESS]}?key=a%2Fb"
        object.__setattr__(unopened.entry, "options", {})
        await setup(hass, unopened.entry)
        form = await hass.config_entries.options.async_init(unopened.entry.entry_id)
        entered = {"data_hook": False, CONF_REAL_TIME_ADDRESS: f" {address} "}
        form = await hass.config_entries.options.async_configure(form["flow_id"], entered)
        assert form["type"] is FlowResultType.CREATE_ENTRY
        assert unopened.entry.options[CONF_REAL_TIME_ADDRESS] == address
        await hass.async_block_till_done()
        await unopened.connected()

    async def test_emptied(self, stream: Stream) -> None:
        """Without an address it is off, also beside a data hook."""
        form = await stream.hass.config_entries.options.async_init(stream.entry.entry_id)
        entered = {"data_hook": True, CONF_REAL_TIME_ADDRESS: "", CONF_REAL_TIME_MESSAGE: " "}
        form = await stream.hass.config_entries.options.async_configure(form["flow_id"], entered)
        assert form["type"] is FlowResultType.CREATE_ENTRY
        await stream.quiet()
        assert stream.entry.options["data_hook"]
        assert CONF_REAL_TIME_ADDRESS not in stream.entry.options
        assert stream.state is None
        await until(lambda: not stream.server.clients)
