"""What is out of the ordinary looks intended: it is said in words, and nothing breaks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from playwright.async_api import Route, expect
import pytest

from devtools.accounts import wait_until_loaded

from .conftest import Visit
from .hands import Keyboard
from .home import Home
from .local import reload
from .rows import CARDS_DASHBOARD, OWN_DASHBOARD, make_dashboards
from .test_charts import attribute
from .test_views import Names, complete
from .visitor import DARK, People
from .wire import change_messages, forward_messages

pytestmark = pytest.mark.usefixtures("past")

LONG: Final = "Transmission line of the northern coast with a long name " * 2
UNBROKEN: Final = "Overheadline" * 9
LENGTH: Final = 100
FEW_HOURS: Final = 5
CODE: Final = "**/gridduck-heimdall-*.js"


@pytest.fixture
async def names(home: Home) -> Names:
    return await make_dashboards(home)


async def test_long_names(visit: Visit, home: Home, names: Names) -> None:
    person = await visit()
    asset = await home.device("asset", "Cold store compressors")
    renamed = {names["line"]: LONG, names["site"]: UNBROKEN, asset.id: UNBROKEN}
    try:
        for device_id, name in renamed.items():
            await rename(home, device_id, name[:LENGTH])
        await person.open(f"{OWN_DASHBOARD}/overview")
        await expect(person.page.get_by_text(LONG[:LENGTH].strip()).first).to_be_visible()
        await complete(person)
        for path in (f"line-{names['line']}", f"site-{names['site']}"):
            await person.go(f"{OWN_DASHBOARD}/{path}")
            await complete(person)
    finally:
        for device_id in renamed:
            await rename(home, device_id, None)


async def test_account_not_loaded(visit: Visit, home: Home, names: Names) -> None:
    """What was recorded stays; that the account is not loaded is said."""
    person = await visit()
    async with failing(home):
        await person.open(f"{CARDS_DASHBOARD}/line")
        line = person.page.locator("gridduck-heimdall-line")
        await expect(line).to_contain_text("The account of this line is not loaded")
        await complete(person)
        await person.go(f"{CARDS_DASHBOARD}/lines")
        lines = person.page.locator("gridduck-heimdall-lines")
        await expect(lines).to_contain_text("The account of this line is not loaded: shown")
        await complete(person)
        await person.go(f"{OWN_DASHBOARD}/line-{names['line']}")
        await expect(line).to_contain_text("The account of this line is not loaded")
        await complete(person)
    await expect(line).not_to_contain_text("not loaded")
    await complete(person)


@pytest.mark.parametrize("card", ["line", "limit"])
async def test_sign_in(visit: Visit, names: Names, card: str) -> None:
    """What was recorded stays; that the account has to sign in again is said."""
    del names
    person = await visit()
    await change_messages(person.page, signed_out)
    await person.open(f"{CARDS_DASHBOARD}/{card}")
    await expect(person.page.locator("hui-view")).to_contain_text("has to sign in again")
    await complete(person)


async def test_nothing_yet(visit: Visit, names: Names) -> None:
    """The only view that is left says how to begin."""
    del names
    person = await visit()
    await change_messages(person.page, without_devices)
    await person.open(f"{OWN_DASHBOARD}/overview")
    view = person.page.locator("hui-view")
    await expect(view).to_contain_text("Nothing here yet")
    await expect(view.get_by_role("link", name="Add an account")).to_be_visible()
    # Not axe: the colour of links is that of Home Assistant's theme.
    assert await person.missing() == []
    assert person.reported() == []


async def test_forecast_stops_early(visit: Visit, names: Names) -> None:
    person = await visit()
    await change_messages(person.page, shortened)
    await person.open(f"{OWN_DASHBOARD}/line-{names['line']}")
    card = person.page.locator("gridduck-heimdall-line")
    await expect(card.locator(".line.inForce").first).to_be_attached()
    # The last point is that of the last hour that is known: the rest of the chart is empty.
    plot = card.locator(".plot")
    await Keyboard(person.page).reach(plot)
    await person.page.keyboard.press("End")
    await expect(card.locator(".tip")).to_contain_text("Rating in force")
    last = int(await attribute(plot, "aria-valuenow"))
    await person.page.keyboard.press("Escape")
    now = int(await attribute(plot, "aria-valuenow"))
    assert last - now == FEW_HOURS
    await complete(person)


async def test_themes_before_configuration(people: People, names: Names) -> None:
    """Home Assistant then applies no theme, and is as dark as the system."""
    waiting: list[Any] = []

    def configuration_last(message: Any) -> list[Any]:
        result = message.get("result")
        if isinstance(result, dict) and "unit_system" in result:
            waiting.append(message)
            return []
        if isinstance(result, dict) and "default_theme" in result:
            return [message, *waiting]
        return [message]

    async with people.visit(DARK) as person:
        await forward_messages(person.page, configuration_last)
        await person.open(f"{OWN_DASHBOARD}/line-{names['line']}")
        await expect(person.page.locator("gridduck-heimdall-line-content[dark]")).to_be_visible()
        await complete(person)
    assert waiting


async def test_no_assets(visit: Visit, names: Names) -> None:
    person = await visit()
    await change_messages(person.page, without_assets)
    await person.open(f"{OWN_DASHBOARD}/site-{names['site']}")
    card = person.page.locator("gridduck-heimdall-assets")
    await expect(card).to_contain_text("There are no assets here.")
    await complete(person)


async def test_code_of_another_version(visit: Visit, names: Names) -> None:
    """A page that was opened before an update offers to be loaded again."""
    person = await visit()
    gone = True

    async def answer(route: Route) -> None:
        await (route.fulfill(status=404) if gone else route.continue_())

    await person.open(f"{OWN_DASHBOARD}/overview")
    await person.page.route(CODE, answer)
    await person.go(f"{OWN_DASHBOARD}/site-{names['site']}")
    card = person.page.locator("gridduck-heimdall-assets")
    button = card.get_by_role("button", name="The integration was updated: reload this page")
    await expect(button).to_be_visible()
    gone = False
    assert all("404" in each for each in person.reported())
    await button.click()
    await expect(card.get_by_role("listitem").first).to_be_visible()
    await complete(person)


def shortened(message: Any) -> Any:
    """Cut a forecast off after some hours."""
    match message:
        case {"event": {"forecast": {"hours": [*hours]} as forecast} as event}:
            short = {**forecast, "hours": hours[:FEW_HOURS]}
            return {**message, "event": {**event, "forecast": short}}
    return message


def signed_out(message: Any) -> Any:
    """Let an account wait for new credentials."""
    match message:
        case {"event": {"loaded": bool()} as event}:
            return {**message, "event": {**event, "sign_in": True}}
    return message


def without_devices(message: Any) -> Any:
    """Empty the device registry."""
    match message:
        case {"result": [{"identifiers": _}, *_]}:
            return {**message, "result": []}
    return message


def without_assets(message: Any) -> Any:
    """Leave the assets out of the device registry."""
    match message:
        case {"result": [{"identifiers": _}, *_] as devices}:
            kept = [each for each in devices if not is_asset(each)]
            return {**message, "result": kept}
    return message


def is_asset(device: dict[str, Any]) -> bool:
    """Tell whether a device of the registry is an asset."""
    return any(each[1].startswith("asset:") for each in device["identifiers"])


async def rename(home: Home, device_id: str, name: str | None) -> None:
    """Give a device the name that its user gives it; None takes that away."""
    update = "config/device_registry/update"
    await home.hass.command(update, object, device_id=device_id, name_by_user=name)


@asynccontextmanager
async def failing(home: Home) -> AsyncIterator[None]:
    """Let the account of the lines fail to load, until the context ends."""
    await home.cloud.fail("heimdall")
    try:
        await reload(home, "Heimdall Power")
        yield
    finally:
        await home.cloud.recover()
        await reload(home, "Heimdall Power")
        await wait_until_loaded(home.hass)
