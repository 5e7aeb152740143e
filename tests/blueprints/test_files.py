"""Each blueprint is complete and valid, and says where it comes from."""

from collections.abc import Iterator
import json

from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.const import MAJOR_VERSION, MINOR_VERSION
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import selector
from homeassistant.util.yaml import load_yaml_dict
import pytest

from custom_components.gridduck_heimdall.const import DOMAIN

from .house import BLUEPRINTS

ROOT = BLUEPRINTS.parents[2]
NAMES = sorted(path.name for path in BLUEPRINTS.iterdir())


def documentation() -> str:
    """Return where the repository is."""
    manifest = json.loads(
        (ROOT / "custom_components" / DOMAIN / "manifest.json").read_text("utf-8")
    )
    found = manifest["documentation"]
    assert isinstance(found, str)
    return found


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def blueprint(name: str) -> Blueprint:
    return Blueprint(
        load_yaml_dict(BLUEPRINTS / name),
        path=name,
        expected_domain="automation",
        schema=AUTOMATION_BLUEPRINT_SCHEMA,
    )


def sections(parts: dict[str, dict[str, object]]) -> Iterator[dict[str, object]]:
    """Yield what holds inputs, as a user sees it: inputs and sections alike."""
    for part in parts.values():
        yield part
        if isinstance(inner := part.get("input"), dict):
            yield from sections(inner)


def test_there_are_six() -> None:
    assert len(NAMES) == 6


def test_source_and_version(name: str, blueprint: Blueprint) -> None:
    path = (BLUEPRINTS / name).relative_to(ROOT)
    assert blueprint.metadata["source_url"] == f"{documentation()}/blob/main/{path.as_posix()}"
    least = blueprint.metadata["homeassistant"]["min_version"]
    assert least == f"{MAJOR_VERSION}.{MINOR_VERSION}.0"
    assert blueprint.validate() is None


def test_inputs(hass: HomeAssistant, blueprint: Blueprint) -> None:
    for part in sections(blueprint.metadata["input"]):
        assert part["name"]
        if "input" not in part:
            check = selector(part["selector"])
            if "default" in part:
                assert callable(check)
                check(part["default"])
