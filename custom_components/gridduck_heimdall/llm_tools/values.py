"""Format states for a model: short, with their unit, or "unknown"."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from homeassistant.components.binary_sensor import DOMAIN as BINARY_SENSOR
from homeassistant.components.sensor import DOMAIN as SENSOR, async_rounded_state
from homeassistant.const import (
    ATTR_DEVICE_CLASS,
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_OFF,
    STATE_ON,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import HomeAssistant, State
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from ..core.description import AssistantValue, UsedDescription
from ..core.texts import local_time
from .visibility import VisibleItem, quoted

UNKNOWN: Final = "unknown"
_YES_OR_NO: Final = {STATE_ON: "yes", STATE_OFF: "no"}
_TIMESTAMP: Final = "timestamp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A value in a response.

    Attributes:
        label: its name in the response.
        keys: the keys of the descriptions that show it, the first visible one wins. Without any
            the value is left out.
        attribute: the attribute to read; None reads the state.
    """

    label: str
    keys: tuple[str, ...]
    attribute: str | None = None


def shown_by(descriptions: Iterable[UsedDescription]) -> tuple[Shown, ...]:
    """Return the values that entities of these descriptions show to assistants."""
    keys: dict[AssistantValue, list[str]] = {}
    for description in descriptions:
        for value in description.assistant:
            keys.setdefault(value, []).append(description.key)
    return tuple(
        Shown(label=value.label, keys=tuple(found), attribute=value.attribute)
        for value, found in keys.items()
    )


def shown(hass: HomeAssistant, item: VisibleItem, table: Iterable[Shown]) -> JsonObjectType:
    """Return the visible values of an item."""
    found: JsonObjectType = {}
    for one in table:
        state = next((item.states[key] for key in one.keys if key in item.states), None)
        if state is not None:
            found[one.label] = _summary(hass, state, one)
    return found


def number(value: float | None, unit: str) -> str:
    """Return a number with its unit."""
    return UNKNOWN if value is None else f"{value:.4g} {unit}"


def _summary(hass: HomeAssistant, state: State, one: Shown) -> str:
    if state.state in {STATE_UNKNOWN, STATE_UNAVAILABLE}:
        return UNKNOWN
    if one.attribute is not None:
        return _attribute(state.attributes.get(one.attribute))
    if state.domain == BINARY_SENSOR:
        return _YES_OR_NO.get(state.state, UNKNOWN)
    if state.attributes.get(ATTR_DEVICE_CLASS) == _TIMESTAMP:
        moment = dt_util.parse_datetime(state.state)
        return UNKNOWN if moment is None else with_age(moment)
    if state.domain != SENSOR:
        return state.state
    unit: str | None = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    value = async_rounded_state(hass, state.entity_id, state)
    return quoted(value) if unit is None else f"{value} {unit}"


def _attribute(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return UNKNOWN if value is None else quoted(str(value)) or UNKNOWN


def with_age(moment: datetime) -> str:
    """Return a readable time and its age."""
    minutes = (dt_util.utcnow() - moment).total_seconds() // 60
    return f"{local_time(moment)} ({minutes:.0f} min ago)" if minutes >= 0 else local_time(moment)
