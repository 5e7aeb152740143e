"""What the action `get_history` answers: windows that are joined."""

from datetime import datetime, timedelta
from typing import Any, Literal

from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest

from custom_components.gridduck_heimdall.api.errors import ServerError
from custom_components.gridduck_heimdall.api.heimdall import Quantity, UnitSystem
from custom_components.gridduck_heimdall.heimdall.history_response import (
    HISTORY_KINDS,
    async_history,
)

from .history_support import Truth, failing
from .home import Home


async def history(
    home: Home, kind: str, *, days: float, device: tuple[str, str] | None = None, **more: Any
) -> dict[str, Any]:
    found = home.device(*(device or ("line", home.icy_line)))
    assert found is not None
    now = dt_util.utcnow()
    question: dict[str, Any] = {
        "quantity": Quantity.CURRENT,
        "unit_system": UnitSystem.METRIC,
        "include": False,
    }
    return await async_history(
        home.account, found, kind, now - timedelta(days=days), now, **question | more
    )


def times(items: list[dict[str, Any]]) -> list[datetime]:
    found = [datetime.fromisoformat(item["timestamp"]) for item in items]
    assert found == sorted(found)
    return found


def truth(home: Home, days: float) -> Truth:
    now = dt_util.utcnow().timestamp()
    found = Truth(home, home.icy_line, 0, now)
    found.start = now - days * 86_400
    return found


@pytest.mark.parametrize(
    ("kind", "key"),
    [("dlr", "heimdall_dlrs"), ("aar", "heimdall_aars"), ("circuit_rating", "circuit_ratings")],
)
async def test_ratings_of_seventy_days(
    home: Home, kind: Literal["dlr", "aar", "circuit_rating"], key: str
) -> None:
    await home.open()
    home.forget_calls()
    answer = await history(home, kind, days=70)
    assert len(home.simulator.calls.list(path=f"{key}$")) == 3
    assert answer["no_data"] == []
    found = answer[kind]
    assert found["unit"] == "Ampere"
    rated = truth(home, 70).rating("circuit" if kind == "circuit_rating" else kind)
    # The windows meet on the full five minutes, which both of them answer with.
    assert [when.timestamp() for when in times(found[key])] == [at for at, _ in rated]
    assert [item["value"] for item in found[key]] == [value for _, value in rated]
    assert "(malformed)" not in found


async def test_current_of_seventy_days(home: Home) -> None:
    await home.open()
    answer = await history(home, "current", days=70)
    assert [item["value"] for item in answer["current"]["currents"]] == [
        value for _, value in truth(home, 70).current()
    ]
    assert answer["current"]["measurement_point_currents"] is None
    assert len(times(answer["current"]["currents"])) > 19_000


async def test_spans_are_joined(home: Home) -> None:
    await home.open()
    home.forget_calls()
    answer = (await history(home, "dlr", days=20, include=True))["dlr"]
    queries = [call.query for call in home.simulator.calls.list(path="heimdall_dlrs$")]
    assert len(queries) == 3
    assert {query["include"] for query in queries} == {"spans"}
    spans = answer["heimdall_span_dlrs"]
    line = home.world.line(home.icy_line)
    assert [span["span_id"] for span in spans] == [span.id for span in line.spans]
    for span in spans:
        assert times(span["heimdall_dlrs"]) == times(answer["heimdall_dlrs"])


async def test_sensors_are_joined(home: Home) -> None:
    await home.open()
    answer = (await history(home, "conductor_temperature", days=9, include=True))[
        "conductor_temperature"
    ]
    points = [
        point
        for span in answer["measurement_point_temperatures"]
        for phase in span["span_phases"]
        for point in phase["measurement_points"]
    ]
    sensors = [point.id for _, _, point in home.world.line(home.icy_line).sensors()]
    assert sorted(point["measurement_point_id"] for point in points) == sorted(sensors)
    for point in points:
        found = times(point["temperatures"])
        assert len(found) == len(set(found)) == 9 * 1440


async def test_icing_has_the_extremes_of_the_whole_range(home: Home) -> None:
    await home.open()
    home.forget_calls()
    answer = (await history(home, "icing", days=70))["icing"]["icing"]
    assert len(home.simulator.calls.list(path="icing$")) > 3
    phases = [phase for span in answer["spans"] for phase in span["span_phases"]]
    for key in ("ice_weight", "tension", "tension_percentage_of_break_strength"):
        assert answer["max"][key]["value"] == max(phase[key]["value"] for phase in phases)
    tracks = truth(home, 70).phases("ice")
    assert len(phases) == sum(map(len, tracks))
    for span in answer["spans"]:
        times(span["span_phases"])


async def test_sag_has_the_extremes_of_the_whole_range(home: Home) -> None:
    await home.open()
    answer = (await history(home, "sag_and_clearance", days=40, unit_system=UnitSystem.IMPERIAL))[
        "sag_and_clearance"
    ]["sag_and_clearance"]
    phases = [phase for span in answer["spans"] for phase in span["span_phases"]]
    assert answer["max_sag"]["unit"] == "ft"
    assert answer["max_sag"]["value"] == max(phase["sag"]["value"] for phase in phases)
    assert answer["min_clearance"]["value"] == min(phase["clearance"]["value"] for phase in phases)


async def test_apparent_power(home: Home) -> None:
    await home.open()
    power = (await history(home, "apparent_power", days=2))["apparent_power"]
    assert power["unit"] == "MVA"
    rating = (await history(home, "dlr", days=2, quantity=Quantity.APPARENT_POWER))["dlr"]
    assert rating["unit"] == "MVA"


async def test_without_data(home: Home) -> None:
    await home.open()
    device = ("line", home.line)
    assert await history(home, "icing", days=70, device=device) == {"no_data": ["icing"]}
    home.world.forbid(home.line)
    assert await history(home, "current", days=1, device=device) == {"no_data": ["current"]}


async def test_devices(home: Home) -> None:
    await home.open()
    facility = await history(home, "current", days=1, device=("facility", home.facility))
    assert facility["current"]["currents"]
    line = await history(home, "circuit_rating", days=1, device=("line", home.line))
    assert line["circuit_rating"]["circuit_ratings"]
    bare = next(facility for facility in home.world.facilities() if facility.line is None)
    device = ("facility", bare.id)
    assert await history(home, "current", days=1, device=device) == {"no_data": ["current"]}


async def test_every_kind(home: Home) -> None:
    await home.open()
    for kind in HISTORY_KINDS:
        answer = await history(home, kind, days=1)
        assert set(answer) == {kind, "no_data"}, kind
    home.simulator.faults.add(failing("currents", 500))
    with pytest.raises(ServerError):
        await history(home, "current", days=1)


async def test_ranges_that_are_refused(home: Home) -> None:
    await home.open()
    home.forget_calls()
    for days, key in ((0, "empty_range"), (-1, "empty_range"), (15_000, "range_too_long")):
        with pytest.raises(ServiceValidationError) as refused:
            await history(home, "current", days=days)
        assert refused.value.translation_key == key
    assert not home.simulator.calls.all()
