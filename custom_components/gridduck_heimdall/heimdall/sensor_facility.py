"""The sensors of a facility."""

from functools import partial
from typing import Final

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import EntityCategory, UnitOfElectricPotential

from ..core.description import AssistantValue
from ..core.entity import Marker
from ..core.entity_choice import Tier
from .derived import attribute, from_response, limiting_component, transient_rating
from .descriptions import RATING_NOW, HeimdallSensorDescription
from .history_series import Track, samples_of
from .inventory import FacilityItem
from .products import CIRCUIT, CIRCUIT_TRANSIENT
from .sensor_line import DURATIONS

type FacilitySensor = HeimdallSensorDescription[FacilityItem]

SENSORS: Final[tuple[FacilitySensor, ...]] = (
    HeimdallSensorDescription(
        key="circuit_rating",
        translation_key="circuit_rating",
        assistant=(AssistantValue(label="circuit_rating"),),
        tier=Tier.ESSENTIAL,
        recipe=samples_of(Track.CIRCUIT),
        **from_response(CIRCUIT, "rating.value"),
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
        value_fn=limiting_component,
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
        value_fn=attribute("item.asset.voltage"),
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
        needs=(CIRCUIT_TRANSIENT,),
        part=str(minutes),
        value_fn=partial(transient_rating, CIRCUIT_TRANSIENT, minutes),
        **RATING_NOW,
    )
    for minutes in DURATIONS
)
