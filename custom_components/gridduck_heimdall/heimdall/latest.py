"""What was last heard of each product of each line and facility."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from ..api.heimdall.models.common import Payload
from .products import MAX_AGE, Ask, Product, reading_key


@dataclass(frozen=True, slots=True)
class Reading[T: Payload]:
    """The newest answer of one endpoint.

    Attributes:
        payload: the answer; None where there is no data.
        parts: the values in it, by name, each with the time it is of.
        stale: the names of those that are too old to be shown as current.
        down: whether the endpoint has failed so often that nothing may be shown.
    """

    payload: T | None = None
    parts: Mapping[str, datetime] = field(default_factory=dict)
    stale: frozenset[str] = frozenset()
    down: bool = False

    def aged(self, now: datetime) -> Reading[T]:
        """Return the same answer, seen at `now`."""
        stale = frozenset(part for part, when in self.parts.items() if now - when > MAX_AGE)
        return self if stale == self.stale else replace(self, stale=stale)


_NOTHING: Final[Reading[Any]] = Reading()


class LatestValues:
    """All answers of one group; those that have not changed stay the same objects."""

    def __init__(self) -> None:
        """Begin with nothing heard."""
        self._by_key: dict[str, Reading[Any]] = {}

    def get[T: Payload](self, product: Product[T], target_id: str | None) -> Reading[T]:
        """Return what was last heard of a product, an empty reading if nothing was."""
        if target_id is None:
            return _NOTHING
        return self._by_key.get(reading_key(product, target_id), _NOTHING)

    def held(self) -> set[str]:
        """Return the keys of all that have data."""
        return {key for key in self._by_key if self.holds(key)}

    def holds(self, key: str) -> bool:
        """Whether there is data under a key."""
        return self._by_key.get(key, _NOTHING).payload is not None

    def store(self, ask: Ask, payload: Payload | None, now: datetime) -> None:
        """Take over an answer, or None where there is no data."""
        old = self._by_key.get(ask.key)
        if old is not None and not old.down and old.payload == payload:
            return
        parts = {} if payload is None else dict(ask.product.parts(payload))
        self._by_key[ask.key] = Reading(payload, parts).aged(now)

    def fail(self, ask: Ask) -> None:
        """Note that nothing may be shown any more."""
        reading = self._by_key.get(ask.key, _NOTHING)
        if not reading.down:
            self._by_key[ask.key] = replace(reading, down=True)

    def forget(self, keys: Collection[str]) -> None:
        """Drop what is no longer asked for."""
        for key in keys:
            self._by_key.pop(key, None)

    def age(self, now: datetime) -> None:
        """See all readings at `now`."""
        self._by_key = {key: reading.aged(now) for key, reading in self._by_key.items()}

    def snapshot(self) -> Mapping[str, Reading[Any]]:
        """Return all readings as they are, to be compared with later."""
        return dict(self._by_key)
