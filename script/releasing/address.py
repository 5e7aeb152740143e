"""The address of the repository: the manifest has it, and every other file the same."""

from collections.abc import Iterator
import json
from pathlib import Path
import re
import subprocess
from typing import Final

from devtools.settings import DOMAIN

MANIFEST: Final = Path("custom_components") / DOMAIN / "manifest.json"
_ADDRESS: Final = re.compile(r"github\.com/([\w.-]+)/([\w.-]+)")
_NAMES_OTHERS: Final = ("frontend/package-lock.json", "tests/script/test_releasing.py")
"""Files with the addresses of other projects."""
_FORMS: Final = (
    "github.com/{}/{}",
    "github.com%2F{}%2F{}",
    "owner={}&repository={}",
)
"""How an address is written: plain, within an address, and for My Home Assistant."""
_ANY: Final = tuple(
    re.compile(re.escape(form).replace(r"\{\}", r"([\w.-]+?)") + r"(?![\w.-])") for form in _FORMS
)


def repository(root: Path) -> tuple[str, str]:
    """Return the owner and the name of the repository, as the manifest has them.

    Args:
        root: the folder of the repository.

    Raises:
        ValueError: the manifest has no address of a repository.
    """
    manifest = json.loads((root / MANIFEST).read_text("utf-8"))
    found = _ADDRESS.search(manifest["documentation"])
    if found is None:
        raise ValueError(f"{manifest['documentation']} is no repository")
    return found[1], found[2]


def addresses(root: Path) -> Iterator[tuple[str, str, str]]:
    """Yield each file that names a repository, with owner and name."""
    for name in _files(root):
        text = (root / name).read_text("utf-8", errors="ignore")
        for form in _ANY:
            for owner, repo in form.findall(text):
                yield name, owner, repo


def move_to(root: Path, address: str) -> None:
    """Write another address of the repository wherever the former is.

    Args:
        root: the folder of the repository.
        address: owner and name, with a slash between them.
    """
    former, new = repository(root), address.split("/", 1)
    for name in {name for name, *found in addresses(root) if tuple(found) == former}:
        path = root / name
        text = path.read_text("utf-8")
        for form in _FORMS:
            text = text.replace(form.format(*former), form.format(*new))
        path.write_text(text, "utf-8")


def _files(root: Path) -> Iterator[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - git of the machine
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in listed.split("\0"):
        path = root / name
        if name and name not in _NAMES_OTHERS and path.is_file() and not path.is_symlink():
            yield name
