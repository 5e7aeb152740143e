"""Write the version of a release, and where it is published."""

import argparse
from datetime import UTC, datetime
import json
from pathlib import Path
import sys
from typing import Final

from .address import move_to
from .changelog import ChangelogError, released

_ROOT: Final = Path(__file__).parents[2]
_MANIFEST: Final = Path("custom_components/gridduck_heimdall/manifest.json")
VERSIONS: Final = (
    (_MANIFEST, '"version": "{}"'),
    (Path("pyproject.toml"), '\nversion = "{}"'),
    (_MANIFEST.with_name("api") / "heimdall" / "client.py", 'CLIENT_VERSION: Final = "{}"'),
)
"""The files that name the version, and how."""


def main() -> int:
    """Write the version everywhere; return the exit status."""
    parser = argparse.ArgumentParser(prog="script/release", description=__doc__)
    parser.add_argument("version")
    parser.add_argument("--repository", metavar="OWNER/NAME", help="where it is published")
    arguments = parser.parse_args()
    manifest = json.loads((_ROOT / _MANIFEST).read_text("utf-8"))
    if arguments.repository is not None:
        move_to(_ROOT, arguments.repository)
    changelog = _ROOT / "CHANGELOG.md"
    try:
        text = released(changelog.read_text("utf-8"), arguments.version, datetime.now(UTC).date())
    except ChangelogError as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    changelog.write_text(text, "utf-8")
    for name, form in VERSIONS:
        path = _ROOT / name
        before, after = form.format(manifest["version"]), form.format(arguments.version)
        path.write_text(path.read_text("utf-8").replace(before, after, 1), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
