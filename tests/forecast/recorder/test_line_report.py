"""The report of a line against figures that are computed here, in another way."""

from collections.abc import Mapping
from math import sqrt
from random import Random
from typing import Any

from homeassistant.const import ATTR_DEVICE_ID, Platform
from homeassistant.core import Context
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.heimdall.rating_options import CONF_STATIC_RATINGS
from tests.conftest import ask
from tests.forecast.history import async_recorded
from tests.heimdall.home import Home

from .recorded import AMPERES, PERCENT, hour_of, record

FIRST = hour_of("2026-09-01T00:00:00")
END = hour_of("2026-09-15T00:00:00")
RANGE = {"start": "2026-09-01T00:00:00Z", "end": "2026-09-15T00:00:00Z"}
STATIC = 480.0
MISSING_DLR = range(FIRST + 50, FIRST + 60)
MISSING_LOAD = range(FIRST + 100, FIRST + 103)

type Values = dict[int, float]


def made_up() -> dict[str, Values]:
    """Return two weeks of a line, with holes; three hours above 100 % span one of them."""
    random = Random(7)  # noqa: S311 - not a secret
    aar = {hour: random.uniform(400, 600) for hour in range(FIRST, END)}
    dlr = {
        hour: value * random.uniform(0.9, 1.6)
        for hour, value in aar.items()
        if hour not in MISSING_DLR
    }
    limit = {hour: dlr.get(hour, value) for hour, value in aar.items()}
    loading = {hour: random.uniform(20, 105) for hour in limit if hour not in MISSING_LOAD}
    loading |= dict.fromkeys((FIRST + 98, FIRST + 99, FIRST + 103), 101.5)
    current = {hour: share / 100 * limit[hour] for hour, share in loading.items()}
    headroom = {hour: limit[hour] - value for hour, value in current.items()}
    return {"aar": aar, "dlr": dlr, "loading": loading, "current": current, "headroom": headroom}


async def recorded(home: Home, values: Mapping[str, Values]) -> None:
    for key, by_hour in values.items():
        entity_id = home.entity_id(home.line, key)
        assert entity_id is not None
        await record(home.hass, entity_id, PERCENT if key == "loading" else AMPERES, by_hour)


def percentile(values: list[float], percent: float) -> float:
    """Return a percentile, interpolated between neighbours."""
    ranked = sorted(values)
    position = percent / 100 * (len(ranked) - 1)
    below = int(position)
    above = min(below + 1, len(ranked) - 1)
    return ranked[below] + (position - below) * (ranked[above] - ranked[below])


def longest(hours: set[int]) -> tuple[int, int]:
    """Return how many runs of hours there are, and the length of the longest."""
    starts = [hour for hour in hours if hour - 1 not in hours]
    lengths = []
    for start in starts:
        length = 0
        while start + length in hours:
            length += 1
        lengths.append(length)
    return len(starts), max(lengths, default=0)


def line_device(home: Home) -> str:
    device = home.device("line", home.line)
    assert device is not None
    return device.id


async def report(home: Home, **data: object) -> dict[str, Any]:
    return await ask(
        home.hass, "get_line_report", **{"device_id": line_device(home), **RANGE, **data}
    )


async def test_a_fortnight(home: Home) -> None:
    await home.open(**{CONF_STATIC_RATINGS: {home.line: STATIC}})
    values = made_up()
    await recorded(home, values)
    found = await report(home)
    hours = END - FIRST
    assert (found["start"], found["hours"]) == ("2026-09-01T00:00:00+00:00", hours)
    assert found["end"] == "2026-09-15T00:00:00+00:00"
    voltage = home.world.facility_of(home.line).voltage()
    assert voltage is not None
    mva = sqrt(3) * voltage / 1e6
    dlr, aar, current, loading = (values[key] for key in ("dlr", "aar", "current", "loading"))
    assert found["missing"] == {
        "current": pytest.approx(100 * 3 / hours, abs=1e-3),
        "dlr": pytest.approx(100 * 10 / hours, abs=1e-3),
        "aar": 0,
        "loading": pytest.approx(100 * 3 / hours, abs=1e-3),
    }
    for name, reference in (("aar", aar), ("static_rating", dict.fromkeys(aar, STATIC))):
        gains = [(dlr[hour] - reference[hour]) / reference[hour] * 100 for hour in dlr]
        assert found[f"gain_over_{name}"] == {
            "median": pytest.approx(percentile(gains, 50), abs=1e-3),
            "p5": pytest.approx(percentile(gains, 5), abs=1e-3),
            "p95": pytest.approx(percentile(gains, 95), abs=1e-3),
            "hours": len(dlr),
        }
        beyond = sum(
            mva * (amps - reference[hour])
            for hour, amps in current.items()
            if amps > reference[hour]
        )
        assert found[f"mvah_beyond_{name}"] == pytest.approx(beyond, abs=1e-3)
    below = [hour for hour in dlr if dlr[hour] < aar[hour]]
    assert found["below_aar"] == {
        "hours": len(below),
        "share": pytest.approx(100 * len(below) / len(dlr), abs=1e-3),
    }
    assert found["highest_loading"]["value"] == pytest.approx(max(loading.values()) + 3, abs=1e-3)
    for one, level in zip(found["loading_above"], (80, 90, 100), strict=True):
        above = {hour for hour, percent in loading.items() if percent > level}
        runs, length = longest(above)
        beyond = sum(
            mva * (current[hour] - level / 100 * current[hour] / (loading[hour] / 100))
            for hour in above
        )
        assert one == {
            "level": level,
            "hours": len(above),
            "share": pytest.approx(100 * len(above) / len(loading), abs=1e-3),
            "spells": runs,
            "longest_spell": length,
            "mvah_beyond": pytest.approx(beyond, abs=2e-3),
        }


