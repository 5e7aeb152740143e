"""Fix flows of repair issues."""

from typing import Final, override

from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    FlowType,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from .backends import BACKENDS
from .const import DOMAIN
from .core.backend import AccountEntry
from .core.config_forms import choice
from .core.issues import CONTROL_NOT_GRANTED, ENTRY_ID, IMPORT_FAILED, access_denied
from .load_limits.settings.replaced_blueprint import AUTOMATION, async_add_load_limit

CONF_ACCESS_DENIED: Final = "access_denied"


class ImportRepairFlow(ConfirmRepairFlow):
    """Retry the history import of an account."""

    def __init__(self, entry: AccountEntry) -> None:
        """Keep the account's entry."""
        self._entry = entry

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Start the import; an account that is not loaded starts it when it is."""
        if user_input is not None and self._entry.state is ConfigEntryState.LOADED:
            self._entry.runtime_data.importer.retry()
        return await super().async_step_confirm(user_input)


class AccessRepairFlow(RepairsFlow):
    """Let the user retry after access was granted, or enter other credentials."""

    def __init__(self, entry: AccountEntry) -> None:
        """Keep the account's entry."""
        self._entry = entry

    async def async_step_init(self, user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Show the problem and the choices."""
        match user_input:
            case {"access_denied": "retry"}:
                return await self._async_retry()
            case {"access_denied": _}:
                return await self._async_ask_for_credentials()
        issue = ir.async_get(self.hass).async_get_issue(self.handler, self.issue_id)
        return self.async_show_form(
            step_id="init",
            data_schema=choice(CONF_ACCESS_DENIED, ("retry", "credentials")),
            description_placeholders=issue.translation_placeholders if issue else None,
        )

    async def _async_retry(self) -> RepairsFlowResult:
        """Reload the account; the issue stays unless that succeeds."""
        await self.hass.config_entries.async_reload(self._entry.entry_id)
        issue = ir.async_get(self.hass).async_get_issue(self.handler, self.issue_id)
        if self._entry.state is not ConfigEntryState.LOADED or issue is not None:
            return self.async_abort(reason="still_denied")
        return self.async_create_entry(data={})

    async def _async_ask_for_credentials(self) -> RepairsFlowResult:
        """Continue with the form for credentials; the issue stays until they work."""
        form = await self.hass.config_entries.flow.async_init(
            DOMAIN, context={"source": SOURCE_RECONFIGURE, "entry_id": self._entry.entry_id}
        )
        return self.async_abort(
            reason="credentials", next_flow=(FlowType.CONFIG_FLOW, form["flow_id"])
        )


class BlueprintRepairFlow(ConfirmRepairFlow):
    """Add a load limit that does what an automation of the former blueprint does."""

    def __init__(self, entity_id: str) -> None:
        """Take the automation."""
        self._entity_id = entity_id

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Add it, in the mode in which it only advises."""
        if user_input is not None and not async_add_load_limit(self.hass, self._entity_id):
            return self.async_abort(reason="no_line")
        return await super().async_step_confirm(user_input)


FLOWS: Final = {
    IMPORT_FAILED: ImportRepairFlow,
    **dict.fromkeys((CONTROL_NOT_GRANTED, *map(access_denied, BACKENDS)), AccessRepairFlow),
}
"""Fix flow of each fixable issue."""


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the fix flow of an issue; a confirmation if the account was removed."""
    if data is not None and isinstance(entity_id := data.get(AUTOMATION), str):
        return BlueprintRepairFlow(entity_id)
    if data is not None and isinstance(entry_id := data.get(ENTRY_ID), str):
        entry: AccountEntry | None = hass.config_entries.async_get_entry(entry_id)
        for issue, flow in FLOWS.items():
            if entry is not None and issue.id_of(entry_id) == issue_id:
                return flow(entry)
    return ConfirmRepairFlow()
