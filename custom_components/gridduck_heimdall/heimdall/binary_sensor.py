"""The binary sensors of lines and facilities."""

from typing import Final

from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.const import EntityCategory

from ..core.description import AssistantValue, TriggerSource
from ..core.entity_choice import Tier
from .derived import from_response
from .descriptions import HeimdallBinarySensorDescription
from .inventory import FacilityItem, LineItem
from .products import CIRCUIT, DLR

# A problem: the rating is not calculated from measurements.
DLR_FALLBACK: Final = HeimdallBinarySensorDescription[LineItem](
    key="dlr_fallback",
    translation_key="dlr_fallback",
    assistant=(AssistantValue(label="dynamic_line_rating_is_fallback"),),
    trigger=TriggerSource.FALLBACK,
    tier=Tier.ESSENTIAL,
    device_class=BinarySensorDeviceClass.PROBLEM,
    entity_category=EntityCategory.DIAGNOSTIC,
    **from_response(DLR, "rating.is_fallback"),
)
CIRCUIT_FALLBACK: Final = HeimdallBinarySensorDescription[FacilityItem](
    key="circuit_fallback",
    translation_key="circuit_fallback",
    assistant=(AssistantValue(label="circuit_rating_is_fallback"),),
    trigger=TriggerSource.FALLBACK,
    device_class=BinarySensorDeviceClass.PROBLEM,
    entity_category=EntityCategory.DIAGNOSTIC,
    **from_response(CIRCUIT, "rating.is_fallback"),
)
LINE_BINARY_SENSORS: Final = (DLR_FALLBACK,)
FACILITY_BINARY_SENSORS: Final = (CIRCUIT_FALLBACK,)
