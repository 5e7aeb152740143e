"""The simulated GridDuck: load, energy and what tests can do to the world."""

from collections.abc import AsyncGenerator

import pytest

from simulator.gridduck.asset import Asset
from simulator.gridduck.load import DAY, HOUR
from simulator.gridduck.timeline import OverrideKind
from tests.simulator.test_gridduck_cloud import NOON, Cloud, cloud_running

MIDNIGHT = NOON - 12 * HOUR


@pytest.fixture
async def cloud(socket_enabled: None) -> AsyncGenerator[Cloud]:
    async with cloud_running() as running:
        yield running


def above(asset: Asset) -> Asset:
    """Return what an asset hangs below."""
    assert asset.parent is not None
    return asset.parent


async def test_a_seed_gives_a_world(socket_enabled: None) -> None:
    async with cloud_running(seed=1) as one, cloud_running(seed=1) as same:
        assert (await one.get("/asset/")).results == (await same.get("/asset/")).results
        assert one.service.client_secret == same.service.client_secret
    async with cloud_running(seed=2) as other:
        assert not set(other.world.ids()) & set(one.world.ids())
        assert other.service.client_id != one.service.client_id


async def test_the_world_has_the_size_asked_for(socket_enabled: None) -> None:
    for sites, assets in ((1, 1), (2, 3), (5, 200), (9, 0)):
        async with cloud_running(sites=sites, assets=assets) as cloud:
            assert (await cloud.get("/site/")).json["pagination"]["total"] == sites
            assert (await cloud.get("/asset/")).json["pagination"]["total"] == assets
            records = [cloud.world.record(i) for i in cloud.world.ids()]
            assert sum(r["lost"] for r in records) == sum(r["read_only"] for r in records)
            assert sum(r["lost"] for r in records) == (assets == 200)


async def test_the_evening_has_the_peak(cloud: Cloud) -> None:
    for kind in ("meter", "lighting", "heat_pump"):
        asset = cloud.world.assets[cloud.world.ids(kind)[-1]]
        hours = [
            asset.energy(MIDNIGHT + HOUR * (h + 1)) - asset.energy(MIDNIGHT + HOUR * h)
            for h in range(24)
        ]
        assert hours.index(max(hours)) in {17, 18, 19}
        assert max(hours) > 1.2 * hours[3]


async def test_a_day_differs_from_another(cloud: Cloud) -> None:
    asset = cloud.world.assets[cloud.world.ids("meter")[0]]
    days = {
        round(asset.energy(MIDNIGHT - n * DAY) - asset.energy(MIDNIGHT - (n + 1) * DAY))
        for n in range(14)
    }
    assert len(days) == 14


async def test_energy_is_the_integral_of_power(cloud: Cloud) -> None:
    for kind in ("plug", "heat_pump", "ev_charger", "freezer", "meter"):
        asset = cloud.world.assets[cloud.world.ids(kind)[0]]
        for start in (MIDNIGHT + 16.5 * HOUR, MIDNIGHT - HOUR + 30):
            summed = sum(asset.power(start + s + 0.5) or 0 for s in range(2 * HOUR)) / HOUR
            assert summed == pytest.approx(
                asset.energy(start + 2 * HOUR) - asset.energy(start), abs=2 + summed * 0.002
            )


async def test_a_meter_is_the_sum_of_what_hangs_below(cloud: Cloud) -> None:
    for _ in range(4):
        assets = {a["id"]: a for a in (await cloud.get("/asset/")).results}
        for meter in assets.values():
            below = [assets[child] for child in meter["children"]]
            if below:
                assert meter["consumption"] > sum(a["consumption"] for a in below)
                assert meter["delivered"] > sum(a["delivered"] for a in below) * 0.5
        cloud.core.clock.advance(777)


async def test_a_circuit_that_is_off_takes_its_children_and_its_part_of_the_meter(
    cloud: Cloud,
) -> None:
    world = cloud.world
    lights = world.assets[world.ids("lighting")[-1]]
    circuit = above(lights)
    meter = above(circuit)
    before = [world.record(a.id) for a in (lights, circuit, meter)]
    assert all(a["consumption"] > 0 for a in before)
    assert (await cloud.put(circuit.id, snooze_finish=3_600)).status == 204
    after = [world.record(a.id) for a in (lights, circuit, meter)]
    assert [a["consumption"] for a in after[:2]] == [0, 0]
    assert after[0]["current_state"] == "ON"
    assert after[2]["consumption"] == before[2]["consumption"] - before[1]["consumption"]
    cloud.core.clock.advance(3_600)
    await cloud.log_in()
    ended = [world.record(a.id) for a in (lights, circuit, meter)]
    assert [a["delivered"] for a in ended[:2]] == [a["delivered"] for a in before[:2]]
    assert ended[2]["delivered"] > before[2]["delivered"]
    assert all(a["consumption"] > 0 for a in ended)


