"""The simulated account: what is in it, and what a test can do to it."""

from typing import Any

import pytest

from simulator.clock import Clock
from simulator.heimdall.assets import Product
from simulator.options import Options
from simulator.server import running

from .support import NOW, Api


async def assets(api: Api) -> Any:
    return (await api.get("/assets/v1/assets")).data


async def facilities(api: Api) -> list[Any]:
    return [f for owner in (await assets(api))["grid_owners"] for f in owner["facilities"]]


def spans(facility: Any) -> list[Any]:
    return facility["line"]["spans"] if facility["line"] else []


def points(facility: Any) -> list[Any]:
    return [
        point
        for span in spans(facility)
        for phase in span["span_phases"]
        for point in phase["measurement_points"]
    ]


async def test_inventory(api: Api) -> None:
    owners = (await assets(api))["grid_owners"]
    assert len({owner["name"] for owner in owners}) >= 2
    found = await facilities(api)
    assert sum(f["line"] is None for f in found) == 1
    assert sum(f["line"] is not None and not points(f) for f in found) == 1
    assert sum(bool(points(f)) for f in found) == 6
    assert len({f["operational_voltage"] is None for f in found if points(f)}) == 2
    assert {f["line"]["available_forecast_hours"] for f in found if f["line"]} == {72, 240}
    for facility in found:
        if facility["line"] is not None:
            assert 3 <= len(spans(facility)) <= 6
        for span in spans(facility):
            assert len(span["span_phases"]) == 3
            assert sum(bool(p["measurement_points"]) for p in span["span_phases"]) <= 2
    every = [span for f in found for span in spans(f)]
    assert sum(span["mast_name_a"] is None for span in every) == 1
    assert any(phase["name"] is None for span in every for phase in span["span_phases"])
    assert sum(p["unregistered_timestamp"] is not None for f in found for p in points(f)) == 1
    assert any(not any(p["measurement_points"] for p in s["span_phases"]) for s in every)


async def test_ids_are_unique_and_stable(socket_enabled: None, clock: Clock) -> None:
    seen = []
    for lines in (2, 8):
        async with running(Options(lines=lines), clock) as simulator:
            world = simulator.heimdall.world
            assert sum(line.instrumented(NOW.timestamp()) for line in world.lines()) == lines
            seen.append([line.id for line in world.lines()])
            ids = [f.id for f in world.facilities()]
            for line in world.lines():
                ids += [line.id, *(span.id for span in line.spans)]
                ids += [phase.id for span in line.spans for phase in span.phases]
                ids += [point.id for _, _, point in line.sensors()]
            assert len(set(ids)) == len(ids)
    assert seen[0][:2] == seen[1][:2]
    async with running(Options(seed=2), clock) as simulator:
        assert simulator.heimdall.world.lines()[0].id not in seen[0]


async def test_products_are_mixed(api: Api) -> None:
    lines = [line for line in api.lines if line.instrumented(NOW.timestamp())]

    def count(product: Product) -> int:
        return sum(product in line.products for line in lines)

    for product in ("current", "apparent_power", "temperature", "dlr", "aar"):
        assert count(Product(product)) == len(lines)
    for product in ("dlr_forecast", "aar_forecast", "circuit", "circuit_forecast", "transient"):
        assert len(lines) / 2 < count(Product(product)) < len(lines)
    assert count(Product.ICING) == count(Product.SAG) == len(lines) / 2
    assert Product.ICING in lines[1].products
    assert [line.fallback for line in lines].count(True) == 1
    clearances = [
        (await api.values("G10", line))["sag_and_clearance"]["min_clearance"]
        for line in lines
        if Product.SAG in line.products
    ]
    assert clearances.count(None) == 1


async def test_lines_come_go_and_are_renamed(api: Api) -> None:
    before = len(await facilities(api))
    line_id = api.world.add_line("Nyvoll - Gamlevoll")
    found = await facilities(api)
    assert len(found) == before + 1
    assert any(f["line"] and f["line"]["name"] == "Nyvoll - Gamlevoll" for f in found)
    assert (await api.values("G1", api.world.line(line_id)))["current"]["value"] > 0
    assert api.world.add_line() != line_id
    line = api.world.line(line_id)
    api.world.rename_line(line_id, "Another name")
    assert any(f["line"] and f["line"]["name"] == "Another name" for f in await facilities(api))
    api.world.remove_line(line_id)
    assert (await api.ask("G1", line)).status == 404
    assert line_id not in {f["line"]["id"] for f in await facilities(api) if f["line"]}
    with pytest.raises(KeyError):
        api.world.rename_line(line_id, "x")


async def test_sensors_come_go_and_are_replaced(api: Api, clock: Clock) -> None:
    line = api.lines[0]
    old = next(p for _, _, p in line.sensors() if p.active(NOW.timestamp()))
    new = api.world.replace_sensor(old.id)
    assert new not in {old.id, None}
    clock.advance(900)
    data = await api.values("G1", line, include="measurement_points")
    present = {
        point["measurement_point_id"]
        for span in data["measurement_point_currents"]
        for phase in span["span_phases"]
        for point in phase["measurement_points"]
    }
    assert new in present
    assert old.id not in present
    api.world.set_instrumented(line.id, False)
    assert (await api.ask("G1", line)).status == 404
    api.world.set_instrumented(line.id, False)
    api.world.set_instrumented(line.id, True)
    clock.advance(900)
    assert (await api.ask("G1", line)).status == 200
    with pytest.raises(KeyError):
        api.world.replace_sensor("nobody")


async def test_bare_line_gets_sensors(api: Api, clock: Clock) -> None:
    bare = next(line for line in api.lines if not line.instrumented(NOW.timestamp()))
    api.world.set_instrumented(bare.id, True)
    assert (await api.ask("G1", bare)).status == 404
    assert (await api.ask("C1", bare)).status == 404
    clock.advance(1200)
    assert (await api.ask("G1", bare)).status == 200
    assert (await api.ask("C1", bare)).status == 200


async def test_products_can_be_set(api: Api) -> None:
    line = api.lines[0]
    api.world.set_products(line.id, {"dlr", "icing"})
    assert (await api.ask("C1", line)).status == 200
    assert (await api.ask("G7", line)).status == 200
    assert (await api.ask("C4", line)).status == 404
    with pytest.raises(ValueError, match="colour"):
        api.world.set_products(line.id, {"colour"})


async def test_fallback(api: Api) -> None:
    line = api.lines[0]
    assert (await api.values("C1", line))["heimdall_dlr"]["is_fallback"] is False
    api.world.set_fallback(line.id, True)
    data = await api.values("C1", line, include="spans")
    assert data["heimdall_dlr"]["is_fallback"] is True
    assert all(s["heimdall_dlr"]["is_fallback"] for s in data["heimdall_span_dlrs"])
    assert (await api.values("F1", line))["circuit_rating"]["is_fallback"] is True
    aar = (await api.values("C4", line))["heimdall_aar"]
    assert data["heimdall_dlr"]["value"] == aar["value"]
