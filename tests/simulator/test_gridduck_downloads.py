"""The simulated GridDuck: data requests and downloads."""

from collections.abc import AsyncGenerator
import csv
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest

from simulator.gridduck import CsvStyle
from simulator.gridduck.load import DAY, HOUR
from tests.simulator.test_gridduck_cloud import NOON, Answer, Cloud, cloud_running

SPAN = {"from": NOON - DAY, "to": NOON}
GOOD = {"granularity": "hour", "type": "delivered", **SPAN}


@pytest.fixture
async def cloud(socket_enabled: None) -> AsyncGenerator[Cloud]:
    async with cloud_running() as running:
        yield running


async def order(cloud: Cloud, *asset_ids: str, **change: object) -> Answer:
    return await cloud.call(
        "POST", "/data_request/", json={"asset_ids": list(asset_ids)} | GOOD | change
    )


async def link(cloud: Cloud, *asset_ids: str, **change: object) -> str:
    """Order, wait and return the address to download from."""
    request_id = (await order(cloud, *asset_ids, **change)).json["id"]
    cloud.core.clock.advance(90)
    url: str = (await cloud.call("POST", f"/data_request/{request_id}/link")).json["url"]
    return url


async def test_a_data_request_takes_its_time(cloud: Cloud) -> None:
    answer = await order(cloud, cloud.world.ids()[0])
    assert answer.status == 201
    request_id = answer.json["id"]
    assert answer.json == {"id": request_id, "status": "pending"}
    seen = []
    for _ in range(4):
        status = (await cloud.get(f"/data_request/{request_id}")).json
        assert status["id"] == request_id
        seen.append(status["status"])
        if status["status"] != "ready":
            early = await cloud.call("POST", f"/data_request/{request_id}/link")
            assert (early.status, early.json["error"]) == (409, "conflict")
        cloud.core.clock.advance(30)
    assert seen == ["pending", "processing", "processing", "ready"]


async def test_a_data_request_can_fail(cloud: Cloud) -> None:
    cloud.world.data_requests_fail = True
    cloud.world.data_request_seconds = 0
    request_id = (await order(cloud, cloud.world.ids()[0])).json["id"]
    assert (await cloud.get(f"/data_request/{request_id}")).json["status"] == "failed"
    assert (await cloud.call("POST", f"/data_request/{request_id}/link")).status == 409


@pytest.mark.parametrize(
    "change",
    [
        {"asset_ids": []},
        {"asset_ids": "x"},
        {"asset_ids": [1]},
        {"type": "power"},
        {"granularity": "week"},
        {"from": NOON},
        {"from": "2026-01-01"},
        {"from": -1},
        {"more": 1},
    ],
)
async def test_bad_orders_are_400(cloud: Cloud, change: dict[str, object]) -> None:
    answer = await order(cloud, cloud.world.ids()[0], **change)
    assert (answer.status, answer.json["error"]) == (400, "bad_request")


async def test_orders_for_what_is_not_there(cloud: Cloud) -> None:
    known = cloud.world.ids()[0]
    assert (await order(cloud, known, "no-such")).status == 404
    assert (await order(cloud, known, known)).status == 400
    assert (await cloud.call("POST", "/data_request/", json={"type": "delivered"})).status == 400
    assert (await cloud.get("/data_request/no-such")).status == 404
    assert (await cloud.call("POST", "/data_request/no-such/link")).status == 404


async def test_a_link_is_for_those_without_credentials(cloud: Cloud) -> None:
    url = await link(cloud, cloud.world.ids()[0])
    assert url.startswith(cloud.service.base_url)
    for headers in ({"Authorization": f"Bearer {cloud.token}"}, {"Authorization": "Basic eDp5"}):
        answer = await cloud.call("GET", url, token="", headers=headers)
        assert answer.status == 400
        assert b"InvalidArgument" in answer.content
    assert (await cloud.call("GET", url, token="")).status == 200
    assert (
        await cloud.call("GET", url.replace("/download/", "/download/x"), token="")
    ).status == 404
    cloud.core.clock.advance(300)
    late = await cloud.call("GET", url, token="")
    assert late.status == 403
    assert b"AccessDenied" in late.content


