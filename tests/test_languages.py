"""Every language has the texts of English, in the form that Home Assistant expects."""

from copy import deepcopy
import json
from pathlib import Path
import re
from typing import Any, Final
from unicodedata import east_asian_width

from homeassistant.generated.languages import LANGUAGES
import pytest

from custom_components.gridduck_heimdall.const import DOMAIN

from .test_translations import STRINGS, leaves

ROOT: Final = Path(__file__).parents[1]
TRANSLATIONS: Final = ROOT / "custom_components" / DOMAIN / "translations"
PAGES: Final = ROOT / "docs" / "languages"
OTHERS: Final = sorted(path.stem for path in TRANSLATIONS.glob("*.json") if path.stem != "en")
WANTED: Final = {"nb", "de", "sv", "da", "fi", "nl", "fr", "es", "it", "pl", "ja"}

LONGEST_NAME: Final = 37
"""Characters of a name or state that a tile shows in the narrowest column, 254 px of its line.

`tests/browser/test_names.py` measures the names; wide characters count twice.
"""
LONGEST_TITLE: Final = 38
"""Characters of the title of a repair that the list of repairs shows on a phone, 260 px."""

ENGLISH_WORDS: Final = (
    "the|this|that|these|which|with|without|from|into|than|then|there|when|while|because|"
    "and|any|not|only|cannot|must|should|does|has|are|been|were|above|too|"
    "it|its|you|your|we|they|their|if|but|or|as"
)
"""Words of English alone; those that another language has as well, such as *is*, are not here."""

ALIKE: Final[dict[str, set[str]]] = {
    # Symbols, and words that these languages share with English or borrow from it.
    "A": set(OTHERS),
    "Account": {"it", "nl"},
    "Action": {"fr"},
    "Boost": {"da", "de", "fr", "it", "nb", "nl", "sv"},
    "Congestion": {"fr"},
    # The name of the action of the data archive, as Danish has both words.
    "Download data": {"da"},
    "Error": {"es"},
    "Imperial": {"de", "es"},
    "Inactive": {"fr"},
    "Interval": {"da", "nl"},
    "Limit": {"pl"},
    "Limit {value}": {"pl"},
    "Minute": {"de", "fr"},
    "Mode": {"fr"},
    "Options": {"fr"},
    "Phases": {"fr"},
    "Possible": {"fr"},
    "Production": {"fr"},
    # The OAuth term; the value has to be entered as the service names it.
    "Scope": {"da", "de", "fi", "fr", "it", "nb", "nl", "sv"},
    "Sensor": {"da", "de", "es", "nb", "nl", "pl", "sv"},
    "Service": {"fr"},
    "Signal": {"da", "de", "fr", "nb", "sv"},
    "Site": {"fr"},
    "Sites": {"fr"},
    "Standard": {"da", "de", "fr", "it", "nb", "sv"},
    "Start": {"da", "nb", "sv"},
    "Type": {"da", "fr", "nb", "nl"},
    "error {code}": {"es"},
    "{count} minutes": {"fr"},
}
"""Texts that are the same as in English, with the languages in which they are."""

PLURALS: Final = {
    **{language: {"one", "other"} for language in ("en", *OTHERS)},
    "ja": {"other"},
    "pl": {"one", "few", "many", "other"},
}
"""The forms that a count needs; `many` of es, fr and it is that of millions."""


def placeholders(text: str) -> set[str]:
    """Return the names of the placeholders in a text."""
    return set(re.findall(r"\{(\w+)[,}]", text))


def differences(language: dict[str, Any]) -> set[str]:
    """Return the paths of texts that are missing, unknown, empty, or have other placeholders."""
    english, other = dict(leaves(STRINGS)), dict(leaves(language))
    return (english.keys() ^ other.keys()) | {
        path
        for path in english.keys() & other.keys()
        if not other[path].strip() or placeholders(english[path]) != placeholders(other[path])
    }


def test_each_language_is_complete() -> None:
    found = {
        path.name: differences(json.loads(path.read_text("utf-8")))
        for path in TRANSLATIONS.glob("*.json")
    }
    assert found.pop("en.json") == set()
    assert not {name: paths for name, paths in found.items() if paths}


def test_an_incomplete_language_is_noticed() -> None:
    language = deepcopy(STRINGS)
    form = language["config"]["step"]["reauth_confirm"]
    form["title"] = form["title"].replace("{account}", "{konto}")
    form["data"]["client_id"] = " "
    form["data"]["other"] = "?"
    del language["config"]["step"]["user"]["title"]
    assert differences(language) == {
        "config.step.reauth_confirm.title",
        "config.step.reauth_confirm.data.client_id",
        "config.step.reauth_confirm.data.other",
        "config.step.user.title",
    }


def texts(language: str) -> dict[str, str]:
    """Return the texts of a language, by their path."""
    return dict(leaves(json.loads((TRANSLATIONS / f"{language}.json").read_text("utf-8"))))


def test_all_languages_are_there() -> None:
    assert set(OTHERS) == WANTED
    assert WANTED <= LANGUAGES


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_in_english(language: str) -> None:
    english = dict(leaves(STRINGS))
    same = {
        text
        for path, text in texts(language).items()
        if text == english[path] and re.search(r"[A-Za-z]", re.sub(r"\{\w+\}|`[^`]*`", "", text))
    }
    assert same == {text for text, languages in ALIKE.items() if language in languages}


