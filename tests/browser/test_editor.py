"""Cards are found in the card picker, suggested for entities, and set in a form."""

from dataclasses import dataclass
from typing import Final

from playwright.async_api import Locator, expect
import pytest

from .conftest import Visit
from .home import Home
from .rows import CARDS_DASHBOARD, LINE, make_dashboards
from .visitor import OWN, Visitor

TITLE: Final = "A title of its own"


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A card in the picker.

    Attributes:
        tag: its element.
        name: what the picker calls it.
        shows: selector of what its preview has to show.
        fields: labels of its form, besides the title.
    """

    tag: str
    name: str
    shows: str
    fields: tuple[str, ...] = ()


OFFERED: Final = (
    Offered(
        tag="gridduck-heimdall-line",
        name="Line: current and ratings",
        shows="svg",
        fields=("Line", "Hours back", "Hours ahead", "Confidence"),
    ),
    Offered(tag="gridduck-heimdall-lines", name="Lines: tightest hour first", shows="li svg"),
    Offered(
        tag="gridduck-heimdall-load-limit",
        name="Load limit: what is off",
        shows="svg",
        fields=("Load limit", "Hours back"),
    ),
    Offered(
        tag="gridduck-heimdall-assets",
        name="Assets: boost and snooze",
        shows="li button",
        fields=("Site", "Show"),
    ),
    Offered(
        tag="gridduck-heimdall-headroom",
        name="Line: headroom by hour and day",
        shows=".map, [role=status]",
        fields=("Line",),
    ),
    Offered(
        tag="gridduck-heimdall-attention",
        name="Needs attention: fallbacks and what is offline",
        shows="li button",
    ),
)


@pytest.mark.parametrize("card", OFFERED, ids=lambda card: card.tag)
async def test_picker_and_form(visit: Visit, home: Home, card: Offered) -> None:
    """The picker shows a preview with data; its form has labels, and changes the preview."""
    person = await visit()
    picker = await open_picker(person, home, "By card")
    await picker.get_by_role("textbox").first.fill(card.name)
    await expect(picker.locator(card.tag).locator(card.shows).first).to_be_visible()
    await intact(person)
    await picker.locator(".card").filter(has_text=card.name).click()
    editor = person.page.locator("hui-dialog-edit-card")
    form = editor.locator("hui-form-editor")
    for label in card.fields:
        await expect(form).to_contain_text(label)
    await form.get_by_role("textbox", name="Title").fill(TITLE)
    await expect(editor.locator(card.tag)).to_contain_text(TITLE)
    await intact(person)


async def test_suggestions(visit: Visit, home: Home) -> None:
    """Cards are suggested for an entity that they show, and for no other."""
    person = await visit()
    picker = await open_picker(person, home, "By entity")
    search = picker.get_by_role("textbox").first
    own = picker.locator(", ".join(f"hui-suggestion-card {each.tag}" for each in OFFERED))
    for text, name, tags in (
        (f"{LINE} loading", "Loading", {"line", "lines", "headroom"}),
        (f"{LINE} smallest clearance", "Smallest clearance", set[str]()),
    ):
        await search.fill(text)
        await picker.get_by_text(name, exact=True).first.click()
        await expect(picker.locator("hui-suggestion-card").first).to_be_visible()
        await expect(own).to_have_count(len(tags))
        found = await own.evaluate_all("all => all.map(({ localName }) => localName)")
        assert set(found) == {f"{OWN}-{each}" for each in tags}
    await intact(person)


async def intact(person: Visitor) -> None:
    """Check that nothing is missing; a view that is edited has violations that are not ours."""
    assert await person.missing() == []
    assert person.reported() == []


async def open_picker(person: Visitor, home: Home, tab: str) -> Locator:
    """Open a tab of the dialog that adds a card."""
    await make_dashboards(home)
    page = person.page
    await person.open(f"{CARDS_DASHBOARD}/line-unset?edit=1")
    await page.get_by_role("button", name="Add card").first.click()
    dialog = page.locator("hui-dialog-create-card")
    await dialog.get_by_role("tab", name=tab).click()
    return dialog
