"""Tool that reads what load limits have decided, and why."""

from typing import override

from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..core.texts import local_time
from ..load_limits.announce import DECISION_KEY
from ..load_limits.journal import Entry
from ..load_limits.runtime import LOAD_LIMITS
from ..load_limits.sentences import sentence
from ..load_limits.settings.config import SUBENTRY_TYPE
from .tool import READS, TEXT, Arguments, OwnTool, listed
from .values import number
from .visibility import VisibleItem, VisibleItems, named, quoted


class GetDecisions(OwnTool):
    """The last decisions of load limits, with their reasons."""

    name = "gridduck_heimdall__get_decisions"
    title = "Get decisions of load limits"
    description = (
        "Lists what load limits have decided lately, the newest first: which asset was switched "
        "off (curtailed), left off or returned, by which load limit, why, until when, and the load "
        "measured some minutes later. A load limit that only advises says what it would do."
    )
    annotations = READS
    parameters = vol.Schema(
        {
            vol.Optional(
                "name", description="Only of the load limit with this name, or one that holds it"
            ): TEXT
        }
    )

    @override
    async def async_answer(self, visible: VisibleItems, arguments: Arguments) -> JsonObjectType:
        limits = [one for one in visible.of_kind(SUBENTRY_TYPE) if _shows_decisions(one)]
        found = {one.id: one for one in named(limits, arguments.get("name"))}
        journal = visible.hass.data[LOAD_LIMITS].record.journal
        return listed(
            "decisions",
            (
                _decision(visible, found[one.limit_id], one)
                for one in reversed(list(journal))
                if one.limit_id in found
            ),
        )


def _shows_decisions(item: VisibleItem) -> bool:
    """Return whether the entity that shows the decisions of a load limit is visible."""
    return any(key.endswith(DECISION_KEY) for key in item.states)


def _decision(visible: VisibleItems, limit: VisibleItem, entry: Entry) -> JsonObjectType:
    until = None if entry.until is None else _local(entry.until)
    # The name and the error come from the service.
    data = entry.as_dict() | {"asset": quoted(entry.asset)}
    after = {} if entry.load_after is None else {"load_after": number(entry.load_after, entry.unit)}
    return {
        "at": _local(entry.at),
        "load_limit": limit.name,
        "asset": quoted(entry.asset),
        "what": sentence(visible.hass, data, until),
        "power": number(entry.power, "W"),
        **after,
    }


def _local(time: float) -> str:
    return local_time(dt_util.utc_from_timestamp(time))
