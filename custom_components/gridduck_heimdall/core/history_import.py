"""Interface of an account's history import."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from datetime import datetime


class HistoryImport(ABC):
    """Imports the history of the service into the recorder's statistics."""

    @abstractmethod
    def request(self, keys: Collection[str] | None, start: datetime, end: datetime) -> None:
        """Import a range, replacing earlier imports, as far as it is past and available.

        Args:
            keys: the sources; None for all.
            start: in the first hour.
            end: the end, exclusive; a begun hour counts.

        Raises:
            HomeAssistantError: the recorder is not running.
        """

    @abstractmethod
    def recorded(self, keys: Collection[str]) -> set[str]:
        """Return the keys of recorded sources; unknown ones count as recorded."""

    @abstractmethod
    def unrecorded(self, keys: Collection[str]) -> list[str]:
        """Return the statistics that the recorder excludes, by source key."""

    @abstractmethod
    def retry(self) -> None:
        """Retry failed and waiting imports now, and look for new sources."""
