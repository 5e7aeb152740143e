"""When the simulated Heimdall has no data: 404, 403, empty lists, `since`."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from simulator.clock import Clock
from simulator.heimdall.assets import Line, Product

from .support import BY_NUMBER, NOW, Api, stamp, window

ICE_AND_SAG = ("G7", "G8", "G9", "G10", "G11")
# Where the timestamp of a scalar "latest" is.
SCALARS = {
    "C1": "heimdall_dlr",
    "C4": "heimdall_aar",
    "C7": "line_transient_rating",
    "F1": "circuit_rating",
    "F4": "circuit_transient_rating",
    "G1": "current",
    "G3": "conductor_temperature",
    "G5": "apparent_power",
}
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def params(number: str) -> dict[str, str]:
    return window(hours=3) if BY_NUMBER[number].history else {}


def lists(value: Any) -> list[list[Any]]:
    return [item for item in value.values() if isinstance(item, list)]


@pytest.mark.parametrize("number", SCALARS)
async def test_since(api: Api, number: str) -> None:
    newest = datetime.fromisoformat((await api.values(number))[SCALARS[number]]["timestamp"])
    assert newest <= NOW
    assert (await api.ask(number, since=stamp(newest))).status == 200
    assert (await api.ask(number, since=stamp(newest + timedelta(milliseconds=1)))).status == 404
    assert (await api.ask(number, since=stamp(NOW + timedelta(hours=1)))).status == 404


@pytest.mark.parametrize(("number", "key"), [("G7", "icing"), ("G10", "sag_and_clearance")])
async def test_since_filters_phases(api: Api, number: str, key: str) -> None:
    def phases(data: Any) -> list[str]:
        return [p["timestamp"] for s in data[key]["spans"] for p in s["span_phases"]]

    everything = phases(await api.values(number))
    newest = max(map(datetime.fromisoformat, everything))
    some = phases(await api.values(number, since=stamp(newest)))
    assert 1 <= len(some) < len(everything)
    assert (await api.ask(number, since=stamp(newest + timedelta(seconds=1)))).status == 404


@pytest.mark.parametrize("number", ["G7", "G10"])
async def test_since_is_30_minutes_by_default(api: Api, clock: Clock, number: str) -> None:
    line = api.line_for(number)
    api.world.freeze(line.id, NOW.timestamp())
    clock.advance(1700)
    assert (await api.ask(number)).status in {200, 404}
    clock.advance(1900)
    assert (await api.ask(number)).status == 404
    assert (await api.ask(number, since=stamp(NOW - timedelta(hours=1)))).status == 200


@pytest.mark.parametrize("number", BY_NUMBER)
async def test_unknown_ids(api: Api, number: str) -> None:
    path = BY_NUMBER[number].path.format(line_id=UNKNOWN, facility_id=UNKNOWN)
    answer = await api.get(path, **params(number))
    assert answer.status == 404
    assert answer.json["title"] == "Not Found"
    api.world.unknown_id_status = 403
    answer = await api.get(path, **params(number))
    assert (answer.status, answer.json["status"]) == (403, 403)


@pytest.mark.parametrize("number", BY_NUMBER)
async def test_the_wrong_kind_of_id_is_unknown(api: Api, number: str) -> None:
    line = api.line_for(number)
    facility = api.world.facility_of(line.id)
    path = BY_NUMBER[number].path.format(line_id=facility.id, facility_id=line.id)
    assert (await api.get(path, **params(number))).status == 404


@pytest.mark.parametrize("number", BY_NUMBER)
async def test_removed_product(api: Api, number: str) -> None:
    line = api.line_for(number)
    facility = api.world.facility_of(line.id)
    assert (await api.ask(number, line, **params(number))).status == 200
    api.world.remove_product(facility.id, BY_NUMBER[number].product)
    assert (await api.ask(number, line, **params(number))).status == 404
    api.world.add_product(line.id, BY_NUMBER[number].product)
    assert (await api.ask(number, line, **params(number))).status == 200


@pytest.mark.parametrize("number", BY_NUMBER)
async def test_line_without_sensors(api: Api, number: str) -> None:
    line = api.line_for(number)
    api.world.set_instrumented(line.id, False)
    answer = await api.ask(number, line, **params(number))
    if BY_NUMBER[number].history and number not in ICE_AND_SAG:
        assert lists(answer.data) == [[]]
    else:
        assert answer.status == 404


@pytest.mark.parametrize("number", BY_NUMBER)
async def test_line_that_never_had_sensors(api: Api, number: str) -> None:
    bare = next(line for line in api.lines if not line.instrumented(NOW.timestamp()))
    api.world.add_product(bare.id, BY_NUMBER[number].product)
    answer = await api.ask(number, bare, **params(number))
    if BY_NUMBER[number].history and number not in ICE_AND_SAG:
        assert lists(answer.data) == [[]]
    else:
        assert answer.status == 404


@pytest.mark.parametrize("number", ["C2", "C5", "G2", "G4"])
async def test_breakdown_of_a_line_without_sensors(api: Api, number: str) -> None:
    bare = next(line for line in api.lines if not line.instrumented(NOW.timestamp()))
    include = "spans" if number[0] == "C" else "measurement_points"
    data = await api.values(number, bare, **params(number), include=include)
    assert lists(data) == [[], []]


@pytest.mark.parametrize("number", [n for n in BY_NUMBER if BY_NUMBER[n].history])
async def test_windows_without_data(api: Api, number: str) -> None:
    for start in (NOW + timedelta(days=1), datetime.fromisoformat("2020-01-01T00:00:00Z")):
        empty = {
            "from_timestamp": stamp(start),
            "to_timestamp": stamp(start + timedelta(hours=1)),
        }
        answer = await api.ask(number, **empty)
        if number in ICE_AND_SAG:
            assert answer.status == 404
        else:
            assert lists(answer.data) == [[]]


@pytest.mark.parametrize("number", [n for n in BY_NUMBER if n[0] in "CF"])
async def test_no_mva_without_a_voltage(api: Api, number: str) -> None:
    line = api.line_for(number)
    facility = api.world.facility_of(line.id)
    api.world.set_voltage(facility.id, 0, -1)
    assert (await api.ask(number, line, **params(number))).status == 200
    answer = await api.ask(number, line, **params(number), quantity="apparent_power")
    assert answer.status == 404


@pytest.mark.parametrize("number", ["G5", "G6"])
async def test_no_apparent_power_without_a_voltage(api: Api, number: str) -> None:
    line = api.line_for(number)
    api.world.set_voltage(api.world.facility_of(line.id).id, 0, None)
    assert (await api.ask(number, line, **params(number))).status == 404


async def test_icing_forecast_needs_a_young_current(api: Api, clock: Clock) -> None:
    line = api.line_for("G9")
    api.world.freeze(line.id, NOW.timestamp())
    clock.advance(1199)
    assert (await api.ask("G9")).status == 200
    clock.advance(2)
    assert (await api.ask("G9")).status == 404
    api.world.freeze(line.id, None)
    assert (await api.ask("G9")).status == 200
    api.world.remove_product(line.id, Product.CURRENT)
    assert (await api.ask("G9")).status == 404


async def test_span_ratings_of_the_legacy_path_are_empty(api: Api) -> None:
    legacy = next(line for line in api.lines if not line.span_ratings_stored)
    data = await api.values("C1", legacy, include="spans")
    assert data["heimdall_span_dlrs"] == []
    assert data["heimdall_dlr"]["value"] > 0
    data = await api.values("C2", legacy, **window(hours=1), include="spans")
    assert data["heimdall_span_dlrs"] == []
    assert len(data["heimdall_dlrs"]) == 12
    assert (await api.values("C4", legacy, include="spans"))["heimdall_span_aars"]


async def test_404_may_be_empty(api: Api) -> None:
    api.world.empty_not_found = True
    answer = await api.ask("G7", api.lines[0])
    assert (answer.status, answer.body) == (404, b"")


async def test_facility_without_a_line(api: Api) -> None:
    bay = next(f for f in api.world.facilities() if f.line is None)
    for number in ("F1", "F3", "F4"):
        assert (await api.get(BY_NUMBER[number].path.format(facility_id=bay.id))).status == 404


async def test_forbidden(api: Api) -> None:
    line = api.lines[0]
    facility = api.world.facility_of(line.id)
    api.world.forbid(line.id)
    answer = await api.ask("G1", line)
    assert (answer.status, answer.json["status"]) == (403, 403)
    assert (await api.ask("F1", line)).status == 200
    api.world.forbid(facility.id)
    assert (await api.ask("F1", line)).status == 403
    api.world.allow(line.id)
    assert (await api.ask("G1", line)).status == 200


@pytest.mark.parametrize("number", SCALARS)
async def test_frozen_line_grows_old(api: Api, clock: Clock, number: str) -> None:
    line: Line = api.line_for(number)
    before = (await api.values(number))[SCALARS[number]]
    api.world.freeze(line.id, NOW.timestamp())
    clock.advance(3600)
    assert (await api.values(number))[SCALARS[number]] == before
    assert (await api.ask(number, since=stamp(NOW))).status == 404
    api.world.freeze(line.id, None)
    assert (await api.values(number))[SCALARS[number]] != before
