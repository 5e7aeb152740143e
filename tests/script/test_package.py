"""The files around the integration agree with each other and with what installs them."""

import json
import os
from pathlib import Path
import re
import subprocess
import tomllib
from typing import Final

from PIL import Image
import pytest

ROOT: Final = Path(__file__).parents[2]
INTEGRATION: Final = ROOT / "custom_components" / "gridduck_heimdall"
MANIFEST: Final = json.loads((INTEGRATION / "manifest.json").read_text())
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text())
HACS: Final = json.loads((ROOT / "hacs.json").read_text())
SCRIPTS: Final = [
    *(
        ROOT / "script" / name
        for name in (
            "browser-test",
            "check",
            "demo",
            "docs",
            "package",
            "python",
            "release",
            "setup",
            "test",
            "test-databases",
        )
    ),
    ROOT / ".ci" / "run",
]


def test_manifest_is_sorted_as_home_assistant_wants_it() -> None:
    """First the domain, then the name, then the rest by the alphabet."""
    keys = list(MANIFEST)
    assert keys[:2] == ["domain", "name"]
    assert keys[2:] == sorted(keys[2:])


def test_versions_agree() -> None:
    """What is released, what is required and what is tested is stated once each."""
    assert MANIFEST["version"] == PROJECT["project"]["version"]
    assert set(MANIFEST["requirements"]) <= set(PROJECT["project"]["dependencies"])
    assert f"homeassistant=={HACS['homeassistant']}" in PROJECT["project"]["dependencies"]


def test_everything_installed_for_development_is_pinned() -> None:
    """A build of today must still work tomorrow."""
    pins = [pin for group in PROJECT["dependency-groups"].values() for pin in group]
    assert [pin for pin in pins if not re.fullmatch(r"[\w.-]+==[\w.]+", pin)] == []


@pytest.mark.parametrize("prefix", ["", "dark_"])
@pytest.mark.parametrize(("suffix", "factor"), [("", 1), ("@2x", 2)])
def test_brand_images(prefix: str, suffix: str, factor: int) -> None:
    """Home Assistant asks for these sizes, for a transparent ground and for no empty border."""
    with Image.open(INTEGRATION / "brand" / f"{prefix}icon{suffix}.png") as icon:
        assert icon.size == (256 * factor, 256 * factor)
        assert icon.mode == "RGBA"
        assert icon.getchannel("A").getextrema() == (0, 255)
    with Image.open(INTEGRATION / "brand" / f"{prefix}logo{suffix}.png") as logo:
        assert 128 * factor <= min(logo.size) <= 256 * factor
        assert logo.mode == "RGBA"
        drawn = logo.getbbox()
        assert drawn is not None
        assert max(drawn[0], drawn[1], logo.width - drawn[2], logo.height - drawn[3]) <= 4 * factor


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_can_be_run(script: Path) -> None:
    """Each is executable, is bash, and stops at the first error."""
    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in script.read_text()
    subprocess.run(["/bin/bash", "-n", script], check=True)  # noqa: S603 - our own files


def test_ci_runs_everything() -> None:
    """A change lands only after all of these."""
    steps = re.findall(r"^step (.+)$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    assert steps == [
        "script/setup",
        "script/check",
        "script/frontend --check",
        "script/docs --check",
        "script/test",
        "script/test-simulator",
        "script/test-databases --install",
        "script/demo --check",
        "script/browser-test --install",
    ]
