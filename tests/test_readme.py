"""The examples of the documentation can be used as they stand."""

from collections.abc import Iterator
from pathlib import Path
import re
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict, parse_yaml
import pytest

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.services import ACTIONS

ROOT: Final = Path(__file__).parents[1]
ACTIONS_REFERENCE: Final = ROOT / "docs" / "reference" / "actions.md"
DOCUMENTS: Final = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))


def actions(part: object) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the actions of this integration in an example, with what they are given."""
    match part:
        case {"action": str() as action, **rest} if action.startswith(f"{DOMAIN}."):
            data, target = rest.get("data", {}), rest.get("target")
            assert isinstance(data, dict)
            yield action.partition(".")[2], data | (target if isinstance(target, dict) else {})
        case dict():
            for value in part.values():
                yield from actions(value)
        case list():
            for value in part:
                yield from actions(value)


def text_of(document: Path) -> str:
    """Return what a document says."""
    return document.read_text("utf-8")


def examples(text: str) -> list[object]:
    """Return the YAML examples in a text."""
    return [parse_yaml(block) for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)]


def sections(document: Path) -> dict[str, str]:
    """Return the sections of a reference, by the key in their heading."""
    parts = re.split(r"^## `(\w+)`\n", document.read_text("utf-8"), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def documented_fields(section: str) -> set[str]:
    """Return what is in the first column of the first table of a section."""
    table = re.search(r"^\| (?:Field|Option) \|.*?(?:\n\n|\Z)", section, re.DOTALL | re.MULTILINE)
    rows = re.findall(r"^\| (`.*?) \|", table[0] if table else "", re.MULTILINE)
    return {key for row in rows for key in re.findall(r"`(\w+)`", row)}


async def test_actions_in_examples(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    found = [one for document in DOCUMENTS for one in actions(examples(text_of(document)))]
    assert {name for name, _ in found} == set(ACTIONS)
    for name, data in found:
        schema = hass.services.async_services_for_domain(DOMAIN)[name].schema
        assert schema is not None
        schema(data)


def test_readme_has_examples() -> None:
    assert list(actions(examples((ROOT / "README.md").read_text("utf-8"))))


@pytest.mark.parametrize("action", ACTIONS)
def test_each_action_has_a_section_with_an_example(action: str) -> None:
    section = sections(ACTIONS_REFERENCE)[action]
    assert action in {name for name, _ in actions(examples(section))}
    described = load_yaml_dict(str(ROOT / "custom_components" / DOMAIN / "services.yaml"))[action]
    fields = set((described or {}).get("fields", ()))
    assert documented_fields(section) == fields


def test_no_section_is_of_an_action_that_is_gone() -> None:
    assert set(sections(ACTIONS_REFERENCE)) == set(ACTIONS)
