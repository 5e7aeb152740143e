"""The report of a site against figures that are computed here, minute by minute."""

from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.components.schedule.const import DATA_SCHEDULE
from homeassistant.const import ATTR_DEVICE_ID, Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.gridduck_heimdall.const import DOMAIN
from simulator.gridduck.world import World
from simulator.server import Simulator
from tests.conftest import ask
from tests.gridduck.history_support import id_of
from tests.gridduck.support import entity_of

from .recorded import ENERGY, SECONDS, Kind, hour_of, record

POUNDS = Kind("GBP", None, summed=True)
# Summer time begins in the range, on Sunday the 29th.
FIRST = hour_of("2026-03-20T23:00:00")
END = hour_of("2026-04-03T22:00:00")
RANGE = {"start": "2026-03-21 00:00:00", "end": "2026-04-04 00:00:00"}
ZONE = "Europe/Copenhagen"
OPEN = {
    "monday": [(time(8, 15), time(12)), (time(12, 30), time(17, 45))],
    "friday": [(time(20), time.max)],
    "saturday": [(time(0), time(1, 30))],
    # Across the hour that the clock leaves out.
    "sunday": [(time(1, 20), time(4, 10))],
}

type Values = dict[int, float]


@pytest.fixture(autouse=True)
async def _zone(hass: HomeAssistant) -> None:
    await hass.config.async_set_time_zone(ZONE)


@pytest.fixture
async def opening(hass: HomeAssistant) -> AsyncGenerator[str]:
    """Provide a schedule helper; at the end its timer is gone."""
    days = {
        day: [
            {"from": begins.isoformat(), "to": "24:00:00" if ends == time.max else ends.isoformat()}
            for begins, ends in blocks
        ]
        for day, blocks in OPEN.items()
    }
    assert await async_setup_component(
        hass, "schedule", {"schedule": {"office": {"name": "Office", **days}}}
    )
    await hass.async_block_till_done()
    yield "schedule.office"
    await hass.data[DATA_SCHEDULE].component.async_remove_entity("schedule.office")


def is_open(moment: datetime) -> bool:
    """Whether the schedule is on at a moment, by the clock on the wall."""
    local = moment.astimezone(ZoneInfo(ZONE))
    blocks = OPEN.get(local.strftime("%A").lower(), [])
    return any(begins <= local.time() < ends for begins, ends in blocks)


def closed_share(hour: int) -> float:
    start = datetime.fromtimestamp(hour * SECONDS, UTC)
    return sum(not is_open(start + timedelta(minutes=one)) for one in range(60)) / 60


def site_of(world: World) -> tuple[str, list[str]]:
    """Return a site with several top-level assets, and these."""
    by_site = defaultdict[str, list[str]](list)
    children = {child for one in world.ids() for child in world.record(one)["children"]}
    for one in world.ids():
        if one not in children:
            by_site[world.assets[one].site.id].append(one)
    return max(by_site.items(), key=lambda item: len(item[1]))


def site_device(hass: HomeAssistant, entry: MockConfigEntry, site_id: str) -> str:
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"site:{site_id}"), entry.entry_id
    )
    assert device is not None
    return device.id


def random_energy(seed: int, hours: range) -> Values:
    random = Random(seed)  # noqa: S311 - not a secret
    return {hour: random.uniform(0.2, 9) for hour in hours}


async def report(
    hass: HomeAssistant, entry: MockConfigEntry, world: World, **data: object
) -> dict[str, Any]:
    device_id = site_device(hass, entry, site_of(world)[0])
    return await ask(hass, "get_site_report", **{"device_id": device_id, **RANGE, **data})


def total(each: Mapping[str, Values]) -> Values:
    found = defaultdict[int, float](float)
    for values in each.values():
        for hour, value in values.items():
            found[hour] += value
    return dict(found)


@pytest.fixture
def world(simulator: Simulator) -> World:
    return simulator.gridduck.world


