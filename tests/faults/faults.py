"""How each fault of the table of expectations is made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
import time
from typing import Final, Literal

from simulator.faults import Cloud, Fault, FaultKind, Patch

MEGABYTE: Final = 1_000_000
TWO_HOURS: Final = 7200.0
RETRY_AFTER: Final = 600.0
LATE: Final = 0.8
"""Seconds that slow answers take."""
IMPATIENCE: Final = 0.2
"""Seconds that one is waited for, in place of 30."""

type Place = Literal["endpoint", "token", "closed port", "unknown name", "wrong certificate"]


@dataclass(frozen=True, kw_only=True)
class How:
    """How a fault is made.

    Attributes:
        place: what is spoiled: the endpoint that is asked, the token endpoint, or the address.
        kind: as in `simulator.faults.Fault`, as are those that follow.
        slow: whether only the time limit ends it.
        twice: whether the request is sent twice, to see what the first has left behind.
    """

    place: Place = "endpoint"
    kind: FaultKind = "status"
    status: int | None = None
    count: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    size: int = 0
    patch: Patch | None = None
    slow: bool = False
    twice: bool = False

    def fault(self, service: Cloud, path: str, foreign: str) -> Fault:
        """Return what the simulator is told.

        Args:
            service: which cloud fails.
            path: a regular expression.
            foreign: the address of a server that is none of ours.
        """
        words = {"foreign": foreign, "date": formatdate(time.time() + RETRY_AFTER, usegmt=True)}
        return Fault(
            service=service,
            path=path,
            kind=self.kind,
            status=self.status,
            count=self.count,
            headers={name: text.format_map(words) for name, text in self.headers.items()},
            delay=self.delay,
            size=self.size,
            patch=self.patch,
        )


def _status(status: int, count: int | None = None, **headers: str) -> How:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return How(status=status, count=count, headers=named)


FAULTS: Final[Mapping[str, How]] = {
    "401 once": _status(401, 1),
    "401 for good": _status(401),
    "403": _status(403),
    "404": _status(404),
    "408": _status(408),
    "429 in seconds": _status(429, Retry_After=f"{RETRY_AFTER:.0f}"),
    "429 till a date": _status(429, Retry_After="{date}"),
    "429 no time": _status(429, Retry_After=""),
    "500 page": _status(500),
    "502": _status(502),
    "503": _status(503),
    "503 in seconds": _status(503, Retry_After=f"{RETRY_AFTER:.0f}"),
    "504": _status(504),
    "empty": How(kind="empty"),
    "web page": How(kind="html"),
    "truncated": How(kind="truncate"),
    "wrong types": How(kind="wrong_types"),
    "nulls": How(kind="null_optionals"),
    "NaN": How(kind="nan"),
    "10^400": How(kind="overflow"),
    "duplicates": How(kind="duplicates"),
    "50 MB": How(kind="huge", size=50 * MEGABYTE),
    "header flood": How(kind="header_flood", size=MEGABYTE),
    "gzip bomb": How(kind="gzip_bomb", size=50 * MEGABYTE),
    "other host": How(kind="redirect", status=307, headers={"Location": "{foreign}/"}),
    "to http": How(kind="redirect", status=302, headers={"Location": "http://example.com/"}),
    "redirect loop": How(kind="redirect_loop"),
    "late": How(kind="delay", delay=LATE, slow=True),
    "slow headers": How(kind="slow_headers", delay=LATE, slow=True),
    "slow body": How(kind="slow_body", delay=LATE, slow=True),
    "cut midway": How(kind="cut"),
    "cut at once": How(kind="refuse"),
    "closed port": How(place="closed port"),
    "unknown name": How(place="unknown name"),
    "certificate": How(place="wrong certificate"),
    "token 503": How(place="token", status=503),
    "token 429": How(
        place="token", status=429, headers={"Retry-After": f"{RETRY_AFTER:.0f}"}, twice=True
    ),
    "token web page": How(place="token", kind="html"),
    "no expires_in": How(place="token", kind="patch", patch={"expires_in": None}, twice=True),
    "expires_in 0": How(place="token", kind="patch", patch={"expires_in": 0}, twice=True),
    "token ended": How(kind="token_ended", count=1),
    "clock behind": How(kind="stale", delay=TWO_HOURS),
    "clock ahead": How(kind="ahead", delay=TWO_HOURS),
}