@pytest.mark.parametrize("language", OTHERS)
def test_no_english_sentence_is_left(language: str) -> None:
    """None has a word that is English alone."""
    assert not [text for text in texts(language).values() if has_english(text)]


def has_english(text: str) -> bool:
    """Tell whether a text has a word that is English alone."""
    return re.search(rf"\b(?:{ENGLISH_WORDS})\b", text, re.IGNORECASE) is not None


@pytest.mark.parametrize("text", ["Die Last ist too high", "Linjen has ingen", "まだ not known"])
def test_an_english_word_is_noticed(text: str) -> None:
    assert has_english(text)


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_no_apostrophe_hides_a_placeholder(language: str) -> None:
    """An ASCII apostrophe beside a brace or tag begins a quotation of ICU's message format."""
    assert not [text for text in texts(language).values() if re.search("'[{}<#]|[}>]'", text)]


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_braces_are_in_pairs(language: str) -> None:
    """Home Assistant shows nothing of a text that its message format cannot read."""
    assert not [text for text in texts(language).values() if not in_pairs(text)]


def in_pairs(text: str) -> bool:
    """Tell whether each brace of a text has its counterpart."""
    depth = 0
    for brace in re.findall("[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def test_a_brace_without_its_counterpart_is_noticed() -> None:
    assert in_pairs("{n, plural, one {# a} other {# b}} {m}")
    assert not in_pairs("{n}}")
    assert not in_pairs("}{")
    assert not in_pairs("{n, plural, one {a} other {b}")


def counted(text: str) -> set[str]:
    """Return the placeholders that a text has forms for."""
    return set(re.findall(r"\{(\w+), plural,", text))


def missing_forms(language: str, text: str) -> set[str]:
    """Return the forms of a count that a text needs and does not have."""
    missing = set[str]()
    for found in re.finditer(r"\{\w+, plural,", text):
        depth, end = 1, found.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        forms = re.sub(r"\{(?:[^{}]|\{[^{}]*\})*\}", "", text[found.end() : end - 1]).split()
        missing |= PLURALS[language] - set(forms)
    return missing


def test_a_missing_form_is_noticed() -> None:
    text = "{n, plural, one {# plik w {folder}} few {# pliki} other {# pliku}} i {m}"
    assert missing_forms("pl", text) == {"many"}
    assert missing_forms("de", text) == set()
    assert missing_forms("pl", "{n} plik") == set()


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_counts_have_the_forms_of_the_language(language: str) -> None:
    found = {path: missing_forms(language, text) for path, text in texts(language).items()}
    assert not {path for path, forms in found.items() if forms}


@pytest.mark.parametrize("language", OTHERS)
def test_forms_of_english_are_in_each_language(language: str) -> None:
    """A language may have forms where English needs none, but not the reverse."""
    english = dict(leaves(STRINGS))
    assert not [
        path for path, text in texts(language).items() if counted(english[path]) - counted(text)
    ]


def width(text: str) -> int:
    """Return the width of a text in characters; those of Japanese are twice as wide as others."""
    return sum(2 if east_asian_width(one) in "FW" else 1 for one in text)


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_names_fit_a_tile(language: str) -> None:
    names = [
        text.replace("{minutes}", "15").replace("{account}", "")
        for path, text in texts(language).items()
        if re.fullmatch(r"entity\.\w+\.\w+\.(?:name|state\.\w+)", path)
    ]
    assert names
    assert not [name for name in names if width(name) > LONGEST_NAME]


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_titles_of_repairs_say_on_a_phone_what_is_wrong(language: str) -> None:
    """The list cuts what is too long: which account or load limit it is comes last."""
    titles = [
        text for path, text in texts(language).items() if re.fullmatch(r"issues\.\w+\.title", path)
    ]
    messages = [text.removesuffix("{title}").rstrip(" \xa0:\uff1a") for text in titles]
    assert messages
    assert not [text for text in messages if width(text) > LONGEST_TITLE or "{" in text]


@pytest.mark.parametrize("language", OTHERS)
def test_each_language_has_its_terms(language: str) -> None:
    """Its page has a word for each term, with the source of it."""
    terms = [term for term, _ in rows(PAGES / "README.md", "Meaning")]
    page = rows(PAGES / f"{language}.md", "Translation")
    assert [term for term, *_ in page] == terms
    assert all(word and source for _, word, source in page)
    assert f"({language}.md)" in (PAGES / "README.md").read_text("utf-8")


def rows(page: Path, second: str) -> list[list[str]]:
    """Return the rows of the table of terms of a page; `second` is the title of its column."""
    found = re.search(
        rf"^\| Term \| {second} [^\n]*\n\|[-| ]+\n((?:\|[^\n]*\n)+)",
        page.read_text("utf-8"),
        re.MULTILINE,
    )
    assert found is not None
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in found[1].splitlines()]


@pytest.mark.parametrize("language", ["en", *OTHERS])
@pytest.mark.parametrize("rating", ["aar", "circuit_rating", "dlr", "static_rating"])
def test_a_rating_has_one_name(language: str, rating: str) -> None:
    """Entities, cards, states and fields to choose from call it the same, side by side."""
    path = re.compile(
        rf"(?:common|selector\.\w+\.options|entity\..*\.state|entity\.\w+)\.{rating}(?:\.name)?"
    )
    names = {text for key, text in texts(language).items() if path.fullmatch(key)}
    assert len(names) == 1
