"""The options of an account."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload
from homeassistant.helpers.entity_platform import MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY
import voluptuous as vol

from .backends import CloudSteps
from .const import DOMAIN
from .core.backend import AccountEntry, CloudBackend, OptionsForm, backend_of
from .core.config_forms import FormError
from .core.entity_choice import (
    CONF_ENTITIES,
    EntityChoice,
    choice_fields,
    present_choice,
    registered_parts,
)


class AccountOptionsFlow(CloudSteps, OptionsFlowWithReload):
    """Ask how much is shown, and what the cloud of the account adds."""

    def __init__(self) -> None:
        """Start without a form."""
        self._form: OptionsForm | None = None

    async def async_step_init(self, _: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Go to the form of the cloud of the account."""
        return await self.async_ask(backend_of(self.config_entry.data))

    @override
    async def async_ask(
        self, backend: CloudBackend, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        # What the form shows first, such as an address, stays until it is stored.
        form = self._form = self._form or backend.options_form(self.hass, self.config_entry)
        if user_input is None:
            return self._show(backend, form, form.values)
        if excess := await self._async_excess(user_input):
            error = {CONF_ENTITIES: "too_many_entities"}
            return self._show(backend, form, user_input, error, excess)
        try:
            options = form.merged(self.config_entry.options, user_input)
        except FormError as error:
            return self._show(backend, form, user_input, {error.field: error.key})
        return self.async_create_entry(data=options)

    def _show(
        self,
        backend: CloudBackend,
        form: OptionsForm,
        values: Mapping[str, Any],
        errors: dict[str, str] | None = None,
        excess: Mapping[str, str] | None = None,
    ) -> ConfigFlowResult:
        parts = registered_parts(self.hass, self.config_entry, backend.kinds.selectable)
        fields = vol.Schema(choice_fields(parts)).extend(form.schema.schema)
        return self.async_show_form(
            step_id=backend.service,
            data_schema=self.add_suggested_values_to_schema(fields, present_choice(values, parts)),
            description_placeholders={**form.placeholders, **(excess or {})},
            errors=errors,
        )

    async def _async_excess(self, options: Mapping[str, Any]) -> dict[str, str]:
        """Return how many entities a choice would have if that is too many, else nothing."""
        choice = EntityChoice.of(options)
        loaded = self.hass.config_entries.async_loaded_entries(DOMAIN)
        if choice == EntityChoice() or self.config_entry not in loaded:
            return {}
        entry: AccountEntry = self.config_entry
        count = await entry.runtime_data.async_count_enabled(choice)
        if count <= MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY:
            return {}
        return {"count": f"{count}", "most": f"{MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY}"}
