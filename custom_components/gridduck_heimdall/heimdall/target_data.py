"""The data of one item: its part of the assets, and the latest responses about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..api.heimdall.models.common import Payload
from .inventory import GridItem
from .latest import Reading
from .products import WHOLE, Product
from .rating_options import RatingOptions


@dataclass(frozen=True, slots=True)
class TargetData[ItemT: GridItem]:
    """One facility, line, span or sensor as of the latest polls.

    Attributes:
        item: the part of the grid.
        readings: the latest response of each product that entities of the item show.
        ratings: how the account chooses the rating in force.
    """

    item: ItemT
    readings: Mapping[Product[Any], Reading[Any]]
    ratings: RatingOptions

    def reading[T: Payload](self, product: Product[T]) -> Reading[T]:
        """Return the latest response of a product, empty if there was none."""
        return self.readings[product]

    def fresh[T: Payload](self, product: Product[T], part: str = WHOLE) -> T | None:
        """Return the latest response if this value in it may be shown as current."""
        reading, name = self.readings[product], self.item.part_prefix + part
        return reading.payload if reading.is_fresh(name) else None

    def has(self, product: Product[Any], part: str = WHOLE) -> bool:
        """Whether the service offers this value, however old it is."""
        return self.item.part_prefix + part in self.readings[product].parts
