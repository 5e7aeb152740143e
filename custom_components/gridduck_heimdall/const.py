"""Names that several packages of the integration share."""

import logging
from typing import Final

from homeassistant.const import Platform

DOMAIN: Final = "gridduck_heimdall"
DOCUMENTATION: Final = "https://github.com/gridduck-heimdall/home-assistant"
LOGGER: Final = logging.getLogger(__package__)

CONF_SERVICE: Final = "service"
CONF_BASE_URL: Final = "base_url"
CONF_TOKEN_URL: Final = "token_url"  # noqa: S105 - an address, not a secret
CONF_SCOPE: Final = "scope"
CONF_ENVIRONMENT: Final = "environment"

MINOR_VERSION: Final = 2
"""Version of what config entries hold."""

PLATFORMS: Final = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CALENDAR,
    Platform.EVENT,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
]
