"""Charts are read by pointer, by finger and by keyboard, and as a table."""

import re
from typing import Final

from playwright.async_api import Locator, expect
import pytest

from .conftest import Visit
from .hands import Keyboard
from .home import Home
from .rows import CARDS_DASHBOARD, OWN_DASHBOARD, make_dashboards
from .visitor import PHONE, People, Visitor

LINE_HOURS: Final = 24
"""Hours of the past in the table of a line, at least."""


@pytest.mark.parametrize(
    ("card", "says"),
    [
        pytest.param("line", "Rating in force", id="line"),
        pytest.param("limit", "Limit", id="load limit"),
    ],
)
async def test_chart(visit: Visit, home: Home, card: str, says: str) -> None:
    await make_dashboards(home)
    person = await visit()
    element, plot = await opened(person, card)
    tip = element.locator(".tip")
    await expect(tip).to_have_count(0)
    # The last point has values whenever there are any.
    box = await plot.bounding_box()
    assert box is not None
    await plot.hover(position={"x": box["width"] - 12, "y": box["height"] / 2})
    await expect(tip).to_contain_text(says)
    await person.page.mouse.move(0, 0)
    await expect(tip).to_have_count(0)
    keyboard = person.page.keyboard
    await Keyboard(person.page).reach(plot)
    await expect(tip).to_be_visible()
    before = await said(plot)
    for key, wanted in (("Home", 0), ("ArrowRight", 1), ("End", -1)):
        await keyboard.press(key)
        await expect(plot).not_to_have_attribute("aria-valuetext", before)
        before = await said(plot)
        slots = int(await attribute(plot, "aria-valuemax")) + 1
        assert int(await attribute(plot, "aria-valuenow")) == wanted % slots
    await keyboard.press("Escape")
    await expect(tip).to_have_count(0)
    assert person.reported() == []


async def test_table(visit: Visit, home: Home) -> None:
    """A screen reader finds each hour in a table, with names and units."""
    await make_dashboards(home)
    person = await visit()
    element, _ = await opened(person, "line")
    table = element.get_by_role("table")
    await expect(table.get_by_role("columnheader", name="Current", exact=True)).to_be_attached()
    await expect(table.get_by_role("rowheader").nth(LINE_HOURS)).to_be_attached()
    await expect(table.get_by_role("cell", name=re.compile(r"\d\sA$")).first).to_be_attached()


async def test_finger(people: People, home: Home) -> None:
    await make_dashboards(home)
    async with people.visit(PHONE) as person:
        element, plot = await opened(person, "line")
        await plot.tap()
        await expect(element.locator(".tip")).to_be_visible()
        await expect(element.locator(".tip")).to_be_in_viewport()
        assert person.reported() == []


async def test_heat_map(visit: Visit, home: Home) -> None:
    """The heat map is read by pointer and by keyboard."""
    names = await make_dashboards(home)
    person = await visit()
    await person.open(f"{OWN_DASHBOARD}/line-{names['line']}")
    card = person.page.locator("gridduck-heimdall-headroom")
    await card.scroll_into_view_if_needed()
    heat = card.locator(".map")
    await heat.locator("i[class^=l]").first.hover()
    readout = card.locator(".readout")
    await expect(readout).to_contain_text("headroom")
    await person.page.mouse.move(0, 0)
    await expect(readout).not_to_contain_text("headroom")
    await Keyboard(person.page).reach(heat)
    day = int(await attribute(heat, "aria-valuenow"))
    await person.page.keyboard.press("ArrowUp")
    await expect(heat).to_have_attribute("aria-valuenow", str(day - 24))
    await expect(heat).to_have_attribute("aria-valuetext", await readout.inner_text())
    assert person.reported() == []


async def opened(person: Visitor, card: str) -> tuple[Locator, Locator]:
    """Open a card on a dashboard; return it and its chart."""
    await person.open(f"{CARDS_DASHBOARD}/{card}")
    element = person.page.locator(f"gridduck-heimdall-{'load-limit' if card == 'limit' else card}")
    plot = element.locator(".plot")
    await expect(plot.locator("path.line, circle.dot").first).to_be_attached()
    return element, plot


async def said(plot: Locator) -> str:
    """Return what a screen reader says of the time that is pointed at."""
    return await attribute(plot, "aria-valuetext")


async def attribute(element: Locator, name: str) -> str:
    """Return an attribute that has to be there."""
    value: str | None = await element.get_attribute(name)
    assert value is not None
    return value
