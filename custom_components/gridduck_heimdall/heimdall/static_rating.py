"""The static rating of a line, set by the user, and the gain over it."""

from typing import Final

from homeassistant.components.number import NumberDeviceClass, NumberMode
from homeassistant.const import EntityCategory, UnitOfElectricCurrent, UnitOfRatio

from .derived import RATINGS, has_rating
from .descriptions import HeimdallNumberDescription, HeimdallSensorDescription
from .inventory import LineItem
from .latest import TargetData

NOT_SET: Final = 0.0
"""The value of the number without a static rating: a number cannot be cleared."""

MAX_AMPERES: Final = 10_000.0


def _static(line: TargetData[LineItem]) -> float:
    return line.ratings.static.get(line.item.id, NOT_SET)


def _is_set(line: TargetData[LineItem]) -> bool:
    return _static(line) != NOT_SET


def _gain(line: TargetData[LineItem]) -> float | None:
    """Return by how much the rating in force exceeds the static rating, %."""
    static, found = _static(line), line.in_force
    if not _is_set(line) or found is None:
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
        value_fn=_static,
    ),
)

# Without a state class: a changed static rating would split its statistics into two series.
SENSORS: Final[tuple[HeimdallSensorDescription[LineItem], ...]] = (
    HeimdallSensorDescription(
        key="gain_over_static_rating",
        translation_key="gain_over_static_rating",
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        suggested_display_precision=0,
        precision=1,
        also=RATINGS,
        value_fn=_gain,
        exists_fn=lambda line: _is_set(line) and has_rating(line),
        available_fn=_is_set,
    ),
)
