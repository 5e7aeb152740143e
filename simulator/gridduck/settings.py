"""What tests can switch on the GridDuck service."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Literal

type TimeColumns = Literal["start", "start and end", "date and time"]
type FinishFormat = Literal["seconds", "text", "iso", "iso_naive"]


class Special(Enum):
    """Values that no JSON has."""

    MISSING = "the key is not there"
    DEFAULT = "what the service would say by itself"


MISSING: Final = Special.MISSING
DEFAULT: Final = Special.DEFAULT

CONTROL_SCOPES: Final = frozenset({"asset:boost_snooze", "asset:edit"})
SCOPES: Final = frozenset({"site:view", "asset:view"}) | CONTROL_SCOPES

type BasicForm = Literal["either", "literal", "encoded"]

# Names for `endpoints_missing`: all that Part 2 of the contract assumes.
ASSUMED: Final = frozenset(
    {
        "boost",
        "site",
        "telemetry_aggregate",
        "telemetry_instantaneous",
        "data_request_create",
        "data_request",
        "data_request_link",
        "data_request_list",
        "data_request_delete",
        "real_time",
    }
)


type Refusal = int | Literal["html", "malformed", "empty", "redirect"]
"""How a server answers for an endpoint that it does not have: a status, or something odd."""


@dataclass(slots=True, kw_only=True)
class CsvStyle:
    """How the files of a data request are written.

    `unix_time` gives unix seconds in place of ISO 8601; `blank_lines` puts one after every tenth
    row; `quoted` puts every value between quotes. `times` is which columns a row begins with: its
    start, start and end, or the date and the time of day of its start.
    """

    bom: bool = False
    delimiter: str = ","
    newline: str = "\n"
    unix_time: bool = False
    blank_lines: bool = False
    quoted: bool = False
    times: TimeColumns = "start"


@dataclass(kw_only=True)
class Settings:
    """Switches of the service, to be changed at any time.

    Token: `token_lifetime` (simulated seconds); `expires_in` what the answer says of it (default:
    the lifetime as text, as in the guide; MISSING leaves it out); `strict_scopes` refuses a request
    for a scope that is not granted, in place of granting less, with the status and code of
    `scope_refusal`; `granted_scopes` bounds tokens that are already out, too (either of
    CONTROL_SCOPES allows boost and snooze); `basic` is the one form of the Basic header that is
    accepted (RFC 6749 §2.3.1 encodes, the guide does not); `users` gives the `user.id` of an
    application (None: no `user`).

    Answers: `endpoints_missing` (names of ASSUMED) are 404 with a page; `endpoints_refused` are
    refused for good, each in its way; `simulate_slow` (real
    seconds) holds back every answer but that of the token endpoint; `milliseconds` for the stamps
    of boost and snooze; `finish_format` for their finish: seconds left, or, without any stamp,
    these as text or the end in ISO 8601, with or without its zone; `iso_stamps` dates telemetry in
    ISO 8601; `scope_separator` is between the scopes of a token; `default_limit` and `max_limit`
    of a page; `junk` is put behind the last asset of the list as it is. Lists:
    `refuses_limits_above` answers 400 to a larger `limit`, `refuses_queries` to any query,
    `refusal_status` in place of 400; `ignores_offset` gives the first page again and again; `total`
    is what the list of assets says there is; `redirects_slash` (a status) sends from the path with
    its trailing slash to the one without.

    WebSocket: `real_time_greeting` is the text that a client has to send before it receives
    anything (None: no text).

    Commands: `command_delay` (simulated seconds) until a command shows. Data requests:
    `data_request_seconds` until ready, `data_requests_fail`, `link_lifetime` unless a link
    names its own, `longest_link`, all simulated; `csv`.
    """

    token_lifetime: float = 3_600.0
    expires_in: object = DEFAULT
    strict_scopes: bool = False
    scope_refusal: tuple[int, str] = (400, "invalid_scope")
    granted_scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    basic: BasicForm = "either"
    users: dict[str, int | str | None] = field(default_factory=dict)
    endpoints_missing: set[str] = field(default_factory=set)
    endpoints_refused: dict[str, Refusal] = field(default_factory=dict)
    simulate_slow: float = 0.0
    milliseconds: bool = False
    finish_format: FinishFormat = "seconds"
    iso_stamps: bool = False
    scope_separator: str = " "
    default_limit: int = 25
    max_limit: int = 100
    junk: list[object] = field(default_factory=list)
    refuses_limits_above: int | None = None
    refuses_queries: bool = False
    refusal_status: int = 400
    ignores_offset: bool = False
    total: int | None = None
    redirects_slash: int | None = None
    real_time_greeting: str | None = None
    command_delay: float = 0.0
    data_request_seconds: float = 90.0
    data_requests_fail: bool = False
    link_lifetime: float = 300.0
    longest_link: float = 604_800.0
    csv: CsvStyle = field(default_factory=CsvStyle)

    def refuse_assumed(self, refusal: Refusal | None) -> None:
        """Refuse all that Part 2 of the contract assumes, for good; None has it again."""
        self.endpoints_refused = {} if refusal is None else dict.fromkeys(ASSUMED, refusal)
