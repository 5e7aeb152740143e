"""Groups of users of Home Assistant, by what they may do."""

from enum import StrEnum
from pathlib import Path

from devtools import folder


class Group(StrEnum):
    """What a user may do, by the id of their group."""

    USERS = "system-users"
    VIEWERS = "system-read-only"
    STRANGERS = "strangers"
    """May read nothing of the integration; Home Assistant itself has no such group."""


def add_strangers(directory: Path) -> None:
    """Add the group of those who may read next to nothing, before Home Assistant starts."""
    strangers = {
        "id": Group.STRANGERS,
        "name": "Strangers",
        "policy": {"entities": {"domains": {"person": {"read": True}}}},
    }
    auth = {"users": [], "groups": [strangers], "credentials": [], "refresh_tokens": []}
    folder.store(directory, "auth", 1, auth)
