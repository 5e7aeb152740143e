"""What both simulated services share: clock, faults, calls, control and the command line."""

import asyncio
import contextlib
from itertools import pairwise
import json
import signal
import sys
import time
from typing import Any

from aiohttp import ClientError, ClientSession
from freezegun.api import FrozenDateTimeFactory
import pytest

from simulator import noise
from simulator.__main__ import parse_options
from simulator.clock import Clock
from simulator.options import Options
from simulator.server import running

from .support import Api, fault

ASSETS = "/assets/v1/assets"


# Clock, options, noise


def test_clock_runs_and_advances() -> None:
    real = [100.0]
    clock = Clock(lambda: real[0], speed=60.0)
    assert clock.now() == 100
    real[0] = 101
    assert clock.now() == 160
    clock.advance(40.5)
    assert clock.now() == 200.5
    with pytest.raises(ValueError, match="does not go back"):
        clock.advance(-1)
    with pytest.raises(ValueError, match="above 0"):
        Clock(speed=0)
    assert abs(Clock().now() - time.time()) < 5


def test_clock_follows_frozen_time(freezer: FrozenDateTimeFactory) -> None:
    clock = Clock()
    before = clock.now()
    freezer.tick(300)
    assert clock.now() == before + 300


@pytest.mark.parametrize("name", ["sites", "lines", "assets", "latency_ms", "gridduck_port"])
def test_impossible_options(name: str) -> None:
    given: dict[str, Any] = {name: -1}
    with pytest.raises(ValueError, match=name):
        Options(**given)
    with pytest.raises(SystemExit):
        parse_options([f"--{name.replace('_', '-')}", "-1"])


def test_command_line() -> None:
    assert parse_options([]) == Options()
    options = parse_options(["--lines", "9", "--speed", "2.5", "--latency-ms", "7"])
    assert (options.lines, options.speed, options.latency_ms) == (9, 2.5, 7)


def test_noise() -> None:
    values = [noise.unit(1, "key", step) for step in range(1000)]
    assert all(0 <= value < 1 for value in values)
    assert 0.45 < sum(values) / 1000 < 0.55
    assert values == [noise.unit(1, "key", step) for step in range(1000)]
    assert values != [noise.unit(2, "key", step) for step in range(1000)]
    smooth = [noise.smooth(1, "key", at / 10, 1.0) for at in range(-100, 1000)]
    assert max(abs(b - a) for a, b in pairwise(smooth)) < 0.2
    assert noise.smooth(1, "key", 5.0, 1.0) == values[5]


# Calls


async def test_calls(api: Api) -> None:
    await api.ask("C1", quantity="apparent_power")
    await api.ask("G7", api.lines[0])
    await api.call("GET", ASSETS, headers={"x-client-name": "me"})
    calls = api.simulator.calls
    assert [call.status for call in calls.all()] == [200, 200, 404, 401]
    token, dlr, _, refused = calls.all()
    assert (token.method, token.body, token.headers["authorization"]) == ("POST", None, "absent")
    assert dlr.query == {"quantity": "apparent_power"}
    assert dlr.path == api.path("C1", api.lines[0])
    assert dlr.template == "/capacity_monitoring/v1/lines/{line_id}/heimdall_dlrs/latest"
    assert dlr.headers["authorization"] == "present"
    assert refused.headers["x-client-name"] == "me"
    assert api.token not in repr(calls.all())
    assert api.service.client_secret not in repr(calls.all())
    assert calls.count() == 4
    assert calls.count("heimdall", "GET") == 3
    assert calls.count("gridduck") == 0
    assert calls.list(path=r"/latest$") == calls.all()[1:3]
    calls.clear()
    assert calls.all() == []


async def test_calls_hold_json_and_what_got_no_answer(api: Api) -> None:
    calls = api.simulator.calls
    await api.call("PUT", "/x", json={"boost_finish": 60})
    await api.call("PUT", "/x", data=b"{", headers={"Content-Type": "application/json"})
    assert [call.body for call in calls.all()] == [{"boost_finish": 60}, None]
    api.simulator.faults.add(fault(path="/y", kind="refuse", count=None))
    with pytest.raises(ClientError):
        await api.call("GET", "/y")
    assert calls.all()[-1].status is None


