"""Client for the Heimdall Power External API. Contract: heimdall-api.md."""

from .client import MAX_PARALLEL, HeimdallClient
from .endpoint import Endpoint, ResponseKind, Target
from .endpoints import ENDPOINTS
from .headers import region_headers
from .parameters import Include, Parameters, Quantity, UnitSystem

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
