"""The simulated GridDuck: lists of assets and sites, and control."""

from collections.abc import AsyncGenerator
import re
import time
from typing import Any
from uuid import UUID

import pytest

from simulator.gridduck import MISSING
from tests.simulator.test_gridduck_cloud import NOON, Cloud, cloud_running

GUIDE_FIELDS = {
    *("id", "name", "code", "serial_no", "sku", "site_id", "site_name", "gateway_id"),
    *("gateway_name", "parent_asset", "children", "current_state", "user_state", "boost_finish"),
    *("boost_finish_stamp", "snooze_finish", "snooze_finish_stamp", "consumption", "delivered"),
    *("imp_kwh", "price_per_kwh", "site_price_per_kwh", "currency", "site_currency"),
    *("asset_signal_strength", "last_contacted", "lost", "disconnected", "gateway_disconnected"),
    *("read_only", "_permission", "interruptible", "frequency_enabled", "frequency_off_point"),
    *("frequency_on_point", "min_time_on", "max_time_off", "dr_rule_id", "dr_profile_id"),
    *("timeswitch_id", "trigger_rules", "alert_rules", "overrides", "tags", "simulated"),
    *("simulated_from", "data_from", "third_party_type", "tp_site_id", "user_id", "clamp_size"),
    *("firmware_target", "created", "created_stamp"),
}


@pytest.fixture
async def cloud(socket_enabled: None) -> AsyncGenerator[Cloud]:
    async with cloud_running() as running:
        yield running


async def listed(cloud: Cloud) -> list[dict[str, Any]]:
    return (await cloud.get("/asset/", limit=100)).results


async def test_list_has_the_traps_of_the_guide(cloud: Cloud) -> None:
    answer = (await cloud.get("/asset/")).json
    assert answer["pagination"] == {"offset": 0, "limit": 25, "total": 24}
    assert answer["links"] == {
        "next": "http://v2.api.gridduck.com/asset?offset=25&limit=25",
        "prev": None,
    }
    assert UUID(answer["request_id"]).hex
    assert len(answer["results"]) == 24
    past = (await cloud.get("/asset/", offset=25, limit=25)).json
    assert past["results"] == []
    assert past["links"]["next"] == "http://v2.api.gridduck.com/asset?offset=50&limit=25"
    assert past["links"]["prev"] == "http://v2.api.gridduck.com/asset?offset=0&limit=25"


async def test_pages_are_cut_as_the_answer_says(cloud: Cloud) -> None:
    cloud.world.max_limit = 10
    seen: list[str] = []
    for offset in (0, 10, 20):
        answer = (await cloud.get("/asset/", offset=offset, limit=100)).json
        assert answer["pagination"] == {"offset": offset, "limit": 10, "total": 24}
        seen += [asset["id"] for asset in answer["results"]]
    assert len(set(seen)) == len(seen) == 24


@pytest.mark.parametrize(
    "query",
    ["limit=x", "limit=-1", "limit=0", "offset=-1", "offset=1.5", "page=2", "limit=1&limit=2"],
)
@pytest.mark.parametrize("path", ["/asset/", "/site/"])
async def test_bad_paging_is_400(cloud: Cloud, path: str, query: str) -> None:
    answer = await cloud.call("GET", f"{path}?{query}")
    assert (answer.status, answer.json["error"]) == (400, "bad_request")


async def test_addresses_that_are_not_there(cloud: Cloud) -> None:
    for path in ("/asset", "/site", "/nowhere"):
        answer = await cloud.get(path)
        assert (answer.status, answer.json["error"]) == (404, "not_found")
    assert (await cloud.get(f"/asset/{cloud.world.ids()[0]}")).status == 405
    assert (await cloud.call("POST", "/asset/")).status == 405


async def test_every_asset_has_every_field(cloud: Cloud) -> None:
    for asset in await listed(cloud):
        assert set(asset) == GUIDE_FIELDS
        assert UUID(asset["id"]).hex
        assert asset["current_state"] in {"ON", "OFF"}
        assert asset["user_state"] in {"ALWAYS_ON", "ALWAYS_OFF", "SCHEDULE"}
        assert asset["currency"] == "£"
        assert isinstance(asset["site_price_per_kwh"], str)
        assert isinstance(asset["last_contacted"], int)
        assert (asset["boost_finish"], asset["snooze_finish_stamp"]) == (0, 0)


