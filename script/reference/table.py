"""Rows of a Markdown table."""

from collections.abc import Iterable


def cells(values: Iterable[str]) -> str:
    """Return a row; an empty cell is one blank."""
    return "|" + "".join(f" {value} |" if value else " |" for value in values)
