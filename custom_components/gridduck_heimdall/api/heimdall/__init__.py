"""Client for the Heimdall Power External API. Contract: heimdall-api.md."""

from .client import MAX_PARALLEL, HeimdallClient, region_headers
from .endpoint import Endpoint, Include, Parameters, Quantity, ResponseKind, Target
from .endpoints import ENDPOINTS
from .units import UnitSystem

__all__ = [
    "ENDPOINTS",
    "MAX_PARALLEL",
    "Endpoint",
    "HeimdallClient",
    "Include",
    "Parameters",
    "Quantity",
    "ResponseKind",
    "Target",
    "UnitSystem",
    "region_headers",
]