async def test_the_world_is_as_odd_as_it_should_be(cloud: Cloud) -> None:
    assets = await listed(cloud)
    assert {a["site_name"] for a in assets} == {"Harbour Office", "Mill Lane Depot", "North School"}
    offline = [a for a in assets if a["lost"] or a["disconnected"]]
    assert len(offline) == 1
    assert offline[0]["lost"]
    assert offline[0]["disconnected"]
    assert offline[0]["last_contacted"] < NOON - 86_400
    assert all(0 <= NOON - a["last_contacted"] < 60 for a in assets if a is not offline[0])
    assert len([a for a in assets if a["read_only"]]) == 1
    bare = [a for a in assets if a["asset_signal_strength"] is None]
    assert len(bare) == 1
    assert [bare[0][f"gateway_{key}"] for key in ("id", "name", "disconnected")] == [None] * 3
    assert any(a["sku"] == "PLU-UK" for a in assets)
    assert {a["price_per_kwh"] is None for a in assets} == {True, False}
    interruptible = [a for a in assets if a["interruptible"]]
    assert len(interruptible) > 2
    assert all(a["min_time_on"] and a["max_time_off"] for a in interruptible)
    assert {a["user_state"] for a in assets} == {"ALWAYS_ON", "ALWAYS_OFF", "SCHEDULE"}
    assert {"meter", "circuit", "plug", "ev_charger", "heat_pump", "freezer", "lighting"} < {
        cloud.world.assets[a["id"]].kind_name for a in assets
    }


async def test_the_tree_is_consistent(cloud: Cloud) -> None:
    assets = {a["id"]: a for a in await listed(cloud)}
    children = {(child, a["id"]) for a in assets.values() for child in a["children"]}
    parents = {(a["id"], a["parent_asset"]) for a in assets.values() if a["parent_asset"]}
    assert children == parents
    assert len(children) >= 5
    assert all(assets[a]["site_id"] == assets[b]["site_id"] for a, b in children)


async def test_a_site_has_one_gateway_or_two(cloud: Cloud) -> None:
    gateways: dict[str, set[str]] = {}
    for asset in await listed(cloud):
        if asset["gateway_id"]:
            gateways.setdefault(asset["site_id"], set()).add(asset["gateway_id"])
            assert re.fullmatch(r"Hub-[0-9A-F]{4}", asset["gateway_name"])
    assert sorted(len(ids) for ids in gateways.values()) == [1, 2, 2]


async def test_sites(cloud: Cloud) -> None:
    answer = (await cloud.get("/site/", limit=2)).json
    assert answer["pagination"] == {"offset": 0, "limit": 2, "total": 3}
    assert answer["links"]["next"] == "http://v2.api.gridduck.com/site?offset=2&limit=2"
    assert answer["results"][0]["name"] == "Harbour Office"
    site_id = answer["results"][0]["id"]
    cloud.world.rename_site(site_id, "Harbour House")
    cloud.world.set_price(site_id, "30.2")
    asset = await cloud.record(cloud.world.ids(site_id=site_id)[0])
    assert (asset["site_name"], asset["site_price_per_kwh"]) == ("Harbour House", "30.2")


async def test_snooze_and_boost_replace_each_other(cloud: Cloud) -> None:
    lamp = cloud.world.ids("plug")[0]
    answer = await cloud.put(lamp, snooze_finish=600)
    assert (answer.status, answer.content) == (204, b"")
    asset = await cloud.record(lamp)
    assert (asset["current_state"], asset["consumption"]) == ("OFF", 0)
    assert (asset["snooze_finish"], asset["snooze_finish_stamp"]) == (600, NOON + 600)
    assert asset["user_state"] == "ALWAYS_ON"
    cloud.core.clock.advance(60)
    await cloud.put(lamp, boost_finish=60)
    asset = await cloud.record(lamp)
    assert (asset["current_state"], asset["snooze_finish"]) == ("ON", 0)
    assert (asset["boost_finish"], asset["boost_finish_stamp"]) == (60, NOON + 120)
    cloud.world.milliseconds = True
    assert (await cloud.record(lamp))["boost_finish_stamp"] == (NOON + 120) * 1000
    cloud.core.clock.advance(60)
    asset = await cloud.record(lamp)
    assert (asset["current_state"], asset["boost_finish_stamp"]) == ("ON", 0)


