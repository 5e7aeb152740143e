"""The simulated GridDuck: telemetry."""

from collections.abc import AsyncGenerator

import pytest

from simulator.gridduck.load import DAY, HOUR, MINUTE
from tests.simulator.test_gridduck_cloud import NOON, Answer, Cloud, cloud_running

MIDNIGHT = NOON - 12 * HOUR
GOOD = {"type": "delivered", "granularity": "hour", "from": NOON - HOUR, "to": NOON}


@pytest.fixture
async def cloud(socket_enabled: None) -> AsyncGenerator[Cloud]:
    async with cloud_running() as running:
        yield running


async def ask(cloud: Cloud, asset_id: str, kind: str = "aggregate", /, **query: object) -> Answer:
    return await cloud.get(f"/asset/{asset_id}/telemetry/{kind}", **(GOOD | query))


async def values(
    cloud: Cloud, asset_id: str, kind: str = "aggregate", /, **query: object
) -> dict[int, float]:
    points = (await ask(cloud, asset_id, kind, **query)).results
    return {point["stamp"]: point["value"] for point in points}


async def test_shape(cloud: Cloud) -> None:
    lamp = cloud.world.ids("plug")[0]
    answer = (await ask(cloud, lamp)).json
    assert sorted(answer) == ["links", "pagination", "request_id", "results", "unit"]
    assert answer["unit"] == "Wh"
    assert answer["pagination"] == {"offset": 0, "limit": 1_000, "total": 1}
    [point] = answer["results"]
    assert sorted(point) == ["stamp", "value"]
    assert point["stamp"] == NOON - HOUR
    assert (await ask(cloud, lamp, type="consumption")).json["unit"] == "W"
    room = cloud.world.ids("temperature")[0]
    assert (await ask(cloud, room, type="temperature")).json["unit"] == "°C"


@pytest.mark.parametrize("kind", ["aggregate", "instantaneous"])
@pytest.mark.parametrize(
    "change",
    [
        {"type": "power"},
        {"type": ""},
        {"granularity": "week"},
        {"from": "yesterday"},
        {"from": -5},
        {"from": 1.5},
        {"to": NOON - HOUR},
        {"to": NOON - 2 * HOUR},
        {"limit": 10},
    ],
)
async def test_bad_queries_are_400(cloud: Cloud, kind: str, change: dict[str, object]) -> None:
    answer = await ask(cloud, cloud.world.ids()[0], kind, **change)
    assert (answer.status, answer.json["error"]) == (400, "bad_request")


@pytest.mark.parametrize("name", sorted(GOOD))
async def test_every_parameter_is_required(cloud: Cloud, name: str) -> None:
    query = {key: value for key, value in GOOD.items() if key != name}
    path = f"/asset/{cloud.world.ids()[0]}/telemetry/aggregate"
    assert (await cloud.get(path, **query)).status == 400


async def test_unknown_asset_is_404(cloud: Cloud) -> None:
    assert (await ask(cloud, "no-such")).status == 404


@pytest.mark.parametrize(("kind", "limit"), [("aggregate", 1_000), ("instantaneous", 48)])
async def test_points_are_limited(cloud: Cloud, kind: str, limit: int) -> None:
    lamp = cloud.world.ids("plug")[0]
    span = {"granularity": "minute", "from": NOON - limit * MINUTE, "to": NOON}
    assert len(await values(cloud, lamp, kind, **span)) == limit
    answer = await ask(cloud, lamp, kind, **(span | {"from": NOON - limit * MINUTE - 1}))
    assert len(answer.results) == limit
    answer = await ask(cloud, lamp, kind, **(span | {"from": NOON - (limit + 1) * MINUTE}))
    assert (answer.status, answer.json["error"]) == (400, "bad_request")


async def test_finer_steps_add_up_exactly(cloud: Cloud) -> None:
    for asset_id in cloud.world.ids()[:8]:
        day = {"from": MIDNIGHT - DAY, "to": MIDNIGHT}
        [total] = (await values(cloud, asset_id, granularity="day", **day)).values()
        for granularity, count in (("hour", 24), ("half_hour", 48)):
            parts = await values(cloud, asset_id, granularity=granularity, **day)
            assert len(parts) == count
            assert sum(parts.values()) == pytest.approx(total, abs=1e-6)


async def test_a_meter_is_the_sum_plus_a_base(cloud: Cloud) -> None:
    meter = cloud.world.assets[cloud.world.ids("meter")[0]]
    day = {"from": MIDNIGHT - DAY, "to": MIDNIGHT}
    total = sum((await values(cloud, meter.id, **day)).values())
    below = [sum((await values(cloud, child.id, **day)).values()) for child in meter.children]
    assert 0 < sum(below) < total