async def test_a_fortnight_with_summer_time(
    hass: HomeAssistant, account: MockConfigEntry, world: World, opening: str
) -> None:
    assets = site_of(world)[1]
    energy = {one: random_energy(index, range(FIRST, END)) for index, one in enumerate(assets)}
    # The first one is new, the second one has a gap, and the third one costs in two currencies.
    energy[assets[0]] = {h: v for h, v in energy[assets[0]].items() if h >= FIRST + 70}
    gap = range(FIRST + 200, FIRST + 212)
    energy[assets[1]] = {h: v for h, v in energy[assets[1]].items() if h not in gap}
    cost = {
        one: {hour: value * 0.31 for hour, value in values.items()}
        for one, values in energy.items()
    }
    for one, values in energy.items():
        # What came before the range is of no matter.
        await record(hass, id_of(one, "energy"), ENERGY, {FIRST - 1: 5000.0, **values})
        await record(hass, id_of(one, "cost"), POUNDS, {FIRST - 1: 900.0, **cost[one]})
    found = await report(hass, account, world, opening_hours=opening)
    assert found["hours"] == END - FIRST == 14 * 24 - 1
    assert (found["assets"], found["assets_without_data"]) == (len(assets), [])
    whole = total(energy)
    known = {hour: value for hour, value in whole.items() if hour not in gap}
    assert found["missing"] == pytest.approx(100 * len(gap) / (END - FIRST), abs=1e-3)
    assert found["energy"] == pytest.approx(sum(whole.values()), abs=1e-2)
    assert found["energy_in_gaps"] == 0
    assert found["cost"] == {"GBP": pytest.approx(0.31 * sum(whole.values()), abs=1e-2)}
    peak = max(known, key=lambda hour: known[hour])
    assert found["maximum_demand"] == {
        "value": pytest.approx(known[peak], abs=1e-3),
        "at": datetime.fromtimestamp(peak * SECONDS, UTC).isoformat(),
    }
    ranked = sorted(known.values())
    position = 0.05 * (len(ranked) - 1)
    low, high = ranked[int(position)], ranked[int(position) + 1]
    assert found["base_load"] == pytest.approx(low + position % 1 * (high - low), abs=1e-3)
    outside = sum(closed_share(hour) * value for hour, value in whole.items())
    assert found["out_of_hours"] == {
        "energy": pytest.approx(outside, abs=1e-2),
        "share": pytest.approx(100 * outside / sum(whole.values()), abs=1e-2),
        "cost": {"GBP": pytest.approx(0.31 * outside, abs=1e-2)},
    }


async def test_when_the_clock_goes_back(
    hass: HomeAssistant, account: MockConfigEntry, world: World, opening: str
) -> None:
    """A day of 25 hours; those that the clock shows twice are open both times."""
    first, end = hour_of("2025-10-25T22:00:00"), hour_of("2025-10-26T23:00:00")
    values = random_energy(1, range(first, end))
    await record(hass, id_of(site_of(world)[1][0], "energy"), ENERGY, values)
    span = {"start": "2025-10-26 00:00:00", "end": "2025-10-27 00:00:00"}
    found = await report(hass, account, world, opening_hours=opening, **span)
    assert found["hours"] == 25
    outside = sum(closed_share(hour) * value for hour, value in values.items())
    assert found["out_of_hours"]["energy"] == pytest.approx(outside, abs=1e-2)


async def test_the_meter_of_the_energy_sensor(
    hass: HomeAssistant, account: MockConfigEntry, world: World
) -> None:
    """Without telemetry the sensor counts; what it counted over a gap has no hour."""
    asset = site_of(world)[1][0]
    meter = entity_of(hass, Platform.SENSOR, asset, "energy")
    assert meter is not None
    values = random_energy(3, range(FIRST - 5, END))
    gap = range(FIRST + 30, FIRST + 40)
    late = FIRST + 40
    values[late] = 500.0
    recorded = {hour: value for hour, value in values.items() if hour not in gap}
    await record(hass, meter, ENERGY, recorded)
    found = await report(hass, account, world)
    counted = {hour: value for hour, value in recorded.items() if hour >= FIRST}
    assert found["energy"] == pytest.approx(sum(counted.values()), abs=1e-2)
    assert found["energy_in_gaps"] == 500
    assert found["maximum_demand"]["value"] == pytest.approx(
        max(value for hour, value in counted.items() if hour != late), abs=1e-3
    )
    assert found["missing"] == pytest.approx(100 * 11 / (END - FIRST), abs=1e-3)
    assert found["out_of_hours"] is None
    names = {world.assets[one].name for one in site_of(world)[1][1:]}
    assert set(found["assets_without_data"]) == names


