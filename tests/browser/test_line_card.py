"""What the chart of a line shows, over its ranges, and in the formats of its user."""

import re
from typing import Final

from playwright.async_api import expect
import pytest

from .conftest import Visit
from .hands import Keyboard
from .home import Home, have_past
from .rows import CARDS_DASHBOARD, make_dashboard, make_dashboards
from .test_charts import attribute
from .test_views import Names

pytestmark = pytest.mark.usefixtures("past")

DASHBOARD: Final = "browser-ranges"
LEGEND: Final = (
    "Current",
    "Expected load",
    "Rating in force",
    "Likely range of the load",
    "Hours at risk",
)
FORMATS: Final = {
    "language": "en",
    "number_format": "decimal_comma",
    "time_format": "24",
    "date_format": "DMY",
    "time_zone": "local",
    "first_weekday": "monday",
}


@pytest.fixture
async def names(home: Home) -> Names:
    await have_past(home)
    return await make_dashboards(home)


@pytest.mark.usefixtures("names")
async def test_parts(visit: Visit) -> None:
    """Past and future, with what is uncertain and at risk, and what limits now and then."""
    person = await visit()
    await person.open(f"{CARDS_DASHBOARD}/line")
    card = person.page.locator("gridduck-heimdall-line")
    plot = card.locator(".plot")
    for part in (".area", ".range", ".line.inForce", ".line.expected", ".now", "rect[fill*=hatch]"):
        await expect(plot.locator(part).first).to_be_attached()
    for text in LEGEND:
        await expect(card.locator(".legend").get_by_text(text, exact=True)).to_be_visible()
    await expect(card.locator(".summary")).to_contain_text("At risk from")
    await Keyboard(person.page).reach(plot)
    for key in ("Home", "End"):
        await expect(plot).to_have_attribute("aria-valuetext", re.compile("Rating in force"))
        await person.page.keyboard.press(key)
    # The end of the forecast.
    await expect(card.locator(".tip")).to_contain_text("Limiting span")
    await expect(plot).to_have_attribute("aria-valuetext", re.compile(r"Limiting span \S"))
    assert person.reported() == []


@pytest.mark.parametrize(
    ("back", "ahead", "least", "most"), [(6, 0, 6, 40), (168, 72, 168 + 24, 168 + 72 + 40)]
)
async def test_range(
    visit: Visit, home: Home, names: Names, back: int, ahead: int, least: int, most: int
) -> None:
    """An hour is a slot; the current one has some of minutes."""
    card = {
        "type": "custom:gridduck-heimdall-line",
        "device_id": names["line"],
        "hours_back": back,
        "hours_ahead": ahead,
    }
    views = {"views": [{"path": "one", "cards": [card]}]}
    await make_dashboard(home, DASHBOARD, views)
    person = await visit()
    await person.open(f"{DASHBOARD}/one")
    plot = person.page.locator("gridduck-heimdall-line .plot")
    await expect(plot.locator(".line.current").first).to_be_attached()
    if ahead:
        await expect(plot.locator(".line.expected").first).to_be_attached()
    else:
        await expect(plot.locator(".line.expected")).to_have_count(0)
    assert least <= int(await attribute(plot, "aria-valuemax")) <= most
    assert person.reported() == []


@pytest.mark.usefixtures("names")
async def test_formats(visit: Visit, home: Home) -> None:
    """Numbers and times have the formats that the user has chosen, not those of the language."""
    person = await visit()
    await home.hass.command("frontend/set_user_data", object, key="language", value=FORMATS)
    await person.open(f"{CARDS_DASHBOARD}/line")
    card = person.page.locator("gridduck-heimdall-line")
    await expect(card.locator(".summary")).to_contain_text(re.compile(r"Loading \d+,\d"))
    await expect(card.locator(".tick").get_by_text("2.000")).to_be_visible()
    await expect(card.get_by_role("rowheader").first).to_contain_text(re.compile(r"\d\d:\d\d"))
    await expect(card.get_by_role("table")).not_to_contain_text(re.compile("[AP]M"))
    assert person.reported() == []
