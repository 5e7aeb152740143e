"""Rounding of states themselves, not only of how they are displayed."""

from dataclasses import dataclass

from homeassistant.helpers.entity import EntityDescription


def rounded[T](value: T, digits: int | None) -> T | float:
    """Return a float rounded to a number of decimals, and anything else unchanged.

    Args:
        value: what an entity shows.
        digits: decimals to keep; None keeps all of them.
    """
    if digits is None or not isinstance(value, float):
        return value
    # With no decimals this is a whole number: "1165", not "1165.0". Adding 0 turns -0.0 into 0.0.
    return round(value, digits or None) + 0


@dataclass(frozen=True, kw_only=True)
class RoundedDescription(EntityDescription):
    """Base of the descriptions of entities that show numbers.

    Attributes:
        precision: decimals of the state, in the native unit; None keeps all of them. At least as
            many as `suggested_display_precision`, which can be changed for each entity.
    """

    precision: int | None = None

    def rounded[T](self, value: T) -> T | float:
        """Return a value as the state shows it."""
        return rounded(value, self.precision)
