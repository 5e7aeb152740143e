"""A load limit is set up, curtails, and restores: all of it by mouse, and again by keyboard."""

import re
from typing import Final

from playwright.async_api import Locator, expect
import pytest

from devtools.demo.relief import add_load_limit, wait_for_load_limit
from devtools.inventory import Device
from devtools.settings import DOMAIN

from .axe import violations
from .conftest import Visit
from .hands import Hands, Keyboard, Mouse
from .home import Home, until
from .pictures import DOCS, taken, write
from .rows import OWN_DASHBOARD, make_dashboard
from .visitor import Visitor

pytestmark = pytest.mark.changes

SHARE: Final = 0.8
"""The limit, as a share of what a site takes."""
MINUTES_MS: Final = 240_000
"""How long measurements and commands may take until they are seen."""
DASHBOARD: Final = "browser-limit"
WORKING: Final = re.compile("Curtailing|Holding|Not enough")


@pytest.mark.parametrize(
    ("hands_of", "name"),
    [
        pytest.param(Mouse, "Harbour Office", id="mouse"),
        pytest.param(Keyboard, "Harbour Industrial Park", id="keyboard"),
    ],
)
async def test_load_limit(
    visit: Visit, home: Home, hands_of: type[Hands], name: str, pytestconfig: pytest.Config
) -> None:
    # By a person.
    before = await snoozed(home, name)
    limit = SHARE * await power(home, await home.device("site", name))
    person = await visit()
    hands = hands_of(person.page)
    await add(person, hands, name, limit)
    device = await wait_for_load_limit(home.hass, name)
    card = await open_card(person, device)
    await expect(card.locator(".summary").first).to_contain_text(WORKING, timeout=MINUTES_MS)
    await until(lambda: curtails(home, name, before), f"assets of {name} are off")
    for off in await snoozed(home, name) - before:
        await expect(card.get_by_text(off).first).to_be_visible(timeout=MINUTES_MS)
    assert await violations(person) == []
    await person.go(f"{OWN_DASHBOARD}/overview")
    view = person.page.locator("hui-view")
    await expect(view.get_by_text(f"Load limit {name}").first).to_be_visible()
    await expect(view.get_by_text(WORKING).first).to_be_visible(timeout=MINUTES_MS)
    if pytestconfig.getoption("--pictures"):
        await person.go(f"{DASHBOARD}/limit")
        write(DOCS / "load-limit.png", await taken(card))
    await person.go(f"{DASHBOARD}/limit")
    await hands.press(card.get_by_role("button", name="Restore now"))
    await until(lambda: restored(home, name, before), f"all assets of {name} are back")
    await expect(card.locator(".summary").first).to_contain_text("Paused", timeout=MINUTES_MS)
    assert await person.missing() == []
    assert person.reported() == []


async def test_window(visit: Visit, home: Home) -> None:
    """The card of a limit on a mean shows the power that is still available in its window."""
    name = "Mill Lane Depot"
    site = await home.device("site", name)
    fields = {"device": site.id, "limit": 500, "window": "15", "mode": "advise"}
    await add_load_limit(home.hass, "site", fields)
    person = await visit()
    card = await open_card(person, await wait_for_load_limit(home.hass, name))
    await expect(card).to_contain_text("Power still available", timeout=MINUTES_MS)
    await expect(card).to_contain_text("Expected mean")
    assert await violations(person) == []
    assert await person.missing() == []
    assert person.reported() == []


async def open_card(person: Visitor, device: Device) -> Locator:
    """Open a dashboard with the card of a load limit alone."""
    config = {"type": "custom:gridduck-heimdall-load-limit", "device_id": device.id}
    views = {"views": [{"path": "limit", "cards": [config]}]}
    await make_dashboard(person.home, DASHBOARD, views)
    await person.open(f"{DASHBOARD}/limit")
    return person.page.locator("gridduck-heimdall-load-limit")


async def add(person: Visitor, hands: Hands, name: str, limit: float) -> None:
    """Add a load limit in its forms."""
    page = person.page
    await person.open(f"config/integrations/integration/{DOMAIN}")
    await hands.press(page.get_by_role("button", name="Add load limit"))
    accounts = page.locator("dialog-pick-config-entry ha-list-base")
    await hands.select(accounts, accounts.get_by_role("button", name="GridDuck"))
    dialog = page.locator("dialog-data-entry-flow")
    await hands.choose(dialog.get_by_role("radio", name="The power of a site"))
    await hands.press(dialog.get_by_role("button", name="Next"))
    await hands.pick(dialog.get_by_role("button", name=re.compile("^Site")), name)
    await hands.enter(dialog.get_by_role("spinbutton", name="Limit"), f"{limit:.2f}")
    await hands.choose(dialog.get_by_role("radio", name="Automatic"))
    more = dialog.get_by_role("button", name="Order, thresholds and times")
    await hands.toggle(more)
    await expect(more).to_have_attribute("aria-expanded", "true")
    allow = dialog.get_by_role("switch", name="Also switch off assets")
    await hands.toggle(allow)
    await expect(allow).to_be_checked()
    await hands.enter(dialog.get_by_role("spinbutton", name="Shortest time on"), "0")
    await hands.press(dialog.get_by_role("button", name="Submit"))
    await hands.press(dialog.get_by_role("button", name=re.compile("finish", re.IGNORECASE)))
    await person.leave(dialog)


async def power(home: Home, site: Device) -> float:
    """Return what a site takes, kW."""
    inventory = await home.inventory()
    states = (inventory.states.get(each.entity_id) for each in inventory.entities_of(site))
    return next(
        float(each.state)
        for each in states
        if each is not None and each.attributes.get("device_class") == "power"
    )


async def snoozed(home: Home, site: str) -> set[str]:
    """Return the assets of a site that GridDuck snoozes."""
    assets = (await home.cloud.assets()).values()
    return {each.name for each in assets if each.site_name == site and each.runs("snooze")}


async def curtails(home: Home, site: str, before: set[str]) -> bool:
    """Tell whether GridDuck snoozes more assets of a site than before."""
    return await snoozed(home, site) > before


async def restored(home: Home, site: str, before: set[str]) -> bool:
    """Tell whether GridDuck snoozes no other assets of a site than before."""
    return await snoozed(home, site) <= before