@pytest.mark.parametrize("field", ["boost_finish", "snooze_finish"])
async def test_zero_ends_whatever_runs(cloud: Cloud, field: str) -> None:
    charger = cloud.world.ids("plug")[1]
    assert (await cloud.record(charger))["user_state"] == "ALWAYS_OFF"
    await cloud.put(charger, boost_finish=86_400)
    asset = await cloud.record(charger)
    assert asset["current_state"] == "ON"
    assert asset["consumption"] > 0
    await cloud.put(charger, **{field: 0})
    asset = await cloud.record(charger)
    assert (asset["current_state"], asset["boost_finish"]) == ("OFF", 0)


async def test_after_a_boost_the_schedule_goes_on(cloud: Cloud) -> None:
    charger = cloud.world.ids("ev_charger")[0]
    assert (await cloud.record(charger))["current_state"] == "OFF"
    await cloud.put(charger, boost_finish=3_600)
    assert (await cloud.record(charger))["current_state"] == "ON"
    cloud.core.clock.advance(3_600)
    await cloud.log_in()
    assert (await cloud.record(charger))["current_state"] == "OFF"
    cloud.core.clock.advance(3 * 3_600)
    await cloud.log_in()
    assert (await cloud.record(charger))["current_state"] == "ON"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'{"snooze_finish": 60, "boost_finish": 60}',
        b'{"snooze_finish": null}',
        b'{"snooze_finish": "60"}',
        b'{"snooze_finish": true}',
        b'{"snooze_finish": 60.5}',
        b'{"snooze_finish": -1}',
        b'{"boost_finish": 86401}',
        b'{"boost_finish": 60, "name": "x"}',
        b'{"user_state": "ALWAYS_ON"}',
        b'{"boost_finish": 60',
    ],
)
async def test_bad_commands_are_400(cloud: Cloud, body: bytes) -> None:
    lamp = cloud.world.ids("plug")[0]
    headers = {"Content-Type": "application/json"}
    answer = await cloud.call("PUT", f"/asset/{lamp}", data=body, headers=headers)
    assert (answer.status, answer.json["error"]) == (400, "bad_request")


async def test_commands_that_are_refused(cloud: Cloud) -> None:
    lamp = cloud.world.ids("plug")[0]
    text = b'{"snooze_finish": 60}'
    plain = {"Content-Type": "text/plain"}
    answer = await cloud.call("PUT", f"/asset/{lamp}", data=text, headers=plain)
    assert answer.status == 400
    assert (await cloud.call("PUT", f"/asset/{lamp}?a=1", json={"snooze_finish": 1})).status == 400
    assert (await cloud.put("no-such", snooze_finish=60)).status == 404
    [fixed] = [i for i in cloud.world.ids() if cloud.world.record(i)["read_only"]]
    answer = await cloud.put(fixed, snooze_finish=60)
    assert (answer.status, answer.json["error"]) == (403, "forbidden")
    cloud.world.set_field(lamp, "read_only", value=True)
    assert (await cloud.put(lamp, snooze_finish=60)).status == 403


async def test_a_slow_command_shows_later(cloud: Cloud) -> None:
    lamp = cloud.world.ids("plug")[0]
    cloud.world.command_delay = 10
    await cloud.put(lamp, snooze_finish=60)
    assert (await cloud.record(lamp))["current_state"] == "ON"
    cloud.core.clock.advance(10)
    asset = await cloud.record(lamp)
    assert (asset["current_state"], asset["snooze_finish"]) == ("OFF", 50)


