"""The options of an account."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.helpers.entity_platform import MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY
import voluptuous as vol

from .const import CONF_SERVICE, DOMAIN, Service
from .core.backend import Account
from .core.entity_choice import (
    CONF_ENTITIES,
    EntityChoice,
    choice_fields,
    present_choice,
    registered_parts,
)
from .gridduck.data_hook import async_address
from .gridduck.keys import Kind as GridDuckKind
from .gridduck.options import CONF_DATA_HOOK, OPTIONS_SCHEMA as GRIDDUCK_OPTIONS, with_webhook_id
from .heimdall.inventory import Kind as HeimdallKind
from .heimdall.options import OPTIONS_SCHEMA as HEIMDALL_OPTIONS

_PARTS: Final[Mapping[Service, str]] = {
    Service.GRIDDUCK: GridDuckKind.SITE,
    Service.HEIMDALL: HeimdallKind.LINE,
}
"""The devices of which everything can be chosen."""


class AccountOptionsFlow(OptionsFlowWithReload):
    """Ask what the account's own service offers to choose."""

    def __init__(self) -> None:
        """Start without an address for the data hook."""
        self._webhook: dict[str, Any] | None = None

    async def async_step_init(self, _: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Go to the form of the account's service."""
        if self._service is Service.GRIDDUCK:
            return await self.async_step_gridduck()
        return await self.async_step_heimdall()

    async def async_step_gridduck(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how much is shown and whether GridDuck may send data, and show where to."""
        # The address that is shown first is the one that is kept.
        options = self._webhook = self._webhook or with_webhook_id(self.config_entry.options)
        placeholders = {"address": async_address(self.hass, options[CONF_WEBHOOK_ID])}
        if user_input is None:
            return self._form(GRIDDUCK_OPTIONS, options, placeholders)
        if excess := await self._async_excess(user_input):
            return self._form(GRIDDUCK_OPTIONS, user_input, placeholders, excess)
        if not user_input[CONF_DATA_HOOK]:
            # An address that is out of use is given up: the next one is another.
            return self.async_create_entry(data=user_input)
        return self.async_create_entry(data={**options, **user_input})

    async def async_step_heimdall(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how much is shown, what has entities of its own, and which rating is in force."""
        if user_input is None:
            return self._form(HEIMDALL_OPTIONS, self.config_entry.options)
        if excess := await self._async_excess(user_input):
            return self._form(HEIMDALL_OPTIONS, user_input, excess=excess)
        # The options also hold what number entities have set.
        return self.async_create_entry(data={**self.config_entry.options, **user_input})

    @property
    def _service(self) -> Service:
        return Service(self.config_entry.data[CONF_SERVICE])

    def _form(
        self,
        schema: vol.Schema,
        values: Mapping[str, Any],
        placeholders: Mapping[str, str] | None = None,
        excess: Mapping[str, str] | None = None,
    ) -> ConfigFlowResult:
        parts = registered_parts(self.hass, self.config_entry, _PARTS[self._service])
        fields = vol.Schema(choice_fields(parts)).extend(schema.schema)
        return self.async_show_form(
            step_id=self._service,
            data_schema=self.add_suggested_values_to_schema(fields, present_choice(values, parts)),
            description_placeholders={**(placeholders or {}), **(excess or {})},
            errors={CONF_ENTITIES: "too_many_entities"} if excess else {},
        )

    async def _async_excess(self, options: Mapping[str, Any]) -> dict[str, str]:
        """Return how many entities a choice would have if that is too many, else nothing."""
        choice = EntityChoice.of(options)
        loaded = self.hass.config_entries.async_loaded_entries(DOMAIN)
        if choice == EntityChoice() or self.config_entry not in loaded:
            return {}
        account: Account = self.config_entry.runtime_data
        count = await account.async_count_enabled(choice)
        if count <= MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY:
            return {}
        return {"count": f"{count}", "most": f"{MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY}"}
