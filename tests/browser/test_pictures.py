"""Cards look as they did, and the pictures of README and docs are made."""

from datetime import timedelta
from functools import partial
from typing import Final

from playwright.async_api import expect
import pytest

from devtools.recorder import hourly

from .home import FAILURES, NOW, Home, until
from .pictures import DOCS, KEPT, TOLERATED, difference, taken, write
from .rows import CARDS, CARDS_DASHBOARD, LINE, OWN_DASHBOARD, Card, filled, make_dashboards
from .visitor import DARK, LIGHT, PHONE, Mode, People

STILL: Final = NOW + timedelta(minutes=15)
"""The time that the browser shows in pictures, however long the run has taken until then."""
DAY: Final = timedelta(days=1)
HOURS: Final = 23
"""Finished ones of a day."""
CHART: Final = "gridduck-heimdall-line svg, gridduck-heimdall-lines li svg path.load"
OF_DOCS: Final = (
    ("dashboard-overview", LIGHT, "overview"),
    ("dashboard-line", LIGHT, "line-{line}"),
    ("dashboard-phone", PHONE, "line-{line}"),
)


@pytest.fixture(scope="module")
async def names(home: Home) -> dict[str, str]:
    """Return the ids of devices, once the dashboards and the past are there."""
    await until(partial(_has_past, home), "the last day of the line is imported")
    return await make_dashboards(home)


async def _has_past(home: Home) -> bool:
    """Tell whether the last day of the line is there, which its card shows."""
    inventory, line = await home.inventory(), await home.device("line", LINE)
    sensors = [inventory.of_key(line, key) for key in ("current", "dlr")]
    wanted = {each.entity_id for each in sensors if each is not None}
    rows = await hourly(home.hass, wanted, NOW - DAY, NOW)
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


@pytest.mark.pictures
@pytest.mark.parametrize(("name", "mode", "path"), OF_DOCS, ids=str)
async def test_docs(
    people: People,
    names: dict[str, str],
    name: str,
    mode: Mode,
    path: str,
) -> None:
    async with people.visit(mode, STILL) as person:
        await person.open(f"{OWN_DASHBOARD}/{filled(path, names)}")
        await expect(person.page.locator(CHART).first).to_be_visible()
        await person.page.wait_for_load_state("networkidle")
        write(DOCS / f"{name}.png", await taken(person.page))
