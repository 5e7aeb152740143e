"""How far the import of an account's history has come."""

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
        hours_done: hours imported since there was last nothing to do; an hour of each line,
            facility or asset counts.
        hours_to_do: hours still to be imported.
        error: why it failed or waits, in the words of the error; None if it does not.
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
