"""Forecasts beside what the recorder has, in a real Home Assistant: action, diagnostics, repair."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from homeassistant.const import ATTR_DEVICE_ID, EVENT_RECORDER_HOURLY_STATISTICS_GENERATED
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.gridduck_heimdall.api.sanitizer import escape_markdown
from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.core.issues import FORECASTS_TOO_SURE
from custom_components.gridduck_heimdall.diagnostics import async_get_config_entry_diagnostics
from custom_components.gridduck_heimdall.forecast.skill import (
    LEADS,
    Forecast,
    ForecastQuantity,
    Score,
    Scores,
    Skill,
)
from custom_components.gridduck_heimdall.forecast.skill_record import SkillRecord, key_of
from tests.conftest import ask, first_device
from tests.forecast.history import async_recorded
from tests.heimdall.history_support import REQUESTED, failing
from tests.heimdall.home import Home

from .recorded import AMPERES, SECONDS, record

START = int(datetime(2026, 11, 18, 18, tzinfo=UTC).timestamp()) // SECONDS


def line_device(home: Home) -> str:
    device = home.device("line", home.line)
    assert device is not None
    return device.id


async def hour(home: Home, rating: float | None) -> None:
    """Let an hour pass, of which the recorder has a rating; then the look that follows."""
    await home.wait(hours=1, seconds=1)
    now = int(home.freezer().timestamp()) // SECONDS
    entity_id = home.entity_id(home.line, "dlr")
    assert entity_id is not None
    if rating is not None:
        await record(home.hass, entity_id, AMPERES, {now - 1: rating})
    home.hass.bus.async_fire(EVENT_RECORDER_HOURLY_STATISTICS_GENERATED)
    await home.wait(minutes=6)


async def skill(home: Home, **data: object) -> dict[int, dict[str, Any]]:
    """Return what the action says of the ratings, by lead time."""
    answer = await ask(home.hass, "get_forecast_skill", device_id=line_device(home), **data)
    return {one["lead"]: one for one in answer["rating"]}


def predicted(home: Home) -> Iterator[tuple[int, dict[str, float]]]:
    """Yield what the service forecasts now, by hour, as any client would read it."""
    clouds = home.simulator.heimdall
    line = clouds.world.line(home.line)
    for bucket in clouds.models.ratings.forecast(line, "dlr", home.simulator.clock.now(), 30):
        yield (
            int(bucket.at) // SECONDS,
            {level: rating.value for level, rating in bucket.levels.items()},
        )


async def test_hour_by_hour(home: Home) -> None:
    """One and six hours ahead, with what was forecast then."""
    await home.open()
    home.simulator.faults.add(failing(REQUESTED, 500))
    said = list[tuple[int, dict[str, float]]]()
    for number in range(9):
        await hour(home, 700.0 + number)
        at_this = dict(predicted(home))
        now = int(home.freezer().timestamp()) // SECONDS
        said += [(now + lead, at_this[now + lead] | {"lead": lead}) for lead in LEADS]
    real = {START + 1 + number - 1: 700.0 + number for number in range(9)}
    found = await skill(home)
    for lead in LEADS:
        mine = [(at, one) for at, one in said if one["lead"] == lead and at in real]
        assert found[lead]["hours"] == len(mine)
        if mine:
            held = sum(real[at] >= one["p95"] for at, one in mine)
            bias = sum(real[at] - one["prediction"] for at, one in mine) / len(mine)
            assert found[lead]["held"] == pytest.approx(100 * held / len(mine), abs=0.1)
            assert found[lead]["bias"] == pytest.approx(bias, abs=0.02)
    assert (found[1]["hours"], found[6]["hours"], found[24]["hours"]) == (7, 2, 0)
    assert found[24]["held"] is None


async def test_a_restart_and_an_hour_that_comes_late(home: Home) -> None:
    await home.open()
    home.simulator.faults.add(failing(REQUESTED, 500))
    for rating in (700, 700, None):
        await hour(home, rating)
    before = await skill(home)
    assert before[1]["hours"] == 0
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    await home.hass.async_block_till_done(wait_background_tasks=True)
    entity_id = home.entity_id(home.line, "dlr")
    assert entity_id is not None
    now = int(home.freezer().timestamp()) // SECONDS
    await record(home.hass, entity_id, AMPERES, {now - 1: 650.0})
    await hour(home, 660)
    assert (await skill(home))[1]["hours"] == 2
    assert (await skill(home, days=1))[1]["hours"] == 2


async def test_a_renamed_sensor(home: Home) -> None:
    """What was forecast before is compared with what it records under its new name."""
    await home.open()
    home.simulator.faults.add(failing(REQUESTED, 500))
    await hour(home, 700)
    await hour(home, 700)
    entity_id = home.entity_id(home.line, "dlr")
    assert entity_id is not None
    er.async_get(home.hass).async_update_entity(entity_id, new_entity_id="sensor.other_name")
    await async_recorded(home.hass)
    await hour(home, 700)
    await hour(home, 700)
    assert (await skill(home))[1]["hours"] == 2


async def test_no_forecast(home: Home) -> None:
    """Without a forecast nothing is compared, and nothing fails."""
    await home.open()
    home.fault("dlr_forecast")
    for _ in range(4):
        await hour(home, 700)
    assert (await skill(home))[1]["hours"] <= 1


async def store(home: Home, held: int) -> None:
    """Store ten days of scores, in which the level held in so many hours of 24."""
    today, scores = START // 24, Scores()
    for day in range(today - 10, today):
        for lead in LEADS:
            scores = scores.added(day, lead, Score(hours=24, held=held, error=240.0))
    file = SkillRecord(home.hass, home.entry.entry_id)
    # One that is pending, so that there is something to compare.
    pending = {(START, 1): Forecast(700, 600)}
    file[key_of(ForecastQuantity.RATING, line_device(home))] = Skill(scores, pending)
    await file.async_close()


def reported(home: Home) -> ir.IssueEntry | None:
    issue_id = FORECASTS_TOO_SURE.id_of(home.entry.entry_id)
    return ir.async_get(home.hass).async_get_issue(DOMAIN, issue_id)


@pytest.mark.parametrize(("held", "raised"), [(20, True), (22, False)])
async def test_the_repair(home: Home, held: int, raised: bool) -> None:
    """It is raised for lines whose level of 95 % is not what it says, and cleared again."""
    await home.open()
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    await store(home, held)
    await home.open()
    await hour(home, 700)
    issue = reported(home)
    assert (issue is not None) is raised
    shown = await async_get_config_entry_diagnostics(home.hass, home.entry)
    scores: Any = shown["forecast_skill"]
    assert scores["rating_1_h"]["hours"] == 241
    assert scores["load_24_h"]["hours"] == 0
    if issue is None:
        return
    assert issue.translation_placeholders is not None
    name = escape_markdown(home.world.line(home.line).name)
    assert issue.translation_placeholders["lines"] == name
    assert issue.translation_placeholders["count"] == "1"
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    await store(home, 24)
    await home.open()
    await hour(home, 700)
    assert reported(home) is None


async def test_who_may_ask(
    home: Home,
    hass: HomeAssistant,
    account: MockConfigEntry,
    hass_read_only_user: MockUser,
) -> None:
    """Lines and sites have a forecast that is noted; gateways and assets have none."""
    await home.open()
    site = await ask(hass, "get_forecast_skill", device_id=first_device(hass, account, "site"))
    assert [one["hours"] for one in site["load"]] == [0, 0, 0]
    for kind in ("gateway", "asset"):
        with pytest.raises(ServiceValidationError) as caught:
            await ask(hass, "get_forecast_skill", device_id=first_device(hass, account, kind))
        assert caught.value.translation_key == "not_a_line_or_site"
    hass_read_only_user.mock_policy({"entities": {"domains": {"light": True}}})
    for device_id in (line_device(home), first_device(hass, account, "site")):
        with pytest.raises(Unauthorized):
            await hass.services.async_call(
                DOMAIN,
                "get_forecast_skill",
                {ATTR_DEVICE_ID: device_id},
                blocking=True,
                return_response=True,
                context=Context(user_id=hass_read_only_user.id),
            )
