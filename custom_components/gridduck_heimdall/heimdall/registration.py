"""What an account's choice leaves out, and how much another choice would register."""

import asyncio
from collections.abc import Collection, Iterator
from itertools import batched
from typing import TYPE_CHECKING, Final

from homeassistant.const import Platform

from ..core.entity_choice import EntityChoice
from ..core.registry_cleanup import EntityKey
from .catalog import DESCRIPTIONS
from .descriptions import AnyDescription
from .inventory import GridItem

if TYPE_CHECKING:
    from .backend import HeimdallAccount

_COUNTED_AT_ONCE: Final = 50
_ACCOUNT_ENTITIES: Final = 1


def excluded_entities(
    account: HeimdallAccount, choice: EntityChoice
) -> Iterator[Collection[EntityKey]]:
    """Yield what a choice leaves out of each device, existing or not.

    Where it is not the account's own choice, that is what it leaves out in addition.
    """
    own = choice == account.choice

    def excludes(subject: GridItem, description: AnyDescription) -> bool:
        return not account.registers(subject, description, choice) and (
            own or account.registers(subject, description)
        )

    for subject in tuple(account.assets.data.subjects.values()):
        yield [
            EntityKey(
                platform,
                account.unique_id(subject, description),
                description.entity_registry_enabled_default,
            )
            for platform, description in _described(subject)
            if excludes(subject, description)
        ]


async def async_count_enabled(account: HeimdallAccount, choice: EntityChoice) -> int:
    """Return how many entities a choice has enabled from the start, as things are now."""
    count = _ACCOUNT_ENTITIES
    subjects = tuple(account.assets.data.subjects.values())
    for some in batched(subjects, _COUNTED_AT_ONCE, strict=False):
        count += sum(_enabled(account, subject, choice) for subject in some)
        await asyncio.sleep(0)
    return count


def _enabled(account: HeimdallAccount, subject: GridItem, choice: EntityChoice) -> int:
    """Count what a subject would have; what is not asked for yet counts as if it had a value."""
    view = account.view(subject.identifier)
    return sum(
        description.entity_registry_enabled_default
        and account.registers(subject, description, choice)
        and (
            view is None
            or description.source.present(view)
            or not account.registers(subject, description)
        )
        for _, description in _described(subject)
    )


def _described(subject: GridItem) -> Iterator[tuple[Platform, AnyDescription]]:
    for platform, of_kind in DESCRIPTIONS.items():
        for description in of_kind.get(subject.kind, ()):
            yield platform, description