async def test_csv_agrees_with_telemetry(cloud: Cloud) -> None:
    lamp = cloud.world.ids("plug")[0]
    answer = await cloud.call("GET", await link(cloud, lamp), token="")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert lamp in answer.headers["Content-Disposition"]
    header, *rows = csv.reader(StringIO(answer.content.decode()))
    assert header == ["time", "Lamp delivered (Wh)"]
    assert rows[0][0] == "2026-11-24T12:00:00Z"
    points = (await cloud.get(f"/asset/{lamp}/telemetry/aggregate", **GOOD)).results
    assert [float(value) for _, value in rows] == [point["value"] for point in points]
    assert len(rows) == 24


async def test_several_assets_come_as_a_zip(cloud: Cloud) -> None:
    ids = cloud.world.ids("freezer")
    answer = await cloud.call("GET", await link(cloud, *ids, type="temperature"), token="")
    assert answer.headers["Content-Type"] == "application/zip"
    with ZipFile(BytesIO(answer.content)) as archive:
        names = archive.namelist()
        assert len(names) == len(ids) == 3
        for name, asset_id in zip(names, ids, strict=True):
            assert name.endswith(f"_{asset_id}.csv")
            rows = list(csv.reader(StringIO(archive.read(name).decode())))
            assert len(rows) == 25
            assert rows[0][1] == f"{cloud.world.assets[asset_id].name} temperature (°C)"


async def test_csv_can_be_as_spreadsheets_write_it(cloud: Cloud) -> None:
    freezer = cloud.world.ids("freezer")[0]
    cloud.world.csv = CsvStyle(
        bom=True, delimiter=";", newline="\r\n", unix_time=True, blank_lines=True, quoted=True
    )
    content = (await cloud.call("GET", await link(cloud, freezer), token="")).content
    assert content.startswith(b'\xef\xbb\xbf"time";')
    assert b"\r\n\r\n" in content
    assert content.count(b"\n") == content.count(b"\r\n")
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0] == ["time", 'Café "Quayside", freezer delivered (Wh)']
    assert rows[1][0] == str(NOON - DAY)
    assert len([row for row in rows if row]) == 25


async def test_a_file_stays_what_it_was(cloud: Cloud) -> None:
    lamp = cloud.world.ids("plug")[0]
    url = await link(cloud, lamp, to=NOON + HOUR, granularity="half_hour")
    first = await cloud.call("GET", url, token="")
    cloud.core.clock.advance(200)
    cloud.world.rename_asset(lamp, "Torch")
    again = await cloud.call("GET", url, token="")
    assert again.content.split(b"\n")[1:] == first.content.split(b"\n")[1:]


async def test_data_requests_are_listed_and_deleted(cloud: Cloud) -> None:
    """A list has pages; what is being prepared cannot be deleted, and a link goes with it."""
    lamp = cloud.world.ids()[0]
    made = [(await order(cloud, lamp)).json["id"] for _ in range(3)]
    page = (await cloud.get("/data_request/", offset=1, limit=1)).json
    assert page["pagination"] == {"offset": 1, "limit": 1, "total": 3}
    assert page["results"] == [
        {
            "id": made[1],
            "status": "pending",
            "created": NOON,
            "asset_ids": [lamp],
            **GOOD,
        }
    ]
    path = f"/data_request/{made[1]}"
    assert (await cloud.call("DELETE", path)).status == 409
    cloud.core.clock.advance(90)
    url = (await cloud.call("POST", f"{path}/link")).json["url"]
    assert (await cloud.call("DELETE", path)).status == 204
    assert (await cloud.call("DELETE", path)).status == 404
    assert (await cloud.get("/data_request/")).json["pagination"]["total"] == 2
    assert (await cloud.call("GET", url, token="")).status == 404


async def test_a_link_to_share(cloud: Cloud) -> None:
    """It works for as long as was asked for, up to the longest that there is."""
    request_id = (await order(cloud, cloud.world.ids()[0])).json["id"]
    cloud.core.clock.advance(90)
    path = f"/data_request/{request_id}/link"
    shared = (await cloud.call("POST", path, json={"expires_in": 3_600})).json
    assert shared["expires_in"] == 3_600
    cloud.world.longest_link = 60
    assert (await cloud.call("POST", path, json={"expires_in": 3_600})).json["expires_in"] == 60
    assert (await cloud.call("POST", path, json={"expires_in": 0})).status == 400
    cloud.core.clock.advance(3_599)
    assert (await cloud.call("GET", shared["url"], token="")).status == 200
    cloud.core.clock.advance(1)
    assert (await cloud.call("GET", shared["url"], token="")).status == 403
