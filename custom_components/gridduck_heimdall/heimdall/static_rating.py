"""The static rating of a line: what its owner enters, as the service knows of none."""

from typing import Final

from homeassistant.components.number import NumberDeviceClass, NumberMode
from homeassistant.const import EntityCategory, UnitOfElectricCurrent, UnitOfRatio

from . import loading
from .descriptions import HeimdallNumberDescription, HeimdallSensorDescription
from .inventory import LineItem
from .value_source import Source, View

NOT_SET: Final = 0.0
"""What the number shows without a static rating: a number cannot be cleared."""

MAX_AMPERES: Final = 10_000.0


def _static(view: View[LineItem]) -> float:
    return view.ratings.static.get(view.item.id, NOT_SET)


def _is_set(view: View[LineItem]) -> bool:
    return _static(view) != NOT_SET


def _gain(view: View[LineItem]) -> float | None:
    """Return by how much the rating in force exceeds the static rating, %."""
    static, found = _static(view), loading.rating(view)
    if not _is_set(view) or found is None:
        return None
    return 100 * (found.value / static - 1)


NUMBERS: Final[tuple[HeimdallNumberDescription[LineItem], ...]] = (
    HeimdallNumberDescription(
        key="static_rating",
        translation_key="static_rating",
        device_class=NumberDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        native_min_value=NOT_SET,
        native_max_value=MAX_AMPERES,
        native_step=1,
        mode=NumberMode.BOX,
        entity_category=EntityCategory.CONFIG,
        source=Source(read=_static),
    ),
)

# Without a state class: a static rating that is changed would turn its statistics into two series.
SENSORS: Final[tuple[HeimdallSensorDescription[LineItem], ...]] = (
    HeimdallSensorDescription(
        key="gain_over_static_rating",
        translation_key="gain_over_static_rating",
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        suggested_display_precision=0,
        precision=1,
        source=Source(
            read=_gain,
            also=loading.LIMITED_BY.also,
            exists=lambda view: _is_set(view) and loading.LIMITED_BY.present(view),
        ),
        applies=_is_set,
    ),
)
