"""Programs that run at another time of day: libfaketime shifts the clock they read."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from .settings import LaunchError

_LIBRARY: Final = "faketime/libfaketimeMT.so.1"


def shift_to(now: datetime) -> timedelta:
    """Return by how much a clock has to be shifted to show `now` at present."""
    return now - datetime.now(UTC)


def shifted(by: timedelta) -> Mapping[str, str]:
    """Return the environment of a program whose clock is shifted.

    Raises:
        LaunchError: libfaketime is not installed.
    """
    library = next(Path("/usr/lib").glob(f"*/{_LIBRARY}"), None)
    if library is None:
        raise LaunchError("libfaketime is missing: install Debian's package faketime")
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME": f"{by.total_seconds():+.3f}",
        # Intervals are measured as ever, and files have the times that they have.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        # Else every wait of a thread ends at once, and Python's threads spin for its lock.
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        "NO_FAKE_STAT": "1",
    }
