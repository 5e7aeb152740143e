"""Repairs of a Heimdall Power account that are raised only when something lasts."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.api.sanitizer import escape_markdown
from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.core.issues import (
    NO_INSTRUMENTED_LINE,
    RATING_FALLBACK,
    Issue,
)
from simulator.options import Options
from simulator.server import Simulator

from .heimdall.home import Home
from .repairs import found, own, restart_registry, texts

NOW = "2026-11-18T18:00:00Z"


@pytest.fixture
def simulator_options() -> Options:
    """Return two lines; neither is on fallback at first."""
    return Options(sites=1, assets=1, lines=2)


@pytest.fixture(autouse=True)
def _clock(freezer: FrozenDateTimeFactory) -> None:
    freezer.move_to(NOW)


@pytest.fixture
def home(
    hass: HomeAssistant,
    simulator: Simulator,
    heimdall_entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> Home:
    """Return Home Assistant with an account that is not set up yet."""
    return Home(hass, simulator, heimdall_entry, freezer)


def reported(home: Home, issue: Issue) -> ir.IssueEntry | None:
    return found(home.hass, home.entry, issue)


def instrument(home: Home, *, instrumented: bool) -> None:
    """Put sensors on every line, or take them off."""
    for line in home.world.lines():
        home.world.set_instrumented(line.id, instrumented)


async def hours(home: Home, count: int) -> None:
    """Let hours pass, with a poll every half day and at their end."""
    while count:
        step = min(count, 12)
        await home.wait(hours=step)
        count -= step


async def restart(home: Home, *, after: timedelta = timedelta(0)) -> None:
    """Let Home Assistant be down for a while."""
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    await restart_registry(home.hass)
    home.freezer.tick(after)
    await home.hass.config_entries.async_setup(home.entry.entry_id)
    await home.hass.async_block_till_done(wait_background_tasks=True)


async def test_no_line(home: Home) -> None:
    """One answer is not enough, the next is; a line that gets its sensors ends it."""
    instrument(home, instrumented=False)
    await home.open()
    await home.polls(1)
    assert reported(home, NO_INSTRUMENTED_LINE) is None
    await home.polls_of_assets(1)
    issue = reported(home, NO_INSTRUMENTED_LINE)
    assert issue is not None
    assert issue.severity is ir.IssueSeverity.WARNING
    assert not issue.is_fixable
    assert issue.learn_more_url is not None
    shown = await texts(home.hass, issue)
    assert shown.keys() == {"title", "description"}
    assert home.entry.title in shown["title"]
    instrument(home, instrumented=True)
    await home.polls_of_assets(1)
    assert reported(home, NO_INSTRUMENTED_LINE) is None


async def test_no_line_in_one_answer_only(home: Home) -> None:
    await home.open()
    for instrumented in (False, True, False, True):
        instrument(home, instrumented=instrumented)
        await home.polls_of_assets(1)
        assert reported(home, NO_INSTRUMENTED_LINE) is None


async def test_no_line_over_a_restart(home: Home) -> None:
    """A reload is not a second poll, but the time before it counts."""
    instrument(home, instrumented=False)
    await home.open()
    await hours(home, 3)
    await restart(home)
    assert reported(home, NO_INSTRUMENTED_LINE) is None
    await hours(home, 2)
    await restart(home, after=timedelta(hours=1))
    assert reported(home, NO_INSTRUMENTED_LINE) is not None
    # It is not told anew once the account has lines when it starts.
    instrument(home, instrumented=True)
    await restart(home)
    assert own(home.hass) == set()


async def test_lines_that_cannot_be_read_may_be_there(home: Home) -> None:
    instrument(home, instrumented=False)
    home.fault("assets", "patch", patch={"data": {"grid_owners": [{"facilities": [3]}, 4]}})
    await home.open()
    await home.polls_of_assets(2)
    assert home.account.assets.malformed
    assert reported(home, NO_INSTRUMENTED_LINE) is None


async def test_fallback_for_a_day(home: Home) -> None:
    """It is raised after a day, of the line and not of its facility too, until it is over."""
    home.world.set_fallback(home.line, True)
    await home.open()
    await hours(home, 23)
    assert reported(home, RATING_FALLBACK) is None
    await hours(home, 1)
    issue = reported(home, RATING_FALLBACK)
    assert issue is not None
    assert issue.severity is ir.IssueSeverity.WARNING
    assert issue.learn_more_url is not None
    name = home.world.line(home.line).name
    assert issue.translation_placeholders == {
        "title": home.entry.title,
        "account": home.entry.title,
        "lines": escape_markdown(name),
        "count": "1",
    }
    shown = await texts(home.hass, issue)
    assert escape_markdown(name) in shown["description"]
    home.world.set_fallback(home.line, False)
    await home.polls(3)
    assert reported(home, RATING_FALLBACK) is None


async def test_names_stay_text(home: Home) -> None:
    """Nothing of a name is a link, a picture or a tag where descriptions are Markdown."""
    home.world.set_fallback(home.line, True)
    home.world.rename_line(home.line, "![x](http://a.invalid) <b>")
    home.entry.add_to_hass(home.hass)
    home.hass.config_entries.async_update_entry(home.entry, title="[Grid](http://a.invalid)")
    await home.open()
    await hours(home, 24)
    issue = reported(home, RATING_FALLBACK)
    assert issue is not None
    shown = await texts(home.hass, issue)
    assert "[Grid](http://a.invalid)" in shown["title"]
    description = shown["description"].replace(r"\[", "").replace(r"\<", "")
    assert not set("[<") & set(description)


async def test_a_calculated_rating_in_between(home: Home) -> None:
    home.world.set_fallback(home.line, True)
    await home.open()
    await hours(home, 20)
    home.world.set_fallback(home.line, False)
    await hours(home, 1)
    home.world.set_fallback(home.line, True)
    await hours(home, 1)
    await hours(home, 23)
    assert reported(home, RATING_FALLBACK) is None
    await hours(home, 1)
    assert reported(home, RATING_FALLBACK) is not None


async def test_a_failing_service_ends_nothing(home: Home) -> None:
    """An issue stays raised, and ignored, while the service cannot be asked."""
    home.world.set_fallback(home.line, True)
    await home.open()
    await hours(home, 25)
    issue_id = RATING_FALLBACK.id_of(home.entry.entry_id)
    ir.async_ignore_issue(home.hass, DOMAIN, issue_id, ignore=True)
    home.fault("any")
    for _ in range(3):
        await hours(home, 1)
    home.recover()
    await hours(home, 1)
    issue = reported(home, RATING_FALLBACK)
    assert issue is not None
    assert issue.dismissed_version


async def test_fallback_over_a_restart(home: Home) -> None:
    """A day counts on over a restart, and what is ignored stays so."""
    home.world.set_fallback(home.line, True)
    await home.open()
    await hours(home, 14)
    await restart(home, after=timedelta(hours=8))
    assert reported(home, RATING_FALLBACK) is None
    await hours(home, 2)
    assert reported(home, RATING_FALLBACK) is not None
    issue_id = RATING_FALLBACK.id_of(home.entry.entry_id)
    ir.async_ignore_issue(home.hass, DOMAIN, issue_id, ignore=True)
    await restart(home)
    issue = reported(home, RATING_FALLBACK)
    assert issue is not None
    assert issue.dismissed_version
    home.world.set_fallback(home.line, False)
    await restart(home, after=timedelta(minutes=15))
    assert own(home.hass) == set()


async def test_a_long_time_away_counts_for_nothing(home: Home) -> None:
    home.world.set_fallback(home.line, True)
    await home.open()
    await hours(home, 20)
    await restart(home, after=timedelta(hours=25))
    await hours(home, 22)
    assert reported(home, RATING_FALLBACK) is None
    await hours(home, 2)
    assert reported(home, RATING_FALLBACK) is not None


async def test_a_facility_alone(home: Home) -> None:
    patch: dict[str, Any] = {"data": {"circuit_rating": {"is_fallback": True}}}
    home.fault("circuit", "patch", item_id=home.facility, patch=patch)
    await home.open()
    await hours(home, 25)
    issue = reported(home, RATING_FALLBACK)
    assert issue is not None
    assert issue.translation_placeholders is not None
    name = home.world.facility(home.facility).name
    assert issue.translation_placeholders["lines"] == escape_markdown(name)


@pytest.mark.parametrize("simulator_options", [Options(sites=1, assets=1, lines=12)])
async def test_many_lines(home: Home) -> None:
    """Ten are named, and all are counted."""
    for line in home.world.lines():
        home.world.set_fallback(line.id, True)
    await home.open()
    for _ in range(3):
        await home.wait(hours=9)
    issue = reported(home, RATING_FALLBACK)
    assert issue is not None
    assert issue.translation_placeholders is not None
    lines = issue.translation_placeholders["lines"]
    assert lines.count(",") == 10
    assert lines.endswith(", …")
    assert issue.translation_placeholders["count"] == "12"


async def test_a_rating_that_is_no_longer_asked_for(home: Home) -> None:
    """Without an entity that shows it nothing is known, and nothing told."""
    home.world.set_fallback(home.line, True)
    await home.open()
    await hours(home, 25)
    assert reported(home, RATING_FALLBACK) is not None
    registry = er.async_get(home.hass)
    for entity in er.async_entries_for_config_entry(registry, home.entry.entry_id):
        if entity.domain in {Platform.SENSOR, Platform.BINARY_SENSOR}:
            registry.async_update_entity(
                entity.entity_id, disabled_by=er.RegistryEntryDisabler.USER
            )
    await home.polls(1)
    assert reported(home, RATING_FALLBACK) is None


async def test_the_file_goes_with_the_account(home: Home, hass_storage: dict[str, Any]) -> None:
    home.world.set_fallback(home.line, True)
    await home.open()
    await home.wait(minutes=1)
    name = f"{DOMAIN}.lasting.{home.entry.entry_id}"
    assert name in hass_storage
    await home.hass.config_entries.async_remove(home.entry.entry_id)
    assert name not in hass_storage
