"""Base of descriptions whose entities triggers and assistants use."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from homeassistant.helpers.entity import EntityDescription


class TriggerSource(StrEnum):
    """Entities that triggers and conditions evaluate."""

    LOADING = "loading"
    HEADROOM = "headroom"
    ICE_LOAD = "ice_load"
    CLEARANCE = "clearance"
    CONGESTION = "congestion"
    FALLBACK = "fallback"
    OVERRIDE = "override"
    CONNECTION = "connection"


class ForecastKind(StrEnum):
    """Values of lines and circuits that have a forecast."""

    DLR = "dlr"
    AAR = "aar"
    CIRCUIT_RATING = "circuit_rating"
    ICE_LOAD = "ice_load"


RATING_KINDS: Final = (ForecastKind.DLR, ForecastKind.AAR, ForecastKind.CIRCUIT_RATING)
"""Those that are ratings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistantValue:
    """A value for assistants.

    Attributes:
        label: its name in a response.
        attribute: the attribute with the value; None for the state.
    """

    label: str
    attribute: str | None = None


@dataclass(frozen=True, kw_only=True)
class UsedDescription(EntityDescription):
    """Description of an entity that triggers or assistants may use.

    Attributes:
        assistant: the values for assistants; of several entities with the same label, the first
            visible one counts.
        trigger: its role for triggers and conditions.
        forecast: the value whose forecast it shows; the first such entity shows the lowest
            rating or the heaviest ice.
    """

    assistant: tuple[AssistantValue, ...] = ()
    trigger: TriggerSource | None = None
    forecast: ForecastKind | None = None
