"""The sensors of a facility."""

from functools import partial
from typing import Final

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import EntityCategory, UnitOfElectricPotential

from ..api.sanitizer import sanitize_name
from ..core.description import AssistantValue
from ..core.entity import Marker
from ..core.entity_choice import Tier
from .descriptions import RATING_NOW, HeimdallSensorDescription, from_response
from .history_series import Track, samples_of
from .inventory import FacilityItem
from .latest import TargetData
from .products import CIRCUIT, CIRCUIT_TRANSIENT
from .sensor_line import DURATIONS, carried

type FacilitySensor = HeimdallSensorDescription[FacilityItem]

LINE_LIMITS: Final = "line"
"""The state that says that no component limits the circuit."""


def _limiting_component(facility: TargetData[FacilityItem]) -> str | None:
    if (answer := facility.fresh(CIRCUIT)) is None:
        return None
    component_id = answer.rating.at_facility_component_id
    if component_id is None:
        return LINE_LIMITS
    return facility.item.component_names.get(component_id) or sanitize_name(component_id)


SENSORS: Final[tuple[FacilitySensor, ...]] = (
    HeimdallSensorDescription(
        key="circuit_rating",
        translation_key="circuit_rating",
        assistant=(AssistantValue(label="circuit_rating"),),
        tier=Tier.ESSENTIAL,
        recipe=samples_of(Track.CIRCUIT),
        **from_response(CIRCUIT, lambda answer: answer.rating.value),
        **RATING_NOW,
    ),
    HeimdallSensorDescription(
        key="limiting_component",
        marker=Marker.FACILITY,
        translation_key="limiting_component",
        assistant=(AssistantValue(label="limiting_component"),),
        entity_category=EntityCategory.DIAGNOSTIC,
        tier=Tier.DETAIL,
        needs=(CIRCUIT,),
        value_fn=_limiting_component,
    ),
    HeimdallSensorDescription(
        key="voltage",
        translation_key="voltage",
        device_class=SensorDeviceClass.VOLTAGE,
        entity_category=EntityCategory.DIAGNOSTIC,
        native_unit_of_measurement=UnitOfElectricPotential.VOLT,
        suggested_unit_of_measurement=UnitOfElectricPotential.KILOVOLT,
        suggested_display_precision=1,
        tier=Tier.DETAIL,
        value_fn=lambda facility: facility.item.asset.voltage,
        exists_fn=lambda facility: facility.item.asset.voltage is not None,
    ),
)

TRANSIENT_RATINGS: Final[tuple[FacilitySensor, ...]] = tuple(
    HeimdallSensorDescription(
        key=f"circuit_transient_rating_{minutes}",
        translation_key="circuit_transient_rating",
        translation_placeholders={"minutes": str(minutes)},
        entity_category=EntityCategory.DIAGNOSTIC,
        tier=Tier.DETAIL,
        **from_response(CIRCUIT_TRANSIENT, partial(carried, minutes), str(minutes)),
        **RATING_NOW,
    )
    for minutes in DURATIONS
)
