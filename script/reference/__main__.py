"""Write the parts of the reference that the code knows: `python -m script.reference [--check]`."""

import argparse
from collections.abc import Iterator
import json
from pathlib import Path
import sys
from typing import Final

from homeassistant.util.yaml import load_yaml_dict

from devtools.settings import DOMAIN, ROOT

from . import entities, events, forms
from .fields import with_fields

_INTEGRATION: Final = ROOT / "custom_components" / DOMAIN
_REFERENCE: Final = ROOT / "docs" / "reference"
_TABLES: Final = {"actions": "services", "triggers": "triggers", "conditions": "conditions"}


def main() -> int:
    """Write or compare the pages; return the exit status, 1 where one is not as the code says."""
    parser = argparse.ArgumentParser(prog="script.reference", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    check = parser.parse_args().check
    stale = [
        (path, text)
        for path, text in _pages()
        if not path.exists() or path.read_text("utf-8") != text
    ]
    for path, text in stale:
        print(f"{path.relative_to(ROOT)} {'is not as the code says' if check else 'written'}")
        if not check:
            path.write_text(text, "utf-8")
    return int(check and bool(stale))


def _pages() -> Iterator[tuple[Path, str]]:
    texts = json.loads((_INTEGRATION / "translations" / "en.json").read_text("utf-8"))
    yield _REFERENCE / "entities.md", entities.page(texts)
    yield _REFERENCE / "events.md", events.page()
    yield _REFERENCE / "settings.md", forms.settings(texts)
    yield _REFERENCE / "repairs.md", forms.repairs(texts)
    for page, name in _TABLES.items():
        path = _REFERENCE / f"{page}.md"
        described = load_yaml_dict(str(_INTEGRATION / f"{name}.yaml"))
        yield path, with_fields(path.read_text("utf-8"), described, texts[name])


if __name__ == "__main__":
    sys.exit(main())
