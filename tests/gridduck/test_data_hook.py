"""What GridDuck sends by itself: shown at once, and trusted no further than it must be."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
import gzip
import json
from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from homeassistant.components import webhook
from homeassistant.const import (
    CONF_WEBHOOK_ID,
    EVENT_HOMEASSISTANT_STOP,
    EVENT_STATE_CHANGED,
    STATE_OFF,
    STATE_ON,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    Platform,
)
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.aiohttp import MockRequest
from homeassistant.util.async_ import create_eager_task
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.gridduck_heimdall.api.gridduck.hook_message import MOST_LENIENT
from custom_components.gridduck_heimdall.core.entity import FOUND_AT_ONCE
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from custom_components.gridduck_heimdall.gridduck.data_hook import (
    MOST_AT_ONCE,
    MOST_SECONDS,
    async_address,
)
from custom_components.gridduck_heimdall.gridduck.options import (
    CONF_DATA_HOOK,
    OPTIONS_SCHEMA,
    with_webhook_id,
)
from custom_components.gridduck_heimdall.gridduck.push_receiver import MOST_BYTES
from simulator.faults import Fault
from simulator.gridduck.world import World
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import THREE_SITES

from .conftest import Pass
from .support import (
    LIST_PATH,
    UP_TO_THE_LAMP,
    call,
    entity_of,
    switch_of,
    value_of,
    writes,
)

EIGHT_ASSETS = pytest.mark.parametrize("simulator_options", [Options(sites=1, assets=8, lines=1)])
JSON = {"Content-Type": "application/json"}


@dataclass
class Hook:
    """Sends to the data hook of an account."""

    client: TestClient[Any, Any]
    path: str

    async def post(self, body: bytes | str, **headers: str) -> ClientResponse:
        return await self.client.post(self.path, data=body, headers=JSON | headers)

    async def send(self, *items: object) -> tuple[int, int]:
        """Send items and return how many were taken and how many not."""
        response = await self.post(json.dumps(items[0] if len(items) == 1 else items))
        assert response.status == 200
        counts = await response.json()
        assert set(counts) == {"updated", "ignored"}
        return counts["updated"], counts["ignored"]

    async def refused(self, body: bytes | str, **headers: str) -> tuple[int, str]:
        """Return status and words of a refusal."""
        response = await self.post(body, **headers)
        text = await response.text()
        assert text.endswith(".")
        assert text.count(".") == 1
        return response.status, text


@pytest.fixture
def simulator_options() -> Options:
    """Return a world in which there is the lamp."""
    return UP_TO_THE_LAMP


@pytest.fixture
def gridduck_entry(gridduck_entry: MockConfigEntry) -> MockConfigEntry:
    """Return an account with a data hook."""
    object.__setattr__(gridduck_entry, "options", {CONF_DATA_HOOK: True})
    return gridduck_entry


@pytest.fixture
async def hook(
    hass: HomeAssistant,
    account: GridDuckAccount,
    hass_client_no_auth: ClientSessionGenerator,
) -> Hook:
    """Return what sends to the account."""
    assert await async_setup_component(hass, "webhook", {})
    path = webhook.async_generate_path(account.entry.options[CONF_WEBHOOK_ID])
    return Hook(await hass_client_no_auth(), path)


@pytest.fixture
def now() -> float:
    """Return the time of the test, unix seconds."""
    return dt_util.utcnow().timestamp()


async def test_energy_that_cannot_be(
    hass: HomeAssistant, hook: Hook, now: float, lamp: str
) -> None:
    """What is sent is believed no sooner than what is listed."""
    before = value_of(hass, lamp, "energy")
    for number, wrong in enumerate((0, 1e12, 3)):
        item = {"id": lamp, "delivered": wrong, "stamp": now + number}
        assert await hook.send(item) == (1, 0)
        assert value_of(hass, lamp, "energy") == before
    await hook.send({"id": lamp, "delivered": -5})
    assert value_of(hass, lamp, "energy") == STATE_UNKNOWN
    await hook.send({"id": lamp, "delivered": float(before) * 1000 + 1000})
    assert float(value_of(hass, lamp, "energy")) == pytest.approx(float(before) + 1)


async def test_shown_at_once_without_a_poll(
    hass: HomeAssistant, hook: Hook, simulator: Simulator, lamp: str, world: World, now: float
) -> None:
    written = writes(hass)
    item = {"id": lamp, "consumption": 41.5, "current_state": "OFF", "stamp": now}
    assert await hook.send(item) == (1, 0)
    await hass.async_block_till_done()
    assert value_of(hass, lamp, "power") == "41.5"
    assert switch_of(hass, lamp) == STATE_OFF
    assert not simulator.calls.list(path=LIST_PATH)
    # The energy counter was not in it, and stays.
    assert float(value_of(hass, lamp, "energy")) > 0
    site = world.assets[lamp].site.id
    assert set(written) == {
        entity_of(hass, Platform.SENSOR, lamp, "power"),
        entity_of(hass, Platform.SWITCH, lamp, "switch"),
        entity_of(hass, Platform.SENSOR, site, "power"),
    }


@THREE_SITES
async def test_several(hass: HomeAssistant, hook: Hook, world: World, now: float) -> None:
    first, second, *_ = world.ids("plug")
    counts = await hook.send(
        {"id": first, "consumption": 1, "stamp": now},
        {"id": second, "consumption": "2.5", "stamp": str(now), "unheard_of": {}},
        {"id": "nobody's", "consumption": 3, "stamp": now},
        {"consumption": 4, "stamp": now},
        {"id": first, "consumption": 5, "stamp": now - 1},
        # A stamp that no date can have counts as the present.
        {"id": first, "consumption": 6, "stamp": now * 1_000_000},
        {"id": first, "consumption": 7, "stamp": "yesterday"},
        {"id": first, "consumption": 7, "stamp": 0},
        {"id": None},
        "asset",
        None,
    )
    assert counts == (3, 8)
    assert value_of(hass, first, "power") == "6.0"
    assert value_of(hass, second, "power") == "2.5"


async def test_nothing_is_a_message(hook: Hook) -> None:
    response = await hook.post("[]")
    assert await response.json() == {"updated": 0, "ignored": 0}


async def test_older_than_known(
    hass: HomeAssistant,
    account: GridDuckAccount,
    hook: Hook,
    lamp: str,
    passing: Pass,
    now: float,
) -> None:
    last_contact = account.assets.data[lamp].last_contact
    assert last_contact is not None
    contact = last_contact.timestamp()
    before = value_of(hass, lamp, "power")
    assert await hook.send({"id": lamp, "consumption": 1, "stamp": contact - 1}) == (0, 1)
    assert value_of(hass, lamp, "power") == before
    assert await hook.send({"id": lamp, "consumption": 2, "stamp": contact}) == (1, 0)
    assert await hook.send({"id": lamp, "consumption": 3, "stamp": (contact + 9) * 1000}) == (1, 0)
    assert await hook.send({"id": lamp, "consumption": 4, "stamp": contact + 8}) == (0, 1)
    assert value_of(hass, lamp, "power") == "3.0"
    assert await hook.send({"id": lamp, "consumption": 5}) == (1, 0)
    assert value_of(hass, lamp, "power") == "5.0"


@pytest.mark.parametrize("field", ["stamp", "last_contacted"])
@pytest.mark.parametrize("form", ["seconds", "milliseconds", "iso"])
async def test_a_time_to_come_keeps_nothing_out(
    hass: HomeAssistant, hook: Hook, lamp: str, passing: Pass, now: float, field: str, form: str
) -> None:
    """It counts as now, and what honestly comes after it is taken, also when a little late."""
    ahead = now + 3e7
    said: dict[str, float | str] = {
        "seconds": ahead,
        "milliseconds": ahead * 1000,
        "iso": dt_util.utc_from_timestamp(ahead).isoformat(),
    }
    assert await hook.send({"id": lamp, "consumption": 1, field: said[form]}) == (1, 0)
    for late in (0.5, 2, 5):
        await passing(5)
        stamp = dt_util.utcnow().timestamp() - late
        assert await hook.send({"id": lamp, "consumption": late, "stamp": stamp}) == (1, 0)
        assert value_of(hass, lamp, "power") == str(float(late))


async def test_a_clock_that_is_a_little_ahead(hook: Hook, lamp: str, now: float) -> None:
    """Then its times still tell what is older."""
    assert await hook.send({"id": lamp, "consumption": 1, "stamp": now + 4}) == (1, 0)
    assert await hook.send({"id": lamp, "consumption": 2, "stamp": now - 1}) == (0, 1)


async def test_iso(hass: HomeAssistant, hook: Hook, lamp: str, now: float) -> None:
    when = dt_util.utc_from_timestamp(now)
    texts = (when.isoformat(), when.isoformat().replace("+00:00", "Z"), f"{when:%Y-%m-%dT%H:%M:%S}")
    for number, text in enumerate(texts):
        assert await hook.send({"id": lamp, "consumption": number, "stamp": text}) == (1, 0)
    assert value_of(hass, lamp, "power") == "2.0"


async def test_null_and_nonsense(
    hass: HomeAssistant, account: GridDuckAccount, hook: Hook, lamp: str, now: float
) -> None:
    """Null is what the service says of what it does not know; another type says nothing."""
    former = account.assets.data[lamp]
    item = {"id": lamp, "stamp": now, "consumption": None, "delivered": [], "name": 12, "lost": "x"}
    assert await hook.send(item) == (1, 0)
    asset = account.assets.data[lamp]
    assert (asset.consumption, asset.name) == (None, former.name)
    assert (asset.delivered, asset.lost) == (former.delivered, former.lost)
    assert asset.id == lamp


async def test_boost(hass: HomeAssistant, hook: Hook, lamp: str, passing: Pass, now: float) -> None:
    boosted = {"id": lamp, "current_state": "ON", "boost_finish": 600, "stamp": now}
    await hook.send(boosted)
    assert value_of(hass, lamp, "override") == "boost"
    ends = dt_util.utc_from_timestamp(now + 600).isoformat()
    assert value_of(hass, lamp, "override_ends") == ends
    await hook.send({"id": lamp, "consumption": 3, "stamp": now + 1})
    assert value_of(hass, lamp, "override_ends") == ends
    await hook.send({"id": lamp, "boost_finish": 0, "stamp": now + 2})
    assert value_of(hass, lamp, "override") == "none"
    await hook.send({"id": lamp, "boost_finish_stamp": now + 900, "stamp": now + 3})
    assert value_of(hass, lamp, "override") == "boost"


@asynccontextmanager
async def list_on_its_way(account: GridDuckAccount) -> AsyncGenerator[None]:
    """Let a list that was made before arrive after what is done meanwhile."""
    arrived, go = asyncio.Event(), asyncio.Event()
    listing = account.client.async_list_assets

    async def late() -> Any:
        listed = await listing()
        arrived.set()
        await go.wait()
        return listed

    object.__setattr__(account.client, "async_list_assets", late)
    poll = asyncio.ensure_future(account.assets.async_refresh())
    await arrived.wait()
    yield
    go.set()
    await poll
    object.__setattr__(account.client, "async_list_assets", listing)


async def test_poll_on_its_way(
    hass: HomeAssistant,
    account: GridDuckAccount,
    hook: Hook,
    world: World,
    lamp: str,
    passing: Pass,
    now: float,
) -> None:
    """A list that was asked for before does not take back what came meanwhile; the next may.

    What it says of other fields counts, however often something comes.
    """
    for round_, (name, read_only) in enumerate((("New", True), ("Newer", False))):
        world.set_field(lamp, "consumption", 11.0)
        world.set_field(lamp, "name", name)
        world.set_field(lamp, "read_only", read_only)
        async with list_on_its_way(account):
            stamp = dt_util.utcnow().timestamp() + 1
            await hook.send({"id": lamp, "consumption": 98, "stamp": stamp})
            item = {"id": lamp, "boost_finish": 600 + round_, "stamp": stamp + 1}
            assert await hook.send(item) == (1, 0)
        assert value_of(hass, lamp, "power") == "98.0"
        assert value_of(hass, lamp, "override") == "boost"
        asset = account.assets.data[lamp]
        assert (asset.name, asset.read_only) == (name, read_only)
        assert account.is_controllable(lamp) is not read_only
        await passing(60)
        assert value_of(hass, lamp, "power") == "11.0"


async def test_a_list_that_is_newer_than_what_came_meanwhile(
    account: GridDuckAccount, hook: Hook, world: World, lamp: str, passing: Pass, now: float
) -> None:
    await passing(30)
    world.set_field(lamp, "consumption", 11.0)
    world.set_field(lamp, "last_contacted", now + 25)
    async with list_on_its_way(account):
        assert await hook.send({"id": lamp, "consumption": 99, "stamp": now + 20}) == (1, 0)
        assert account.assets.data[lamp].consumption == 99
    assert account.assets.data[lamp].consumption == 11


async def test_a_command_is_not_taken_back(
    hass: HomeAssistant, hook: Hook, lamp: str, world: World, now: float
) -> None:
    world.command_delay = 3
    assert switch_of(hass, lamp) == STATE_ON
    await call(hass, Platform.SWITCH, "turn_off", lamp, "switch")
    await hook.send({"id": lamp, "current_state": "ON", "consumption": 30, "stamp": now})
    assert switch_of(hass, lamp) == STATE_OFF
    assert value_of(hass, lamp, "power") == "30.0"


async def test_what_an_asset_is_stays(
    hass: HomeAssistant, account: GridDuckAccount, hook: Hook, lamp: str, now: float
) -> None:
    """Whoever knows the address can move no asset, rename none and take control of none."""
    former = account.assets.data[lamp]
    reported = {"_permission": "view", "read_only": True, "site_id": "x", "gateway_id": "x"}
    await hook.send({"id": lamp, **reported, "parent_asset": "x", "name": "x", "stamp": now})
    await hass.async_block_till_done()
    assert account.assets.data[lamp] == former
    assert account.is_controllable(lamp)


async def test_bad_body(hook: Hook, subtests: pytest.Subtests) -> None:
    for name, body in {
        "nothing": b"",
        "a space": b" ",
        "a form": b"consumption=1",
        "cut off": b'{"id": ',
        "a number": b"7",
        "a text": b'"text"',
        "null": b"null",
        "deep": b"[" * 100_000,
        "no UTF-8": b"\xff\xfe",
        "too many items": b"[" + b",".join([b"{}"] * 5001) + b"]",
        "a page": b"<html></html>",
        "many numbers": b"[" + b"1," * 200_000 + b"1]",
        "many quotes": b'["' + b'\\"' * 400_000,
    }.items():
        with subtests.test(name):
            status, _ = await hook.refused(body)
            assert status == 400


async def test_half_broken_text_is_read_all_the_same(
    hass: HomeAssistant, hook: Hook, lamp: str, now: float
) -> None:
    body = f'[{{"id": "{lamp}", "consumption": 8, "delivered": NaN, "stamp": {now}}}]'
    response = await hook.post("\ufeff" + body)
    assert await response.json() == {"updated": 1, "ignored": 0}
    assert value_of(hass, lamp, "power") == "8.0"


async def test_other_types(hook: Hook, subtests: pytest.Subtests) -> None:
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "application/xml", ""):
        with subtests.test(content_type):
            status, text = await hook.refused("{}", **{"Content-Type": content_type})
            assert status == 415
            assert "application/json" in text


async def test_json_with_a_charset(hook: Hook) -> None:
    response = await hook.post("[]", **{"Content-Type": "Application/JSON; charset=utf-8"})
    assert response.status == 200


async def test_too_large(hook: Hook, lamp: str) -> None:
    just = json.dumps({"id": lamp, "tags": ["x" * (MOST_BYTES - 80)]})
    assert len(just) < MOST_BYTES
    assert (await hook.post(just)).status == 200
    assert (await hook.refused("[" + " " * MOST_BYTES + "]"))[0] == 413
    packed = gzip.compress(b"[" + b" " * 50_000_000 + b"]")
    assert len(packed) < MOST_BYTES
    assert (await hook.refused(packed, **{"Content-Encoding": "gzip"}))[0] == 413


async def test_too_large_in_pieces(hook: Hook) -> None:
    """Nothing announces how much will come."""

    async def pieces() -> Any:
        for _ in range(40):
            yield b" " * 65_536

    response = await hook.client.post(hook.path, data=pieces(), headers=JSON)
    assert response.status == 413


class SlowBody:
    """A body that begins, and does not end before it is let."""

    def __init__(self, hook: Hook) -> None:
        self._begun, self.go = asyncio.Event(), asyncio.Event()
        self._answer = asyncio.ensure_future(
            hook.client.post(hook.path, data=self._pieces(), headers=JSON)
        )

    async def _pieces(self) -> AsyncGenerator[bytes]:
        yield b"["
        self._begun.set()
        await self.go.wait()
        yield b"]"

    async def begin(self) -> None:
        await self._begun.wait()
        for _ in range(200):
            await asyncio.sleep(0)

    async def status(self) -> int:
        """Return the status of an answer that comes although the body has not ended."""
        answer = await self._answer
        self.go.set()
        return answer.status


async def test_a_body_that_does_not_end(hook: Hook, passing: Pass) -> None:
    body = SlowBody(hook)
    await body.begin()
    await passing(MOST_SECONDS + 1)
    assert await body.status() == 408


@pytest.mark.parametrize("how", ["unload", "stop"])
async def test_a_body_ends_with_the_account(
    hass: HomeAssistant, hook: Hook, account: GridDuckAccount, how: str
) -> None:
    body = SlowBody(hook)
    await body.begin()
    if how == "unload":
        await hass.config_entries.async_unload(account.entry.entry_id)
    else:
        hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    assert await body.status() == 503


@EIGHT_ASSETS
async def test_many_at_once(hass: HomeAssistant, hook: Hook, world: World, now: float) -> None:
    """A few are taken; who comes meanwhile is asked to come back; nothing is half taken."""
    bodies = [SlowBody(hook) for _ in range(MOST_AT_ONCE)]
    for body in bodies:
        await body.begin()
    refused = await hook.post("[]")
    assert refused.status == 503
    assert int(refused.headers["Retry-After"]) > 0
    for body in bodies:
        body.go.set()
        assert await body.status() == 200
    ids = [one for one in world.ids("plug") if not world.record(one)["lost"]]
    items = [{"id": one, "consumption": 7, "stamp": now} for one in ids] * (4_000 // len(ids))
    assert await hook.send(*items) == (len(items), 0)
    assert {value_of(hass, one, "power") for one in ids} <= {"7.0", STATE_UNAVAILABLE}
    assert value_of(hass, ids[0], "power") == "7.0"


@contextmanager
def new_states(hass: HomeAssistant) -> Generator[list[int]]:
    """Count the states that appear in each turn of the event loop."""
    counts = [0]

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        counts[-1] += event.data["old_state"] is None

    async def next_turn() -> None:
        while True:
            await asyncio.sleep(0)
            counts.append(0)

    stop, turns = (
        hass.bus.async_listen(EVENT_STATE_CHANGED, changed),
        create_eager_task(next_turn()),
    )
    yield counts
    turns.cancel()
    stop()


async def test_entities_that_appear_are_added_in_batches(
    hass: HomeAssistant, hook: Hook, world: World, passing: Pass, now: float
) -> None:
    """Whether a list or a message brings them; a few at a time, and none is forgotten."""
    new = [world.add_asset(f"New {number}") for number in range(40)]
    for one in new:
        world.set_field(one, "consumption", None)
        world.set_field(one, "delivered", None)
    with new_states(hass) as listed:
        await passing(60)
    assert sum(listed) > 4 * len(new)
    items = [{"id": one, "consumption": 7, "delivered": 8_000} for one in new]
    with new_states(hass) as pushed:
        assert await hook.send(*items) == (len(new), 0)
        # They are there when the message is answered.
        assert {value_of(hass, one, "power") for one in new} == {"7.0"}
        assert {value_of(hass, one, "energy") for one in new} == {"8.0"}
    assert sum(pushed) == 2 * len(new)
    assert max(pushed) <= FOUND_AT_ONCE
    assert max(listed) <= FOUND_AT_ONCE


async def test_an_item_that_is_too_large_for_the_lenient_reader(
    hass: HomeAssistant, hook: Hook, lamp: str, now: float
) -> None:
    """It costs itself alone in a list, and is refused where it is all there is."""
    item = {"id": lamp, "consumption": 9, "more": [float("nan"), *[1.5] * MOST_LENIENT]}
    large = json.dumps(item)
    small = json.dumps({"id": lamp, "consumption": 8, "rest": float("nan"), "text": '\\"]}, {'})
    response = await hook.post(f"[{large}, {small}]")
    assert await response.json() == {"updated": 1, "ignored": 1}
    assert value_of(hass, lamp, "power") == "8.0"
    assert (await hook.refused(large))[0] == 400
    assert await hook.send(json.loads(large.replace("NaN", "null"))) == (1, 0)
    assert value_of(hass, lamp, "power") == "9.0"


async def test_nothing_is_taken_of_what_is_not_json(
    hass: HomeAssistant, hook: Hook, lamp: str, subtests: pytest.Subtests
) -> None:
    before = value_of(hass, lamp, "power")
    for rest in "oops", "", "{", '{"a": NaN]', '{"a": "b}', "{}] {}", "{}]]", '{"a": 1} {"b": 2}':
        with subtests.test(rest):
            body = f'[{{"id": "{lamp}", "consumption": 123, "x": NaN}}, {rest}]'
            assert (await hook.refused(body))[0] == 400
            assert value_of(hass, lamp, "power") == before


async def test_other_methods(hook: Hook, subtests: pytest.Subtests) -> None:
    for method in ("get", "put", "delete"):
        with subtests.test(method):
            response = await getattr(hook.client, method)(hook.path, data="[]", headers=JSON)
            assert response.status == 405


async def test_cut_off_in_the_middle(
    hook: Hook, caplog: pytest.LogCaptureFixture, hass: HomeAssistant
) -> None:
    """No traceback, and above all not the secret."""
    host, port = hook.client.server.host, hook.client.server.port
    for extra, body in (
        ("Content-Length: 100", "[1"),
        ("Content-Length: 4\r\nContent-Encoding: gzip", "abcd"),
        ("Transfer-Encoding: chunked", "zz\r\n"),
    ):
        reader, writer = await asyncio.open_connection(host, port)
        head = f"POST {hook.path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{extra}"
        writer.write(f"{head}\r\n\r\n{body}".encode())
        await writer.drain()
        for _ in range(50):
            await asyncio.sleep(0)
        writer.close()
        await reader.read()
        for _ in range(50):
            await asyncio.sleep(0)
    await hass.async_block_till_done()
    assert "Error processing webhook" not in caplog.text


async def test_through_the_cloud(hass: HomeAssistant, hook: Hook, lamp: str, now: float) -> None:
    """Nabu Casa hands messages on with a request of its own kind."""
    item = {"id": lamp, "consumption": 17, "stamp": now}
    request = MockRequest(
        content=json.dumps(item).encode(), mock_source="cloud", method="POST", headers=JSON
    )
    response = await webhook.async_handle_webhook(hass, hook.path.rsplit("/", 1)[1], request)
    assert response.status == 200
    assert value_of(hass, lamp, "power") == "17.0"


async def test_an_account_takes_only_its_own(
    hass: HomeAssistant, hook: Hook, account: GridDuckAccount, world: World, now: float
) -> None:
    new = world.add_asset()
    assert await hook.send({"id": new, "consumption": 1, "stamp": now}) == (0, 1)
    assert new not in account.assets.data


async def test_gone_with_the_account(
    hass: HomeAssistant, hook: Hook, account: GridDuckAccount, lamp: str, now: float
) -> None:
    await hass.config_entries.async_unload(account.entry.entry_id)
    # Home Assistant gives away nothing about addresses that nobody listens at.
    response = await hook.post(json.dumps({"id": lamp, "consumption": 1, "stamp": now}))
    assert (response.status, await response.text()) == (200, "")
    await hass.config_entries.async_setup(account.entry.entry_id)
    assert await hook.send({"id": lamp, "consumption": 2, "stamp": now}) == (1, 0)


async def test_after_a_failed_start(
    hass: HomeAssistant, hook: Hook, account: GridDuckAccount, simulator: Simulator, lamp: str
) -> None:
    fault = Fault(service="gridduck", path=r"^/asset/\?", status=500, count=None)
    key = simulator.faults.add(fault)
    assert not await hass.config_entries.async_reload(account.entry.entry_id)
    simulator.faults.remove(key)
    assert await hass.config_entries.async_reload(account.entry.entry_id)
    assert await hook.send({"id": lamp, "consumption": 2}) == (1, 0)


async def test_nothing_is_logged_of_the_secret(
    hass: HomeAssistant, hook: Hook, lamp: str, now: float, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.clear()
    await hook.send({"id": lamp, "consumption": 2, "stamp": now})
    await hook.refused("x")
    ours = [one for one in caplog.records if "gridduck" in one.name]
    assert not [one for one in ours if hook.path.rsplit("/", 1)[1] in one.getMessage()]


class TestOptions:
    """The switch, and the secret that is made once."""

    def test_off_by_default(self) -> None:
        assert OPTIONS_SCHEMA({}) == {CONF_DATA_HOOK: False}

    def test_made_once(self) -> None:
        made = with_webhook_id({CONF_DATA_HOOK: True})
        assert len(made[CONF_WEBHOOK_ID]) == 64
        assert with_webhook_id(made) == made
        assert with_webhook_id({})[CONF_WEBHOOK_ID] != made[CONF_WEBHOOK_ID]

    async def test_kept(self, hass: HomeAssistant, account: GridDuckAccount) -> None:
        made = account.entry.options[CONF_WEBHOOK_ID]
        assert await hass.config_entries.async_reload(account.entry.entry_id)
        assert account.entry.options[CONF_WEBHOOK_ID] == made

    @pytest.mark.parametrize("options", [{}, {CONF_DATA_HOOK: False, CONF_WEBHOOK_ID: "secret"}])
    async def test_not_registered(
        self, hass: HomeAssistant, gridduck_entry: MockConfigEntry, options: dict[str, object]
    ) -> None:
        object.__setattr__(gridduck_entry, "options", options)
        gridduck_entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(gridduck_entry.entry_id)
        assert not hass.data.get("webhook")
        assert gridduck_entry.options == options

    async def test_address(self, hass: HomeAssistant) -> None:
        hass.config.internal_url = hass.config.external_url = hass.config.api = None
        assert async_address(hass, "secret") == "/api/webhook/secret"
        hass.config.external_url = "https://home.example.com"
        assert async_address(hass, "secret") == "https://home.example.com/api/webhook/secret"
