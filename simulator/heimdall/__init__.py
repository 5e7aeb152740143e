"""The simulated Heimdall Power service. Contract: heimdall-api.md."""

from .service import HeimdallService

__all__ = ["HeimdallService"]
