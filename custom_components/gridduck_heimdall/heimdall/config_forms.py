"""Configuration and options forms of Heimdall Power accounts."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from ..const import CONF_BASE_URL, CONF_ENVIRONMENT, CONF_SCOPE, CONF_TOKEN_URL
from ..core.backend import AccountEntry, OptionsForm
from ..core.config_forms import (
    ADDRESS,
    CREDENTIALS,
    SECTION_ADVANCED,
    TEXT,
    AccountForm,
    checked_address,
    stripped,
)
from .environments import ENVIRONMENTS
from .options import OPTIONS_SCHEMA

_DEFAULT_ENVIRONMENT: Final = next(iter(ENVIRONMENTS))


class HeimdallForm(AccountForm):
    """Credentials, environment, and addresses that differ from the environment's."""

    # A client ID and its secret work in one environment alone, so the choice is always shown.
    fields: ClassVar[vol.Schema] = CREDENTIALS.extend(
        {
            vol.Required(CONF_ENVIRONMENT, default=_DEFAULT_ENVIRONMENT): SelectSelector(
                SelectSelectorConfig(
                    options=list(ENVIRONMENTS),
                    mode=SelectSelectorMode.LIST,
                    translation_key=CONF_ENVIRONMENT,
                )
            )
        }
    )
    advanced: ClassVar[vol.Schema] = vol.Schema(
        {
            vol.Optional(CONF_BASE_URL): ADDRESS,
            vol.Optional(CONF_TOKEN_URL): ADDRESS,
            vol.Optional(CONF_SCOPE): TEXT,
        }
    )

    @override
    def default_addresses(self, user_input: Mapping[str, Any]) -> Mapping[str, str]:
        environment = ENVIRONMENTS[user_input.get(CONF_ENVIRONMENT, _DEFAULT_ENVIRONMENT)]
        return {
            CONF_BASE_URL: environment.base_url,
            CONF_TOKEN_URL: environment.token_url,
            CONF_SCOPE: environment.scope,
        }

    @override
    def addresses(self, user_input: Mapping[str, Any]) -> dict[str, str]:
        advanced: Mapping[str, str] = user_input[SECTION_ADVANCED]
        chosen = {
            key: stripped(advanced.get(key, "")) or default
            for key, default in self.default_addresses(user_input).items()
        }
        return {
            CONF_ENVIRONMENT: user_input[CONF_ENVIRONMENT],
            CONF_BASE_URL: checked_address(chosen[CONF_BASE_URL]),
            CONF_TOKEN_URL: checked_address(chosen[CONF_TOKEN_URL], "token_address"),
            CONF_SCOPE: chosen[CONF_SCOPE],
        }

    @override
    def suggested_values(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the form shows of an account: its environment, and what differs from it."""
        shown = super().suggested_values(data)
        if data.get(CONF_ENVIRONMENT) not in ENVIRONMENTS:
            return shown
        default = self.default_addresses(data)
        advanced: Mapping[str, str] = shown[SECTION_ADVANCED]
        differing = {key: value for key, value in advanced.items() if default[key] != value}
        return {
            **shown,
            CONF_ENVIRONMENT: data[CONF_ENVIRONMENT],
            SECTION_ADVANCED: differing,
        }


@callback
def options_form(_hass: HomeAssistant, entry: AccountEntry) -> OptionsForm:
    """Return the options form: what has entities of its own, and which rating is in force."""
    return OptionsForm(
        schema=OPTIONS_SCHEMA,
        values=entry.options,
        # Number entities also store options.
        merged=lambda stored, entered: {**stored, **entered},
    )
