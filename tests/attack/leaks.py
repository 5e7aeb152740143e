"""Where secrets could come out, and the search for them."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType, MethodType, ModuleType
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from simulator.faults import Cloud
from simulator.gridduck.accounts import Accounts
from simulator.heimdall import tokens
from simulator.server import Simulator

OURS = "custom_components.gridduck_heimdall"
DEPTH = 7
LEAST = 12
"""Characters of a secret that give it away."""


@dataclass
class Secrets:
    """All that must not come out, by what it is; `latest` has the newest token of each service."""

    known: dict[str, str] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)
    latest: dict[Cloud, str] = field(default_factory=dict)

    def add(self, name: str, secret: str) -> None:
        """Add a secret, also as an address or a form has it."""
        self.known |= {name: secret, f"{name} quoted": quote(secret, safe="")}
        self.known[f"{name} in a form"] = quote_plus(secret)

    def add_client(self, name: str, client_id: str, secret: str) -> None:
        """Add a client's secret, and the header that carries it."""
        self.add(name, secret)
        for pair in (f"{client_id}:{secret}", f"{quote_plus(client_id)}:{quote_plus(secret)}"):
            self.known[f"{name} in a header"] = b64encode(pair.encode()).decode()

    def in_text(self, text: str) -> set[str]:
        """Return what of the secrets stands in a text."""
        found = {name for name, secret in self.known.items() if secret[:LEAST] in text}
        return found | {"a token" for token in self.tokens if _own_part(token)[:LEAST] in text}

    def in_file(self, path: Path) -> set[str]:
        """Return what of the secrets stands in a file, whatever it holds."""
        return self.in_text(path.read_bytes().decode("latin-1"))


def _own_part(token: str) -> str:
    """Return what no other token has: of a JWT its signature."""
    return token.rpartition(".")[2]


def watch_tokens(monkeypatch: pytest.MonkeyPatch, secrets: Secrets) -> None:
    """Note every token that the simulator issues from now on."""
    issuers: tuple[tuple[Cloud, type, str], ...] = (
        ("gridduck", Accounts, "grant"),
        ("heimdall", tokens.Tokens, "_issue"),
    )
    for service, kind, method in issuers:
        original = getattr(kind, method)

        def issue(self: object, *arguments: Any, of: Cloud = service, call: Any = original) -> str:
            token: str = call(self, *arguments)
            secrets.tokens.append(token)
            secrets.latest[of] = token
            return token

        monkeypatch.setattr(kind, method, issue)


def secrets_of(simulator: Simulator) -> Secrets:
    """Return the secrets of both simulated clouds."""
    secrets = Secrets()
    for name, cloud in (("gridduck", simulator.gridduck), ("heimdall", simulator.heimdall)):
        secrets.add_client(f"{name} secret", cloud.client_id, cloud.client_secret)
    return secrets


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception and all that it was raised from, or in a group with."""
    seen: set[int] = set()
    left = [error]
    while left:
        one = left.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        left += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            left += one.exceptions


def words_of(error: BaseException) -> str:
    """Return all that an exception says, in any form."""
    notes = getattr(error, "__notes__", [])
    parts = (error, *error.args, *vars(error).values(), *notes)
    return "\n".join(f"{part}\n{part!r}" for part in parts)


def reachable(root: object) -> Iterator[object]:
    """Yield every object of the integration that can be reached from one of them."""
    seen: set[int] = set()
    left = [(root, 0)]
    while left:
        one, depth = left.pop()
        if id(one) in seen or isinstance(one, ModuleType | type | str | bytes | int | float):
            continue
        seen.add(id(one))
        if type(one).__module__.startswith(OURS):
            yield one
        if depth < DEPTH:
            left += [(part, depth + 1) for part in _parts(one)]


def _parts(one: object) -> Iterable[object]:
    match one:
        case dict():
            return one.values()
        case list() | tuple() | set() | frozenset():
            return one
        case MethodType():
            return (one.__self__,)
        case FunctionType():
            return [cell.cell_contents for cell in one.__closure__ or ()]
    if not type(one).__module__.startswith((OURS, "functools")):
        return ()
    slots = (name for kind in type(one).__mro__ for name in getattr(kind, "__slots__", ()))
    named = [getattr(one, name, None) for name in slots if isinstance(name, str)]
    return [*named, *getattr(one, "__dict__", {}).values()]
