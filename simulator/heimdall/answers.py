"""How the service words things: timestamps, envelopes and problems."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from aiohttp import web
import msgspec

# A forecast names each of its hours in several levels.
_TIMES: Final = 4096
_TITLES: Final = {
    400: "One or more validation errors occurred.",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    429: "Too Many Requests",
}
_TYPES: Final = {400: "15.5.1", 403: "15.5.4", 404: "15.5.5", 405: "15.5.6"}


@lru_cache(maxsize=_TIMES)
def iso(at: float) -> str:
    """Return a timestamp in UTC with `Z`: no fraction or milliseconds (heimdall-api.md §2.2)."""
    seconds, milliseconds = divmod(round(at * 1000), 1000)
    text = datetime.fromtimestamp(seconds, UTC).isoformat()[:19]
    return f"{text}.{milliseconds:03d}Z" if milliseconds else f"{text}Z"


def data(payload: dict[str, object]) -> web.Response:
    """Return a 200 with the envelope. Contract: heimdall-api.md §3.1."""
    return web.Response(
        body=msgspec.json.encode({"data": payload}), content_type="application/json"
    )


def problem(
    status: int, detail: str | None = None, errors: dict[str, list[str]] | None = None
) -> web.Response:
    """Return problem details; a 401 has no body. Contract: heimdall-api.md §2.3."""
    if status == 401:
        return web.Response(status=401, headers={"WWW-Authenticate": "Bearer"})
    body: dict[str, object] = {}
    if status in _TYPES:
        body["type"] = f"https://tools.ietf.org/html/rfc9110#section-{_TYPES[status]}"
    body |= {"title": _TITLES.get(status, "Error"), "status": status}
    if detail is not None:
        body["detail"] = detail
    if errors:
        body["errors"] = errors
    return web.Response(
        status=status, body=msgspec.json.encode(body), content_type="application/problem+json"
    )
