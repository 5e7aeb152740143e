"""The faults that the simulated services take, of every kind."""

from collections.abc import Awaitable, Callable
import json
import math
import time
from typing import Any
import zlib

from aiohttp import ClientError, ClientSession
import pytest

from simulator import mutate
from simulator.faults import Fault, Faults

from .support import Answer, Api, fault

ASSETS = "/assets/v1/assets"


def test_faults_are_counted_and_skipped() -> None:
    faults = Faults()
    faults.add(fault(skip=1, count=2, status=500))
    taken = [faults.take("heimdall", "GET", "/a/latest?x=1") is not None for _ in range(5)]
    assert taken == [False, True, True, False, False]
    key = faults.add(fault(count=None, status=500, method="GET", path=r"x=\d$"))
    assert faults.take("heimdall", "POST", "/a?x=1") is None
    assert faults.take("gridduck", "GET", "/a?x=1") is None
    assert faults.take("heimdall", "GET", "/a?x=z") is None
    assert all(faults.take("heimdall", "GET", "/a?x=1") for _ in range(10))
    assert key in faults.all()
    faults.remove(key)
    faults.remove(key)
    assert faults.take("heimdall", "GET", "/a?x=1") is None
    faults.add(fault(status=500))
    faults.clear()
    assert not faults.all()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "status"},
        {"kind": "patch"},
        {"status": 500, "path": "("},
        {"status": 500, "count": 0},
        {"status": 500, "skip": -1},
        {"status": 500, "delay": -1.0},
    ],
)
def test_faults_that_make_no_sense(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"fault|path|count"):
        fault(**wrong)


type Ask = Callable[[Fault], Awaitable[Answer]]


@pytest.fixture
def spoiled(api: Api) -> Ask:
    """Return a function that asks for the latest DLR under a fault, and then without."""

    async def ask(wrong: Fault) -> Answer:
        api.simulator.faults.add(wrong)
        try:
            return await api.ask("C1")
        finally:
            api.simulator.faults.clear()
            assert (await api.ask("C1")).status == 200

    return ask


@pytest.mark.parametrize("status", [401, 403, 404, 408, 429, 500, 502, 503, 504])
async def test_status(spoiled: Ask, status: int) -> None:
    answer = await spoiled(fault(status=status, headers={"Retry-After": "7"}))
    assert (answer.status, answer.headers["Retry-After"]) == (status, "7")
    if status >= 500:
        assert answer.headers["Content-Type"].startswith("text/html")
        assert answer.body.startswith(b"<!DOCTYPE html>")
    elif status == 401:
        assert answer.body == b""
    else:
        assert answer.json["status"] == status


async def test_status_with_a_body(spoiled: Ask) -> None:
    answer = await spoiled(fault(status=500, body='{"title": "Oops"}'))
    assert (answer.status, answer.json) == (500, {"title": "Oops"})
    answer = await spoiled(fault(status=599, body=b"\xff", headers={"Content-Type": "x/y"}))
    assert (answer.status, answer.body, answer.headers["Content-Type"]) == (599, b"\xff", "x/y")
    assert b"599 Unknown status" in (await spoiled(fault(status=599))).body


async def test_made_up_answers(spoiled: Ask) -> None:
    answer = await spoiled(fault(kind="html"))
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert (await spoiled(fault(kind="empty"))).body == b""
    with pytest.raises(json.JSONDecodeError):
        _ = (await spoiled(fault(kind="malformed"))).json
    answer = await spoiled(fault(kind="redirect", headers={"Location": "http://127.0.0.1:9/x"}))
    assert (answer.status, answer.headers["Location"]) == (302, "http://127.0.0.1:9/x")
    assert (await spoiled(fault(kind="redirect", status=307))).status == 307
    assert (await spoiled(fault(kind="no_data"))).status == 404


