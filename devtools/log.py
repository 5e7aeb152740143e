"""What Home Assistant's log says about the integration."""

from collections.abc import Iterator
from pathlib import Path
import re
from typing import Final

from .settings import DOMAIN

_RECORD: Final = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\S* (?P<level>[A-Z]+) ")
_BAD: Final = frozenset({"WARNING", "ERROR", "CRITICAL"})
# Said of every custom integration.
_USUAL: Final = f"We found a custom integration {DOMAIN} which has not been tested"


def complaints(path: Path) -> list[str]:
    """Return the warnings and errors in a log that name the integration, tracebacks included."""
    return [
        record
        for record in _records(path.read_text(errors="replace"))
        if _level(record) in _BAD and DOMAIN in record and _USUAL not in record
    ]


def _records(text: str) -> Iterator[str]:
    """Yield the log's records: a line that opens one, with the lines that belong to it."""
    record: list[str] = []
    for line in text.splitlines():
        if _RECORD.match(line) and record:
            yield "\n".join(record)
            record = []
        record.append(line)
    if record:
        yield "\n".join(record)


def _level(record: str) -> str:
    found = _RECORD.match(record)
    return found["level"] if found else "ERROR"
