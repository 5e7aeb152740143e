"""Join what follows one another without interruption."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime


def spells[ItemT, TimeT: (datetime, float)](
    items: Iterable[ItemT], start: Callable[[ItemT], TimeT], end: Callable[[ItemT], TimeT]
) -> Iterator[list[ItemT]]:
    """Yield the items of each spell: each begins no later than the one before ends.

    Args:
        items: in order of time.
        start: returns when an item begins.
        end: returns when it ends.
    """
    spell = list[ItemT]()
    for item in items:
        if spell and start(item) > end(spell[-1]):
            yield spell
            spell = []
        spell.append(item)
    if spell:
        yield spell