async def test_fallbacks_are_those_of_the_service(home: Home) -> None:
    await home.open()
    span = {"start": "2026-11-17T00:00:00Z", "end": "2026-11-18T00:00:00Z"}
    for fallback in (False, True):
        home.world.set_fallback(home.line, fallback)
        answer = await ask(
            home.hass, "get_history", device_id=line_device(home), kind="dlr", **span
        )
        ratings = answer["dlr"]["heimdall_dlrs"]
        found = await report(home, **span)
        assert found["fallback"] == {
            "ratings": len(ratings),
            "share": 100 * sum(one["is_fallback"] for one in ratings) / len(ratings),
        }
        assert found["fallback"]["share"] == 100 * fallback


async def test_a_service_that_fails_costs_only_its_own_part(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    await home.open()
    await recorded(home, made_up())
    home.fault("any")
    found = await report(home)
    assert found["fallback"] is None
    assert found["below_aar"]["hours"] > 0
    assert "lacks the share of fallback" in caplog.text


async def test_a_range_of_many_years(home: Home) -> None:
    """What is recorded counts; the service is not asked for decades."""
    await home.open()
    await recorded(home, made_up())
    home.forget_calls()
    found = await report(home, start="0001-01-01T00:00:00Z")
    assert found["start"] == "1970-01-01T01:00:00+00:00"
    assert found["gain_over_aar"]["hours"] == len(made_up()["dlr"])
    assert found["fallback"] is None
    assert not home.simulator.calls.list(service="heimdall")


async def test_nothing_recorded_in_the_range(home: Home) -> None:
    """A new line: everything is unknown, and all of it missing."""
    await home.open()
    found = await report(home)
    assert found["missing"] == dict.fromkeys(("current", "dlr", "aar", "loading"), 100)
    unknown = (
        "gain_over_aar",
        "gain_over_static_rating",
        "static_rating",
        "below_aar",
        "highest_loading",
        "mvah_beyond_aar",
        "mvah_beyond_static_rating",
    )
    assert {found[key] for key in unknown} == {None}
    assert found["loading_above"][0] == {
        "level": 80,
        "hours": 0,
        "share": None,
        "spells": 0,
        "longest_spell": 0,
        "mvah_beyond": None,
    }


async def test_renamed_and_in_another_unit(home: Home) -> None:
    """Statistics follow an entity that is renamed, and are read in A whatever it shows."""
    await home.open()
    values = made_up()
    await recorded(home, values)
    before = await report(home)
    registry = er.async_get(home.hass)
    for key in ("dlr", "current"):
        entity_id = home.entity_id(home.line, key)
        assert entity_id is not None
        registry.async_update_entity(entity_id, new_entity_id=f"sensor.my_{key}")
        registry.async_update_entity_options(
            f"sensor.my_{key}", Platform.SENSOR, {"unit_of_measurement": "mA"}
        )
    await home.hass.async_block_till_done(wait_background_tasks=True)
    await async_recorded(home.hass)
    assert await report(home) == before


async def test_a_line_without_the_sensors(home: Home) -> None:
    """What is not registered is unknown."""
    await home.open(entities="essential")
    found = await report(home)
    assert found["missing"]["aar"] == 100


async def test_of_its_facility(home: Home) -> None:
    await home.open()
    await recorded(home, made_up())
    facility = home.device("facility", home.facility)
    assert facility is not None
    assert await report(home, device_id=facility.id) == await report(home)


@pytest.mark.parametrize(
    ("start", "end", "key"),
    [
        ("2026-11-18T17:10:00Z", "2026-11-18T17:50:00Z", "no_whole_hour"),
        ("2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z", "empty_range"),
    ],
)
async def test_ranges_without_an_hour(home: Home, start: str, end: str, key: str) -> None:
    await home.open()
    with pytest.raises(ServiceValidationError) as caught:
        await report(home, start=start, end=end)
    assert caught.value.translation_key == key


async def test_not_a_line(home: Home) -> None:
    await home.open()
    owner = next(iter(home.account.assets.data.grid_items.values()))
    device = home.device("owner", owner.id)
    assert device is not None
    with pytest.raises(ServiceValidationError) as caught:
        await report(home, device_id=device.id)
    assert caught.value.translation_key == "not_a_line"


async def test_permission(home: Home, hass_read_only_user: MockUser) -> None:
    """Without permission to read the line there is no report, of its facility neither."""
    await home.open()
    facility = home.device("facility", home.facility)
    assert facility is not None
    hass_read_only_user.mock_policy({"entities": {"domains": {"light": True}}})
    for device_id in (line_device(home), facility.id):
        with pytest.raises(Unauthorized):
            await home.hass.services.async_call(
                DOMAIN,
                "get_line_report",
                {ATTR_DEVICE_ID: device_id, **RANGE},
                blocking=True,
                return_response=True,
                context=Context(user_id=hass_read_only_user.id),
            )
