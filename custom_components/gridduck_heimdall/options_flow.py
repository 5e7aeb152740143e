"""The options of an account."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload
from homeassistant.core import callback
from homeassistant.helpers.entity_platform import MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY
import voluptuous as vol

from .backends import CloudSteps
from .const import DOMAIN
from .core.backend import Account, AccountEntry, CloudBackend, OptionsForm, backend_of
from .core.config_forms import FormError
from .core.entity_choice import (
    CONF_ENTITIES,
    EntityChoice,
    choice_fields,
    present_choice,
    registered_parts,
)
from .core.holidays import HOLIDAY_FIELDS, shown_holidays, stored_holidays
from .core.inclusion import CONF_INCLUDE, Inclusion, inclusion_fields
from .core.stored_options import texts
from .core.titles import is_generated, title_of


class AccountOptionsFlow(CloudSteps, OptionsFlowWithReload):
    """Options flow: level of detail, and the options of the cloud."""

    def __init__(self) -> None:
        """Start the flow."""
        self._form: OptionsForm | None = None

    async def async_step_init(self, _: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show the form of the account's cloud."""
        return await self.async_ask(backend_of(self.config_entry.data))

    @override
    async def async_ask(
        self, backend: CloudBackend, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        # Initial values, such as an address, stay the same until they are stored.
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
        self._update_title(Inclusion.of(options))
        return self.async_create_entry(data=stored_holidays(self.hass, options, user_input))

    def _show(
        self,
        backend: CloudBackend,
        form: OptionsForm,
        values: Mapping[str, Any],
        errors: dict[str, str] | None = None,
        excess: Mapping[str, str] | None = None,
    ) -> ConfigFlowResult:
        parts = registered_parts(self.hass, self.config_entry, backend.kinds.selectable)
        chosen = texts(values, CONF_INCLUDE)
        fields = (
            vol.Schema(inclusion_fields(self._listed() | parts, chosen))
            .extend(choice_fields(parts))
            .extend(form.schema.schema)
            .extend(HOLIDAY_FIELDS)
        )
        return self.async_show_form(
            step_id=backend.service,
            data_schema=self.add_suggested_values_to_schema(
                fields, shown_holidays(self.hass, present_choice(values, parts))
            ),
            description_placeholders={**form.placeholders, **(excess or {})},
            errors=errors,
        )

    @property
    def _account(self) -> Account | None:
        """The account, while it is in use."""
        if self.config_entry not in self.hass.config_entries.async_loaded_entries(DOMAIN):
            return None
        entry: AccountEntry = self.config_entry
        return entry.runtime_data

    def _listed(self) -> dict[str, str]:
        """Return the names of all sites or lines of the service, those left out as well."""
        if (account := self._account) is None:
            return {}
        return {key: part.name for key, part in account.parts().items()}

    @callback
    def _update_title(self, inclusion: Inclusion) -> None:
        """Let a title that was made here name what is included."""
        entry, account = self.config_entry, self._account
        if account is None or inclusion == account.inclusion:
            return
        parts = account.parts()
        if is_generated(entry.title, entry.data, Inclusion().titled(parts)):
            title = title_of(entry.data, inclusion.titled(parts))
            self.hass.config_entries.async_update_entry(entry, title=title)

    async def _async_excess(self, options: Mapping[str, Any]) -> dict[str, str]:
        """Return how many entities a choice would have if that is too many, else nothing."""
        choice = EntityChoice.of(options)
        if choice == EntityChoice() or (account := self._account) is None:
            return {}
        count = await account.async_count_enabled(choice, Inclusion.of(options))
        if count <= MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY:
            return {}
        return {"count": f"{count}", "most": f"{MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY}"}
