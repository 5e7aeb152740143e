"""Each view and card, as different people see it."""

from collections.abc import AsyncIterator

from playwright.async_api import expect
import pytest

from .axe import violations
from .home import Home
from .rows import CARDS, CARDS_DASHBOARD, OWN_DASHBOARD, VIEWS, Card, View, filled, make_dashboards
from .visitor import GERMAN, MODES, Mode, People, Visitor

pytestmark = pytest.mark.usefixtures("past")

type Names = dict[str, str]


@pytest.fixture(scope="module")
async def names(home: Home) -> Names:
    """Return the ids of devices; the dashboards are there."""
    return await make_dashboards(home)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(each, id=each.name, marks=pytest.mark.xdist_group(f"views-{each.name}"))
        for each in MODES
    ],
)
def mode(request: pytest.FixtureRequest) -> Mode:
    found: Mode = request.param
    return found


@pytest.fixture(scope="module")
async def person(people: People, names: Names, mode: Mode) -> AsyncIterator[Visitor]:
    """Return a person who stays for all views."""
    async with people.visit(mode) as one:
        await one.open(f"{OWN_DASHBOARD}/overview")
        await expect(one.page.locator("html")).to_have_attribute("lang", mode.language)
        yield one


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
async def test_view(person: Visitor, names: Names, view: View) -> None:
    await person.go(f"{OWN_DASHBOARD}/{filled(view.path, names)}")
    for selector in view.shows:
        await expect(person.page.locator(selector).first).to_be_visible()
    await complete(person)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
async def test_card(person: Visitor, mode: Mode, card: Card) -> None:
    await person.go(f"{CARDS_DASHBOARD}/{card.name}")
    element = person.page.locator(card.config["type"].removeprefix("custom:"))
    await expect(element).to_be_visible()
    for selector in card.shows:
        await expect(element.locator(selector).first).to_be_visible()
    if mode is not GERMAN:
        await expect(element).to_contain_text(card.says)
    await complete(person)


async def complete(person: Visitor) -> None:
    """Check that nothing is missing, cut off, reported as an error, or hard to use."""
    assert await person.missing() == []
    assert await violations(person) == []
    assert await person.too_wide() == []
    assert person.reported() == []
