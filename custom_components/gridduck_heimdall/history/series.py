"""A statistic and the samples that it is computed from."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from operator import itemgetter
from typing import Final

from ..const import DOMAIN

type Sample = tuple[float, float]
"""Unix seconds and a value. MEAN: the value from then on. SUM: the amount of the hour, or part of
an hour, that starts then."""

BY_TIME: Final = itemgetter(0)
"""The key to sort samples by."""


class SeriesKind(StrEnum):
    """The content of a statistic's rows."""

    MEAN = "mean"
    """Mean weighted by time, minimum and maximum."""

    SUM = "sum"
    """The hour's amount, and the sum of all amounts so far."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """One statistic.

    Attributes:
        key: stable and unique within the account: an entity's unique id, or the statistic id.
        statistic_id: an entity's id (its own statistic), or `gridduck_heimdall:…` (external).
        name: shown to users; external statistics have one, those of entities do not.
        unit: the unit of the samples.
        unit_class: the recorder's converter of that unit, if any.
        kind: the content of the rows.
        priced: SUM: the statistic that this one is the price of. An hour that is recorded keeps
            its price: it changes only as far as that statistic does, and otherwise stays.
        hold: MEAN: maximum time for which a sample holds until the next one.
        external: whether the statistic belongs to no entity.

    Raises:
        ValueError: an external statistic has no name, or one of an entity is to be a sum, which
            only the recorder itself may count.
    """

    key: str
    statistic_id: str
    name: str | None
    unit: str | None
    unit_class: str | None
    kind: SeriesKind
    priced: str | None = None
    hold: timedelta = timedelta(hours=1)
    external: bool = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Reject series that would corrupt recorded statistics."""
        object.__setattr__(self, "external", self.statistic_id.startswith(f"{DOMAIN}:"))
        if self.external and not self.name:
            raise ValueError(f"The external statistic {self.statistic_id} has no name")
        if self.kind is SeriesKind.SUM and not self.external:
            raise ValueError(f"{self.statistic_id} cannot be summed up beside the recorder")
