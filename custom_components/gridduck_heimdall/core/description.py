"""What an entity's description says to the integration's own triggers and assistants."""

from dataclasses import dataclass
from enum import StrEnum

from homeassistant.helpers.entity import EntityDescription


class TriggerSource(StrEnum):
    """The kinds of entities that triggers and conditions are about."""

    LOADING = "loading"
    HEADROOM = "headroom"
    ICE_LOAD = "ice_load"
    CLEARANCE = "clearance"
    FALLBACK = "fallback"
    OVERRIDE = "override"
    CONNECTION = "connection"


class ForecastKind(StrEnum):
    """The values of lines and circuits that are forecast."""

    DLR = "dlr"
    AAR = "aar"
    CIRCUIT_RATING = "circuit_rating"
    ICE_LOAD = "ice_load"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistantValue:
    """A value that assistants are given.

    Attributes:
        label: the name of the value in an answer.
        attribute: the attribute of the entity that holds it; its state if None.
    """

    label: str
    attribute: str | None = None


@dataclass(frozen=True, kw_only=True)
class UsedDescription(EntityDescription):
    """Base of the descriptions of entities that are used beyond their own state.

    Attributes:
        assistant: the values that assistants are given; of several entities with the same value,
            the first that may be seen counts.
        trigger: what it is to triggers and conditions.
        forecast: what it shows the forecast of; of several, the first shows the lowest rating or
            the heaviest ice.
    """

    assistant: tuple[AssistantValue, ...] = ()
    trigger: TriggerSource | None = None
    forecast: ForecastKind | None = None
