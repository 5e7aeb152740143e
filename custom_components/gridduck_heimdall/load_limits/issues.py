"""Repair issues of load limits: what keeps one from working, once it has lasted."""

from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.issue_registry import IssueSeverity

from ..api.sanitizer import escape_markdown
from ..const import DOCUMENTATION, DOMAIN, LOGGER
from .active_limit import ActiveLimit
from .control_law.clock import is_near
from .meter import Problem

LASTS: Final = 600.0
"""Seconds for which something has to be wrong: at a start much is missing for a moment."""


DAMAGED: Final = "load_limit_damaged"


class LimitIssues:
    """Raises and clears the repair issues of all load limits."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Start with nothing wrong."""
        self._hass = hass
        self._since: dict[tuple[str, Problem], float] = {}
        self._raised: set[tuple[str, Problem]] = set()

    @callback
    def look(self, limit: ActiveLimit, now: float) -> None:
        """Raise problems of a load limit that have lasted, and clear those that are over."""
        for problem in Problem:
            key = limit.id, problem
            if problem not in limit.problems:
                self._clear(key)
            elif key not in self._raised and not is_near(
                self._since.setdefault(key, now), now, LASTS
            ):
                self._raise(limit, problem)

    @callback
    def forget(self, limit_id: str) -> None:
        """Clear all issues of a load limit that is removed."""
        self.repaired(limit_id)
        for problem in Problem:
            self._clear((limit_id, problem))

    @callback
    def damaged(self, limit_id: str, name: str, error: Exception) -> None:
        """Raise the issue of a load limit whose stored data cannot be used."""
        LOGGER.warning("The load limit %s cannot be used: %s", name, error)
        self._create(f"{DAMAGED}_{limit_id}", DAMAGED, name)

    @callback
    def repaired(self, limit_id: str) -> None:
        """Clear the issue of a load limit whose stored data could not be used."""
        ir.async_delete_issue(self._hass, DOMAIN, f"{DAMAGED}_{limit_id}")

    def _raise(self, limit: ActiveLimit, problem: Problem) -> None:
        self._raised.add((limit.id, problem))
        self._create(f"{problem}_{limit.id}", problem, limit.name)

    def _create(self, issue_id: str, translation_key: str, name: str) -> None:
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            issue_id,
            is_fixable=False,
            learn_more_url=f"{DOCUMENTATION}#load-limits",
            severity=IssueSeverity.WARNING,
            translation_key=translation_key,
            translation_placeholders={"title": name, "limit": escape_markdown(name)},
        )

    def _clear(self, key: tuple[str, Problem]) -> None:
        self._since.pop(key, None)
        if key in self._raised:
            self._raised.remove(key)
            limit_id, problem = key
            ir.async_delete_issue(self._hass, DOMAIN, f"{problem}_{limit_id}")
