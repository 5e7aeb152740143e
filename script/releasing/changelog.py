"""Turn what is unreleased into the section of a version."""

from datetime import date
import re
from typing import Final

_VERSION: Final = re.compile(r"\d+\.\d+\.\d+(?:b\d+)?")
_UNRELEASED: Final = re.compile(
    r"^## \[Unreleased\]\n(.*?)(?=^## \[|^\[)", re.DOTALL | re.MULTILINE
)
_LINK: Final = re.compile(r"^\[Unreleased\]: (\S+?)/(?:commits|compare)/\S+$", re.MULTILINE)


class ChangelogError(Exception):
    """The changelog has nothing to release, or has it already; the message says what is wrong."""


def released(text: str, version: str, day: date) -> str:
    """Return the changelog with what was unreleased as the section of a version.

    Args:
        text: the changelog.
        version: the version, such as 1.2.0 or 1.2.0b1.
        day: the date of the release.

    Raises:
        ChangelogError: the version has no such form or exists, or nothing is unreleased.
    """
    if _VERSION.fullmatch(version) is None:
        raise ChangelogError(f"{version} is no version such as 1.2.0 or 1.2.0b1")
    if f"## [{version}]" in text:
        raise ChangelogError(f"CHANGELOG.md has a section of {version} already")
    section, link = _UNRELEASED.search(text), _LINK.search(text)
    if section is None or link is None or "- " not in section[1]:
        raise ChangelogError("CHANGELOG.md has nothing under Unreleased")
    former = re.search(r"^## \[(\d[^\]]*)\]", text, re.MULTILINE)
    tag = f"{link[1]}/releases/tag/v{version}"
    if former is not None:
        tag = f"{link[1]}/compare/v{former[1]}...v{version}"
    links = f"[Unreleased]: {link[1]}/compare/v{version}...main\n[{version}]: {tag}"
    text = text.replace(link[0], links)
    return text.replace(
        section[0], f"## [Unreleased]\n\n## [{version}] - {day.isoformat()}\n{section[1]}", 1
    )
