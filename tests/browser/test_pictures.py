"""Cards look as they did, and the pictures of README and docs are made."""

from datetime import timedelta
from typing import Final

from playwright.async_api import expect
import pytest

from devtools.demo.history import wait_until_in

from .home import FAILURES, NOW, Home
from .pictures import DOCS, KEPT, TOLERATED, difference, taken, write
from .rows import CARDS, CARDS_DASHBOARD, OWN_DASHBOARD, Card, filled, make_dashboards
from .visitor import DARK, LIGHT, PHONE, Mode, People

STILL: Final = NOW + timedelta(minutes=15)
"""The time that the browser shows in pictures, however long the run has taken until then."""
CHART: Final = "gridduck-heimdall-line svg"
OF_DOCS: Final = (
    ("dashboard-overview", LIGHT, "overview"),
    ("dashboard-line", LIGHT, "line-{line}"),
    ("dashboard-phone", PHONE, "line-{line}"),
)


@pytest.fixture(scope="module")
async def names(home: Home) -> dict[str, str]:
    """Return the ids of devices, once the dashboards and the past are there."""
    await wait_until_in(home.hass)
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
