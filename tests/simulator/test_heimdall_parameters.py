"""What the simulated Heimdall refuses with 400, and the order of its checks."""

from datetime import timedelta

import pytest

from simulator.heimdall.endpoints import ENDPOINTS
from simulator.heimdall.query import Takes

from .support import BY_NUMBER, NOW, Answer, Api, stamp, window

HISTORIES = [endpoint.number for endpoint in ENDPOINTS if endpoint.history]
OTHERS = [endpoint.number for endpoint in ENDPOINTS if not endpoint.history]


def refused(answer: Answer, *names: str) -> None:
    """Check that an answer is problem details that blame these parameters."""
    assert answer.status == 400
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    problem = answer.json
    assert problem["status"] == 400
    assert problem["type"] == "https://tools.ietf.org/html/rfc9110#section-15.5.1"
    assert problem["title"] == "One or more validation errors occurred."
    assert set(problem["errors"]) == set(names)
    assert all(isinstance(text, str) for texts in problem["errors"].values() for text in texts)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-16",
        "2026-11-16T00:00:00",
        "2026-11-16T00:00:00+00:00",
        "2026-11-16T00:00:00 00:00",
        "2026-11-16T01:00:00+01:00",
        "2026-11-16t00:00:00z",
        "2026-11-16 00:00:00Z",
        "2026-11-16T00:00Z",
        "2026-11-16T00:00:00.Z",
        "2026-11-16T00:00:00.12345678Z",
        "2026-02-30T00:00:00Z",
        "2026-11-16T25:00:00Z",
        "1795311744",
        "now",
    ],
)
async def test_bad_timestamps(api: Api, text: str) -> None:
    answer = await api.ask("C1", since=text)
    refused(answer, "since")
    assert answer.json["errors"]["since"] == [f"The value '{text}' is not valid."]
    refused(await api.ask("G2", from_timestamp=text, to_timestamp=stamp(NOW)), "from_timestamp")


@pytest.mark.parametrize("digits", range(8))
async def test_fractions_of_up_to_seven_digits(api: Api, digits: int) -> None:
    fraction = f".{'0' * digits}" if digits else ""
    assert (await api.ask("C1", since=f"2026-11-16T12:00:00{fraction}Z")).status == 200


@pytest.mark.parametrize("number", HISTORIES)
async def test_windows(api: Api, number: str) -> None:
    whole = window(hours=1)
    for missing in whole:
        kept = {name: value for name, value in whole.items() if name != missing}
        refused(await api.ask(number, **kept), missing)
    refused(await api.ask(number), *whole)
    turned = {"from_timestamp": stamp(NOW), "to_timestamp": stamp(NOW - timedelta(seconds=1))}
    refused(await api.ask(number, **turned), "to_timestamp")
    refused(await api.ask(number, **window(days=30, seconds=1)), "to_timestamp")
    assert (await api.ask(number, **window(days=30))).status == 200


@pytest.mark.parametrize("number", ["C2", "C5"])
async def test_windows_with_spans(api: Api, number: str) -> None:
    answer = await api.ask(number, **window(days=7, seconds=1), include="spans")
    refused(answer, "to_timestamp")
    assert (await api.ask(number, **window(days=7), include="spans")).status == 200


VALUES = {
    Takes.SINCE: ("since", "2026-11-16T12:00:00Z"),
    Takes.QUANTITY: ("quantity", "apparent_power"),
    Takes.UNITS: ("unit_system", "imperial"),
    Takes.SPANS: ("include", "spans"),
    Takes.POINTS: ("include", "measurement_points"),
}


@pytest.mark.parametrize("number", BY_NUMBER)
async def test_each_endpoint_takes_only_its_own_parameters(api: Api, number: str) -> None:
    endpoint = BY_NUMBER[number]
    base = window(hours=1) if endpoint.history else {}
    for takes, (name, value) in VALUES.items():
        answer = await api.ask(number, **base, **{name: value})
        if takes in endpoint.takes:
            assert answer.status == 200, (name, value)
        else:
            refused(answer, name)
    if not endpoint.history:
        refused(await api.ask(number, **window(hours=1)), "from_timestamp", "to_timestamp")


@pytest.mark.parametrize(
    ("number", "name", "value"),
    [
        ("C1", "quantity", "Current"),
        ("C1", "quantity", ""),
        ("C1", "quantity", "mva"),
        ("F1", "quantity", "power"),
        ("C1", "include", "span"),
        ("C1", "include", "spans,spans"),
        ("G1", "include", ""),
        ("G3", "unit_system", "si"),
        ("G7", "unit_system", "Metric"),
        ("C3", "available_forecast_hours", "72"),
        ("G1", "limit", "10"),
    ],
)
async def test_unknown_values_and_names(api: Api, number: str, name: str, value: str) -> None:
    refused(await api.ask(number, **{name: value}), name)


async def test_several_errors_and_repeated_parameters(api: Api) -> None:
    refused(await api.ask("C1", since="x", quantity="y"), "since", "quantity")
    path = api.path("C1", api.lines[0])
    refused(await api.get(f"{path}?quantity=current&quantity=current"), "quantity")
    refused(await api.get("/assets/v1/assets?include=spans"), "include")


@pytest.mark.parametrize(
    "bad",
    [
        "1",
        "11000000-0000-4000-8000-00000000000",
        "11000000-0000-4000-8000-00000000000g",
        "1100000000004000800000000000000a",
        "{11000000-0000-4000-8000-00000000000a}",
        "11000000-0000-4000-8000-00000000000A",
    ],
)
async def test_malformed_ids(api: Api, bad: str) -> None:
    refused(await api.get(f"/capacity_monitoring/v1/lines/{bad}/heimdall_dlrs/latest"), "line_id")
    path = f"/capacity_monitoring/v1/facilities/{bad}/circuit_ratings/latest"
    refused(await api.get(path), "facility_id")


@pytest.mark.parametrize(
    ("region", "status"), [("eu", 200), ("us", 200), ("EU", 400), ("no", 400), ("", 400)]
)
async def test_region(api: Api, region: str, status: int) -> None:
    for path in ("/assets/v1/assets", api.path("G1", api.lines[0])):
        answer = await api.get(path, {"x-region": region})
        assert answer.status == status
        if status == 400:
            refused(answer, "x-region")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD", "PATCH"])
async def test_only_get(api: Api, method: str) -> None:
    await api.log_in()
    own = {"Authorization": f"Bearer {api.token}"}
    for path in ("/assets/v1/assets", api.path("G1", api.lines[0])):
        answer = await api.call(method, path, headers=own)
        assert (answer.status, answer.headers["Allow"]) == (405, "GET")


async def test_checks_come_in_order(api: Api) -> None:
    line = api.lines[0]
    api.world.forbid(line.id)
    path = f"{api.path('G1', line)}?since=bad"
    assert (await api.call("GET", path)).status == 401
    assert (await api.get(path)).status == 400
    assert (await api.ask("G1", line)).status == 403
    assert (await api.get("/no/such/path")).status == 404
    assert (await api.call("GET", "/no/such/path")).status == 401
