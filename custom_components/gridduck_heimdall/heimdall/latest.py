"""Latest response per product and target, and all of those about one item."""

from collections.abc import Collection, Mapping, Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from msgspec import Struct, structs

from ..api.heimdall.models.common import Payload
from ..core.expected_load import LineOutlook
from .inventory import GridItem
from .products import MAX_AGE, WHOLE, Group, Product, ProductRequest
from .rating import InForce, Loading, Rated, Ratings, in_force
from .rating_options import RatingOptions

_FIRST: Final = datetime.min.replace(tzinfo=UTC)
_LAST: Final = datetime.max.replace(tzinfo=UTC)


# A poll creates thousands; a struct takes a fraction of the time of a dataclass.
class Reading[T: Payload](Struct, frozen=True, gc=False):
    """The latest response of one endpoint.

    Attributes:
        payload: the response; None if there is no data.
        parts: the values in it, by name, each with its time; that of a measurement is not later
            than when it was received.
        stale: the names of the values that are too old to be shown as current.
        down: whether the endpoint has failed so often that its values are invalid.
        newest_stale: the time of the newest value that is stale.
        oldest_fresh: the time of the oldest value that is not.
    """

    payload: T | None = None
    parts: Mapping[str, datetime] = {}
    stale: frozenset[str] = frozenset()
    down: bool = False
    newest_stale: datetime = _LAST
    oldest_fresh: datetime = _FIRST

    def aged(self, limit: datetime) -> Reading[T]:
        """Return the response with all values stale that are older than a time.

        The same object is returned if no value became stale or fresh.
        """
        if not self.parts or self.newest_stale < limit <= self.oldest_fresh:
            return self
        parts = self.parts
        stale = [part for part, when in parts.items() if when < limit]
        fresh = [when for when in parts.values() if when >= limit] if stale else parts.values()
        return Reading(
            self.payload,
            parts,
            frozenset(stale),
            self.down,
            max([parts[part] for part in stale], default=_FIRST),
            min(fresh, default=_LAST),
        )


NO_READING: Final[Reading[Any]] = Reading()


@dataclass(frozen=True, slots=True)
class LatestValues:
    """Snapshot of the latest responses of one group of products.

    Attributes:
        readings: by the key of the reading.
    """

    readings: Mapping[str, Reading[Any]] = field(default_factory=dict)

    def held(self) -> set[str]:
        """Return the keys of all readings that have data."""
        return {key for key, reading in self.readings.items() if reading.payload is not None}

    def holds(self, key: str) -> bool:
        """Return whether there is data under a key."""
        return self.readings.get(key, NO_READING).payload is not None

    def received(
        self, request: ProductRequest, payload: Payload | None, now: datetime
    ) -> Reading[Any]:
        """Return the reading of a response, the old one if it is equal; None is no data.

        A measurement of the future counts as of now: it would never become stale.
        """
        old = self.readings.get(request.key)
        if old is not None and not old.down and old.payload == payload:
            return old
        if payload is None:
            return NO_READING
        found = request.product.parts(payload)
        parts = found if isinstance(found, Mapping) else dict(found)
        if request.product.group is Group.MEASUREMENTS and max(parts.values(), default=now) > now:
            parts = {part: min(when, now) for part, when in parts.items()}
        return Reading(payload, parts)

    def failed(self, request: ProductRequest) -> Reading[Any]:
        """Return the reading of a product whose values are no longer valid."""
        reading = self.readings.get(request.key, NO_READING)
        return reading if reading.down else structs.replace(reading, down=True)

    def updated(
        self,
        responses: Mapping[str, Reading[Any]],
        *,
        dropped: Collection[str],
        now: datetime,
    ) -> tuple[LatestValues, AbstractSet[str]]:
        """Return the next snapshot; unchanged readings stay the same objects.

        Args:
            responses: what was received, by the key of the reading.
            dropped: the keys that are no longer requested.
            now: the present; values become stale by it.

        Returns:
            The snapshot, itself if nothing changed, and the keys of the readings that differ.
        """
        limit, before = now - MAX_AGE, self.readings
        gone = before.keys() & dropped
        changed = {
            key: new
            for key, old in {**before, **responses}.items()
            if (new := old.aged(limit)) is not before.get(key)
        }
        if not changed and not gone:
            return self, gone
        kept = {key: reading for key, reading in before.items() if key not in gone}
        return LatestValues(kept | changed), gone | changed.keys()


@dataclass(frozen=True, slots=True)
class TargetData[ItemT: GridItem]:
    """One facility, line, span or sensor as of the latest polls.

    Attributes:
        item: the part of the grid.
        readings: the latest response of each product that entities of the item show.
        ratings: how the account chooses the rating in force.
        down: the products whose endpoint has failed so often that their values are invalid.
        in_force: of a line, the rating in force; None if it is unknown.
        loading: of a line; None if the current or the rating in force is unknown.
        outlook: of a line, the hours ahead; None if they are unknown.
    """

    item: ItemT
    readings: Mapping[Product[Any], Reading[Any]]
    ratings: RatingOptions
    down: AbstractSet[Product[Any]] = frozenset()
    in_force: InForce | None = None
    loading: Loading | None = None
    outlook: LineOutlook | None = None

    def reading[T: Payload](self, product: Product[T]) -> Reading[T]:
        """Return the latest response of a product, empty if there was none."""
        return self.readings[product]

    def fresh[T: Payload](self, product: Product[T], part: str = WHOLE) -> T | None:
        """Return the latest response if this value in it may be shown as current."""
        reading, name = self.readings[product], self.item.part_prefix + part
        if name not in reading.parts or name in reading.stale or reading.down:
            return None
        return reading.payload

    def rating_in_force(
        self, *, circuit: Rated | None, dlr: Rated | None, aar: Rated | None
    ) -> InForce | None:
        """Return the rating in force of a line among these, by the rule of the account."""
        bound = self.ratings.bounds.get(self.item.id)
        return in_force(Ratings(circuit=circuit, dlr=dlr, aar=aar, bound=bound), self.ratings.rule)

    def has(self, product: Product[Any], part: str = WHOLE) -> bool:
        """Return whether the service offers this value, however old it is."""
        return self.item.part_prefix + part in self.readings[product].parts