async def test_delivered_only_rises_through_every_command(cloud: Cloud) -> None:
    world = cloud.world
    meter = world.ids("meter")[1]
    charger = world.ids("ev_charger")[0]
    last = (0, 0)
    commands: tuple[tuple[OverrideKind, int], ...] = (
        *(("boost", 300), ("snooze", 60), ("boost", 0), ("snooze", 900), ("boost", 30)),
    )
    for kind, seconds in commands * 4:
        world.command(charger, kind, seconds)
        world.command(world.ids("circuit")[1], kind, seconds)
        cloud.core.clock.advance(47)
        now = (world.record(meter)["delivered"], world.record(charger)["delivered"])
        assert now >= last
        assert now[1] >= last[1]
        last = now


async def test_the_past_does_not_change_with_a_command(cloud: Cloud) -> None:
    asset = cloud.world.assets[cloud.world.ids("heat_pump")[0]]
    past = [asset.energy(NOON - n * 1_000) for n in range(100)]
    cloud.world.command(asset.id, "boost", 600)
    cloud.world.set_mode(asset.id, "ALWAYS_OFF")
    assert [asset.energy(NOON - n * 1_000) for n in range(100)] == pytest.approx(past)


async def test_a_mode_can_change(cloud: Cloud) -> None:
    world = cloud.world
    lamp, meter = world.ids("plug")[0], world.ids("meter")[0]
    world.set_mode(lamp, "ALWAYS_OFF")
    asset = await cloud.record(lamp)
    assert (asset["user_state"], asset["current_state"]) == ("ALWAYS_OFF", "OFF")
    world.set_mode(lamp, "SCHEDULE")
    asset = await cloud.record(lamp)
    assert (asset["current_state"], asset["timeswitch_id"] is None) == ("ON", False)
    with pytest.raises(ValueError, match="children"):
        world.set_mode(meter, "SCHEDULE")
    with pytest.raises(ValueError, match="HOLIDAY"):
        world.set_mode(lamp, "HOLIDAY")


async def test_assets_come_and_go(cloud: Cloud) -> None:
    world = cloud.world
    meter = world.ids("meter")[0]
    new = world.add_asset("Sauna", "heat_pump", parent_id=meter, tags=["hot"])
    asset = await cloud.record(new)
    assert (asset["name"], asset["parent_asset"], asset["delivered"]) == ("Sauna", meter, 0)
    assert asset["tags"] == ["hot"]
    assert new in (await cloud.record(meter))["children"]
    world.rename_asset(new, "Steam")
    assert (await cloud.record(new))["name"] == "Steam"
    cloud.core.clock.advance(1_800)
    before = (await cloud.record(meter))["delivered"]
    assert (await cloud.record(new))["delivered"] > 0
    world.remove_asset(new)
    assert new not in (await cloud.record(meter))["children"]
    assert (await cloud.record(meter))["delivered"] == before
    assert (await cloud.put(new, snooze_finish=1)).status == 404
    assert (await cloud.get("/asset/")).json["pagination"]["total"] == 24
    for unknown in (world.remove_asset, world.reset_meter, world.disconnect):
        with pytest.raises(KeyError):
            unknown(new)


async def test_children_of_a_removed_asset_go_to_its_parent(cloud: Cloud) -> None:
    world = cloud.world
    lights = world.ids("lighting")[-1]
    circuit = above(world.assets[lights]).id
    meter = above(world.assets[circuit]).id
    before = await cloud.record(meter)
    world.remove_asset(circuit)
    after = await cloud.record(meter)
    asset = await cloud.record(lights)
    assert asset["parent_asset"] == meter
    assert lights in after["children"]
    assert asset["consumption"] < after["consumption"] < before["consumption"]
    assert after["delivered"] == before["delivered"]
    world.remove_asset(meter)
    assert (await cloud.record(lights))["parent_asset"] is None


async def test_a_meter_can_be_reset(cloud: Cloud) -> None:
    lamp = cloud.world.ids("plug")[0]
    assert (await cloud.record(lamp))["delivered"] > 1_000
    cloud.world.reset_meter(lamp)
    assert (await cloud.record(lamp))["delivered"] == 0
    cloud.core.clock.advance(1_800)
    assert 0 < (await cloud.record(lamp))["delivered"] < 100


async def test_a_connection_can_be_lost(cloud: Cloud) -> None:
    lamp = cloud.world.ids("plug")[0]
    cloud.world.disconnect(lamp)
    before = await cloud.record(lamp)
    assert before["lost"]
    cloud.core.clock.advance(1_000)
    assert await cloud.record(lamp) == before
    cloud.world.reconnect(lamp)
    after = await cloud.record(lamp)
    assert not after["disconnected"]
    assert after["last_contacted"] > before["last_contacted"]
    assert after["delivered"] > before["delivered"]