async def test_a_range_that_begins_in_a_gap(
    hass: HomeAssistant, account: MockConfigEntry, world: World
) -> None:
    """The first amount of the range began before it, so its hour is unknown."""
    meter = entity_of(hass, Platform.SENSOR, site_of(world)[1][0], "energy")
    assert meter is not None
    await record(hass, meter, ENERGY, {FIRST - 9: 10.0, FIRST: 70.0, FIRST + 1: 2.0})
    found = await report(hass, account, world)
    assert (found["energy"], found["energy_in_gaps"]) == (72, 70)
    assert found["maximum_demand"]["value"] == 2


async def test_an_asset_that_another_one_measures_counts_once(
    hass: HomeAssistant, account: MockConfigEntry, world: World
) -> None:
    parent = next(one for one in world.ids() if world.record(one)["children"])
    child = world.record(parent)["children"][0]
    for one, amount in ((parent, 10.0), (child, 4.0)):
        await record(hass, id_of(one, "energy"), ENERGY, {FIRST: amount})
    assert (
        await ask(
            hass,
            "get_site_report",
            device_id=site_device(hass, account, world.assets[parent].site.id),
            **RANGE,
        )
    )["energy"] == 10
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"asset:{child}"), account.entry_id
    )
    assert device is not None
    alone = await ask(hass, "get_site_report", device_id=device.id, **RANGE)
    assert (alone["energy"], alone["assets"]) == (4, 1)


async def test_nothing_recorded(
    hass: HomeAssistant, account: MockConfigEntry, world: World, opening: str
) -> None:
    found = await report(hass, account, world, opening_hours=opening)
    assert (found["energy"], found["missing"], found["cost"]) == (0, 100, {})
    assert found["maximum_demand"] is None
    assert found["base_load"] is None
    assert found["out_of_hours"] == {"energy": 0, "share": None, "cost": {}}


async def test_no_schedule(hass: HomeAssistant, account: MockConfigEntry, world: World) -> None:
    with pytest.raises(ServiceValidationError) as caught:
        await report(hass, account, world, opening_hours="schedule.attic")
    assert caught.value.translation_key == "no_schedule"


async def test_not_a_site(
    hass: HomeAssistant, account: MockConfigEntry, lines: MockConfigEntry
) -> None:
    line = dr.async_entries_for_config_entry(dr.async_get(hass), lines.entry_id)[0]
    with pytest.raises(ServiceValidationError) as caught:
        await ask(hass, "get_site_report", device_id=line.id, **RANGE)
    assert caught.value.translation_key == "not_an_asset"


async def test_permission(
    hass: HomeAssistant,
    account: MockConfigEntry,
    world: World,
    opening: str,
    hass_read_only_user: MockUser,
) -> None:
    """The site's assets and the schedule must be readable, each."""
    data = {ATTR_DEVICE_ID: site_device(hass, account, site_of(world)[0]), **RANGE}

    async def call(**more: object) -> object:
        return await hass.services.async_call(
            DOMAIN,
            "get_site_report",
            {**data, **more},
            blocking=True,
            return_response=True,
            context=Context(user_id=hass_read_only_user.id),
        )

    assert await call(opening_hours=opening)
    read = {"read": True}
    everything = dict.fromkeys(("sensor", "binary_sensor", "switch", "number", "button"), read)
    hass_read_only_user.mock_policy({"entities": {"domains": everything}})
    assert await call()
    with pytest.raises(Unauthorized):
        await call(opening_hours=opening)
    hass_read_only_user.mock_policy({"entities": {"domains": {"schedule": read}}})
    with pytest.raises(Unauthorized):
        await call(opening_hours=opening)