async def test_large_answers(api: Api, spoiled: Ask) -> None:
    answer = await spoiled(fault(kind="huge", size=3_000_000))
    assert (len(answer.body), answer.json) == (3_000_000, {})
    api.simulator.faults.add(fault(kind="gzip_bomb", size=3_000_000))
    url = api.service.base_url + api.path("C1", api.lines[0])
    async with ClientSession(auto_decompress=False) as session, session.get(url) as packed:
        body = await packed.read()
    assert len(body) < 20_000
    assert len(zlib.decompress(body, zlib.MAX_WBITS | 16)) >= 2_900_000


@pytest.mark.parametrize("kind", ["cut", "refuse"])
async def test_broken_connections(spoiled: Ask, kind: str) -> None:
    with pytest.raises(ClientError):
        # The client repeats a GET by itself if a connection used before is closed on it.
        await spoiled(fault(kind=kind, count=None if kind == "refuse" else 1))


async def test_truncated_body(api: Api, spoiled: Ask) -> None:
    whole = (await api.ask("C1")).body
    answer = await spoiled(fault(kind="truncate"))
    assert answer.body == whole[: len(whole) // 2]
    assert int(answer.headers["Content-Length"]) == len(answer.body)


@pytest.mark.parametrize("kind", ["delay", "slow_body", "slow_headers"])
async def test_slow_answers(api: Api, spoiled: Ask, kind: str) -> None:
    whole = (await api.ask("C1")).body
    began = time.perf_counter()
    answer = await spoiled(fault(kind=kind, delay=0.2))
    assert time.perf_counter() - began > 0.18
    assert (answer.status, answer.body) == (200, whole)


async def test_changed_answers(api: Api, spoiled: Ask) -> None:
    whole = (await api.ask("C1")).json
    value = whole["data"]["heimdall_dlr"]["value"]
    answer = await spoiled(fault(kind="patch", patch={"data": {"unit": None, "new": {"a": 1}}}))
    assert "unit" not in answer.data
    assert answer.data["new"] == {"a": 1}
    assert answer.data["heimdall_dlr"]["value"] == value
    answer = await spoiled(
        fault(kind="patch", patch=[("/data/heimdall_dlr/value", None), ("/data/unit", "kA")])
    )
    assert (answer.data["heimdall_dlr"]["value"], answer.data["unit"]) == (None, "kA")
    answer = await spoiled(fault(kind="extra_keys"))
    rating = answer.json["data"]["heimdall_dlr"]
    assert answer.json["_unknown"] == rating["_unknown"]
    assert rating["value"] == value
    answer = await spoiled(fault(kind="stale", delay=86_400))
    before, after = whole["data"]["heimdall_dlr"], answer.data["heimdall_dlr"]
    assert after == before | {"timestamp": "2026-11-15T12:05:00Z"}
    answer = await spoiled(fault(kind="fractions"))
    assert answer.data["heimdall_dlr"]["timestamp"] == "2026-11-16T12:05:00.0000000Z"


async def test_lists_and_optionals(api: Api) -> None:
    api.simulator.faults.add(fault(kind="empty_lists", path="assets"))
    assert (await api.get(ASSETS)).data == {"grid_owners": []}
    api.simulator.faults.add(fault(kind="null_optionals", path="assets"))
    facilities = (await api.get(ASSETS)).data["grid_owners"][0]["facilities"]
    assert all(f["line"] is f["operational_voltage"] is None for f in facilities)
    assert all(f["name"] and f["nominal_voltage"] for f in facilities)
    api.simulator.faults.add(fault(kind="null_optionals", path="/forecasts"))
    bucket = (await api.values("F3"))["circuit_rating_forecasts"][0]
    assert bucket["p99"]["at_facility_component_id"] is None
    assert bucket["p99"]["value"] > 0


async def test_patching_what_is_not_json(api: Api) -> None:
    api.simulator.faults.add(fault(kind="extra_keys"))
    api.world.empty_not_found = True
    answer = await api.ask("G7", api.lines[0])
    assert (answer.status, answer.body) == (404, b"")


async def test_wrong_values(api: Api, spoiled: Ask) -> None:
    whole = (await api.ask("C1")).data
    rating = (await spoiled(fault(kind="wrong_types"))).data["heimdall_dlr"]
    assert rating == whole["heimdall_dlr"] | {"value": "wrong", "is_fallback": "wrong"}
    assert math.isnan((await spoiled(fault(kind="nan"))).data["heimdall_dlr"]["value"])
    assert (await spoiled(fault(kind="overflow"))).data["heimdall_dlr"]["value"] == 10**400
    answer = await spoiled(fault(kind="ahead", delay=7200))
    assert answer.data["heimdall_dlr"]["timestamp"] == "2026-11-16T14:05:00Z"
    owners = (await api.get(ASSETS)).data["grid_owners"]
    api.simulator.faults.add(fault(kind="duplicates", path="assets"))
    doubled = (await api.get(ASSETS)).data["grid_owners"]
    assert [owner["name"] for owner in doubled[::2]] == [owner["name"] for owner in owners]
    assert doubled[::2] == doubled[1::2]


async def test_header_flood(api: Api) -> None:
    api.simulator.faults.add(fault(kind="header_flood", size=1_000_000))
    with pytest.raises(ClientError):
        await api.ask("C1")


async def test_redirect_loop(api: Api, spoiled: Ask) -> None:
    answer = await spoiled(fault(kind="redirect_loop"))
    path = api.path("C1", api.lines[0])
    assert (answer.status, answer.headers["Location"]) == (307, path)


async def test_a_token_that_ends_early(api: Api) -> None:
    assert (await api.ask("C1")).status == 200
    api.simulator.faults.add(fault(kind="token_ended"))
    assert (await api.ask("C1")).status == 401
    api.simulator.faults.clear()
    assert (await api.get(ASSETS)).status == 401
    await api.log_in()
    assert (await api.get(ASSETS)).status == 200


async def test_faults_of_the_token_endpoint_and_of_the_other_service(api: Api) -> None:
    api.simulator.faults.add(fault(path="/token", status=503))
    api.simulator.faults.add(fault(path=".", service="gridduck", status=418))
    assert (await api.log_in()).status == 503
    assert (await api.log_in()).status == 200
    base = api.simulator.gridduck.base_url
    assert (await api.call("GET", f"{base}/asset/")).status == 418
    assert (await api.call("GET", f"{base}/asset/")).status == 401


def test_pointers() -> None:
    body = {"a": [{"b": 1}, {"b": 2}], "x/y": {"~": 0}}
    mutate.set_pointer(body, "/a/*/b", 9)
    mutate.set_pointer(body, "/a/-", 3)
    mutate.set_pointer(body, "/a/0", 4)
    mutate.set_pointer(body, "/x~1y/~0", 5)
    assert body == {"a": [4, {"b": 9}, 3], "x/y": {"~": 5}}
    mutate.set_pointer(body, "/a/*", 0)
    mutate.set_pointer(body, "/x~1y/*", 6)
    assert body == {"a": [0, 0, 0], "x/y": {"~": 6}}
    for wrong in ("a", "", "/nothing/b", "/a/7", "/a/0/b", "/a/9/b"):
        with pytest.raises(ValueError, match=r"pointer|nowhere"):
            mutate.set_pointer(body, wrong, 1)


def test_shift_back() -> None:
    body = {
        "timestamp": "2026-11-16T00:00:10.5Z",
        "last_contacted": 1_795_311_744,
        "created_stamp": 1_795_311_744_000,
        "value": 1_795_311_744,
        "read_at": True,
        "text": "2026",
    }
    assert mutate.shift_back(body, 60) == {
        "timestamp": "2026-11-15T23:59:10.5Z",
        "last_contacted": 1_795_311_684,
        "created_stamp": 1_795_311_684_000,
        "value": 1_795_311_744,
        "read_at": True,
        "text": "2026",
    }
