"""Read the table of expectations."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from . import expectations
from .requests import GRIDDUCK, HEIMDALL

type Cell = tuple[str, str]
"""How a request ends, and how many reached the service; or ("-…", "") where there is no sense."""


class PollCells(NamedTuple):
    """What a poll that fails comes to.

    Attributes:
        gone: after how many polls its sensors are unavailable, "-" for never.
        value: what they show else.
        calls: requests until then, or in 6 polls; "-" without a token.
        back: polls until there is a value again once the fault is over, or "user".
        failed: lines in the log of the failure.
        recovered: of the recovery.
    """

    gone: str
    value: str
    calls: str
    back: str
    failed: int
    recovered: int


OUTCOMES: Final[Mapping[str, str | None]] = {
    "ok": None,
    "some": None,
    "auth": "authentication_failed",
    "deny": "permission_denied",
    "none": "not_found",
    "busy": "rate_limited",
    "down": "server_error",
    "lost": "connection_failed",
    "odd": "unexpected_answer",
    "lack": "feature_unavailable",
}
"""The translation key of what a user is told, by the word of the table."""


def _read(text: str) -> Iterator[tuple[str, dict[str, Cell]]]:
    """Yield each row by the name of its fault: its cells by column."""
    header, *rows = text.strip().splitlines()
    columns = header.partition("|")[2].split()
    for row in rows:
        fault, _, cells = row.partition("|")
        words = iter(cells.split())
        yield (
            fault.strip(),
            {one: _cell(word, words) for one, word in zip(columns, words, strict=False)},
        )


def _cell(word: str, words: Iterator[str]) -> Cell:
    return (word, "") if word.startswith("-") else (word, next(words))


EXPECTED: Final[Mapping[str, Mapping[str, Mapping[str, Cell]]]] = {
    GRIDDUCK: dict(_read(expectations.GRIDDUCK)),
    HEIMDALL: dict(_read(expectations.HEIMDALL)),
}
"""The cells by service, fault and column."""


def _read_polls(text: str) -> Iterator[tuple[str, dict[str, PollCells]]]:
    """Yield the faults of each poll."""
    found: defaultdict[str, dict[str, PollCells]] = defaultdict(dict)
    _, *rows = text.strip().splitlines()
    for row in rows:
        poll, fault, cells = map(str.strip, row.split("|"))
        gone, value, calls, back, failed, recovered = cells.split()
        found[poll][fault] = PollCells(gone, value, calls, back, int(failed), int(recovered))
    yield from found.items()


POLLS: Final[Mapping[str, Mapping[str, PollCells]]] = dict(_read_polls(expectations.POLLS))
"""What becomes of each poll under each fault."""


_FORM_KEYS: Final = {
    "ok": "already_configured",
    "auth": "invalid_auth",
    "deny": "no_permission",
    "busy": "too_many_requests",
    "down": "service_failed",
    "lost": "cannot_connect",
    "odd": "not_the_service",
}

FORM_ERRORS: Final[Mapping[str, tuple[str, ...]]] = {
    fault.strip(): tuple(_FORM_KEYS[word] for word in cells.split())
    for fault, cells in (row.split("|") for row in expectations.FORMS.strip().splitlines()[1:])
}
"""The form's errors by fault."""


def _read_actions(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each fault with what each action says of it."""
    header, *rows = text.strip().splitlines()
    actions = header.partition("|")[2].split()
    for row in rows:
        fault, _, words = row.partition("|")
        yield fault.strip(), dict(zip(actions, words.split(), strict=True))


ACTIONS: Final[Mapping[str, Mapping[str, str]]] = dict(_read_actions(expectations.ACTIONS))
"""What each action says of each fault."""
