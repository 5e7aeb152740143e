"""What GridDuck documents.

Contract: gridduck-api.md, Part 1.
"""

from typing import Final

BASE_URL: Final = "https://v2.api.gridduck.com"
AUTH_PATH: Final = "/oauth/token"
ASSETS_PATH: Final = "/asset/"
DEFAULT_LIMIT: Final = 25
"""Entries of a page where no limit is asked for."""

SCOPES_VIEW: Final = frozenset({"site:view", "asset:view"})
SCOPES_CONTROL: Final = SCOPES_VIEW | {"asset:boost_snooze"}

SNOOZE_FIELD: Final = "snooze_finish"

POINTS_AGGREGATE: Final = 1000
"""Most points of one aggregate request."""
POINTS_INSTANTANEOUS: Final = 48
"""Most points of one instantaneous request."""
