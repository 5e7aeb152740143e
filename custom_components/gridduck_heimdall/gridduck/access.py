"""Client of an account, what it was granted, and the probe of its credentials."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from homeassistant.const import CONF_CLIENT_ID, CONF_CLIENT_SECRET
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from ..api.gridduck import AUTH_PATH, SCOPE_REQUESTS, SCOPES_OF_CONTROL, GridDuckClient
from ..api.transport import CallMeter, Transport
from ..const import CONF_BASE_URL
from ..core.auth import ClientCredentials, TokenRequest
from ..core.backend import NothingFound, ProbeResult
from ..core.titles import title_of
from .inventory import site_names


@dataclass(frozen=True, slots=True)
class Access:
    """An account's client, and what it depends on.

    Attributes:
        client: the client.
        tokens: its access tokens, which name the granted scopes.
        meter: counts the calls.
    """

    client: GridDuckClient
    tokens: ClientCredentials
    meter: CallMeter

    @classmethod
    def of(cls, hass: HomeAssistant, data: Mapping[str, Any]) -> Self:
        """Return the access that the data of a config entry describe.

        Contract: gridduck-api.md, "Token".
        """
        base_url = data[CONF_BASE_URL].rstrip("/")
        tokens = ClientCredentials(
            hass,
            TokenRequest(
                url=base_url + AUTH_PATH,
                client_id=data[CONF_CLIENT_ID],
                client_secret=data[CONF_CLIENT_SECRET],
                method="client_secret_basic",
                scopes=SCOPE_REQUESTS,
                sufficient=[one for one in SCOPE_REQUESTS if controls(one.split())],
                refused_scope=frozenset({400, 403}),
            ),
        )
        meter = CallMeter()
        transport = Transport(async_get_clientsession(hass), base_url, tokens, meter=meter)
        return cls(GridDuckClient(transport), tokens, meter)


def controls(scope: Iterable[str]) -> bool:
    """Return whether a scope lets an application boost and snooze."""
    return not SCOPES_OF_CONTROL.isdisjoint(scope)


async def async_probe(hass: HomeAssistant, data: Mapping[str, Any]) -> ProbeResult:
    """Try credentials and return what they give access to.

    Args:
        hass: Home Assistant.
        data: the data of the future config entry.

    Raises:
        ApiError: they give access to nothing.
        NothingFound: there is no asset.

    Contract: gridduck-api.md, "Token" and "List assets".
    """
    access = Access.of(hass, data)
    token = await access.tokens.async_get_token()
    listed = await access.client.async_list_assets()
    if not listed.assets:
        raise NothingFound("no_assets")
    return ProbeResult(
        unique_id=f"gridduck_{token.user_id or data[CONF_CLIENT_ID]}",
        title=title_of(data, site_names(listed.assets)),
        view_only=not controls(token.scope),
    )