async def test_offline_asset_takes_a_command_but_does_not_follow(cloud: Cloud) -> None:
    [lost] = [i for i in cloud.world.ids() if cloud.world.record(i)["lost"]]
    before = await cloud.record(lost)
    assert (await cloud.put(lost, snooze_finish=60)).status == 204
    after = await cloud.record(lost)
    assert after["snooze_finish"] == 60
    assert after["current_state"] == before["current_state"] == "ON"
    cloud.core.clock.advance(5)
    cloud.world.reconnect(lost)
    assert (await cloud.record(lost))["current_state"] == "OFF"


@pytest.mark.parametrize(
    ("name", "method", "path"),
    [
        ("site", "GET", "/site/"),
        ("telemetry_aggregate", "GET", "/asset/{id}/telemetry/aggregate"),
        ("telemetry_instantaneous", "GET", "/asset/{id}/telemetry/instantaneous"),
        ("data_request_create", "POST", "/data_request/"),
        ("data_request", "GET", "/data_request/x"),
        ("data_request_link", "POST", "/data_request/x/link"),
        ("data_request_list", "GET", "/data_request/"),
        ("data_request_delete", "DELETE", "/data_request/x"),
    ],
)
async def test_assumed_endpoints_can_be_missing(
    cloud: Cloud, name: str, method: str, path: str
) -> None:
    cloud.world.endpoints_missing.add(name)
    answer = await cloud.call(method, path.format(id=cloud.world.ids()[0]))
    assert answer.status == 404
    assert answer.headers["Content-Type"].startswith("text/html")
    assert (await cloud.get("/asset/")).status == 200


async def test_boost_can_be_missing(cloud: Cloud) -> None:
    cloud.world.endpoints_missing.add("boost")
    lamp = cloud.world.ids("plug")[0]
    assert b"<html>" in (await cloud.put(lamp, boost_finish=60)).content
    assert (await cloud.put(lamp, snooze_finish=60)).status == 204


async def test_fields_can_be_made_odd(cloud: Cloud) -> None:
    lamp = cloud.world.ids("plug")[0]
    cloud.world.set_field(lamp, "consumption", "a lot")
    cloud.world.set_field(lamp, "delivered", MISSING)
    cloud.world.set_field(lamp, "site_name", None)
    cloud.world.set_field(lamp, "new_field", {"a": [1]})
    asset = await cloud.record(lamp)
    assert (asset["consumption"], asset["site_name"]) == ("a lot", None)
    assert "delivered" not in asset
    assert asset["new_field"] == {"a": [1]}
    for field in ("consumption", "delivered", "site_name", "new_field"):
        cloud.world.unset_field(lamp, field)
    assert set(await cloud.record(lamp)) == GUIDE_FIELDS
    cloud.world.junk = [None, "x", {}]
    answer = (await cloud.get("/asset/", offset=20, limit=5)).json
    assert answer["pagination"]["total"] == 27
    assert answer["results"][4:] == [None]
    assert (await cloud.get("/asset/", offset=25, limit=5)).results == ["x", {}]


async def test_paging_can_shift(cloud: Cloud) -> None:
    cloud.world.max_limit = 10
    cloud.world.shift_paging()
    everything = cloud.world.ids()

    async def walk() -> list[str]:
        pages = [await cloud.get("/asset/", offset=offset) for offset in (0, 10, 20)]
        return [asset["id"] for page in pages for asset in page.results]

    shifted = await walk()
    assert shifted[9] == shifted[10]
    assert set(everything) - set(shifted) == {everything[-1]}
    assert await walk() == everything


async def test_slow_answers(cloud: Cloud) -> None:
    cloud.world.simulate_slow = 0.2
    start = time.perf_counter()
    await cloud.get("/asset/", limit=1)
    assert time.perf_counter() - start >= 0.2


async def test_a_large_account_is_paged_whole(socket_enabled: None) -> None:
    async with cloud_running(assets=5_000) as cloud:
        world = cloud.world
        ids = {
            asset["id"] for offset in range(0, 5_000, 100) for asset in world.page(offset, 100)[0]
        }
        assert len(ids) == 5_000
        assert len((await cloud.get("/asset/", offset=4_900, limit=100)).results) == 100
