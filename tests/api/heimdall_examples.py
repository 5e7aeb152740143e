"""The example answers of the contract, heimdall-api.md §3, and the endpoint of each."""

import json
from pathlib import Path
from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_suffix(".json").read_text(encoding="utf-8")
)
"""Bodies by the id of the endpoint, for variants followed by the parameter."""


def body(name: str) -> bytes:
    """Return an example as it is sent."""
    return json.dumps(EXAMPLES[name]).encode()
