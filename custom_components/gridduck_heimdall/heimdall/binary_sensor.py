"""The binary sensors of lines and facilities."""

from typing import Final

from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.const import EntityCategory

from .descriptions import HeimdallBinarySensorDescription
from .inventory import FacilityItem, LineItem
from .products import CIRCUIT, DLR
from .value_source import of

# A problem: the rating is then not calculated from what the sensors measure.
LINE_BINARY_SENSORS: Final[tuple[HeimdallBinarySensorDescription[LineItem], ...]] = (
    HeimdallBinarySensorDescription(
        key="dlr_fallback",
        translation_key="dlr_fallback",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        source=of(DLR, lambda answer: answer.heimdall_dlr.is_fallback),
    ),
)

FACILITY_BINARY_SENSORS: Final[tuple[HeimdallBinarySensorDescription[FacilityItem], ...]] = (
    HeimdallBinarySensorDescription(
        key="circuit_fallback",
        translation_key="circuit_fallback",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        source=of(CIRCUIT, lambda answer: answer.circuit_rating.is_fallback),
    ),
)
