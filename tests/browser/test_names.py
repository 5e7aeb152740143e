"""The name of each entity in each language: whether a tile of our views shows it whole."""

from dataclasses import replace
from typing import Final

from playwright.async_api import expect

from .home import Home
from .local import TRANSLATIONS, texts
from .rows import OWN_DASHBOARD, make_dashboards
from .visitor import PHONE, People

NARROWEST: Final = replace(PHONE, name="narrow", width=336)
"""A window whose only column is as wide as the narrowest of several: 320 px."""
NAME: Final = "hui-tile-card span.primary"

_CUT: Final = """(shown, names) => {
  const text = shown.textContent;
  const cut = names.filter((name) => {
    shown.textContent = name;
    return shown.scrollWidth > shown.clientWidth;
  });
  shown.textContent = text;
  return cut;
}"""


async def test_a_tile_shows_each_name(people: People, home: Home) -> None:
    ids = await make_dashboards(home)
    names = [
        entity["name"].replace("{minutes}", "15").replace("{account}", "")
        for path in sorted(TRANSLATIONS.glob("*.json"))
        for platform in texts(path.stem)["entity"].values()
        for entity in platform.values()
        if "name" in entity
    ]
    async with people.visit(NARROWEST) as person:
        await person.open(f"{OWN_DASHBOARD}/line-{ids['line']}")
        shown = person.page.locator(NAME).first
        await expect(shown).to_be_visible()
        assert await shown.evaluate(_CUT, names) == []
        assert await shown.evaluate(_CUT, ["Temperatuurafhankelijke belastbaarheid"]) != []
