"""Interface of the sources of the history import."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from ..api.errors import ApiError
from .series import Sample, Series

type Fetched = Mapping[str, Sequence[Sample] | ApiError]
"""Samples of each series, or the error that prevented them; empty without data.
`PermissionDenied` and `NotFound` may be temporary."""


class Source(Protocol):
    """One line, facility or asset; one fetch serves all its series."""

    @property
    def key(self) -> str:
        """The key: stable, and unique within the account."""
        ...

    @property
    def window(self) -> timedelta:
        """The longest range of one fetch, at least two hours."""
        ...

    @property
    def reach(self) -> timedelta:
        """The maximum age of data at the service."""
        ...

    def series(self) -> Collection[Series]:
        """Return the series of the entities that are enabled now."""
        ...

    async def async_fetch(self, start: datetime, end: datetime, keys: Collection[str]) -> Fetched:
        """Return the samples of a range, at least of the series with these keys.

        Raises:
            ApiError: no series could be read.
        """
        ...

    def live(self, since: datetime) -> bool:
        """Return whether polling has recorded everything from then until now."""
        ...


class ImportPace(NamedTuple):
    """The pace of an import: with many sources it is slower and causes less load.

    Attributes:
        parallel: maximum concurrent fetches. Each takes megabytes of memory.
        pause: seconds to wait after each fetch.
    """

    parallel: int = 2
    pause: float = 0.0


class ImportSources(NamedTuple):
    """The sources of one account.

    Attributes:
        by_key: the sources.
        pace: the pace at which they are imported.
    """

    by_key: Mapping[str, Source]
    pace: ImportPace = ImportPace()
