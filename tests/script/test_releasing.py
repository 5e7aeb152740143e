"""What a release writes, and the one address of the repository."""

from datetime import date
import json
from pathlib import Path
import shutil
import subprocess
from typing import Final

import pytest

from script.releasing.__main__ import VERSIONS
from script.releasing.address import addresses, move_to, repository
from script.releasing.changelog import ChangelogError, released

ROOT: Final = Path(__file__).parents[2]
CHANGELOG: Final = """\
# Changelog

## [Unreleased]

### Added

- A thing.

[Unreleased]: https://github.com/owner/name/commits/main
"""
DAY: Final = date(2026, 12, 1)


def test_first_release() -> None:
    assert (
        released(CHANGELOG, "1.0.0", DAY)
        == """\
# Changelog

## [Unreleased]

## [1.0.0] - 2026-12-01

### Added

- A thing.

[Unreleased]: https://github.com/owner/name/compare/v1.0.0...main
[1.0.0]: https://github.com/owner/name/releases/tag/v1.0.0
"""
    )


def test_second_release() -> None:
    first = released(CHANGELOG, "1.0.0", DAY).replace(
        "## [Unreleased]\n", "## [Unreleased]\n\n- More.\n"
    )
    second = released(first, "1.1.0b1", DAY)
    assert "## [Unreleased]\n\n## [1.1.0b1] - 2026-12-01\n\n- More.\n\n## [1.0.0]" in second
    assert "[Unreleased]: https://github.com/owner/name/compare/v1.1.0b1...main\n" in second
    assert "[1.1.0b1]: https://github.com/owner/name/compare/v1.0.0...v1.1.0b1\n" in second
    assert "[1.0.0]: https://github.com/owner/name/releases/tag/v1.0.0\n" in second


@pytest.mark.parametrize(
    ("text", "version"),
    [
        (CHANGELOG, "1.0"),
        (CHANGELOG, "v1.0.0"),
        (CHANGELOG.replace("- A thing.", ""), "1.0.0"),
        (released(CHANGELOG, "1.0.0", DAY), "1.0.0"),
        (released(CHANGELOG, "1.0.0", DAY), "1.0.1"),
        ("# Changelog\n", "1.0.0"),
    ],
)
def test_nothing_to_release(text: str, version: str) -> None:
    with pytest.raises(ChangelogError):
        released(text, version, DAY)


def test_no_file_keeps_a_former_version() -> None:
    """All files that name the version name the same, and a release writes each of them."""
    version = json.loads((ROOT / "custom_components/gridduck_heimdall/manifest.json").read_text())[
        "version"
    ]
    assert [
        path for path, form in VERSIONS if form.format(version) not in (ROOT / path).read_text()
    ] == []


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="the files are those of the repository")
def test_one_address() -> None:
    """Every file names the repository that the manifest names."""
    found = list(addresses(ROOT))
    assert {(owner, name) for _, owner, name in found} == {repository(ROOT)}
    assert {"README.md", "SECURITY.md", "CHANGELOG.md"} <= {file for file, *_ in found}


def test_another_publisher(tmp_path: Path) -> None:
    """All three forms of the address move, and those of other projects stay."""
    manifest = tmp_path / "custom_components" / "gridduck_heimdall" / "manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps({"documentation": "https://github.com/one/home.assistant"}))
    (tmp_path / "README.md").write_text(
        "https://github.com/one/home.assistant#readme\n"
        "?owner=one&repository=home.assistant&category=integration\n"
        "https%3A%2F%2Fgithub.com%2Fone%2Fhome.assistant%2Fblob\n"
        "https://github.com/other/home.assistant\n"
    )
    git = shutil.which("git")
    assert git is not None
    for command in (["init", "--quiet"], ["add", "."]):
        subprocess.run([git, *command], cwd=tmp_path, check=True)  # noqa: S603 - ours
    move_to(tmp_path, "two/integration")
    assert repository(tmp_path) == ("two", "integration")
    assert (tmp_path / "README.md").read_text() == (
        "https://github.com/two/integration#readme\n"
        "?owner=two&repository=integration&category=integration\n"
        "https%3A%2F%2Fgithub.com%2Ftwo%2Fintegration%2Fblob\n"
        "https://github.com/other/home.assistant\n"
    )
