"""Clock, time zone and week of the profile, on cards whose times are not those of an entity."""

from dataclasses import replace
import re
from typing import Final

from playwright.async_api import Locator, expect
import pytest

from .conftest import Visit
from .home import Home, have_past
from .rows import CARDS_DASHBOARD, make_dashboards
from .test_line_card import FORMATS
from .test_views import Names
from .visitor import LIGHT, People, Visitor

pytestmark = pytest.mark.usefixtures("past")

HALF_HOUR: Final = replace(LIGHT, name="half an hour", zone="Asia/Kolkata")
"""A browser whose time differs from that of Home Assistant by half an hour, besides hours."""


@pytest.fixture
async def names(home: Home) -> Names:
    await have_past(home)
    return await make_dashboards(home)


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize(
    ("clock", "time"), [("12", re.compile(r"^12:00\sPM$")), ("24", re.compile(r"^12:00$"))]
)
async def test_clock(visit: Visit, home: Home, clock: str, time: re.Pattern[str]) -> None:
    person = await visit()
    await have(home, time_format=clock)
    card = await opened(person, "headroom")
    await expect(card.locator(".map em").filter(has_text=time).first).to_be_visible()
    await expect(card.get_by_role("columnheader").filter(has_text=time).first).to_be_attached()
    card = await opened(person, "line")
    await expect(card.locator("text.tick").filter(has_text=time).first).to_be_attached()
    assert person.reported() == []


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize(("zone", "minutes"), [("local", "30"), ("server", "00")])
async def test_time_zone(people: People, home: Home, zone: str, minutes: str) -> None:
    """Hours of the server begin at half past in the zone of the browser."""
    async with people.visit(HALF_HOUR) as person:
        await have(home, time_zone=zone)
        card = await opened(person, "line")
        hour = card.get_by_role("rowheader").first
        await expect(hour).to_contain_text(re.compile(rf"\d\d:{minutes}"))
        # The axis is round in the zone of the user.
        await expect(
            card.locator("text.tick").filter(has_text=re.compile("^12:00$")).first
        ).to_be_attached()
        assert person.reported() == []


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize("weekday", ["Saturday", "Tuesday"])
async def test_first_weekday(visit: Visit, home: Home, weekday: str) -> None:
    """The heat map names the day with which each week begins, then today and tomorrow."""
    person = await visit()
    await have(home, first_weekday=weekday.lower())
    card = await opened(person, "headroom")
    labels = card.locator(".map > b").filter(has_text=re.compile(r"\S"))
    await expect(labels.first).to_contain_text(weekday[:3])
    # The demo starts on a Thursday.
    weeks = [weekday[:3]] * 4
    shown = [re.sub(r"[\d\s]", "", each) for each in await labels.all_inner_texts()]
    assert shown == [*weeks, "Thu", "Fri"]
    assert person.reported() == []


async def have(home: Home, **formats: str) -> None:
    """Set formats of the user, as their profile does."""
    value = {**FORMATS, **formats}
    await home.hass.command("frontend/set_user_data", object, key="language", value=value)


async def opened(person: Visitor, name: str) -> Locator:
    """Open a card."""
    await person.open(f"{CARDS_DASHBOARD}/{name}")
    card = person.page.locator(f"gridduck-heimdall-{name}")
    await expect(card.get_by_role("rowheader").first).to_be_attached()
    return card
