"""System health of the accounts and services.

Users copy the page into reports: it contains no account, address or credential.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from datetime import datetime
from time import monotonic
from typing import Any, Final

import aiohttp
from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util import dt as dt_util

from .backends import BACKENDS
from .const import CONF_BASE_URL, CONF_SERVICE, CONF_TOKEN_URL, DOMAIN
from .core.backend import AccountEntry, Health

MANAGE_URL: Final = f"/config/integrations/integration/{DOMAIN}"
TIMEOUT: Final = aiohttp.ClientTimeout(total=5)
UNKNOWN: Final = "\N{EN DASH}"

type Value = str | int | datetime | Mapping[str, str]
"""Values of the page: text, a number, a time, or an error in Home Assistant's form."""


def _counts(calls: Mapping[str, float]) -> str:
    """Return counts with their sum, such as "62 (list 60, telemetry 2)"."""
    kinds = ", ".join(f"{kind} {round(count, 1):g}" for kind, count in sorted(calls.items()))
    return f"{round(sum(calls.values()), 1):g} ({kinds})" if kinds else "0"


def _token_age(health: Health) -> int | None:
    if (token := health.token) is None:
        return None
    return int((monotonic() - token.obtained_at) // 60)


def _token_left(health: Health) -> int | None:
    if (token := health.token) is None:
        return None
    return max(0, int((token.expires_at - monotonic()) // 60))


ADDRESSES: Final = {"reach_api": CONF_BASE_URL, "reach_token": CONF_TOKEN_URL}
"""The addresses that are tried, by key of the row; GridDuck's tokens come from its API's host."""

FACTS: Final[Mapping[str, Callable[[Health], Value | None]]] = {
    "last_success": lambda health: health.last_success,
    "calls": lambda health: _counts(health.calls),
    "calls_expected": lambda health: _counts(health.expected),
    "token_age": _token_age,
    "token_left": _token_left,
    "not_available": lambda health: ", ".join(sorted(health.not_available)) or None,
}
"""Values of a loaded account, by key of the row; ages are in minutes."""


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Register the rows."""
    register.async_register_info(async_info, MANAGE_URL)


async def async_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return the rows of the page; those that take time are awaited by Home Assistant."""
    rows: dict[str, Any] = {}
    for service in BACKENDS:
        entries: list[AccountEntry] = [
            entry
            for entry in hass.config_entries.async_entries(
                DOMAIN, include_ignore=False, include_disabled=False
            )
            if entry.data[CONF_SERVICE] == service
        ]
        if entries:
            rows |= {f"{service}_{key}": value for key, value in _rows(hass, entries)}
    return rows


def _rows(
    hass: HomeAssistant, entries: Sequence[AccountEntry]
) -> Iterator[tuple[str, Value | Coroutine[Any, Any, Value]]]:
    """Yield the rows of one service; fewer if no account is loaded."""
    yield "state", _shown([entry.state.value for entry in entries])
    for key, address in ADDRESSES.items():
        if address in entries[0].data:
            yield key, _async_reach_all(hass, [entry.data[address] for entry in entries])
    healths = [
        entry.runtime_data.health() if entry.state is ConfigEntryState.LOADED else None
        for entry in entries
    ]
    for key, fact in FACTS.items():
        values = [None if health is None else fact(health) for health in healths]
        if any(value is not None for value in values):
            yield key, _shown(values)


def _shown(values: Sequence[Value | None]) -> Value:
    """Return the value of a single account unchanged, those of several as one text.

    The name of a row follows from its key, so accounts cannot have rows of their own.
    """
    if len(values) == 1:
        return values[0] if values[0] is not None else UNKNOWN
    texts = (_text(value) for value in values)
    return "; ".join(f"{number}: {text}" for number, text in enumerate(texts, 1))


def _text(value: Value | None) -> str:
    match value:
        case None:
            return UNKNOWN
        case datetime():
            return dt_util.as_local(value).isoformat(" ", "seconds")
        case {"error": error}:
            return str(error)
    return str(value)


async def _async_reach_all(hass: HomeAssistant, urls: Sequence[str]) -> Value:
    """Check each address once, for any number of accounts."""
    distinct = list(dict.fromkeys(urls))
    answers = await asyncio.gather(*(_async_reach(hass, url) for url in distinct))
    reached = dict(zip(distinct, answers, strict=True))
    return _shown([reached[url] for url in urls])


async def _async_reach(hass: HomeAssistant, url: str) -> Value:
    """Return whether an address responds, with any status.

    No credentials are sent, and no redirect is followed.
    """
    session = async_get_clientsession(hass)
    try:
        async with session.get(url, allow_redirects=False, timeout=TIMEOUT):
            return "ok"
    except TimeoutError:
        return {"type": "failed", "error": "timeout"}
    except aiohttp.ClientError:
        return {"type": "failed", "error": "unreachable"}
