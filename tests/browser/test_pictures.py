"""Cards look as they did."""

from typing import Final

from playwright.async_api import expect
import pytest

from .home import FAILURES, NOW, Home
from .pictures import KEPT, TOLERATED, difference, taken, write
from .rows import CARDS, CARDS_DASHBOARD, Card, make_dashboards
from .visitor import DARK, LIGHT, Mode, People

pytestmark = pytest.mark.usefixtures("past")

STILL: Final = NOW.replace(minute=0)
"""The time that the browser shows in pictures, however long the run has taken until then.

A whole hour: of one that is under way, the chart shows as many minutes as Home Assistant has run.
"""


@pytest.fixture(scope="module")
async def names(home: Home) -> dict[str, str]:
    """Return the ids of devices, once the dashboards and the past are there."""
    return await make_dashboards(home)


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize("mode", [LIGHT, DARK], ids=lambda mode: mode.name)
@pytest.mark.parametrize(
    "card", [each for each in CARDS if each.moving is not None], ids=lambda card: card.name
)
async def test_card(people: People, mode: Mode, card: Card, pytestconfig: pytest.Config) -> None:
    path = KEPT / f"{card.name}-{mode.name}.png"
    async with people.visit(mode, STILL) as person:
        await person.open(f"{CARDS_DASHBOARD}/{card.name}")
        element = person.page.locator(card.config["type"].removeprefix("custom:"))
        for selector in card.shows:
            await expect(element.locator(selector).first).to_be_visible()
        picture = await taken(element, [element.locator(each) for each in card.moving or ()])
    if pytestconfig.getoption("--pictures"):
        write(path, picture)
        return
    share = difference(path, picture)
    if share > TOLERATED:
        write(FAILURES / path.name, picture)
    assert share <= TOLERATED, f"{share:.1%} of {path} differ from {FAILURES / path.name}"
