"""Write the version of a release, and where it is published."""

import argparse
from datetime import UTC, datetime
import json
from pathlib import Path
import re
import sys
from typing import Final

from devtools.settings import ROOT

from .address import MANIFEST, move_to
from .changelog import ChangelogError, released

VERSIONS: Final = (
    (MANIFEST, '"version": "{}"'),
    (Path("pyproject.toml"), '\nversion = "{}"'),
    (MANIFEST.with_name("api") / "heimdall" / "client.py", 'CLIENT_VERSION: Final = "{}"'),
)
"""The files that name the version, and how."""


def main() -> int:
    """Write the version everywhere; return the exit status."""
    parser = argparse.ArgumentParser(prog="script/release", description=__doc__)
    parser.add_argument("version")
    parser.add_argument(
        "--repository", metavar="OWNER/NAME", type=_repository, help="where it is published"
    )
    arguments = parser.parse_args()
    manifest = json.loads((ROOT / MANIFEST).read_text("utf-8"))
    changelog = ROOT / "CHANGELOG.md"
    try:
        text = released(changelog.read_text("utf-8"), arguments.version, datetime.now(UTC).date())
    except ChangelogError as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    changelog.write_text(text, "utf-8")
    for name, form in VERSIONS:
        path = ROOT / name
        before, after = form.format(manifest["version"]), form.format(arguments.version)
        path.write_text(path.read_text("utf-8").replace(before, after, 1), "utf-8")
    # Last: nothing is changed where there is nothing to release, and the changelog moves as well.
    if arguments.repository is not None:
        move_to(ROOT, arguments.repository)
    return 0


def _repository(text: str) -> str:
    if re.fullmatch(r"[\w.-]+/[\w.-]+", text) is None:
        raise argparse.ArgumentTypeError(f"{text} is no OWNER/NAME")
    return text


if __name__ == "__main__":
    sys.exit(main())
