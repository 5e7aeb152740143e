"""With forced colours, lines and buttons remain distinguishable."""

from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import combinations
import re
from typing import Final

from playwright.async_api import Locator, expect
import pytest

from .hands import Keyboard
from .home import Home
from .rows import ONE_OF_EACH, make_one_of_each
from .test_views import complete
from .visitor import DARK, LIGHT, Mode, People, Visitor

pytestmark = pytest.mark.usefixtures("past")

FORCED: Final = tuple(replace(each, forced=True) for each in (LIGHT, DARK))
ENOUGH: Final = 3
"""Contrast of what has to be seen, and is no text."""
LINES: Final = ("current", "inForce", "dlr", "aar", "expected")

_LOOK: Final = """one => {
  const { stroke, strokeDasharray, strokeWidth } = getComputedStyle(one);
  return [stroke, strokeDasharray, strokeWidth];
}"""
_STYLE: Final = "(one, name) => getComputedStyle(one)[name]"


@pytest.fixture(params=FORCED, ids=lambda mode: mode.name)
async def person(
    people: People, home: Home, request: pytest.FixtureRequest
) -> AsyncIterator[Visitor]:
    mode: Mode = request.param
    await make_one_of_each(home)
    async with people.visit(mode) as one:
        await one.open(f"{ONE_OF_EACH}/all")
        # What says that a card is loading is replaced.
        await expect(one.page.locator("gridduck-heimdall-line .line").first).to_be_attached()
        await expect(one.page.locator("gridduck-heimdall-load-limit button").first).to_be_visible()
        yield one


async def test_forced_colours(person: Visitor) -> None:
    chart = person.page.locator("gridduck-heimdall-line")
    background = await style(chart.locator("ha-card"), "backgroundColor")
    looks = {}
    for name in LINES:
        line = chart.locator(f".plot .line.{name}").first
        await expect(line).to_be_attached()
        look: list[str] = await line.evaluate(_LOOK)
        assert contrast(look[0], background) >= ENOUGH, name
        looks[name] = look
    for one, other in combinations(LINES, 2):
        assert looks[one] != looks[other], (one, other)
    limit = person.page.locator("gridduck-heimdall-load-limit")
    pressed = limit.get_by_role("button", pressed=True)
    for button in (limit.get_by_role("button", pressed=False).first, pressed):
        assert await style(button, "borderTopStyle") == "solid"
        assert contrast(await style(button, "borderTopColor"), background) >= ENOUGH
    fill = await style(pressed, "backgroundColor")
    assert contrast(fill, background) >= ENOUGH
    assert contrast(await style(pressed, "color"), fill) >= ENOUGH
    cell = person.page.locator("gridduck-heimdall-headroom i[class^=l]").first
    await cell.scroll_into_view_if_needed()
    assert "gradient" in await style(cell, "backgroundImage")
    await complete(person)


async def test_focus_is_visible(person: Visitor) -> None:
    limit = person.page.locator("gridduck-heimdall-load-limit")
    background = await style(limit.locator("ha-card"), "backgroundColor")
    for focused in (
        person.page.locator("gridduck-heimdall-line .plot"),
        limit.get_by_role("button").first,
    ):
        await Keyboard(person.page).reach(focused)
        assert await style(focused, "outlineStyle") == "solid"
        assert await style(focused, "outlineWidth") == "2px"
        assert contrast(await style(focused, "outlineColor"), background) >= ENOUGH


async def style(element: Locator, name: str) -> str:
    """Return a computed style."""
    value: str = await element.evaluate(_STYLE, name)
    return value


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, by the formula of WCAG."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of an opaque colour, as styles name it: `rgb(0, 0, 0)`."""
    values = [int(each) / 255 for each in re.findall(r"\d+", colour)[:3]]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
