"""Cards look as they did."""

from datetime import timedelta
from functools import partial
from typing import Final

from playwright.async_api import expect
import pytest

from devtools.recorder import recorded

from .home import FAILURES, NOW, Home, until
from .pictures import KEPT, TOLERATED, difference, taken, write
from .rows import CARDS, CARDS_DASHBOARD, LINE, Card, make_dashboards
from .visitor import DARK, LIGHT, Mode, People

pytestmark = pytest.mark.usefixtures("past")

STILL: Final = NOW.replace(minute=0)
"""The time that the browser shows in pictures, however long the run has taken until then.

A whole hour: of one that is under way, the chart shows as many minutes as Home Assistant has run.
"""
DAY: Final = timedelta(days=1)
HOURS: Final = 23
"""Finished ones of a day."""


@pytest.fixture(scope="module")
async def names(home: Home) -> dict[str, str]:
    """Return the ids of devices, once the dashboards and the past are there."""
    await until(partial(has_past, home, LINE), "the last day of the line is imported")
    return await make_dashboards(home)


async def has_past(home: Home, name: str) -> bool:
    """Tell whether the last day of a line is there, which its card shows."""
    inventory, line = await home.inventory(), await home.device("line", name)
    sensors = [inventory.of_key(line, key) for key in ("current", "dlr")]
    wanted = {each.entity_id for each in sensors if each is not None}
    rows = await recorded(home.hass, wanted, home.now - DAY, home.now)
    return all(len(rows.get(each, ())) >= HOURS for each in wanted)


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
