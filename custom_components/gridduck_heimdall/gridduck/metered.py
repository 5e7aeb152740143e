"""A transport that knows how many requests it was used for."""

from collections import Counter
from collections.abc import Mapping
from typing import override

from ..api.gridduck.const import ASSETS_PATH
from ..api.transport import DEFAULT_LIMIT_BYTES, Transport


class MeteredTransport(Transport):
    """Count the requests by kind: the call budget is kept by what was really asked.

    Attributes:
        calls: requests so far, by kind: list, control, telemetry or other. Repeats of a request
            that failed are not counted.
    """

    calls: Counter[str]

    @override
    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: object = None,
        limit_bytes: int = DEFAULT_LIMIT_BYTES,
    ) -> bytes:
        """Count and send one request; as `Transport.request`."""
        self.calls[_kind(method, path)] += 1
        return await super().request(
            method, path, params=params, json=json, limit_bytes=limit_bytes
        )


def _kind(method: str, path: str) -> str:
    if path == ASSETS_PATH:
        return "list"
    if not path.startswith(ASSETS_PATH):
        return "other"
    return "control" if method == "PUT" else "telemetry"
