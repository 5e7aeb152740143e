"""The installable zip, and what stands before it is released."""

import asyncio
import json
from pathlib import Path
import re
import subprocess
from typing import Any, Final
import zipfile

from homeassistant.util.yaml import load_yaml_dict
import pytest

ROOT: Final = Path(__file__).parents[2]
WORKFLOWS: Final = sorted((ROOT / ".github/workflows").glob("*.yml"))


async def package(path: Path) -> Path:
    process = await asyncio.create_subprocess_exec(
        ROOT / "script/package", path, stdout=asyncio.subprocess.DEVNULL
    )
    assert await process.wait() == 0
    return path


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="what is packed is a commit")
async def test_package(tmp_path: Path) -> None:
    """The files stand at the top of the zip, and one commit gives one checksum."""
    first, second = await package(tmp_path / "first.zip"), await package(tmp_path / "second.zip")
    assert first.read_bytes() == second.read_bytes()
    names = set(zipfile.ZipFile(first).namelist())
    assert {"manifest.json", "translations/en.json", "api/__init__.py"} <= names
    assert not any("__pycache__" in name for name in names)


def test_released_once(tmp_path: Path) -> None:
    """A version that is tagged is refused before anything is written."""
    script = tmp_path / "script" / "release"
    script.parent.mkdir()
    script.write_text((ROOT / "script" / "release").read_text())
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@a.invalid"]
    for command in (["init"], ["add", "."], ["commit", "-m", "First"], ["tag", "v1.2.3"]):
        subprocess.run([*git, *command], cwd=tmp_path, check=True)  # noqa: S603 - ours
    refused = subprocess.run(  # noqa: S603 - our own file
        ["/bin/bash", script, "1.2.3"], capture_output=True, text=True, check=False
    )
    assert refused.returncode == 1
    assert refused.stderr == "release: v1.2.3 is tagged already\n"


def workflow(name: str) -> dict[str, Any]:
    return load_yaml_dict(str(ROOT / f".github/workflows/{name}.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_pinned(path: Path) -> None:
    """An action is named by the hash of a commit, which no tag can move."""
    used = re.findall(r"uses: *(\S+)", path.read_text())
    assert used
    for name in used:
        assert name.startswith("./") or re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name), name


def test_workflow_runs_what_ci_runs() -> None:
    """What a change must pass here, it must pass there; each job sets up what it needs itself."""
    script = (ROOT / ".ci" / "run").read_text()
    local = re.findall(r"^(?:step|begin) (script/(?!setup)\S+)", script, re.MULTILINE)
    jobs = workflow("tests")["jobs"].values()
    commands = [step["run"] for job in jobs for step in job["steps"] if "run" in step]
    remote = [found for each in commands for found in re.findall(r"^script/\S+", each)]
    assert sorted(remote) == sorted(local)


def test_each_week_the_whole_suite_runs_in_german() -> None:
    (job,) = workflow("language")["jobs"].values()
    assert job["steps"][-1] == {"run": "script/test-language --all"}
    triggers = (ROOT / ".github/workflows/language.yml").read_text()
    assert re.search(r"^  schedule:\n    - cron: \"\d+ \d+ \* \* 1\"$", triggers, re.MULTILINE)


def test_released_only_when_tested() -> None:
    """A release waits for every test, and is a draft with a checksum and an attestation."""
    jobs = workflow("release")["jobs"]
    gates = {name: jobs[name].get("uses") for name in jobs["draft"]["needs"]}
    assert gates == {
        "tests": "./.github/workflows/tests.yml",
        "validate": "./.github/workflows/validate.yml",
        "language": "./.github/workflows/language.yml",
    }
    steps = str(jobs["draft"]["steps"])
    assert all(part in steps for part in ("--draft", "sha256sum", "attest-build-provenance"))
    # The store looks for this name.
    hacs = json.loads((ROOT / "hacs.json").read_text())
    assert hacs["zip_release"] is True
    assert f'gh release create "$TAG" {hacs["filename"]}' in steps
    # Only this job may write, and only what it has to.
    writing = {name for name, job in jobs.items() if "write" in str(job.get("permissions"))}
    assert writing == {"draft"}
