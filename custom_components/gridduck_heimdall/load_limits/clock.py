"""The times of load limits: Unix times, and how answers and events write them."""

from homeassistant.util import dt as dt_util


def now() -> float:
    """Return the present."""
    return dt_util.utcnow().timestamp()


def iso(time: float) -> str:
    """Return a time in ISO 8601, UTC, to the second."""
    return dt_util.utc_from_timestamp(time).isoformat(timespec="seconds")
