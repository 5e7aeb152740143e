"""Interface of the sources of the history import."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from ..api.errors import ApiError
from .series import Sample, Series

type Fetched = Mapping[str, Sequence[Sample] | ApiError]
"""By the key of a series its samples, or the error that has kept them; none where there is no
data. `PermissionDenied` and `NotFound` are refusals, which may be lifted one day."""


class Source(Protocol):
    """One line, facility or asset; one fetch serves all its series."""

    @property
    def key(self) -> str:
        """Its key: stable, and unique within the account."""
        ...

    @property
    def window(self) -> timedelta:
        """The longest range of one fetch, at least two hours."""
        ...

    @property
    def reach(self) -> timedelta:
        """How far back the service goes."""
        ...

    @property
    def calls(self) -> int:
        """How many calls one fetch costs, about."""
        ...

    def series(self) -> Collection[Series]:
        """Return the series of the entities that are enabled now."""
        ...

    async def async_fetch(self, start: datetime, end: datetime, keys: Collection[str]) -> Fetched:
        """Return the samples of a range, of the series with these keys at least.

        Raises:
            ApiError: the service did not answer as it should, whatever it was asked for.
        """
        ...

    def live(self, since: datetime) -> bool:
        """Whether polling has recorded everything from then until now."""
        ...
