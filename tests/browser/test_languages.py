"""Every language as a stranger sees it: pictures to read, and what a program can tell of them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Final

from playwright.async_api import Locator, expect
import pytest

from devtools.settings import DOMAIN, ROOT

from .conftest import Report
from .home import Home, have_past
from .local import TRANSLATIONS, english_left, reload, speak, texts
from .rows import OWN_DASHBOARD, make_dashboards
from .test_views import Names
from .visitor import DEEP, LIGHT, PHONE, Mode, People, Visitor

pytestmark = [pytest.mark.languages, pytest.mark.usefixtures("past")]

PICTURES: Final = ROOT / ".browser-languages"
LANGUAGES: Final = sorted(path.stem for path in TRANSLATIONS.glob("*.json"))
TALL: Final = 1450
"""Height of a window in which a whole view is to be seen."""
TALL_PHONE: Final = 1750
CHARTS: Final = "gridduck-heimdall-lines li path.rating"
"""The charts of the list of lines, which are drawn last; a flat one has no height to be seen."""
SERVICE: Final = "GridDuck"
REPAIR: Final = "control_not_granted"
VIEWING: Final = {"scope": "site:view asset:view"}
"""A token that does not permit control."""

_CUT: Final = f"""(where) => {{
  {DEEP}
  const found = [...deep(document)].find((one) => one.localName === where);
  return [...deep(found.shadowRoot ?? found), ...deep(found)]
    .filter((one) => getComputedStyle(one).textOverflow === "ellipsis")
    .filter((one) => one.scrollWidth > one.clientWidth && one.checkVisibility())
    .map((one) => one.textContent.trim().replace(/\\s+/g, " "));
}}"""


@pytest.fixture(scope="module")
async def names(home: Home) -> Names:
    await have_past(home)
    return await make_dashboards(home)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(each, marks=pytest.mark.xdist_group(f"language-{each}")) for each in LANGUAGES
    ],
)
async def language(home: Home, names: Names, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """Set the language of Home Assistant, which names entities as they are added."""
    del names
    await speak(home, request.param)
    yield request.param
    await speak(home, "en")


@pytest.fixture(scope="module")
async def person(people: People, language: str) -> AsyncIterator[Visitor]:
    mode = Mode(name=language, language=language, width=LIGHT.width, height=TALL)
    async with people.visit(mode) as one:
        await one.open(f"{OWN_DASHBOARD}/activity")
        yield one


async def test_overview(person: Visitor, language: str, report: Report) -> None:
    await person.go(f"{OWN_DASHBOARD}/overview")
    await person.page.locator(CHARTS).first.wait_for(state="attached")
    await seen(person, report, language, "overview")


async def test_line(person: Visitor, language: str, names: Names, report: Report) -> None:
    await person.go(f"{OWN_DASHBOARD}/line-{names['line']}")
    await expect(person.page.locator("gridduck-heimdall-line svg").first).to_be_visible()
    await seen(person, report, language, "line")


async def test_overview_on_a_phone(people: People, language: str, report: Report) -> None:
    async with people.visit(replace(PHONE, language=language, height=TALL_PHONE)) as person:
        await person.open(f"{OWN_DASHBOARD}/overview")
        await person.page.locator(CHARTS).first.wait_for(state="attached")
        await seen(person, report, language, "phone")


async def test_form_with_an_error(person: Visitor, language: str, report: Report) -> None:
    form = texts(language)["config"]["step"]["gridduck"]
    labels, clouds = form["data"], person.home.clouds
    await person.open(f"config/integrations/dashboard/add?domain={DOMAIN}")
    await primary(person.page.locator("dialog-box")).click()
    dialog = person.page.locator("dialog-data-entry-flow")
    await dialog.get_by_role("radio", name=SERVICE).click()
    await primary(dialog).click()
    advanced = form["sections"]["advanced"]
    await dialog.get_by_role("button", name=advanced["name"]).click()
    for label, text in {
        labels["client_id"]: clouds.gridduck.client_id,
        labels["client_secret"]: "wrong",
        advanced["data"]["base_url"]: clouds.gridduck.base_url,
    }.items():
        await dialog.get_by_role("textbox", name=label).fill(text)
    await primary(dialog).click()
    await expect(dialog.locator("ha-alert")).to_be_visible()
    await seen(person, report, language, "form", "dialog-data-entry-flow")


async def test_load_limit(person: Visitor, language: str, report: Report) -> None:
    said, measured = texts(language)["config_subentries"]["load_limit"], texts(language)["selector"]
    page, dialog = person.page, person.page.locator("dialog-data-entry-flow")
    await person.open(f"config/integrations/integration/{DOMAIN}")
    await page.get_by_role("button", name=said["initiate_flow"]["user"]).click()
    accounts = page.locator("dialog-pick-config-entry ha-list-base")
    await accounts.get_by_role("button", name=SERVICE).click()
    await dialog.get_by_role("radio", name=measured["measured"]["options"]["line"]).click()
    await primary(dialog).click()
    for section in said["step"]["line"]["sections"].values():
        await dialog.get_by_role("button", name=section["name"], exact=True).click()
    await seen(person, report, language, "load-limit", "dialog-data-entry-flow")


async def test_options(person: Visitor, language: str, report: Report) -> None:
    dialog = person.page.locator("dialog-data-entry-flow")
    for service in ("GridDuck", "Heimdall"):
        await person.open(f"config/integrations/integration/{DOMAIN}")
        account = person.page.locator("ha-config-entry-row").filter(has_text=service).first
        # The first opens and closes the list of devices.
        await account.locator("ha-icon-button").nth(1).click()
        await expect(primary(dialog)).to_be_visible()
        await seen(person, report, language, f"options-{service}", "dialog-data-entry-flow")


async def test_repair(person: Visitor, language: str, report: Report) -> None:
    title = texts(language)["issues"][REPAIR]["title"]
    try:
        await person.home.cloud.patch("gridduck", "/oauth/token", VIEWING)
        await reload(person.home, SERVICE)
        await person.open("config/repairs")
        listed = person.page.locator("ha-config-repairs").get_by_text(title)
        await expect(listed).to_be_visible()
        await seen(person, report, language, "repairs", "ha-config-repairs")
        await listed.click()
        dialog = person.page.locator("dialog-data-entry-flow")
        await expect(dialog.locator("ha-markdown p").first).to_be_visible()
        await seen(person, report, language, "repair", "dialog-data-entry-flow")
    finally:
        await person.home.cloud.recover()


async def seen(
    person: Visitor, report: Report, language: str, name: str, where: str = "hui-view"
) -> None:
    """Take a picture of the page, and check what a program can tell of it."""
    loading = texts(language)["common"]["loading"]
    await expect(person.page.locator(where)).not_to_contain_text(loading)
    await person.page.wait_for_load_state("networkidle")
    if cut := await person.page.evaluate(_CUT, where):
        report(f"{language}-{name}.png cuts {', '.join(sorted(set(cut)))}")
    await person.page.screenshot(path=PICTURES / f"{language}-{name}.png", animations="disabled")
    assert await person.missing() == []
    assert await person.too_wide() == []
    assert person.reported() == []
    if language != "en":
        assert await english_left(person, language, where) == []


def primary(dialog: Locator) -> Locator:
    """Return the button that goes on, whatever it is called."""
    return dialog.locator("ha-dialog-footer [slot=primaryAction]")