async def test_telemetry_agrees_with_the_counter_and_the_demand(cloud: Cloud) -> None:
    pump = cloud.world.ids("heat_pump")[1]
    before = await cloud.record(pump)
    cloud.core.clock.advance(1_200)
    await cloud.put(pump, snooze_finish=600)
    cloud.core.clock.advance(1_230)
    after = await cloud.record(pump)
    points = await values(
        cloud, pump, granularity="minute", **{"from": NOON, "to": NOON + DAY // 2}
    )
    assert len(points) == 41
    assert sum(points.values()) == pytest.approx(after["delivered"] - before["delivered"], abs=1)
    assert [points[NOON + s] for s in range(1_200, 1_800, 60)] == [0.0] * 10
    assert points[NOON + 1_140] > 0
    assert points[NOON + 1_800] > 0
    demand = await values(
        cloud,
        pump,
        "instantaneous",
        type="consumption",
        granularity="minute",
        **{"from": NOON + 1_200, "to": NOON + 2_460},
    )
    assert demand[NOON + 1_200] == 0
    assert demand[NOON + 2_400] == pytest.approx(after["consumption"], rel=0.01)


async def test_counter_readings(cloud: Cloud) -> None:
    lamp = cloud.world.ids("plug")[0]
    span = {"from": NOON - 2 * HOUR, "to": NOON, "granularity": "half_hour"}
    readings = list((await values(cloud, lamp, "instantaneous", **span)).values())
    assert readings == sorted(readings)
    steps = list((await values(cloud, lamp, **span)).values())
    for earlier, later, step in zip(readings, readings[1:], steps, strict=False):
        assert later - earlier == pytest.approx(step, abs=0.002)


async def test_only_intervals_that_have_begun(cloud: Cloud) -> None:
    lamp = cloud.world.ids("plug")[0]
    cloud.core.clock.advance(600)
    points = await values(cloud, lamp, **{"from": NOON - HOUR - 1, "to": NOON + DAY})
    assert list(points) == [NOON - HOUR, NOON]
    assert 0 < points[NOON] < points[NOON - HOUR]
    assert await values(cloud, lamp, **{"from": NOON + DAY, "to": NOON + 2 * DAY}) == {}


async def test_nothing_before_it_was_created_nor_while_offline(cloud: Cloud) -> None:
    new = cloud.world.add_asset(created=NOON - 90 * MINUTE)
    span = {"from": NOON - 10 * HOUR, "to": NOON}
    points = await values(cloud, new, **span)
    assert list(points) == [NOON - 2 * HOUR, NOON - HOUR]
    assert 0 < points[NOON - 2 * HOUR] < points[NOON - HOUR]
    [lost] = [i for i in cloud.world.ids() if cloud.world.record(i)["lost"]]
    assert await values(cloud, lost, **span) == {}
    assert len(await values(cloud, lost, **{"from": NOON - 3 * DAY, "to": NOON})) == 17


async def test_temperature(cloud: Cloud) -> None:
    room, freezer = cloud.world.ids("temperature")[0], cloud.world.ids("freezer")[0]
    span = {"type": "temperature", "from": NOON - DAY, "to": NOON}
    for asset_id, low, high in ((room, 17, 24), (freezer, -20, -16)):
        points = await values(cloud, asset_id, "instantaneous", **span)
        assert len(points) == 24
        assert all(low < value < high for value in points.values())
    answer = await ask(cloud, cloud.world.ids("plug")[0], **span)
    assert answer.results == []
    assert (await ask(cloud, room, type="delivered")).results == []


async def test_years_of_history(cloud: Cloud) -> None:
    lamp = cloud.world.ids("plug")[0]
    span = {"granularity": "day", "from": MIDNIGHT - 1_000 * DAY, "to": MIDNIGHT}
    points = await values(cloud, lamp, **span)
    assert len(points) == 1_000
    assert len(set(points.values())) > 990
    assert min(points.values()) > 0


async def test_history_can_be_corrected(cloud: Cloud) -> None:
    lamp = cloud.world.ids("plug")[0]
    span = {"from": MIDNIGHT - DAY, "to": MIDNIGHT}
    before = await values(cloud, lamp, **span)
    counter = (await cloud.record(lamp))["delivered"]
    at = MIDNIGHT - 5 * HOUR
    cloud.world.correct_history(lamp, at, at + 2 * HOUR, 1.5)
    after = await values(cloud, lamp, **span)
    for stamp, value in before.items():
        factor = 1.5 if at <= stamp < at + 2 * HOUR else 1
        assert after[stamp] == pytest.approx(value * factor, abs=0.002)
    [day] = (await values(cloud, lamp, granularity="day", **span)).values()
    assert sum(after.values()) == pytest.approx(day, abs=1e-6)
    assert (await cloud.record(lamp))["delivered"] == counter


async def test_a_reset_is_not_in_the_totals(cloud: Cloud) -> None:
    lamp = cloud.world.ids("plug")[0]
    before = await values(cloud, lamp, **{"from": NOON - DAY, "to": NOON})
    cloud.world.reset_meter(lamp)
    assert await values(cloud, lamp, **{"from": NOON - DAY, "to": NOON}) == before
    cloud.core.clock.advance(1_800)
    span = {"from": NOON - HOUR, "to": NOON + HOUR, "granularity": "half_hour"}
    readings = await values(cloud, lamp, "instantaneous", **span)
    assert readings[NOON] == 0
    assert readings[NOON - HOUR] > 1_000
