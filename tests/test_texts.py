"""No sentence that a user sees stands in code: each is a text of the translations.

Two rules find one. Text with several words is only logged, raised for developers, names a task, or
is listed below with a reason; and what Home Assistant shows as an error has a translation key.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
import re
from typing import Final

from custom_components.gridduck_heimdall.const import DOMAIN

INTEGRATION: Final = Path(__file__).parents[1] / "custom_components" / DOMAIN

WORDS: Final = re.compile(r"[A-Za-z]{2,}[.,:;]? | [A-Za-z]{2,}")
"""A word beside a blank: a sentence, or a part of one."""

ENGLISH: Final = {
    "api": "its errors are English in log and diagnostics; users see a reason by its key",
    "llm_tools": "language models read it, and answer in the language of the user",
    "llm.py": "as llm_tools",
}
"""Folders and modules that are for no user, with the reason."""

NOT_SHOWN: Final = frozenset(
    {
        # Logged.
        "debug",
        "info",
        "warning",
        "error",
        "exception",
        "log",
        # Raised for developers, or for the log.
        "ValueError",
        "TypeError",
        "KeyError",
        "Invalid",
        "RequiredFieldInvalid",
        "AuthenticationFailed",
        "BadRequest",
        "ConnectionFailed",
        "PermissionDenied",
        "UnexpectedAnswer",
        # Names of tasks and jobs, which Home Assistant logs.
        "HassJob",
        "async_create_background_task",
        "async_create_task",
        "async_on_state_change",
        # Not for people.
        "compile",
    }
)
"""What is called with text that no user sees."""

_PRODUCT: Final = "name of a product"
_KEY: Final = "key in memory"
_LOG: Final = "for the log"
_MODEL: Final = "model of a device, by which selectors of actions and blueprints filter"
_SERVER: Final = "answer to the server that pushes data"
_DEVELOPER: Final = "error of a WebSocket command; the card shows a text of its own"

ALLOWED: Final[dict[str, str]] = {
    "GridDuck & Heimdall Power": _PRODUCT,
    "Heimdall Power": _PRODUCT,
    "Grid owner": _MODEL,
    "Load limit": _MODEL,
    "Smart plug": _MODEL,
    "load limit": _DEVELOPER,
    "No such": _DEVELOPER,
    "Too many messages at once.": _SERVER,
    "The body must come within": _SERVER,
    "seconds.": _SERVER,
    "The body must be": _SERVER,
    "The body did not come whole.": _SERVER,
    "The account is closed.": _SERVER,
    "The body must have": _SERVER,
    "bytes at most.": _SERVER,
    "a list": _LOG,
    "a mapping": _LOG,
    "Resources of dashboards are managed in YAML": _LOG,
    "Dashboards could not be changed (": _LOG,
    "closed the connection (": _LOG,
    "The real-time connection of": _LOG,
    "without a limit": _KEY,
    ": poll": _LOG,
    "unconfirmed": _KEY,
    "poll on request": _LOG,
    "site:view asset:view asset:boost_snooze asset:edit": "scopes of OAuth",
    "state of": "Home Assistant recognizes and translates this beginning in traces and logbook",
}
"""Other text, with the reason."""

RAISED: Final = frozenset(
    {
        "ConfigEntryAuthFailed",
        "ConfigEntryError",
        "ConfigEntryNotReady",
        "HomeAssistantError",
        "ServiceValidationError",
        "UpdateFailed",
    }
)
"""Errors that Home Assistant shows to users."""


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Yield the modules of the integration that are for users, by their path."""
    for path in sorted(INTEGRATION.rglob("*.py")):
        place = path.relative_to(INTEGRATION)
        if place.parts[0] not in ENGLISH:
            yield place.as_posix(), ast.parse(path.read_text("utf-8"))


def shown(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield text with several words, but for docstrings and what no user sees."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.Call) and name_of(node) in NOT_SHOWN:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if WORDS.search(node.value):
                yield node
        else:
            yield from shown(node)


def name_of(call: ast.Call) -> str:
    """Return the last name of what is called."""
    return ast.unparse(call.func).rsplit(".", 1)[-1]


def test_no_english_is_left_in_code() -> None:
    found = {
        f"{path}:{node.lineno}": node.value
        for path, tree in modules()
        for node in shown(tree)
        if str(node.value).strip() not in ALLOWED
    }
    assert not found


def test_what_is_allowed_exists() -> None:
    """A reason for what is gone would admit something new."""
    used = {str(node.value).strip() for _, tree in modules() for node in shown(tree)}
    assert ALLOWED.keys() <= used
    assert all((INTEGRATION / place).exists() for place in ENGLISH)


def test_errors_have_a_translation_key() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and name_of(node) in RAISED
        and "translation_key" not in {keyword.arg for keyword in node.keywords}
    ]
    assert not found
