"""The ledger of the quality scale tells the truth, as far as a program can see it."""

import ast
from collections.abc import Collection, Mapping
import json
from pathlib import Path
from typing import Any, Final

from homeassistant.util.yaml import load_yaml_dict
import pytest

from custom_components.gridduck_heimdall.condition import CONDITIONS
from custom_components.gridduck_heimdall.services import ACTIONS
from custom_components.gridduck_heimdall.trigger import TRIGGERS
from tests.conftest import CLOUDS

ROOT: Final = Path(__file__).parents[1]
INTEGRATION: Final = ROOT / "custom_components" / "gridduck_heimdall"

RULES: Final = {
    "bronze": """action-setup appropriate-polling brands common-modules config-flow
        config-flow-test-coverage dependency-transparency docs-actions docs-conditions
        docs-high-level-description docs-installation-instructions docs-removal-instructions
        docs-triggers entity-event-setup entity-unique-id has-entity-name runtime-data
        test-before-configure test-before-setup unique-config-entry""",
    "silver": """action-exceptions config-entry-unloading docs-configuration-parameters
        docs-installation-parameters entity-unavailable integration-owner log-when-unavailable
        parallel-updates reauthentication-flow test-coverage""",
    "gold": """devices diagnostics discovery discovery-update-info docs-data-update docs-examples
        docs-known-limitations docs-supported-devices docs-supported-functions
        docs-troubleshooting docs-use-cases dynamic-devices entity-category entity-device-class
        entity-disabled-by-default entity-translations exception-translations icon-translations
        reconfiguration-flow repair-issues stale-devices""",
    "platinum": "async-dependency inject-websession strict-typing",
}

# The document and its heading under which each rule on documentation is met.
HEADINGS: Final = {
    "docs-actions": ("docs/reference/actions.md", "# Actions"),
    "docs-conditions": ("docs/reference/conditions.md", "# Conditions"),
    "docs-configuration-parameters": ("docs/options.md", "# Options of an account"),
    "docs-data-update": ("README.md", "## How data is updated"),
    "docs-examples": ("README.md", "## Examples"),
    "docs-high-level-description": (
        "README.md",
        "# GridDuck & Heimdall Power for Home Assistant",
    ),
    "docs-installation-instructions": ("README.md", "## Installation"),
    "docs-installation-parameters": ("README.md", "## Adding an account"),
    "docs-known-limitations": ("README.md", "## Known limitations"),
    "docs-removal-instructions": ("README.md", "## Removal"),
    "docs-supported-devices": ("README.md", "## What is supported"),
    "docs-supported-functions": ("README.md", "## Entities"),
    "docs-triggers": ("docs/reference/triggers.md", "# Triggers"),
    "docs-troubleshooting": ("docs/troubleshooting.md", "# Troubleshooting"),
    "docs-use-cases": ("README.md", "## What it is for"),
}
SECTIONS: Final = {
    "docs-actions": ACTIONS,
    "docs-conditions": CONDITIONS,
    "docs-triggers": TRIGGERS,
}


@pytest.fixture(scope="module")
def ledger() -> dict[str, object]:
    """Return the rules and what is said of each."""
    return dict(load_yaml_dict(str(INTEGRATION / "quality_scale.yaml"))["rules"])


def test_every_rule_is_answered(ledger: dict[str, object]) -> None:
    rules = [rule for level in RULES.values() for rule in level.split()]
    assert len(rules) == 54
    assert list(ledger) == rules


def test_every_rule_is_done_or_exempt_with_a_reason(ledger: dict[str, object]) -> None:
    for rule, said in ledger.items():
        match said:
            case "done":
                continue
            case {"status": "done" | "exempt", "comment": str(reason)}:
                assert len(reason) > 20, rule
            case _:
                pytest.fail(f"{rule}: {said}")


def headings(document: str) -> set[str]:
    """Return the headings of a document."""
    lines = (ROOT / document).read_text("utf-8").splitlines()
    return {line.strip() for line in lines if line[:1] == "#"}


def test_documented_rules_have_their_heading(ledger: dict[str, object]) -> None:
    docs = {rule for rule, said in ledger.items() if rule.startswith("docs-") and said == "done"}
    assert docs == set(HEADINGS)
    for rule, (document, heading) in HEADINGS.items():
        assert heading in headings(document), rule


@pytest.mark.parametrize("rule", SECTIONS)
def test_each_has_a_section_of_its_own(rule: str) -> None:
    document, _ = HEADINGS[rule]
    assert {f"## `{key}`" for key in SECTIONS[rule]} <= headings(document)
    readme = (ROOT / "README.md").read_text("utf-8")
    assert f"]({document})" in readme


def section(document: str, heading: str) -> str:
    """Return what stands under a heading."""
    text = f"\n{(ROOT / document).read_text('utf-8')}".partition(f"\n{heading}\n")[2]
    return text.partition("\n## ")[0]


@pytest.mark.parametrize(
    ("rule", "flow"),
    [("docs-installation-parameters", "config"), ("docs-configuration-parameters", "options")],
)
def test_each_field_of_a_form_is_documented(rule: str, flow: str) -> None:
    texts = json.loads((INTEGRATION / "translations" / "en.json").read_text("utf-8"))
    labels = [
        label
        for service in CLOUDS
        for form in (texts[flow]["step"][service], *sections_of(texts[flow]["step"][service]))
        for label in form["data"].values()
    ]
    assert labels
    documented = section(*HEADINGS[rule])
    assert not [label for label in labels if label not in documented]


def sections_of(step: Mapping[str, Any]) -> Collection[Mapping[str, Any]]:
    """Return the sections of a step of a flow."""
    found: Mapping[str, Mapping[str, Any]] = step.get("sections", {})
    return found.values()


@pytest.mark.parametrize("platform", ["binary_sensor", "button", "number", "sensor", "switch"])
def test_parallel_updates(platform: str) -> None:
    module = ast.parse((INTEGRATION / f"{platform}.py").read_text())
    assert any(
        isinstance(node, ast.Assign)
        and [ast.unparse(target) for target in node.targets] == ["PARALLEL_UPDATES"]
        for node in module.body
    )


def test_brand_images_are_there() -> None:
    names = {path.name for path in (INTEGRATION / "brand").iterdir()}
    assert names == {
        f"{dark}{kind}{size}.png"
        for dark in ("", "dark_")
        for kind in ("icon", "logo")
        for size in ("", "@2x")
    }


def test_entries_are_typed() -> None:
    """The type of the runtime data is known wherever a config entry is."""
    untyped = [
        path.name
        for path in INTEGRATION.rglob("*.py")
        if "ConfigEntry[Any]" in path.read_text("utf-8")
    ]
    assert not untyped
