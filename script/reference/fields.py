"""Adds to the tables of fields what the form calls a field, and its default."""

from collections.abc import Mapping
import re
from typing import Any, Final

from .table import cells

_SECTION: Final = re.compile(r"^## `(\w+)`\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
_TABLE: Final = re.compile(r"^\| (Field|Option) \|.*?(?=\n\n)", re.DOTALL | re.MULTILINE)
_CODE: Final = re.compile(r"`(\w+)`")


def with_fields(text: str, described: Mapping[str, Any], texts: Mapping[str, Any]) -> str:
    """Return a page with the tables of fields as the code has them.

    What a field means is written by hand and stays.

    Args:
        text: the page.
        described: what services.yaml, triggers.yaml or conditions.yaml has.
        texts: the English translations of the same.
    """

    def section(found: re.Match[str]) -> str:
        key = found[1]
        fields = (described[key] or {}).get("fields", {})
        return _TABLE.sub(lambda table: _table(table, fields, texts[key]), found[0], count=1)

    return _SECTION.sub(section, text)


def _table(found: re.Match[str], fields: Mapping[str, Any], texts: Mapping[str, Any]) -> str:
    rows = [f"| {found[1]} | In the form | Meaning | Default |", "| --- | --- | --- | --- |"]
    for line in found[0].splitlines()[2:]:
        keys, *between, default = (cell.strip() for cell in line.strip("|").split(" |"))
        named = _CODE.findall(keys)
        labels = ", ".join(f"*{texts['fields'][name]['name']}*" for name in named)
        shown = _default(default, [fields[name] for name in named])
        rows.append(cells((keys, labels, between[-1], shown)))
    return "\n".join(rows)


def _default(written: str, fields: list[Mapping[str, Any]]) -> str:
    match fields:
        case [{"default": bool() | str() as default}] if default != "00:00:00":
            return f"`{str(default).lower() if isinstance(default, bool) else default}`"
        case [{"required": True, **rest}] if "default" not in rest:
            return "required"
        case _:
            return written
