"""Undocumented endpoints and fields of GridDuck, assumed as its reference is not public.

A server that differs costs only that feature: every call of an assumed endpoint is wrapped in
`Offered.assumed(feature)`, which converts refusals into `FeatureUnavailable`.

Contract: gridduck-api.md, Part 2.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from ..addresses import path_segment
from ..decoding import Number

PAGE_LIMIT: Final = 100
"""Requested entries per page; the response names the actual number."""
BOOST_FIELD: Final = "boost_finish"
ENDED: Final = 0
"""Seconds that end a running boost or snooze."""
LONGEST_OVERRIDE: Final = 86_400
"""Seconds of the longest boost or snooze."""
DATA_REQUESTS_PATH: Final = "/data_request/"


class Feature(StrEnum):
    """Features that a server may not offer; the values are for users."""

    BOOST = "boost"
    AGGREGATE = "aggregate telemetry"
    INSTANTANEOUS = "instantaneous telemetry"
    DATA_DOWNLOAD = "data download"
    DATA_ARCHIVE = "data archive"
    REAL_TIME = "real-time data"


class TelemetryType(StrEnum):
    """Quantity of a series: energy in Wh, demand in W, temperature in °C."""

    DELIVERED = "delivered"
    CONSUMPTION = "consumption"
    TEMPERATURE = "temperature"


class Granularity(StrEnum):
    """The interval of a series."""

    MINUTE = "minute"
    HALF_HOUR = "half_hour"
    HOUR = "hour"
    DAY = "day"

    @property
    def length(self) -> timedelta:
        """The interval's length."""
        return _LENGTHS[self]


_LENGTHS: Final = {
    Granularity.MINUTE: timedelta(minutes=1),
    Granularity.HALF_HOUR: timedelta(minutes=30),
    Granularity.HOUR: timedelta(hours=1),
    Granularity.DAY: timedelta(days=1),
}


class DataRequestStatus(StrEnum):
    """The status of a data request."""

    PENDING = "pending"
    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"


class WirePoint(msgspec.Struct, frozen=True, gc=False):
    """One point of a series in a response: its time, as `moment` reads it, and a value or None."""

    stamp: Number | str
    value: Number | None = None
    unit: str | None = None


class WireDataRequest(msgspec.Struct, frozen=True):
    """A data request in a response; right after its creation only id and status."""

    id: str
    status: str | None = None
    created: Number | str | None = None
    asset_ids: list[str] | None = None
    start: Number | str | None = msgspec.field(name="from", default=None)
    end: Number | str | None = msgspec.field(name="to", default=None)
    granularity: str | None = None
    type: str | None = None


class WireLink(msgspec.Struct, frozen=True):
    """The link of a data request in a response."""

    url: str
    expires_in: Number | None = None


def telemetry_path(asset_id: str, kind: str) -> str:
    """Return the path of an asset's telemetry; `kind` is aggregate or instantaneous."""
    return f"/asset/{path_segment(asset_id)}/telemetry/{kind}"


def telemetry_query(
    of_type: TelemetryType, start: datetime, end: datetime, granularity: Granularity
) -> Mapping[str, str]:
    """Return the query of a telemetry request."""
    return {
        "type": of_type,
        "from": str(_unix_seconds(start)),
        "to": str(_unix_seconds(end)),
        "granularity": granularity,
    }


def data_request_body(
    asset_ids: Sequence[str],
    of_type: TelemetryType,
    start: datetime,
    end: datetime,
    granularity: Granularity,
) -> Mapping[str, object]:
    """Return the body that creates a data request."""
    return {
        "asset_ids": list(asset_ids),
        "from": _unix_seconds(start),
        "to": _unix_seconds(end),
        "granularity": granularity,
        "type": of_type,
    }


def data_request_path(request_id: str) -> str:
    """Return the path of one data request."""
    return DATA_REQUESTS_PATH + path_segment(request_id)


def data_request_link_path(request_id: str) -> str:
    """Return the path that creates a download link for a data request."""
    return f"{data_request_path(request_id)}/link"


def data_request_link_body(seconds: int) -> Mapping[str, object]:
    """Return the body that asks for a link of a data request that can be shared for a while."""
    return {"expires_in": seconds}


def data_request_status(text: str | None) -> DataRequestStatus:
    """Return the status; an unknown word means pending."""
    try:
        return DataRequestStatus((text or DataRequestStatus.PENDING).strip().casefold())
    except ValueError:
        return DataRequestStatus.PROCESSING


def _unix_seconds(when: datetime) -> int:
    return int(when.timestamp())
