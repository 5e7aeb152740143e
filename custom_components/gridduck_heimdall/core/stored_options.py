"""Read the options of a config entry, which a newer version may have written.

An option that is not of the expected kind counts as its default: it costs itself, not the account.
It is logged once, without its value, which may be a secret.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any

from ..const import LOGGER


@cache
def _warn_of(key: str) -> None:
    """Log once that an option cannot be read."""
    LOGGER.warning(
        "The option %s of an account cannot be read and counts as its default; a newer version of "
        "the integration may have saved it",
        key,
    )


def flag(options: Mapping[str, Any], key: str, default: bool) -> bool:  # noqa: FBT001
    """Return an option that is true or false."""
    value = options.get(key, default)
    if isinstance(value, bool):
        return value
    _warn_of(key)
    return default


def text(options: Mapping[str, Any], key: str) -> str:
    """Return an option that is text, empty by default."""
    value = options.get(key) or ""
    if isinstance(value, str):
        return value
    _warn_of(key)
    return ""


def texts(options: Mapping[str, Any], key: str) -> list[str]:
    """Return an option that is a list of texts, empty by default."""
    value = options.get(key) or []
    every = value if isinstance(value, list) else []
    found = [one for one in every if isinstance(one, str)]
    if every is not value or len(found) < len(every):
        _warn_of(key)
    return found


def member[E: StrEnum](options: Mapping[str, Any], key: str, default: E) -> E:
    """Return an option that is one of several."""
    value = text(options, key)
    found = next((one for one in type(default) if one == value), None)
    if found is None and value:
        _warn_of(key)
    return default if found is None else found
