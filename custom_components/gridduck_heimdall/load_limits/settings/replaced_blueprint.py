"""Automations of the former blueprint *Relieve a congested line*, as load limits.

A load limit has taken the place of the blueprint. A repair offers to add one for each automation
that still uses it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Self

from homeassistant.components.automation import EVENT_AUTOMATION_RELOADED
from homeassistant.components.automation.const import DATA_COMPONENT
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigSubentry,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import (
    config_validation as cv,
    device_registry as dr,
    issue_registry as ir,
)
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.issue_registry import IssueSeverity
from homeassistant.helpers.start import async_at_started
import voluptuous as vol

from ...api.sanitizer import escape_markdown
from ...const import DOCUMENTATION, DOMAIN
from ..control_law.models import Mode
from . import config as key
from .config import SCHEMA, SUBENTRY_TYPE, LimitUnit, Measured

BLUEPRINT: Final = "relieve_congested_line.yaml"
ISSUE: Final = "blueprint_replaced"
AUTOMATION: Final = "automation"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacedAutomation:
    """An automation of the blueprint, the line that it relieves, and a load limit that would.

    Attributes:
        data: that of the load limit, in the mode *advise*.
    """

    entity_id: str
    name: str
    line: str
    data: Mapping[str, Any]

    @classmethod
    def of(cls, entity_id: str, name: str, config: Mapping[str, Any]) -> Self:
        """Read the configuration of an automation, with the inputs of the blueprint in place.

        Raises:
            vol.Invalid: it is not one of the blueprint.
        """
        shed = next(_steps(config, "action", f"{DOMAIN}.shed_load", "longest_off"), None)
        congested = next(_steps(config, "trigger", f"{DOMAIN}.line_became_congested"), None)
        recovered = next(_steps(config, "trigger", f"{DOMAIN}.line_recovered"), None)
        if shed is None or congested is None or recovered is None:
            raise vol.Invalid("an automation of another blueprint")
        asked = shed["data"]
        line = asked["line"]
        hours = cv.positive_time_period(asked["longest_off"]).total_seconds() / 3600
        data = {
            key.CONF_MEASURED: Measured.LINE,
            key.CONF_DEVICE: line,
            key.CONF_LIMIT: 100,
            key.CONF_LIMIT_UNIT: LimitUnit.RATING,
            key.CONF_CANDIDATES: shed["target"],
            key.CONF_ORDER: asked.get("priority") or [],
            key.CONF_MODE: Mode.ADVISE,
            key.CONF_NON_INTERRUPTIBLE: asked.get("allow_non_interruptible", False),
            key.CONF_LONGEST_OFF: min(24.0, max(0.5, hours)),
            **_thresholds(
                congested["options"]["threshold"],
                asked["to_loading"],
                recovered["options"]["threshold"],
            ),
        }
        return cls(entity_id=entity_id, name=name, line=line, data=SCHEMA(data))


def _thresholds(above: float, down_to: float, below: float) -> dict[str, float]:
    """Return thresholds as they are entered; none where they are not in order."""
    found = {key.CONF_ACT_ABOVE: above, key.CONF_DOWN_TO: down_to, key.CONF_RELEASE_BELOW: below}
    return {} if key.thresholds_of(found).misplaced else found


def _steps(config: object, kind: str, name: str, *fields: str) -> Iterator[Mapping[str, Any]]:
    """Yield the triggers or actions of a name that have some fields, however deep."""
    match config:
        case Mapping():
            data = config.get("data") or {}
            if config.get(kind) == name and all(field in data for field in fields):
                yield config
            for part in config.values():
                yield from _steps(part, kind, name, *fields)
        case Sequence() if not isinstance(config, str):
            for part in config:
                yield from _steps(part, kind, name, *fields)


def replaced_automations(hass: HomeAssistant) -> Iterator[ReplacedAutomation]:
    """Yield the automations of the blueprint whose line has no load limit."""
    if DATA_COMPONENT not in hass.data:
        return
    limited = {
        one.data.get(key.CONF_DEVICE)
        for entry in hass.config_entries.async_entries(DOMAIN)
        for one in entry.subentries.values()
        if one.subentry_type == SUBENTRY_TYPE
    }
    for automation in hass.data[DATA_COMPONENT].entities:
        used = automation.referenced_blueprint
        if used is None or used.rpartition("/")[2] != BLUEPRINT or automation.raw_config is None:
            continue
        try:
            name = str(automation.name or automation.entity_id)
            replaced = ReplacedAutomation.of(automation.entity_id, name, automation.raw_config)
        except vol.Invalid, KeyError, TypeError:
            # A blueprint of the same name, or an automation that is broken.
            continue
        if replaced.line not in limited:
            yield replaced


@callback
def async_add_load_limit(hass: HomeAssistant, entity_id: str) -> bool:
    """Add the load limit of an automation; return whether its line still exists.

    There is nothing to add where the automation no longer uses the blueprint.
    """
    replaced = next((one for one in replaced_automations(hass) if one.entity_id == entity_id), None)
    if replaced is None:
        return True
    device, entry = dr.async_get_device_and_config_entry_for_domain(
        hass, replaced.line, domain=DOMAIN
    )
    if device is None or entry is None:
        return False
    subentry = ConfigSubentry(
        data=MappingProxyType(dict(replaced.data)),
        subentry_type=SUBENTRY_TYPE,
        title=device.name_by_user or device.name or replaced.name,
        unique_id=None,
    )
    hass.config_entries.async_add_subentry(entry, subentry)
    return True


@callback
def async_watch_blueprint(hass: HomeAssistant) -> None:
    """Raise an issue for each automation that uses the blueprint, as long as it does."""

    @callback
    def look(*_: object) -> None:
        found = {f"{ISSUE}_{one.entity_id}": one for one in replaced_automations(hass)}
        registry = ir.async_get(hass)
        raised = {
            issue_id
            for domain, issue_id in registry.issues
            if domain == DOMAIN and issue_id.startswith(f"{ISSUE}_")
        }
        for issue_id in raised - found.keys():
            ir.async_delete_issue(hass, DOMAIN, issue_id)
        for issue_id, one in found.items():
            ir.async_create_issue(
                hass,
                DOMAIN,
                issue_id,
                data={AUTOMATION: one.entity_id},
                is_fixable=True,
                learn_more_url=f"{DOCUMENTATION}#load-limits",
                severity=IssueSeverity.WARNING,
                translation_key=ISSUE,
                translation_placeholders={
                    "title": one.name,
                    "automation": escape_markdown(one.name),
                },
            )

    @callback
    def changed[RuntimeT](_change: ConfigEntryChange, entry: ConfigEntry[RuntimeT]) -> None:
        if entry.domain == DOMAIN:
            look()

    async_at_started(hass, look)
    hass.bus.async_listen(EVENT_AUTOMATION_RELOADED, look)
    async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, changed)
