"""Client of an account, and the probe of its credentials."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from homeassistant.const import CONF_CLIENT_ID, CONF_CLIENT_SECRET
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util import dt as dt_util

from ..api.heimdall import HeimdallClient, region_headers
from ..api.sanitizer import sanitize_name
from ..api.transport import CallMeter, Transport
from ..const import CONF_BASE_URL, CONF_SCOPE, CONF_TOKEN_URL
from ..core.auth import ClientCredentials, TokenRequest
from ..core.backend import NothingFound, ProbeResult
from ..core.titles import title_of


@dataclass(frozen=True, slots=True)
class Access:
    """The client of an account, its tokens and its call meter.

    Attributes:
        client: the client.
        tokens: its access tokens.
        meter: counts the calls by kind: assets, measurements, forecasts, history.
    """

    client: HeimdallClient
    tokens: ClientCredentials
    meter: CallMeter

    @classmethod
    def of(cls, hass: HomeAssistant, data: Mapping[str, Any]) -> Self:
        """Return the access that the data of a config entry describes.

        Args:
            hass: Home Assistant, whose connections are used.
            data: addresses and credentials of a config entry.

        Raises:
            ValueError: a secret must not be sent to one of the addresses.
        """
        request = TokenRequest(
            url=data[CONF_TOKEN_URL],
            client_id=data[CONF_CLIENT_ID],
            client_secret=data[CONF_CLIENT_SECRET],
            method="client_secret_post",
            scopes=(data[CONF_SCOPE],),
        )
        tokens, meter = ClientCredentials(hass, request), CallMeter()
        transport = Transport(
            async_get_clientsession(hass),
            data[CONF_BASE_URL],
            tokens,
            headers=region_headers,
            meter=meter,
        )
        return cls(HeimdallClient(transport), tokens, meter)


async def async_probe(hass: HomeAssistant, data: Mapping[str, Any]) -> ProbeResult:
    """Try credentials and return what they give access to.

    Raises:
        ApiError: no token or no assets were received.
        NothingFound: there is no line with a sensor.
    """
    assets = await Access.of(hass, data).client.async_assets()
    lines = assets.instrumented_lines(dt_util.utcnow())
    owners = list(dict.fromkeys(owner.name for owner, _, _ in lines))
    if not owners:
        raise NothingFound("no_instrumented_line")
    names = [shown for name in owners if (shown := sanitize_name(name))]
    client_id = data[CONF_CLIENT_ID]
    # The service has no account id; the client id stays when its secret changes.
    return ProbeResult(
        unique_id=f"heimdall_{client_id}", title=title_of(data, names or [client_id])
    )
