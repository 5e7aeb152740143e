"""The pages of settings and repairs, from the English translations."""

from collections.abc import Iterator, Mapping
import re
from typing import Any, Final

from .table import cells

_NAMES: Final = {"gridduck": "GridDuck", "heimdall": "Heimdall Power"}
_LIMITS: Final = {"line": "a line", "site": "a site", "sensor": "a sensor"}

_SETTINGS: Final = """\
# Settings

Written by `script/docs` from the code: each field of each form, as the form explains it. \
[Options](../options.md) and [load limits](../load-limits.md) say what they are for.
"""
_REPAIRS: Final = """\
# Repairs

Written by `script/docs` from the code: all that **Settings**, **System**, **Repairs** may show, \
as it is said there. [Troubleshooting](../troubleshooting.md) has more.
"""


def settings(texts: Mapping[str, Any]) -> str:
    """Return the page of all forms of accounts, options and load limits."""
    steps = texts["config"]["step"], texts["options"]["step"]
    limits = texts["config_subentries"]["load_limit"]["step"]
    parts = [_SETTINGS]
    for key, name in _NAMES.items():
        parts += [f"\n## Account of {name}\n", *_form(steps[0][key])]
        parts += [f"\n## Options of {name}\n", *_form(steps[1][key])]
    for key, name in _LIMITS.items():
        parts += [f"\n## Load limit of {name}\n", *_form(limits[key])]
    return "".join(parts)


def repairs(texts: Mapping[str, Any]) -> str:
    """Return the page of all repairs."""
    parts = [_REPAIRS]
    for key, issue in texts["issues"].items():
        # Beside what is wrong, a title has what it is about.
        title = re.sub(r": \{\w+\}$", "", issue["title"])
        service = _NAMES.get(key.partition("_")[0])
        heading = f"{title} ({service})" if service else title
        steps = issue.get("fix_flow", {}).get("step", {})
        said = [step["description"] for step in steps.values() if "description" in step]
        body = "\n\n".join(filter(None, (issue.get("description"), *said)))
        parts.append(f"\n## {heading}\n\n{body}\n")
    return _readable("".join(parts))


def _form(step: Mapping[str, Any]) -> Iterator[str]:
    yield "\n| Field | What it does |\n| --- | --- |\n"
    yield from _rows(step)
    for section in step.get("sections", {}).values():
        yield cells((f"**{section['name']}**", _readable(section.get("description", "")))) + "\n"
        yield from _rows(section)


def _rows(fields: Mapping[str, Any]) -> Iterator[str]:
    said = fields.get("data_description", {})
    for key, name in fields["data"].items():
        yield cells((name, _readable(said.get(key, "")))) + "\n"


def _readable(text: str) -> str:
    """Return a text with its placeholders in the place of what stands there at run time."""
    return re.sub(r"\{(\w+)\}", lambda found: f"*{found[1].replace('_', ' ')}*", text)
