"""How answers and events of load limits write times."""

from homeassistant.util import dt as dt_util


def iso(time: float) -> str:
    """Return a Unix time in ISO 8601, UTC, to the second."""
    return dt_util.utc_from_timestamp(time).isoformat(timespec="seconds")
