"""The strategy is offered where dashboards are added, and makes one."""

from playwright.async_api import expect
import pytest

from .conftest import Visit
from .hands import Hands, Keyboard, Mouse
from .home import Home
from .rows import LINE, OWN_DASHBOARD
from .test_trouble import rename
from .test_views import complete

NAME = "GridDuck & Heimdall Power"
TITLE = "Lines and sites"


@pytest.mark.changes
@pytest.mark.parametrize("hands_of", [Mouse, Keyboard])
async def test_add_dashboard(visit: Visit, hands_of: type[Hands]) -> None:
    person = await visit()
    hands, page = hands_of(person.page), person.page
    await person.open("config/lovelace/dashboards")
    await hands.press(page.get_by_role("button", name="Add dashboard"))
    offered = page.locator("ha-dialog-new-dashboard dashboard-card").filter(has_text=NAME)
    await expect(offered).to_contain_text("Overhead lines, load limits, sites")
    await hands.press(offered)
    dialog = page.locator("dialog-lovelace-dashboard-detail")
    title = dialog.get_by_role("textbox", name="Title")
    await expect(title).to_have_value(NAME)
    await hands.enter(title, TITLE)
    await hands.press(dialog.get_by_role("button", name="Create"))
    await person.leave(dialog)
    # It is in the sidebar at once, in which arrow keys move from link to link.
    await page.locator("ha-sidebar").get_by_role("link", name=TITLE).press("Enter")
    await expect(page.locator("gridduck-heimdall-lines svg").first).to_be_visible()
    await complete(person)


async def test_rename(visit: Visit, home: Home) -> None:
    """The page that is open follows a new name; the address of the view stays."""
    line = await home.device("line", LINE)
    person = await visit()
    await person.open(f"{OWN_DASHBOARD}/overview")
    lines = person.page.locator("gridduck-heimdall-lines")
    await expect(lines.get_by_role("button", name=LINE)).to_be_visible()
    try:
        await rename(home, line.id, "Nordlinje")
        await lines.get_by_role("button", name="Nordlinje").click()
        await expect(person.page).to_have_url(f"{home.hass.url}/{OWN_DASHBOARD}/line-{line.id}")
        await expect(person.page.locator("gridduck-heimdall-line h2")).to_have_text("Nordlinje")
    finally:
        await rename(home, line.id, None)
    await expect(person.page.locator("gridduck-heimdall-line h2")).to_have_text(LINE)
    assert person.reported() == []
