"""Every language has the texts of English, with the same placeholders."""

from copy import deepcopy
import json
from pathlib import Path
import re
from typing import Any, Final

from custom_components.gridduck_heimdall.const import DOMAIN

from .test_translations import STRINGS, leaves

TRANSLATIONS: Final = Path(__file__).parents[1] / "custom_components" / DOMAIN / "translations"


def placeholders(text: str) -> set[str]:
    """Return the names of the placeholders in a text."""
    return set(re.findall(r"\{(\w+)\}", text))


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
