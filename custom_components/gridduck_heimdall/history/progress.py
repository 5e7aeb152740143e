"""The progress of an account's history import."""

from dataclasses import dataclass
from enum import StrEnum


class ImportState(StrEnum):
    """State of the import."""

    IDLE = "idle"
    IMPORTING = "importing"
    WAITING = "waiting"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """Progress of the import as the sensor shows it.

    Attributes:
        state: its state.
        hours_done: hours imported since the import was last idle, counted per line, facility or
            asset.
        hours_to_do: hours still to be imported.
        error: the error for which it failed or waits, if any.
    """

    state: ImportState = ImportState.IDLE
    hours_done: int = 0
    hours_to_do: int = 0
    error: str | None = None

    @property
    def percent(self) -> int:
        """The share of the hours that is done; 100 if there is nothing to do."""
        if self.hours_to_do == 0:
            return 100
        return 100 * self.hours_done // (self.hours_done + self.hours_to_do)
