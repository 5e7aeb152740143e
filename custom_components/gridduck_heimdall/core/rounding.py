"""Rounding of states themselves, not only of how they are displayed."""

from dataclasses import dataclass

from homeassistant.helpers.entity import EntityDescription


@dataclass(frozen=True, kw_only=True)
class RoundedDescription(EntityDescription):
    """Base of the descriptions of entities that show numbers.

    Attributes:
        precision: decimals of the state, in the native unit; None keeps all of them. At least as
            many as `suggested_display_precision`, which can be changed for each entity.
    """

    precision: int | None = None

    def rounded[T](self, value: T) -> T | float:
        """Return a float as the state shows it, and anything else unchanged."""
        digits = self.precision
        if digits is None or not isinstance(value, float):
            return value
        # With no decimals this is a whole number: "1165", not "1165.0". Adding 0 turns -0.0 into
        # 0.0.
        return round(value, digits or None) + 0
