"""The numbers of the simulated Heimdall agree with each other."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
import math
from typing import Any

import pytest

from simulator.clock import Clock
from simulator.heimdall.assets import Line, Product

from .support import NOW, Api, stamp, window

LEVELS = ("prediction", "p80", "p90", "p95", "p99")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def offering(api: Api, *products: str) -> list[Line]:
    now = NOW.timestamp()
    wanted = {Product(product) for product in products}
    return [line for line in api.lines if wanted <= line.products and line.instrumented(now)]


def readings(breakdown: list[Any], key: str) -> dict[str, list[Any]]:
    """Return the raw readings by span."""
    return {
        span["span_id"]: [
            reading
            for phase in span["span_phases"]
            for point in phase["measurement_points"]
            for reading in point[key]
        ]
        for span in breakdown
    }


@pytest.mark.parametrize("kind", ["dlr", "aar"])
async def test_line_rating_is_that_of_the_lowest_span(api: Api, kind: str) -> None:
    latest, history = ("C1", "C2") if kind == "dlr" else ("C4", "C5")
    for line in offering(api, kind):
        if kind == "dlr" and not line.span_ratings_stored:
            continue
        data = await api.values(latest, line, include="spans")
        whole, parts = data[f"heimdall_{kind}"], data[f"heimdall_span_{kind}s"]
        lowest = min(parts, key=lambda part: part[f"heimdall_{kind}"]["value"])
        assert lowest["span_id"] == whole["at_span_id"]
        assert lowest[f"heimdall_{kind}"]["value"] == whole["value"]
        assert {part[f"heimdall_{kind}"]["timestamp"] for part in parts} == {whole["timestamp"]}
        series = await api.values(history, line, **window(hours=2), include="spans")
        assert series[f"heimdall_{kind}s"][-1] == whole
        for part in series[f"heimdall_span_{kind}s"]:
            times = [entry["timestamp"] for entry in part[f"heimdall_{kind}s"]]
            assert times == [entry["timestamp"] for entry in series[f"heimdall_{kind}s"]]
            assert times == sorted(times)


@pytest.mark.parametrize(
    ("latest", "history", "one", "many"),
    [
        ("C1", "C2", "heimdall_dlr", "heimdall_dlrs"),
        ("C4", "C5", "heimdall_aar", "heimdall_aars"),
        ("F1", "F2", "circuit_rating", "circuit_ratings"),
        ("G1", "G2", "current", "currents"),
        ("G3", "G4", "conductor_temperature", "conductor_temperatures"),
        ("G5", "G6", "apparent_power", "apparent_powers"),
    ],
)
async def test_history_agrees_with_latest(
    api: Api, clock: Clock, latest: str, history: str, one: str, many: str
) -> None:
    line = api.lines[0]
    seen = []
    for _ in range(6):
        seen.append((await api.values(latest, line))[one])
        clock.advance(300)
    data = await api.values(
        history,
        line,
        from_timestamp=seen[0]["timestamp"],
        to_timestamp=seen[-1]["timestamp"],
    )
    assert all(value in data[many] for value in seen)
    # Both ends are inside, and nothing is outside.
    assert data[many][0] == seen[0]
    assert data[many][-1] == seen[-1]


@pytest.mark.parametrize(
    ("latest", "history", "key"), [("G7", "G8", "icing"), ("G10", "G11", "sag_and_clearance")]
)
async def test_phase_history_agrees_with_latest(
    api: Api, latest: str, history: str, key: str
) -> None:
    now = (await api.values(latest))[key]
    past = (await api.values(history, **window(hours=6)))[key]
    for span, before in zip(now["spans"], past["spans"], strict=True):
        assert span["span_id"] == before["span_id"]
        assert all(phase in before["span_phases"] for phase in span["span_phases"])
        for phase in span["span_phases"]:
            own = [
                at(p["timestamp"])
                for p in before["span_phases"]
                if p["span_phase_id"] == phase["span_phase_id"]
            ]
            assert len(own) == 12
            assert {b - a for a, b in pairwise(own)} == {timedelta(minutes=30)}


async def test_extremes_are_those_of_the_phases(api: Api) -> None:
    for line in offering(api, "icing"):
        icing = (await api.values("G8", line, **window(days=3)))["icing"]
        phases = [p for s in icing["spans"] for p in s["span_phases"]]
        for key, top in icing["max"].items():
            assert top["value"] == max(p[key]["value"] for p in phases)
    for line in offering(api, "sag"):
        sag = (await api.values("G11", line, **window(days=3)))["sag_and_clearance"]
        phases = [p for s in sag["spans"] for p in s["span_phases"]]
        assert sag["max_sag"]["value"] == max(p["sag"]["value"] for p in phases)
        if line.clearance:
            lowest = min(p["clearance"]["value"] for p in phases)
            assert sag["min_clearance"]["value"] == lowest > 0
        else:
            assert sag["min_clearance"] is None
            assert all(p["clearance"] is None for p in phases)


async def test_mva_comes_from_the_voltage(api: Api) -> None:
    for line in offering(api, "circuit"):
        facility = api.world.facility_of(line.id)
        factor = math.sqrt(3) * (facility.operational_voltage or facility.nominal_voltage) / 1e6
        current = (await api.values("G1", line))["current"]
        power = (await api.values("G5", line))["apparent_power"]
        assert power["value"] == pytest.approx(current["value"] * factor, abs=0.001)
        assert power | {"value": current["value"]} == current
        for number, key in (("C1", "heimdall_dlr"), ("F1", "circuit_rating")):
            amperes = (await api.values(number, line))[key]
            mva = (await api.values(number, line, quantity="apparent_power"))[key]
            assert mva["value"] == pytest.approx(amperes["value"] * factor, abs=0.001)
            assert mva | {"value": amperes["value"]} == amperes


async def test_line_current_is_the_maximum_of_five_minutes(api: Api) -> None:
    for line in offering(api, "current"):
        data = await api.values("G2", line, **window(hours=3), include="measurement_points")
        by_span = readings(data["measurement_point_currents"], "currents")
        values = [point["value"] for point in data["currents"]]
        assert all(a != b for a, b in pairwise(values))
        for point in data["currents"][2:]:
            end = at(point["timestamp"])
            inside = [
                (reading["value"], span)
                for span, found in by_span.items()
                for reading in found
                if end - timedelta(minutes=5) < at(reading["timestamp"]) <= end
            ]
            assert point["value"] == round(max(inside)[0] * line.sub_conductors, 1)
            assert (max(inside)[0], point["at_span_id"]) in inside
            assert end in {at(r["timestamp"]) for found in by_span.values() for r in found}


async def test_line_temperatures_are_the_extremes_of_five_minutes(api: Api) -> None:
    for line in offering(api, "temperature"):
        data = await api.values("G4", line, **window(hours=1), include="measurement_points")
        found = readings(data["measurement_point_temperatures"], "temperatures")
        for point in data["conductor_temperatures"][2:]:
            end = at(point["timestamp"])
            inside = [
                reading["value"]
                for part in found.values()
                for reading in part
                if end - timedelta(minutes=5) < at(reading["timestamp"]) <= end
            ]
            assert point["max"] == max(inside)
            assert point["min"] in {min(inside), None}
            assert point["min"] is None or point["min"] <= point["max"]


async def test_circuit_is_below_the_line(api: Api) -> None:
    components: set[bool] = set()
    for line in offering(api, "circuit"):
        names = {c.id: c for c in api.world.facility_of(line.id).components}
        dlrs = (await api.values("C2", line, **window(days=2)))["heimdall_dlrs"]
        circuits = (await api.values("F2", line, **window(days=2)))["circuit_ratings"]
        for dlr, circuit in zip(dlrs, circuits, strict=True):
            assert dlr["timestamp"] == circuit["timestamp"]
            assert circuit["value"] <= dlr["value"]
            if (limiting := circuit["at_facility_component_id"]) is not None:
                assert circuit["value"] == names[limiting].steady
            components.add(limiting is None)
    assert components == {True, False}


async def test_transient_ratings(api: Api) -> None:
    for line in offering(api, "transient", "circuit_transient"):
        dlr = (await api.values("C1", line))["heimdall_dlr"]
        own = (await api.values("C7", line))["line_transient_rating"]
        circuit = (await api.values("F4", line))["circuit_transient_rating"]
        values = [rating["value"] for rating in own["ratings"]]
        minutes = [rating["duration_minutes"] for rating in own["ratings"]]
        assert minutes == sorted(set(minutes))
        assert all(1 <= duration <= 60 for duration in minutes)
        assert all(a > b for a, b in pairwise([*values, dlr["value"]]))
        assert own["timestamp"] == circuit["timestamp"] == dlr["timestamp"]
        for mine, capped in zip(own["ratings"], circuit["ratings"], strict=True):
            assert capped["duration_minutes"] == mine["duration_minutes"]
            assert capped["value"] <= mine["value"]
            assert (capped["limiting_component_id"] is None) == (capped["value"] == mine["value"])


async def test_forecasts(api: Api) -> None:
    for line in offering(api, "dlr_forecast", "circuit_forecast"):
        dlr = await api.values("C3", line)
        aar = await api.values("C6", line)
        circuit = await api.values("F3", line)
        buckets = dlr["heimdall_dlr_forecasts"]
        assert len(buckets) == len(circuit["circuit_rating_forecasts"]) == 72
        assert len(aar["heimdall_aar_forecasts"]) == line.forecast_hours
        assert NOW - timedelta(hours=1) <= at(dlr["updated_timestamp"]) <= NOW
        assert dlr["updated_timestamp"] == circuit["updated_timestamp"]
        for series in (buckets, aar["heimdall_aar_forecasts"]):
            times = [at(bucket["timestamp"]) for bucket in series]
            assert {b - a for a, b in pairwise(times)} == {timedelta(hours=1)}
            assert times[0] > at(dlr["updated_timestamp"])
            assert times[0].minute == times[0].second == 0
            for bucket in series:
                values = [bucket[level]["value"] for level in LEVELS]
                assert values == sorted(values, reverse=True)
                assert values[-1] > 0
        for own, limited in zip(buckets, circuit["circuit_rating_forecasts"], strict=True):
            assert own["timestamp"] == limited["timestamp"]
            assert all(limited[level]["value"] <= own[level]["value"] for level in LEVELS)


async def test_forecast_comes_true(api: Api, clock: Clock) -> None:
    line = api.lines[0]
    bucket = (await api.values("C3", line))["heimdall_dlr_forecasts"][1]
    clock.advance((at(bucket["timestamp"]) - NOW).total_seconds())
    actual = (await api.values("C1", line))["heimdall_dlr"]
    assert actual["timestamp"] == bucket["timestamp"]
    assert actual["value"] == pytest.approx(bucket["prediction"]["value"], rel=0.1)


@pytest.mark.parametrize(
    ("forecast", "history", "key"), [("C3", "C2", "heimdall_dlr"), ("C6", "C5", "heimdall_aar")]
)
async def test_forecasts_are_undercut_as_often_as_they_say(
    api: Api, clock: Clock, forecast: str, history: str, key: str
) -> None:
    """Over four weeks, each day forecast the day before."""
    line = api.lines[0]
    start = clock.now()
    forecasts: dict[datetime, dict[str, float]] = {}
    for _ in range(28):
        for bucket in (await api.values(forecast, line))[f"{key}_forecasts"][:24]:
            forecasts[at(bucket["timestamp"])] = {one: bucket[one]["value"] for one in LEVELS}
        clock.advance(86_400)
    span = {
        "from_timestamp": stamp(datetime.fromtimestamp(start, UTC)),
        "to_timestamp": stamp(datetime.fromtimestamp(clock.now(), UTC)),
    }
    came = {
        at(one["timestamp"]): one["value"]
        for one in (await api.values(history, line, **span))[f"{key}s"]
    }
    hours = forecasts.keys() & came.keys()
    assert len(hours) > 27 * 24
    shares = {
        level: sum(came[hour] < forecasts[hour][level] for hour in hours) / len(hours)
        for level in LEVELS
    }
    expected = {"prediction": 0.5, "p80": 0.2, "p90": 0.1, "p95": 0.05, "p99": 0.01}
    assert shares == pytest.approx(expected, abs=0.02)


async def test_icing_forecast(api: Api) -> None:
    for line in offering(api, "icing_forecast"):
        icing = (await api.values("G9", line))["icing"]
        points = []
        for span in icing["spans"]:
            for phase in span["span_phases"]:
                times = [at(point["timestamp"]) for point in phase["forecast"]]
                assert len(times) == 144
                assert {b - a for a, b in pairwise(times)} == {timedelta(minutes=30)}
                assert NOW < times[0] <= NOW + timedelta(minutes=30)
                points += [point["ice_weight"]["value"] for point in phase["forecast"]]
        assert icing["max"]["ice_weight"]["value"] == max(points)


@pytest.mark.parametrize("month", [1, 4, 7, 10])
async def test_evening_peak_overloads_the_first_line(api: Api, clock: Clock, month: int) -> None:
    line = api.lines[0]
    day = datetime(2027, month, 20, tzinfo=UTC)
    clock.advance((day + timedelta(days=1) - NOW).total_seconds())
    noon, evening = [
        {
            "from_timestamp": stamp(day + timedelta(hours=start)),
            "to_timestamp": stamp(day + timedelta(hours=end)),
        }
        for start, end in ((11, 13), (17.1, 19.9))
    ]
    for span, low, high in ((noon, 30, 90), (evening, 100, 130)):
        limits = [
            min(v["value"] for v in (await api.values(number, line, **span))[key])
            for number, key in (
                ("F2", "circuit_ratings"),
                ("C2", "heimdall_dlrs"),
                ("C5", "heimdall_aars"),
            )
        ]
        for current in (await api.values("G2", line, **span))["currents"]:
            assert low < 100 * current["value"] / min(limits) < high


async def test_cold_spell_ices_the_second_line(api: Api, clock: Clock) -> None:
    line = api.lines[1]
    iced = 0
    for _ in range(48):
        clock.advance(4 * 3600)
        ice = (await api.values("G7", line))["icing"]["max"]["ice_weight"]["value"]
        assert ice > 0
        iced += ice > 0.3
        forecast = (await api.values("G9", line))["icing"]["max"]["ice_weight"]
        assert forecast["value"] > 0.3
    assert iced > 30


@pytest.mark.parametrize("number", ["C2", "C5", "F2", "G2", "G4", "G6", "G8", "G11"])
async def test_a_month_is_fast(api: Api, number: str) -> None:
    await api.log_in()
    line = api.line_for(number)
    answer = await api.ask(number, line, **window(days=30))
    assert answer.status == 200


async def test_seeds_and_times_decide_everything(api: Api, clock: Clock) -> None:
    line = api.lines[0]
    asked = window(hours=1)
    before = await api.values("G2", line, **asked)
    clock.advance(7 * 86_400)
    assert await api.values("G2", line, **asked) == before


@pytest.mark.parametrize("product", ["dlr", "aar"])
async def test_there_is_a_newest_rating_at_any_time(api: Api, clock: Clock, product: str) -> None:
    """A step of ratings may end within a second."""
    line = offering(api, product)[0]
    clock.advance(-line.newest(clock.now()) % 300)
    endpoint = "C1" if product == "dlr" else "C4"
    times = set[str]()
    for seconds in (0.0, 0.4, 298.8, 0.4, 0.3):
        clock.advance(seconds)
        data = await api.values(endpoint, line)
        times.add(data[f"heimdall_{product}"]["timestamp"])
    assert len(times) == 1
