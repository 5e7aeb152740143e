"""Charts are read by pointer, by finger and by keyboard, and as a table."""

import re
from typing import Any, Final

from playwright.async_api import Locator, expect
import pytest

from .conftest import Visit
from .hands import Keyboard
from .home import Home, have_past
from .rows import CARDS_DASHBOARD, OWN_DASHBOARD, make_dashboards
from .visitor import PHONE, People, Visitor
from .wire import change_messages

pytestmark = pytest.mark.usefixtures("past")

FALLBACK: Final = "Storvik - Elvebakk"
"""The line of the demo whose rating is a fallback."""
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


async def test_fallback(visit: Visit, home: Home) -> None:
    """A rating that was a fallback is drawn broken, and said wherever the rating is."""
    await have_past(home)
    line = await home.device("line", FALLBACK)
    person = await visit()
    await change_messages(person.page, always_fallen_back)
    await person.open(f"{OWN_DASHBOARD}/line-{line.id}")
    card = person.page.locator("gridduck-heimdall-line")
    await expect(card.locator("path.line.fallback").first).to_be_attached()
    await expect(card.locator("path.line.inForce").first).to_be_attached()
    await expect(card.locator(".summary")).to_contain_text("Fallback")
    await expect(card.locator(".legend")).to_contain_text("Fallback")
    await expect(card.get_by_role("rowheader").first).to_contain_text("Fallback")
    plot = card.locator(".plot")
    await Keyboard(person.page).reach(plot)
    await person.page.keyboard.press("Home")
    await expect(card.locator(".tip")).to_contain_text("Fallback")
    await expect(plot).to_have_attribute("aria-valuetext", re.compile("Fallback"))
    await person.page.keyboard.press("End")
    await expect(card.locator(".tip")).not_to_contain_text("Fallback")
    await person.go(f"{OWN_DASHBOARD}/overview")
    view = person.page.locator("hui-view")
    row = view.locator("gridduck-heimdall-lines").get_by_role("listitem").filter(has_text=FALLBACK)
    await expect(row).to_contain_text("Fallback")
    attention = view.locator("gridduck-heimdall-attention")
    await expect(attention).to_contain_text("Needs attention")
    await expect(attention).to_contain_text("DLR fallback")
    await expect(attention).to_contain_text(FALLBACK)
    assert await person.missing() == []
    assert person.reported() == []


def always_fallen_back(message: Any) -> Any:
    """Let the rating have been a fallback for as long as the page asks for."""
    match message:
        case {"result": dict(result)} if result and all(map(is_history, result.values())):
            return {**message, "result": {key: [{"s": "on", "lu": 0}] for key in result}}
    return message


def is_history(value: Any) -> bool:
    """Tell whether these are states of one entity."""
    match value:
        case [{"s": _, "lu": _}, *_]:
            return True
    return False


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
