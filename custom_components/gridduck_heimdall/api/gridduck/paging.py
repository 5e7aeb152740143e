"""Page through a list by offset, whatever its links say.

Contract: gridduck-api.md, "List assets", its traps.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Final

from .assumed import PAGE_LIMIT
from .const import DEFAULT_LIMIT
from .envelope import Identified, Page

AT_ONCE: Final = 6
"""Pages that are asked for at the same time."""
MOST_PAGES: Final = 1000
"""Pages that are asked for at most, whatever the service says there is."""

type Fetch[T] = Callable[[int, int], Awaitable[Page[T]]]
"""Gets the page at an offset with a limit."""


@dataclass(frozen=True, slots=True)
class Listing[T]:
    """A whole list; fields as `models.AssetList`."""

    items: tuple[T, ...]
    malformed: int
    total: int | None
    complete: bool


async def async_all_pages[T: Identified](fetch: Fetch[T]) -> Listing[T]:
    """Get every page of a list.

    The first page tells how many entries there are and how many a page really has; the others
    are asked for in parallel. Where it tells no total, one page follows another while they
    come full.

    Raises:
        ApiError: a page could not be had.
    """
    first = await fetch(0, PAGE_LIMIT)
    total = first.pagination.total
    if total is None or total < 0:
        rest, ended = await _async_one_by_one(fetch, first)
        return _listing([first, *rest], None, ended=ended)
    rest = await _async_in_parallel(fetch, first, total)
    return _listing([first, *rest], total, ended=True)


def _step(page: Page[Identified]) -> int:
    """Return how far apart pages are.

    The limit that the service names counts; but one that names what it was asked for and gives
    less must not make us skip what lies between.
    """
    limit = page.pagination.limit
    if limit is None or limit <= 0:
        return page.entries
    return min(limit, max(page.entries, DEFAULT_LIMIT))


def _repeats(page: Page[Identified], first: Page[Identified]) -> bool:
    """Tell whether a page holds nothing but what the first did: offsets are ignored."""
    return bool(page.items) and _ids(page.items) <= _ids(first.items)


def _ids(items: Iterable[Identified]) -> frozenset[str]:
    return frozenset(item.id for item in items)


async def _async_one_by_one[T: Identified](
    fetch: Fetch[T], first: Page[T]
) -> tuple[list[Page[T]], bool]:
    """Return the pages after the first, and whether their end was reached."""
    step = _step(first)
    rest: list[Page[T]] = []
    if not first.entries or first.entries < step:
        return rest, True
    for number in range(1, MOST_PAGES):
        page = await fetch(number * step, step)
        rest.append(page)
        if page.entries < step:
            return rest, True
        if _repeats(page, first):
            return rest, False
    return rest, False


async def _async_in_parallel[T: Identified](
    fetch: Fetch[T], first: Page[T], total: int
) -> list[Page[T]]:
    """Return the pages after the first, in the order of the list."""
    if not first.entries:
        return []
    step = _step(first)
    offsets = iter(range(step, total, step)[: MOST_PAGES - 1])
    pages: dict[int, Page[T]] = {}
    past_end = False

    async def async_work() -> None:
        nonlocal past_end
        for offset in offsets:
            pages[offset] = page = await fetch(offset, step)
            past_end = past_end or not page.entries or _repeats(page, first)
            if past_end:
                return

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(async_work())
    except ExceptionGroup as errors:
        # The first failure ended the others.
        raise errors.exceptions[0] from None
    return [pages[offset] for offset in sorted(pages)]


def _listing[T: Identified](pages: list[Page[T]], total: int | None, *, ended: bool) -> Listing[T]:
    """Put pages together: each item once, of a duplicate the last copy."""
    found = {item.id: item for item in chain.from_iterable(page.items for page in pages)}
    malformed = sum(page.malformed for page in pages)
    enough = total is None or len(found) + malformed >= total
    return Listing(tuple(found.values()), malformed, total, complete=ended and enough)
