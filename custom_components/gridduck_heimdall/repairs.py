"""What a user can set right from the list of repairs."""

from typing import Protocol, override, runtime_checkable

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from .account import AccountEntry
from .history.importer import Importer
from .history.issues import ENTRY_ID


@runtime_checkable
class Importing(Protocol):
    """An account that imports history."""

    importer: Importer


class ImportRepairFlow(ConfirmRepairFlow):
    """Ask, and start an account's import of history again."""

    def __init__(self, entry: AccountEntry) -> None:
        """Keep the account's entry."""
        self._entry = entry

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Start the import; an account that is not in use starts it once it is."""
        if (
            user_input is not None
            and self._entry.state is ConfigEntryState.LOADED
            and isinstance(account := self._entry.runtime_data, Importing)
        ):
            account.importer.retry()
        return await super().async_step_confirm(user_input)


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the flow that repairs an issue."""
    if data is not None and isinstance(entry_id := data.get(ENTRY_ID), str):
        entry: AccountEntry | None = hass.config_entries.async_get_entry(entry_id)
        if entry is not None:
            return ImportRepairFlow(entry)
    return ConfirmRepairFlow()
