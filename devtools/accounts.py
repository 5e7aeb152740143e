"""Both accounts, added through the integration's own config flow."""

import asyncio
from typing import Final

import msgspec

from .clouds import Clouds
from .hass import Hass
from .settings import DOMAIN, SERVICES, LaunchError, Service

_FLOW: Final = "/api/config/config_entries/flow"
_LOADED_SECONDS: Final = 180
_POLL_SECONDS: Final = 0.2


class Entry(msgspec.Struct, frozen=True):
    """One account in Home Assistant."""

    entry_id: str
    title: str
    state: str
    reason: str | None = None


class _FlowResult(msgspec.Struct):
    type: str
    flow_id: str = ""
    step_id: str | None = None
    errors: dict[str, str] | None = None
    reason: str | None = None


async def add_accounts(hass: Hass, clouds: Clouds) -> None:
    """Add both accounts.

    Raises:
        LaunchError: the flow did not end in an account.
    """
    for service in SERVICES:
        await _add(hass, service, _form(service, clouds))


async def entries(hass: Hass) -> list[Entry]:
    """Return the integration's accounts."""
    return await hass.command("config_entries/get", list[Entry], domain=DOMAIN)


async def wait_until_loaded(
    hass: Hass, seconds: float = _LOADED_SECONDS, count: int = len(SERVICES)
) -> list[Entry]:
    """Return the accounts once they are loaded.

    Args:
        hass: Home Assistant.
        seconds: how long that may take.
        count: how many there are to be.

    Raises:
        LaunchError: one of them failed, or took too long.
    """
    found: list[Entry] = []
    for _ in range(int(seconds / _POLL_SECONDS)):
        found = await entries(hass)
        states = [entry.state for entry in found]
        if states == ["loaded"] * count:
            return found
        if "setup_error" in states:
            break
        await asyncio.sleep(_POLL_SECONDS)
    seen = "; ".join(f"{each.title}: {each.state}, {each.reason}" for each in found)
    raise LaunchError(f"The accounts did not load. {seen or 'There are none.'}")


async def remove(hass: Hass, title: str) -> None:
    """Remove the accounts whose titles begin with this."""
    for entry in await entries(hass):
        if entry.title.startswith(title):
            await hass.delete(f"/api/config/config_entries/entry/{entry.entry_id}")


def _form(service: Service, clouds: Clouds) -> dict[str, object]:
    match service:
        case "gridduck":
            gridduck = clouds.gridduck
            return {
                "client_id": gridduck.client_id,
                "client_secret": gridduck.client_secret,
                "advanced": {"base_url": gridduck.base_url},
            }
        case "heimdall":
            heimdall = clouds.heimdall
            return {
                "client_id": heimdall.client_id,
                "client_secret": heimdall.client_secret,
                "environment": "production",
                "advanced": {
                    "base_url": heimdall.base_url,
                    "token_url": heimdall.token_url,
                    "scope": heimdall.scope,
                },
            }


async def _add(hass: Hass, service: Service, form: dict[str, object]) -> None:
    start = await hass.post(_FLOW, _FlowResult, {"handler": DOMAIN})
    step = f"{_FLOW}/{start.flow_id}"
    await hass.post(step, _FlowResult, {"service": service})
    end = await hass.post(step, _FlowResult, form)
    if end.type != "create_entry":
        why = end.errors or end.reason or f"it asked for {end.step_id}"
        raise LaunchError(f"The {service} account was not added: {why}")
