"""Repair issues of accounts: the table, raising and clearing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.issue_registry import IssueSeverity

from ..api.errors import PermissionDenied
from ..api.sanitizer import escape_markdown
from ..const import DOCUMENTATION, DOMAIN
from .coordinator import PollingCoordinator
from .exceptions import explain
from .inclusion import Inclusion

ENTRY_ID: Final = "entry_id"


@dataclass(frozen=True, kw_only=True, slots=True)
class Issue:
    """A kind of issue; an account has at most one of each.

    Attributes:
        key: its key in the translations.
        severity: its severity.
        section: the page and anchor of its explanation in the documentation; "" without one.
        fixable: whether it has a fix flow.
    """

    key: str
    severity: IssueSeverity = IssueSeverity.WARNING
    section: str = ""
    fixable: bool = False

    @property
    def learn_more_url(self) -> str | None:
        """The address of its explanation."""
        return f"{DOCUMENTATION}/blob/main/docs/{self.section}" if self.section else None

    def id_of(self, entry_id: str) -> str:
        """Return the id of an account's issue of this kind."""
        return f"{self.key}_{entry_id}"


ASSETS_INCOMPLETE: Final = Issue(
    key="assets_incomplete", section="troubleshooting.md#the-list-of-assets-is-not-complete"
)
ASSETS_UNCERTAIN: Final = Issue(
    key="assets_uncertain", section="troubleshooting.md#the-list-of-assets-is-not-complete"
)
CONTROL_NOT_GRANTED: Final = Issue(
    key="control_not_granted",
    section="troubleshooting.md#how-to-let-home-assistant-control-assets",
    fixable=True,
)
FORECASTS_TOO_SURE: Final = Issue(key="forecasts_too_sure")
IMPORT_FAILED: Final = Issue(key="import_failed", fixable=True)
NO_INSTRUMENTED_LINE: Final = Issue(
    key="no_instrumented_line", section="troubleshooting.md#no-line-carries-an-active-sensor"
)
NOTHING_INCLUDED: Final = Issue(
    key="nothing_included", section="options.md#sites-and-lines-to-include"
)
RATING_FALLBACK: Final = Issue(
    key="rating_fallback", section="troubleshooting.md#ratings-are-fallback-values"
)
STATISTICS_IN_ANOTHER_UNIT: Final = Issue(
    key="statistics_in_another_unit", section="troubleshooting.md#statistics-in-another-unit"
)
ISSUES: Final = (
    ASSETS_INCOMPLETE,
    ASSETS_UNCERTAIN,
    CONTROL_NOT_GRANTED,
    FORECASTS_TOO_SURE,
    IMPORT_FAILED,
    NO_INSTRUMENTED_LINE,
    NOTHING_INCLUDED,
    RATING_FALLBACK,
    STATISTICS_IN_ANOTHER_UNIT,
)
"""All issues except those about denied access."""


def access_denied(service: str) -> Issue:
    """Return the issue of a service that denies an account its essential data."""
    return Issue(key=f"{service}_access_denied", severity=IssueSeverity.ERROR, fixable=True)


@callback
def async_raise[RuntimeT](
    hass: HomeAssistant, entry: ConfigEntry[RuntimeT], issue: Issue, **placeholders: str
) -> None:
    """Raise an issue, or update it; one that the user ignores stays ignored.

    The account is `title` in titles, and `account` in descriptions, which are Markdown.

    Args:
        hass: Home Assistant.
        entry: the account; no issue is raised if it has been removed.
        issue: the kind.
        placeholders: further placeholders of its description, plain text.
    """
    if hass.config_entries.async_get_entry(entry.entry_id) is None:
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue.id_of(entry.entry_id),
        config_entry_id=entry.entry_id,
        data={ENTRY_ID: entry.entry_id},
        is_fixable=issue.fixable,
        learn_more_url=issue.learn_more_url,
        severity=issue.severity,
        translation_key=issue.key,
        translation_placeholders={"title": entry.title}
        | {
            key: escape_markdown(text)
            for key, text in (placeholders | {"account": entry.title}).items()
        },
    )


@callback
def async_clear[RuntimeT](hass: HomeAssistant, entry: ConfigEntry[RuntimeT], issue: Issue) -> None:
    """Clear an issue, if it is raised."""
    ir.async_delete_issue(hass, DOMAIN, issue.id_of(entry.entry_id))


@callback
def async_watch_access[RuntimeT](
    hass: HomeAssistant,
    entry: ConfigEntry[RuntimeT],
    service: str,
    coordinator: PollingCoordinator[Any, Any],
) -> None:
    """Raise an issue while a service denies an account its essential data (403).

    It is raised at once if setup fails with 403, else when the data is stale. Refused
    credentials (401) start re-authentication instead.

    Args:
        hass: Home Assistant.
        entry: the account.
        service: the cloud of the account.
        coordinator: polls the essential data of the account.
    """
    issue = access_denied(service)

    @callback
    def update() -> None:
        if coordinator.last_update_success:
            async_clear(hass, entry, issue)
            return
        exception = coordinator.last_exception
        error = None if exception is None else exception.__cause__
        too_old = not (coordinator.last_success and coordinator.serving)
        if isinstance(error, PermissionDenied) and too_old:
            async_raise(hass, entry, issue, error=explain(error))

    coordinator.after_problem.append(update)


@callback
def async_watch_inclusion[RuntimeT](
    hass: HomeAssistant,
    entry: ConfigEntry[RuntimeT],
    coordinator: PollingCoordinator[Any, Any],
    inclusion: Inclusion,
    is_empty: Callable[[], bool],
) -> None:
    """Raise an issue while the service lists none of the sites or lines that a user has chosen.

    Args:
        hass: Home Assistant.
        entry: the account.
        coordinator: polls the sites or lines.
        inclusion: what the user has chosen.
        is_empty: whether nothing of that is left in the coordinator's data.
    """
    if not inclusion.parts:
        async_clear(hass, entry, NOTHING_INCLUDED)
        return

    @callback
    def update() -> None:
        if not coordinator.last_update_success:
            return
        if is_empty():
            async_raise(hass, entry, NOTHING_INCLUDED)
        else:
            async_clear(hass, entry, NOTHING_INCLUDED)

    coordinator.after_poll.append(update)
