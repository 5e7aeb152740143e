"""The forms of the config flow, and the account data that comes out of them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from homeassistant.const import CONF_CLIENT_ID, CONF_CLIENT_SECRET
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol

from .api.addresses import checked_base_url
from .const import (
    CONF_BASE_URL,
    CONF_ENVIRONMENT,
    CONF_SCOPE,
    CONF_SERVICE,
    CONF_TOKEN_URL,
    Service,
)
from .gridduck.account import BASE_URL as GRIDDUCK_BASE_URL
from .heimdall.environments import ENVIRONMENTS, Environment

SECTION_ADVANCED: Final = "advanced"

_TEXT = TextSelector(TextSelectorConfig(autocomplete="off"))
_SECRET = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="new-password")
)
_ADDRESS = TextSelector(TextSelectorConfig(type=TextSelectorType.URL))
_ENVIRONMENT = SelectSelector(
    SelectSelectorConfig(options=list(ENVIRONMENTS), translation_key=CONF_ENVIRONMENT)
)
_DEFAULT_ENVIRONMENT: Final = next(iter(ENVIRONMENTS))

CREDENTIALS: Final[vol.Schema] = vol.Schema(
    {vol.Required(CONF_CLIENT_ID): _TEXT, vol.Required(CONF_CLIENT_SECRET): _SECRET}
)


def _with_advanced(fields: dict[vol.Marker, object]) -> vol.Schema:
    return CREDENTIALS.extend(
        {vol.Required(SECTION_ADVANCED): section(vol.Schema(fields), {"collapsed": True})}
    )


FORMS: Final[Mapping[Service, vol.Schema]] = {
    Service.GRIDDUCK: _with_advanced(
        {vol.Required(CONF_BASE_URL, default=GRIDDUCK_BASE_URL): _ADDRESS}
    ),
    Service.HEIMDALL: _with_advanced(
        {
            vol.Required(CONF_ENVIRONMENT, default=_DEFAULT_ENVIRONMENT): _ENVIRONMENT,
            vol.Optional(CONF_BASE_URL): _ADDRESS,
            vol.Optional(CONF_TOKEN_URL): _ADDRESS,
            vol.Optional(CONF_SCOPE): _TEXT,
        }
    ),
}


class FormError(Exception):
    """A form cannot be used as it is.

    Parameters:
        key: the translation key of the sentence that says what to correct.
        minutes: in how many minutes to try again, where time alone helps.
    """

    def __init__(self, key: str, minutes: str = "") -> None:
        """Keep the key and its placeholder for the form."""
        super().__init__(key)
        self.key = key
        self.minutes = minutes


def credentials(user_input: Mapping[str, Any]) -> dict[str, str]:
    """Return the credentials of a form, without the blanks that copying adds.

    Raises:
        FormError: one of the two is empty.
    """
    found: dict[str, str] = {
        key: _text(user_input[key]) for key in (CONF_CLIENT_ID, CONF_CLIENT_SECRET)
    }
    if not all(found.values()):
        raise FormError("credentials_missing")
    return found


def account_data(service: Service, user_input: Mapping[str, Any]) -> dict[str, str]:
    """Return the data of the config entry that a form describes.

    Raises:
        FormError: something is missing, or an address is not one that a secret may go to.
    """
    advanced: Mapping[str, str] = user_input[SECTION_ADVANCED]
    return {
        CONF_SERVICE: service.value,
        **credentials(user_input),
        **_ADDRESSES[service](advanced),
    }


def suggested_values(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form shows of an account that exists; never its secret."""
    advanced = {
        key: data[key]
        for key in (CONF_BASE_URL, CONF_TOKEN_URL, CONF_SCOPE, CONF_ENVIRONMENT)
        if key in data
    }
    if environment := ENVIRONMENTS.get(data.get(CONF_ENVIRONMENT, "")):
        usual = _environment_addresses(environment)
        advanced = {key: value for key, value in advanced.items() if usual.get(key) != value}
    return {CONF_CLIENT_ID: data[CONF_CLIENT_ID], SECTION_ADVANCED: advanced}


def _gridduck_addresses(advanced: Mapping[str, str]) -> dict[str, str]:
    return {CONF_BASE_URL: _address(advanced[CONF_BASE_URL])}


def _heimdall_addresses(advanced: Mapping[str, str]) -> dict[str, str]:
    environment = advanced[CONF_ENVIRONMENT]
    usual = _environment_addresses(ENVIRONMENTS[environment])
    given = {key: value for key in usual if (value := _text(advanced.get(key, "")))}
    chosen = usual | given
    return {
        CONF_ENVIRONMENT: environment,
        CONF_BASE_URL: _address(chosen[CONF_BASE_URL]),
        CONF_TOKEN_URL: _address(chosen[CONF_TOKEN_URL]),
        CONF_SCOPE: chosen[CONF_SCOPE],
    }


_ADDRESSES: Final[Mapping[Service, Callable[[Mapping[str, str]], dict[str, str]]]] = {
    Service.GRIDDUCK: _gridduck_addresses,
    Service.HEIMDALL: _heimdall_addresses,
}


def _environment_addresses(environment: Environment) -> dict[str, str]:
    return {
        CONF_BASE_URL: environment.base_url,
        CONF_TOKEN_URL: environment.token_url,
        CONF_SCOPE: environment.scope,
    }


def _text(text: str) -> str:
    """Return a text without blanks around it, and with no half characters that nothing can send."""
    return text.encode(errors="replace").decode().strip()


def _address(text: str) -> str:
    try:
        return str(checked_base_url(text))
    except ValueError:
        insecure = text.strip().casefold().startswith("http://")
        raise FormError("insecure_address" if insecure else "invalid_address") from None
