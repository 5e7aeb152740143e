"""The strategy is offered where dashboards are added, and makes one."""

from playwright.async_api import expect
import pytest

from .conftest import Visit
from .hands import Mouse
from .test_views import complete

NAME = "GridDuck & Heimdall Power"
TITLE = "Lines and sites"


@pytest.mark.changes
async def test_add_dashboard(visit: Visit) -> None:
    person = await visit()
    hands, page = Mouse(person.page), person.page
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
    # It is in the sidebar at once.
    await hands.press(page.locator("ha-sidebar").get_by_text(TITLE))
    await expect(page.locator("gridduck-heimdall-lines svg").first).to_be_visible()
    await complete(person)
