"""The options of an account."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload
from homeassistant.const import CONF_WEBHOOK_ID

from .const import CONF_SERVICE, Service
from .gridduck.data_hook import async_address
from .gridduck.options import (
    CONF_DATA_HOOK,
    OPTIONS_SCHEMA as GRIDDUCK_OPTIONS,
    with_webhook_id,
)
from .heimdall.options import OPTIONS_SCHEMA as HEIMDALL_OPTIONS


class AccountOptionsFlow(OptionsFlowWithReload):
    """Ask what the account's own service offers to choose."""

    def __init__(self) -> None:
        """Start without an address for the data hook."""
        self._webhook: dict[str, Any] | None = None

    async def async_step_init(self, _: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Go to the form of the account's service."""
        if Service(self.config_entry.data[CONF_SERVICE]) is Service.GRIDDUCK:
            return await self.async_step_gridduck()
        return await self.async_step_heimdall()

    async def async_step_gridduck(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether GridDuck may send data, and show where to."""
        # The address that is shown first is the one that is kept.
        options = self._webhook = self._webhook or with_webhook_id(self.config_entry.options)
        if user_input is not None:
            if not user_input[CONF_DATA_HOOK]:
                # An address that is out of use is given up: the next one is another.
                return self.async_create_entry(data=user_input)
            return self.async_create_entry(data={**options, **user_input})
        return self.async_show_form(
            step_id="gridduck",
            data_schema=self.add_suggested_values_to_schema(GRIDDUCK_OPTIONS, options),
            description_placeholders={
                "address": async_address(self.hass, options[CONF_WEBHOOK_ID])
            },
        )

    async def async_step_heimdall(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what gets entities of its own, and which rating is in force."""
        if user_input is not None:
            # The options also hold what number entities have set.
            return self.async_create_entry(data={**self.config_entry.options, **user_input})
        return self.async_show_form(
            step_id="heimdall",
            data_schema=self.add_suggested_values_to_schema(
                HEIMDALL_OPTIONS, self.config_entry.options
            ),
        )
