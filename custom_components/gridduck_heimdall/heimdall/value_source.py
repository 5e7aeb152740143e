"""What an entity reads: its own part of the assets, and what was last heard of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..api.heimdall.models.common import Payload
from .inventory import GridItem
from .latest import LatestValues, Reading
from .products import WHOLE, Group, Product
from .rating_options import RatingOptions


@dataclass(frozen=True, slots=True)
class View[ItemT: GridItem]:
    """One item as it is now.

    Attributes:
        item: what it is about.
        heard: everything that was heard of the account.
        ratings: how the account chooses the rating in force.
    """

    item: ItemT
    heard: Mapping[Group, LatestValues]
    ratings: RatingOptions

    def has(self, product: Product[Any], part: str = WHOLE) -> bool:
        """Whether the service has this value, of whatever time."""
        return self.item.part_prefix + part in self._reading(product).parts

    def down(self, product: Product[Any]) -> bool:
        """Whether the product has failed for so long that nothing of it may be shown."""
        return self._reading(product).down

    def latest[T: Payload](self, product: Product[T]) -> T | None:
        """Return the newest answer, however old its values are."""
        return self._reading(product).payload

    def fresh[T: Payload](self, product: Product[T], part: str = WHOLE) -> T | None:
        """Return the newest answer if this value in it may be shown as current."""
        return self._reading(product).payload if self.current(product, part) else None

    def current(self, product: Product[Any], part: str = WHOLE) -> bool:
        """Whether the service has this value, and it may be shown as current."""
        reading, name = self._reading(product), self.item.part_prefix + part
        return name in reading.parts and name not in reading.stale and not reading.down

    def current_item(self, product: Product[Any], item_id: str) -> bool:
        """Whether the value of one item of a breakdown may be shown as current."""
        reading = self._reading(product)
        return item_id in reading.parts and item_id not in reading.stale

    def _reading[T: Payload](self, product: Product[T]) -> Reading[T]:
        target_id = self.item.target_id(product.target)
        return self.heard[product.group].get(product, target_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class Source[ItemT: GridItem, ValueT]:
    """Where the value of an entity comes from.

    Attributes:
        read: returns the value; None where it is unknown.
        needs: the products without which there is no value.
        also: further products that the value depends on.
        part: the name of the value in what is answered.
        exists: whether there is such a value at all; by default, when all it needs is there.
    """

    read: Callable[[View[ItemT]], ValueT | None]
    needs: tuple[Product[Any], ...] = ()
    also: tuple[Product[Any], ...] = ()
    part: str = WHOLE
    exists: Callable[[View[ItemT]], bool] | None = None

    @property
    def products(self) -> tuple[Product[Any], ...]:
        """All products that the value depends on."""
        return self.needs + self.also

    def present(self, view: View[ItemT]) -> bool:
        """Whether the item has this value, whether or not it is known just now."""
        if self.exists is not None:
            return self.exists(view)
        return all(view.has(product, self.part) for product in self.needs)


def of[ItemT: GridItem, T: Payload, ValueT](
    product: Product[T], value: Callable[[T], ValueT | None], part: str = WHOLE
) -> Source[ItemT, ValueT]:
    """Return the source of a value that stands in one answer."""

    def read(view: View[ItemT]) -> ValueT | None:
        answer = view.fresh(product, part)
        return None if answer is None else value(answer)

    return Source(read=read, needs=(product,), part=part)