async def test_concurrency(api: Api) -> None:
    await api.log_in()
    assert api.simulator.calls.max_concurrency == {"heimdall": 1}
    api.simulator.faults.add(fault(kind="delay", delay=0.1, count=None))
    await asyncio.gather(*(api.ask("C1") for _ in range(5)))
    assert api.simulator.calls.max_concurrency["heimdall"] == 5


async def test_latency(socket_enabled: None) -> None:
    async with running(Options(latency_ms=80)) as simulator, ClientSession() as session:
        began = time.perf_counter()
        await session.get(simulator.heimdall.base_url + ASSETS)
        assert time.perf_counter() - began > 0.07


# Control over HTTP


async def test_control_of_faults(api: Api) -> None:
    for base in (api.service.base_url, api.simulator.gridduck.base_url):
        url = f"{base}/_control/faults"
        wrong = {"service": "heimdall", "path": "/latest", "status": 503, "count": 2}
        made = await api.call("POST", url, json=wrong)
        assert made.status == 201
        listed = (await api.call("GET", url)).json
        assert listed[made.json["id"]]["status"] == 503
        assert (await api.ask("C1")).status == 503
        assert (await api.call("GET", url)).json[made.json["id"]]["count"] == 1
        assert (await api.call("DELETE", f"{url}?id={made.json['id']}")).status == 204
        assert (await api.ask("C1")).status == 200
        await api.call("POST", url, json=wrong)
        assert (await api.call("DELETE", url)).status == 204
        assert (await api.call("GET", url)).json == {}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"service": "other", "path": ""}',
        b'{"service": "heimdall"}',
        b'{"service": "heimdall", "path": "", "kind": "status"}',
        b'{"service": "heimdall", "path": "(", "kind": "html"}',
        b'{"service": "heimdall", "path": "", "kind": "html", "colour": 1}',
    ],
)
async def test_control_refuses_bad_faults(api: Api, body: bytes) -> None:
    url = f"{api.service.base_url}/_control/faults"
    answer = await api.call("POST", url, data=body)
    assert answer.status == 400
    assert answer.json["error"]


async def test_control_of_calls_and_clock(api: Api) -> None:
    base = f"{api.service.base_url}/_control"
    await api.ask("C1")
    await api.ask("C1")
    report = (await api.call("GET", f"{base}/calls")).json
    template = "heimdall GET /capacity_monitoring/v1/lines/{line_id}/heimdall_dlrs/latest"
    assert report["counts"][template] == 2
    assert report["total"] == len(report["calls"]) == 3
    assert (await api.call("DELETE", f"{base}/calls")).status == 204
    assert (await api.call("GET", f"{base}/calls")).json["calls"] == []
    now = (await api.call("GET", f"{base}/clock")).json["now"]
    moved = await api.call("POST", f"{base}/clock", json={"advance": 90})
    assert moved.json["now"] == now + 90 == api.simulator.clock.now()
    for wrong in ({"advance": -1}, {"back": 1}, {}):
        assert (await api.call("POST", f"{base}/clock", json=wrong)).status == 400


# The process


async def test_process(socket_enabled: None) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulator", "--lines", "2", "--assets", "3"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        ready = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
        assert set(ready) == {"gridduck", "heimdall"}
        assert set(ready["gridduck"]) == {"base_url", "client_id", "client_secret"}
        assert set(ready["heimdall"]) == {*ready["gridduck"], "token_url", "scope"}
        async with ClientSession() as session:
            form = {k: v for k, v in ready["heimdall"].items() if not k.endswith("url")}
            form["grant_type"] = "client_credentials"
            url = ready["heimdall"]["token_url"]
            async with session.post(url, data=form) as answer:
                assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(process.communicate(), 10)
        assert (process.returncode, errors) == (0, b"")
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()


async def test_taken_port(socket_enabled: None) -> None:
    async with running() as first:
        port = int(first.heimdall.base_url.rpartition(":")[2])
        with pytest.raises(OSError, match=str(port)):
            async with running(Options(heimdall_port=port)):
                pass
