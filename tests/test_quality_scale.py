"""The ledger of the quality scale tells the truth, as far as a program can see it."""

import ast
from pathlib import Path
from typing import Final

from homeassistant.util.yaml import load_yaml_dict
import pytest

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

# The heading of the README under which each rule on documentation is met.
HEADINGS: Final = {
    "docs-actions": "## Actions",
    "docs-conditions": "## Triggers and conditions",
    "docs-configuration-parameters": "## Options",
    "docs-data-update": "## How data is updated",
    "docs-examples": "## Examples",
    "docs-high-level-description": "# GridDuck & Heimdall Power for Home Assistant",
    "docs-installation-instructions": "## Installation",
    "docs-installation-parameters": "## Adding an account",
    "docs-known-limitations": "## Known limitations",
    "docs-removal-instructions": "## Removal",
    "docs-supported-devices": "## What is supported",
    "docs-supported-functions": "## Entities",
    "docs-triggers": "## Triggers and conditions",
    "docs-troubleshooting": "## Troubleshooting",
    "docs-use-cases": "## What it is for",
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
            case {"status": "exempt", "comment": str(reason)}:
                assert len(reason) > 20, rule
            case _:
                pytest.fail(f"{rule}: {said}")


def test_documented_rules_have_their_heading(ledger: dict[str, object]) -> None:
    headings = {
        line.strip() for line in (ROOT / "README.md").read_text().splitlines() if line[:1] == "#"
    }
    docs = {rule for rule, said in ledger.items() if rule.startswith("docs-") and said == "done"}
    assert docs == set(HEADINGS)
    missing = {rule: HEADINGS[rule] for rule in docs if HEADINGS[rule] not in headings}
    assert not missing


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
