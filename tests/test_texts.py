"""No sentence that a user sees stands in code: each is a text of the translations.

Three rules find one. Text with several words, or one with a capital, is only logged, raised for
developers, names a task, or is listed below with a reason; what Home Assistant shows as an error
has a translation key; and what is put into a sentence is no text of the code.
"""

import ast
from collections.abc import Iterator
from importlib import import_module
from inspect import isclass
from pathlib import Path
import re
from typing import Final

from homeassistant import exceptions
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.gridduck_heimdall.const import DOMAIN

from .test_translations import STRINGS, calls, keyword, leaves

PACKAGE: Final = f"custom_components.{DOMAIN}"
INTEGRATION: Final = Path(__file__).parents[1] / "custom_components" / DOMAIN

WORDS: Final = re.compile(r"[A-Za-z]{2,}[.,:;]? | [A-Za-z]{2,}|^[A-Z][a-z]{2,}[.,:;!?]?$")
"""A word beside a blank, or with a capital: a sentence, a part of one, or a name."""

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
_STORED: Final = "of settings that are stored, which forms have checked; Home Assistant logs it"
_DEVELOPER: Final = "error of a WebSocket command; the card shows a text of its own"

ALLOWED: Final[dict[str, str]] = {
    "GridDuck & Heimdall Power": _PRODUCT,
    "Heimdall Power": _PRODUCT,
    **dict.fromkeys(("Facility", "Gateway", "Grid owner", "Line", "Load limit"), _MODEL),
    **dict.fromkeys(("Neuron", "Smart plug", "Span"), _MODEL),
    "not a finite number": _STORED,
    "is missing": _STORED,
    "is no unit of a": _STORED,
    "is out of order": _STORED,
    "an automation of another blueprint": "never shown: such an automation is passed over",
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
    **dict.fromkeys(("Changes", "Risen"), "name of a type"),
    ": poll": _LOG,
    "unconfirmed": _KEY,
    "poll on request": _LOG,
    "site:view asset:view asset:boost_snooze asset:edit": "scopes of OAuth",
    "state of": "Home Assistant recognizes and translates this beginning in traces and logbook",
}
"""Other text, with the reason."""

KEY: Final = "translation_key"
"""The argument without which Home Assistant shows an error as it stands in the code."""

WITHOUT_KEY: Final = {
    "Unauthorized": "Home Assistant has a text of its own",
    "WriteError": "caught where it is shown, with the reason by its key",
}
"""Errors that need no key, with the reason."""

PLACEHOLDERS: Final = {"description_placeholders", "translation_placeholders"}
"""What is put into a sentence."""


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


def scope_of(path: str) -> dict[str, object]:
    """Return the names of a module of the integration."""
    parts = [part for part in Path(path).with_suffix("").parts if part != "__init__"]
    return vars(import_module(".".join((PACKAGE, *parts))))


def without_key(tree: ast.AST, scope: dict[str, object]) -> Iterator[int]:
    """Yield the lines with an error that Home Assistant shows, by whatever name, without a key."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=named) if KEY not in {each.arg for each in node.keywords}:
                pass
            case ast.Raise(exc=ast.Name() | ast.Attribute() as named):
                pass
            case _:
                continue
        if needs_key(ast.unparse(named), scope):
            yield node.lineno


def needs_key(name: str, scope: dict[str, object]) -> bool:
    """Tell whether a name is that of an error that Home Assistant shows and that has no key."""
    first, *rest = name.split(".")
    found = scope.get(first)
    for each in rest:
        found = getattr(found, each, None)
    if not isclass(found) or not issubclass(found, HomeAssistantError):
        return False
    # One of ours may bring its key itself.
    brings_key = found.__module__.startswith(PACKAGE) and "__init__" in vars(found)
    return not brings_key and found.__name__ not in WITHOUT_KEY


def pieces(tree: ast.AST) -> Iterator[int]:
    """Yield the lines with a text of the code that is put into a sentence."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in PLACEHOLDERS:
            for value in node.value.values if isinstance(node.value, ast.Dict) else ():
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value.lineno


@pytest.mark.parametrize("text", ["Offline", "Failed.", "Not now", " of the line"])
def test_english_is_noticed(text: str) -> None:
    code = f"attributes = {{'status': {text!r}}}\nraise vol.Invalid({text!r})"
    assert [node.value for node in shown(ast.parse(code))] == [text, text]


@pytest.mark.parametrize(
    "code",
    [
        'raise ServiceValidationError("wrong")',
        "raise HomeAssistantError",
        'raise exceptions.ConfigEntryError("wrong")',
        'raise Renamed("wrong")',
        'error = OfOurs("wrong")',
    ],
)
def test_an_error_without_a_key_is_noticed(code: str) -> None:
    class OfOurs(HomeAssistantError):
        pass

    scope = {**vars(exceptions), "exceptions": exceptions}
    scope |= {"Renamed": HomeAssistantError, "OfOurs": OfOurs}
    assert list(without_key(ast.parse(code), scope)) == [1]


def test_an_error_with_a_key_is_allowed() -> None:
    code = 'raise ServiceValidationError(translation_key="wrong")'
    assert not list(without_key(ast.parse(code), vars(exceptions)))


def test_a_piece_of_a_sentence_is_noticed() -> None:
    code = 'raise Wrong(translation_placeholders={"what": "line", "name": line.name})'
    assert list(pieces(ast.parse(code))) == [1]


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
        f"{path}:{line}" for path, tree in modules() for line in without_key(tree, scope_of(path))
    ]
    assert not found


def test_no_sentence_is_built_from_pieces() -> None:
    assert not [f"{path}:{line}" for path, tree in modules() for line in pieces(tree)]


def errors_of(tree: ast.AST) -> Iterator[object]:
    """Yield what is said of a field without an error of a form, whose keys are known."""
    for node in ast.walk(tree):
        match node:
            case (
                ast.keyword(arg="errors", value=ast.Dict(values=values))
                | ast.Assign(targets=[ast.Name(id="errors")], value=ast.Dict(values=values))
            ):
                yield from (one.value for one in values if isinstance(one, ast.Constant))
            case ast.Assign(
                targets=[ast.Subscript(value=ast.Name(id="errors"))],
                value=ast.Constant(value=text),
            ):
                yield text


def test_flows_have_no_other_errors() -> None:
    code = 'errors["base"] = "one"\nshow(errors={"base": "two"})\nerrors = {"base": "three"}'
    assert set(errors_of(ast.parse(code))) == {"one", "two", "three"}
    assert not [f"{path}: {text}" for path, tree in modules() for text in errors_of(tree)]


def test_flows_end_with_a_reason() -> None:
    of_home_assistant = {"already_configured", "reauth_successful", "reconfigure_successful"}
    used = {keyword(call, "reason") for name, call in calls() if name == "async_abort"}
    named = {path.rsplit(".", 1)[-1] for path, _ in leaves(STRINGS) if ".abort." in path}
    assert used | of_home_assistant == named
