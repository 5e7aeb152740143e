"""What a cloud gives to the import of history."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from .series import Sample, Series


class Source(Protocol):
    """One line, facility or asset; one fetch serves all its series."""

    @property
    def key(self) -> str:
        """What it is known by: stable, and unique within the account."""
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
        """Return the series of what is enabled now."""
        ...

    async def async_fetch(self, start: datetime, end: datetime) -> Mapping[str, Sequence[Sample]]:
        """Return the samples of a range by the key of their series; none where there is no data.

        Raises:
            ApiError: the service did not answer as it should.
        """
        ...

    def live(self, since: datetime) -> bool:
        """Whether polling has recorded everything from then until now."""
        ...
