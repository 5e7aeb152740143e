"""The forms of the config flow, and the account data that comes out of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from homeassistant.const import CONF_CLIENT_ID, CONF_CLIENT_SECRET
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
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
from .gridduck.backend import BASE_URL as GRIDDUCK_BASE_URL
from .heimdall.environments import ENVIRONMENTS, Environment

SECTION_ADVANCED: Final = "advanced"

_TEXT = TextSelector(TextSelectorConfig(autocomplete="off"))
_SECRET = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="new-password")
)
_ADDRESS = TextSelector(TextSelectorConfig(type=TextSelectorType.URL))
_DEFAULT_ENVIRONMENT: Final = next(iter(ENVIRONMENTS))
# A client ID and its secret work in one environment alone, so the choice is always shown.
_ENVIRONMENT: Final = {
    vol.Required(CONF_ENVIRONMENT, default=_DEFAULT_ENVIRONMENT): SelectSelector(
        SelectSelectorConfig(
            options=list(ENVIRONMENTS),
            mode=SelectSelectorMode.LIST,
            translation_key=CONF_ENVIRONMENT,
        )
    )
}

CREDENTIALS: Final[vol.Schema] = vol.Schema(
    {vol.Required(CONF_CLIENT_ID): _TEXT, vol.Required(CONF_CLIENT_SECRET): _SECRET}
)

_FIELDS: Final[Mapping[Service, vol.Schema]] = {
    Service.GRIDDUCK: CREDENTIALS,
    Service.HEIMDALL: CREDENTIALS.extend(_ENVIRONMENT),
}
_ADVANCED: Final[Mapping[Service, vol.Schema]] = {
    Service.GRIDDUCK: vol.Schema(
        {vol.Required(CONF_BASE_URL, default=GRIDDUCK_BASE_URL): _ADDRESS}
    ),
    Service.HEIMDALL: vol.Schema(
        {
            vol.Optional(CONF_BASE_URL): _ADDRESS,
            vol.Optional(CONF_TOKEN_URL): _ADDRESS,
            vol.Optional(CONF_SCOPE): _TEXT,
        }
    ),
}


def choice(key: str, options: Sequence[str]) -> vol.Schema:
    """Return a form with one choice, which a keyboard reaches, unlike a menu.

    Args:
        key: of the field, and of its words in the translations.
        options: what there is to choose from.
    """
    selector = SelectSelector(
        SelectSelectorConfig(
            options=list(options), mode=SelectSelectorMode.LIST, translation_key=key
        )
    )
    return vol.Schema({vol.Required(key): selector})


def account_form(service: Service, *, collapsed: bool = True) -> vol.Schema:
    """Return the form for an account of a service.

    Args:
        service: the service.
        collapsed: whether the section of what hardly anybody needs begins closed.
    """
    advanced = section(_ADVANCED[service], {"collapsed": collapsed})
    return _FIELDS[service].extend({vol.Required(SECTION_ADVANCED): advanced})


FORMS: Final[Mapping[Service, vol.Schema]] = {service: account_form(service) for service in Service}


class FormError(Exception):
    """A form cannot be used as it is.

    Args:
        key: the translation key of the sentence that says what to correct.
        field: the field or section that it is about; "base" for the whole form.
        minutes: in how many minutes to try again, where time alone helps.
    """

    def __init__(self, key: str, field: str = "base", minutes: str = "") -> None:
        """Keep the key and what goes with it for the form."""
        super().__init__(key)
        self.key = key
        self.field = field
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
        **_ADDRESSES[service](user_input, advanced),
    }


def suggested_values(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form shows of an account that exists; never its secret."""
    shown = {CONF_CLIENT_ID: data[CONF_CLIENT_ID]}
    advanced = {
        key: data[key] for key in (CONF_BASE_URL, CONF_TOKEN_URL, CONF_SCOPE) if key in data
    }
    if environment := ENVIRONMENTS.get(data.get(CONF_ENVIRONMENT, "")):
        shown[CONF_ENVIRONMENT] = data[CONF_ENVIRONMENT]
        usual = _environment_addresses(environment)
        advanced = {key: value for key, value in advanced.items() if usual.get(key) != value}
    return {**shown, SECTION_ADVANCED: advanced}


def hosts(service: Service, user_input: Mapping[str, Any]) -> str:
    """Return the hosts that a form leads to, as far as it names any, for error texts."""
    given: Mapping[str, str] = user_input.get(SECTION_ADVANCED, {})
    usual = {CONF_BASE_URL: GRIDDUCK_BASE_URL}
    if service is Service.HEIMDALL:
        environment = user_input.get(CONF_ENVIRONMENT, _DEFAULT_ENVIRONMENT)
        usual = _environment_addresses(ENVIRONMENTS[environment])
    chosen = (
        _text(given.get(key, "")) or usual.get(key, "") for key in (CONF_BASE_URL, CONF_TOKEN_URL)
    )
    return ", ".join(dict.fromkeys(filter(None, map(_host, chosen))))


def has_own_addresses(service: Service, user_input: Mapping[str, Any]) -> bool:
    """Tell whether a form leads to other addresses than those of the service itself."""
    return hosts(service, user_input) != hosts(service, {**user_input, SECTION_ADVANCED: {}})


def _host(address: str) -> str:
    try:
        return checked_base_url(address).host or ""
    except ValueError:
        return ""


def _gridduck_addresses(_: Mapping[str, Any], advanced: Mapping[str, str]) -> dict[str, str]:
    return {CONF_BASE_URL: _address(advanced[CONF_BASE_URL])}


def _heimdall_addresses(
    user_input: Mapping[str, Any], advanced: Mapping[str, str]
) -> dict[str, str]:
    environment = user_input[CONF_ENVIRONMENT]
    usual = _environment_addresses(ENVIRONMENTS[environment])
    given = {key: value for key in usual if (value := _text(advanced.get(key, "")))}
    chosen = usual | given
    return {
        CONF_ENVIRONMENT: environment,
        CONF_BASE_URL: _address(chosen[CONF_BASE_URL]),
        CONF_TOKEN_URL: _address(chosen[CONF_TOKEN_URL], "token_address"),
        CONF_SCOPE: chosen[CONF_SCOPE],
    }


_ADDRESSES: Final[
    Mapping[Service, Callable[[Mapping[str, Any], Mapping[str, str]], dict[str, str]]]
] = {
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


def _address(text: str, what: str = "address") -> str:
    try:
        return str(checked_base_url(text))
    except ValueError:
        insecure = text.strip().casefold().startswith("http://")
        key = f"insecure_{what}" if insecure else f"invalid_{what}"
        raise FormError(key, SECTION_ADVANCED) from None
