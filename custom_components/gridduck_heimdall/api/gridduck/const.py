"""Documented endpoints and fields of GridDuck.

Contract: gridduck-api.md, Part 1.
"""

from typing import Final

BASE_URL: Final = "https://v2.api.gridduck.com"
AUTH_PATH: Final = "/oauth/token"
ASSETS_PATH: Final = "/asset/"
DEFAULT_LIMIT: Final = 25
"""Default page size."""

SCOPES_VIEW: Final = frozenset({"site:view", "asset:view"})
SCOPES_OF_CONTROL: Final = frozenset({"asset:boost_snooze", "asset:edit"})
"""Scopes of which each permits boost and snooze."""
SCOPES_CONTROL: Final = SCOPES_VIEW | SCOPES_OF_CONTROL

SCOPE_REQUESTS: Final = (
    "site:view asset:view asset:boost_snooze asset:edit",
    "site:view asset:view asset:boost_snooze",
    "site:view asset:view asset:edit",
    "site:view asset:view",
    "asset:view asset:boost_snooze",
    "asset:view asset:edit",
    "asset:view",
)
"""Scopes to request, in order, until one is granted.

A server may refuse a request with a scope that the application lacks. No request needs
`site:view`, so the scopes after the fourth omit it.
"""

SNOOZE_FIELD: Final = "snooze_finish"

POINTS_AGGREGATE: Final = 1000
"""Maximum points of an aggregate request."""
POINTS_INSTANTANEOUS: Final = 48
"""Maximum points of an instantaneous request."""
