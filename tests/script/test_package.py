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
            "test-language",
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
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    steps = re.findall(r"^(?:step|begin) (.+)$", "\n".join(lines), re.MULTILINE)
    assert steps == [
        "script/setup",
        "script/check",
        "script/frontend --check",
        "script/docs --check",
        "script/test",
        "script/demo --check",
        "script/test-databases --install",
        "script/test-language",
        "script/test-simulator",
        "script/browser-test --install",
    ]
    # Steps that run beside each other end before the next step begins.
    begun = [at for at, line in enumerate(lines) if line.startswith("begin ")]
    assert all(re.match("begin |finish$", lines[at + 1]) for at in begun)


def run_ci(folder: Path, *steps: str) -> subprocess.CompletedProcess[str]:
    """Run steps, one of which ends after the other, the way that .ci/run does it."""
    script = folder / ".ci" / "run"
    script.parent.mkdir()
    own = (ROOT / ".ci" / "run").read_text()
    script.write_text(re.sub(r"^(?:step|begin|finish)\b(?!\(\)).*\n", "", own, flags=re.MULTILINE))
    with script.open("a") as added:
        added.writelines(f"{step}\n" for step in steps)
    return subprocess.run(  # noqa: S603 - our own file
        ["/bin/bash", script], capture_output=True, text=True, check=False
    )


def test_steps_at_the_same_time_are_shown_one_by_one(tmp_path: Path) -> None:
    """What the first to end has printed is not mixed with what the other prints."""
    ended = run_ci(
        tmp_path,
        "begin bash -c 'echo slow 1; until [ -e quick ]; do sleep 0.01; done; echo slow 2'",
        "begin bash -c 'echo quick 1; echo quick 2; touch quick'",
        "finish",
        "step echo after",
    )
    assert ended.returncode == 0, ended.stderr
    shown = re.findall(r"^(?:slow|quick|after).*$", ended.stdout, re.MULTILINE)
    assert shown[:4] in (
        ["quick 1", "quick 2", "slow 1", "slow 2"],
        ["slow 1", "slow 2", "quick 1", "quick 2"],
    )
    assert shown[4:] == ["after"]


def test_a_step_that_fails_beside_another_ends_the_run(tmp_path: Path) -> None:
    """The other is shown as well; no step begins after them."""
    ended = run_ci(
        tmp_path, "begin bash -c 'exit 3'", "begin echo other", "finish", "step echo after"
    )
    assert ended.returncode == 3
    assert "this step failed (3)" in ended.stdout
    assert "\nother\n" in ended.stdout
    assert "\nafter\n" not in ended.stdout
