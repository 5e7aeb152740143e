"""Languages: that of Home Assistant, and whether English is left on a page."""

from collections.abc import Iterable, Iterator
from functools import cache
import json
import re
from typing import Any, Final

from devtools import accounts
from devtools.settings import DOMAIN, ROOT

from .home import Home
from .visitor import DEEP, Visitor

TRANSLATIONS: Final = ROOT / "custom_components" / DOMAIN / "translations"
_ENGLISH: Final = "en"
_SHORT: Final = 3
"""Units and signs are shorter than this in all languages."""

# What can be read within an element, piece by piece as the elements have it.
_TEXTS: Final = f"""(where) => {{
  {DEEP}
  const found = [...deep(document)].find((one) => one.localName === where);
  const texts = [...deep(found.shadowRoot ?? found), ...deep(found)]
    .filter((one) => one.checkVisibility() && !["STYLE", "SCRIPT"].includes(one.tagName))
    .flatMap((one) => [...one.childNodes])
    .filter((one) => one.nodeType === Node.TEXT_NODE)
    .map((one) => one.data.trim());
  return [...new Set(texts)].filter(Boolean);
}}"""


def is_translated(language: str) -> bool:
    """Tell whether there is a translation into a language."""
    return (TRANSLATIONS / f"{language}.json").exists()


@cache
def texts(language: str) -> Any:
    """Return the texts of a language."""
    return json.loads((TRANSLATIONS / f"{language}.json").read_text("utf-8"))


async def speak(home: Home, language: str) -> None:
    """Set the language of Home Assistant, which names entities as they are added."""
    await home.hass.command("config/core/update", object, language=language)
    await reload(home)
    await accounts.wait_until_loaded(home.hass)


async def reload(home: Home, service: str = "") -> None:
    """Reload the accounts, or those of one service."""
    for entry in await accounts.entries(home.hass):
        if entry.title.startswith(service):
            path = f"/api/config/config_entries/entry/{entry.entry_id}/reload"
            await home.hass.post(path, object, {})


async def english_left(person: Visitor, language: str, where: str = "hui-view") -> list[str]:
    """Return the texts within an element that are ours in English, and not in the language."""
    shown: list[str] = await person.page.evaluate(_TEXTS, where)
    own = _patterns(language)
    english = _any_of(_patterns(_ENGLISH) - own)
    known = _any_of(own)
    return [text for text in shown if english.fullmatch(text) and not known.fullmatch(text)]


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(patterns)), re.DOTALL)


@cache
def _patterns(language: str) -> frozenset[str]:
    """Return what matches the texts of a language; anything stands for a placeholder."""
    leaves = _leaves(texts(language))
    long = (each for each in leaves if len(re.sub(r"{\w+}|\W", "", each)) >= _SHORT)
    return frozenset(re.sub(r"\\{\w+\\}", ".+", re.escape(text)) for text in long)


def _leaves(document: Any) -> Iterator[str]:
    if isinstance(document, str):
        yield document
    elif isinstance(document, dict):
        for each in document.values():
            yield from _leaves(each)
