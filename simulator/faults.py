"""Faults on demand: which request goes wrong, and how."""

from dataclasses import dataclass, field
import re
from typing import Final, Literal

type Cloud = Literal["gridduck", "heimdall"]
type FaultKind = Literal[
    "status",
    "html",
    "empty",
    "cut",
    "refuse",
    "truncate",
    "malformed",
    "huge",
    "gzip_bomb",
    "header_flood",
    "redirect",
    "redirect_loop",
    "delay",
    "slow_headers",
    "slow_body",
    "patch",
    "extra_keys",
    "null_optionals",
    "empty_lists",
    "fractions",
    "stale",
    "ahead",
    "wrong_types",
    "nan",
    "overflow",
    "duplicates",
    "no_data",
    "token_ended",
    "unknown_ids",
    "binary",
    "close",
    "mute",
    "reordered",
]
MESSAGE: Final = "MESSAGE"
"""In place of a method: messages of a WebSocket, in place of requests."""
_OF_MESSAGES: Final = frozenset({"binary", "close", "mute", "reordered"})

type Patch = dict[str, object] | list[tuple[str, object]]


@dataclass(slots=True, kw_only=True)
class Fault:
    """One fault.

    It takes the requests of `service` whose path with query contains the regular expression
    `path` (and whose method is `method`, if given): lets `skip` of them through, then spoils
    `count` (None: all until it is removed).

    Kinds: `status` answers `status`, `body` and `headers` (default body: the service's own JSON
    error; HTML from 500 up); `html` a page; `empty` an empty body; `cut` cuts the connection in the
    middle of the body; `refuse` closes it without an answer; `truncate` sends half of the JSON as
    if it were all; `malformed` no JSON at all; `huge` and `gzip_bomb` `size` bytes (the bomb once
    inflated), `header_flood` that many of headers; `redirect` goes to the Location in `headers`,
    `redirect_loop` to where the request went; `delay` only waits; `slow_headers` and `slow_body`
    send these bit by bit over `delay` seconds; `patch` changes the answer (a merge patch,
    or pairs of JSON pointer and value, `*` being every item); `extra_keys` adds unknown keys to
    every object; `null_optionals` nulls what may be null; `empty_lists` empties the lists;
    `fractions` writes seven digits of a second; `stale` moves every timestamp `delay` seconds
    back, `ahead` forward; `wrong_types` gives text for every number and truth value, `nan` NaN and
    `overflow` 10^400 for every number; `duplicates` has every item of a list twice; `no_data` is
    the service's 404; `token_ended` refuses the bearer token of this request, now and for good.
    `unknown_ids` changes every id. With the other kinds `delay` is a wait beforehand.

    With the method `MESSAGE` it takes messages of the WebSocket at `path` instead, which no other
    method does. They can be spoiled by the kinds that change a body (`duplicates` then sends the
    whole message twice), `delay`, `empty`, `huge` (blanks behind the message), `malformed` (`body`,
    or garbage), `truncate`, and by those that only messages know: `binary`; `close` closes the
    connection with the code `status`; `mute` sends nothing any more, not even a pong; `reordered`
    sends the message after the next one. What is sent when a client connects is spoiled as the
    request that it is.
    """

    service: Cloud
    path: str
    method: str | None = None
    count: int | None = 1
    skip: int = 0
    status: int | None = None
    body: str | bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    kind: FaultKind = "status"
    size: int = 32 * 1024 * 1024
    patch: Patch | None = None

    def __post_init__(self) -> None:
        """Raise ValueError where the fault could never do what it says."""
        try:
            re.compile(self.path)
        except re.error as error:
            msg = f"path is not a regular expression: {error}"
            raise ValueError(msg) from error
        if self.kind in _OF_MESSAGES and self.method != MESSAGE:
            msg = f"a fault of kind {self.kind} needs the method {MESSAGE}"
            raise ValueError(msg)
        if self.kind == "status" and self.status is None:
            msg = "a fault of kind status needs a status"
            raise ValueError(msg)
        if self.kind == "patch" and self.patch is None:
            msg = "a fault of kind patch needs a patch"
            raise ValueError(msg)
        if (self.count is not None and self.count < 1) or self.skip < 0 or self.delay < 0:
            msg = "count must be 1 or more, skip and delay 0 or more"
            raise ValueError(msg)

    def matches(self, service: str, method: str, path: str) -> bool:
        """Tell whether this request is one of those the fault is for."""
        return (
            service == self.service
            and (self.method == method or (self.method is None and method != MESSAGE))
            and re.search(self.path, path) is not None
        )


@dataclass(slots=True)
class Faults:
    """The faults waiting for their requests; of several that match, the oldest acts."""

    _faults: dict[str, Fault] = field(default_factory=dict)
    _next: int = 0
    _ended: set[str] = field(default_factory=set, repr=False)

    def add(self, fault: Fault) -> str:
        """Add a fault; return its id."""
        self._next += 1
        key = f"fault-{self._next}"
        self._faults[key] = fault
        return key

    def remove(self, fault_id: str) -> None:
        """Remove a fault; one that has spent itself is already gone, which is no error."""
        self._faults.pop(fault_id, None)

    def clear(self) -> None:
        """Remove all faults."""
        self._faults.clear()

    def all(self) -> dict[str, Fault]:
        """Return the faults by id, with what is left of their `count` and `skip`."""
        return dict(self._faults)

    def end_token(self, authorization: str) -> None:
        """Let no request with this header be answered any more; clearing does not undo it."""
        self._ended.add(authorization)

    def token_ended(self, authorization: str) -> bool:
        """Tell whether the token of this header was ended."""
        return authorization in self._ended

    def take(self, service: str, method: str, path: str) -> Fault | None:
        """Return the fault that this request meets, if any, and count it."""
        for key, fault in [*self._faults.items()]:
            if not fault.matches(service, method, path):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            if fault.count is not None:
                fault.count -= 1
                if not fault.count:
                    del self._faults[key]
            return fault
        return None
