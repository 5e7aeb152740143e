"""Client of the GridDuck API.

Contract: gridduck-api.md.
"""

from ..override import Override, RunningOverride
from .assumed import DataRequestStatus, Feature, Granularity, TelemetryType
from .client import GridDuckClient
from .const import (
    AUTH_PATH,
    BASE_URL,
    SCOPE_REQUESTS,
    SCOPES_CONTROL,
    SCOPES_OF_CONTROL,
    SCOPES_VIEW,
)
from .models import Asset, AssetList, DataLink, DataRequest, DataRequestList, IncompleteReason
from .telemetry import TelemetryPoint, TelemetrySeries

__all__ = [
    "AUTH_PATH",
    "BASE_URL",
    "SCOPES_CONTROL",
    "SCOPES_OF_CONTROL",
    "SCOPES_VIEW",
    "SCOPE_REQUESTS",
    "Asset",
    "AssetList",
    "DataLink",
    "DataRequest",
    "DataRequestList",
    "DataRequestStatus",
    "Feature",
    "Granularity",
    "GridDuckClient",
    "IncompleteReason",
    "Override",
    "RunningOverride",
    "TelemetryPoint",
    "TelemetrySeries",
    "TelemetryType",
]
