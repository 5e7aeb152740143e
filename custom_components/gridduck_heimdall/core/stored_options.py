"""Read the options of a config entry, which a newer version may have written.

An option that is not of the expected kind counts as its default: it costs itself, not the account.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


def flag(options: Mapping[str, Any], key: str, default: bool) -> bool:  # noqa: FBT001
    """Return an option that is true or false."""
    value = options.get(key)
    return value if isinstance(value, bool) else default


def text(options: Mapping[str, Any], key: str) -> str:
    """Return an option that is text, empty by default."""
    value = options.get(key)
    return value if isinstance(value, str) else ""


def texts(options: Mapping[str, Any], key: str) -> list[str]:
    """Return an option that is a list of texts, empty by default."""
    value = options.get(key)
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def member[E: StrEnum](options: Mapping[str, Any], key: str, default: E) -> E:
    """Return an option that is one of several."""
    value = text(options, key)
    return next((one for one in type(default) if one == value), default)
