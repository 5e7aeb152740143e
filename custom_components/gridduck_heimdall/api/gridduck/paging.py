"""Page through a list by offset, ignoring its links.

Contract: gridduck-api.md, "List assets", its traps.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from ..concurrency import async_for_each
from .assumed import PAGE_LIMIT
from .const import DEFAULT_LIMIT
from .envelope import Page
from .models import Asset, AssetList, IncompleteReason

AT_ONCE: Final = 6
"""Concurrent page requests."""
MOST_PAGES: Final = 1000
"""Maximum number of pages, whatever the total."""
MOST_SHORT_PAGES: Final = 200
"""Maximum number of pages of a list whose first page is shorter than its limit.

The offsets advance by the size of that page, or by more in a list that would need more pages."""
CHECKED_PAGES: Final = 20
"""Number of pages up to which a total that equals the entries so far is not trusted.

If the pages are full, it may count the page instead of the list. In a longer list that is
improbable.
"""

LIMITS: Final = (PAGE_LIMIT, DEFAULT_LIMIT, None)
"""Page limits, best first; None sends no query, as in the guide."""
RETRY_DELAY: Final = 3600.0
"""Seconds after which a better limit is retried, as a refusal may have been transient."""

type Fetch = Callable[[int, int | None], Awaitable[Page[Asset]]]
"""Fetches the page at an offset with a limit; None sends no query."""


class PageLimit:
    """The best page limit that a server accepts."""

    def __init__(self) -> None:
        """Start with the best limit."""
        self._accepted = 0
        self._retry_at = 0.0

    @property
    def accepted(self) -> int | None:
        """The limit that was accepted last."""
        return LIMITS[self._accepted]

    def candidates(self) -> Sequence[int | None]:
        """Return the limits to try until one is accepted."""
        return LIMITS if monotonic() >= self._retry_at else LIMITS[self._accepted :]

    def accept(self, limit: int | None) -> None:
        """Record an accepted limit."""
        number = LIMITS.index(limit)
        if number != self._accepted or monotonic() >= self._retry_at:
            self._retry_at = monotonic() + RETRY_DELAY
        self._accepted = number


async def async_all_pages(fetch: Fetch, limit: int | None = PAGE_LIMIT) -> AssetList:
    """Fetch all pages of a list.

    The first page shows the total and the actual page size; the others are requested in parallel.
    As long as the last page is full, the next one is requested: a total that is too small or
    missing must not hide further entries.

    Args:
        fetch: gets one page.
        limit: the page limit; None fetches only the first page, without a query.

    Raises:
        ApiError: a page could not be fetched.
    """
    first = await fetch(0, limit)
    pages = _Pages(_step(first))
    pages.take(0, first)
    if limit is not None and first.entries:
        if (total := pages.total) is not None and total > pages.step:
            await _async_in_parallel(fetch, pages, total)
        while (offset := pages.next_offset) is not None:
            pages.take(offset, await fetch(offset, pages.step))
    return pages.listing(paged=limit is not None)


def _step(first: Page[Asset]) -> int:
    """Return the distance of the pages, so that none of their entries is skipped."""
    limit, total = first.pagination.limit, first.pagination.total
    # An entry that is repeated does not count.
    size = len({item.id for item in first.items}) + first.entries - len(first.items)
    if limit is None or limit <= size:
        return size
    if total is not None and total > first.entries:
        # The page is shorter than its limit, though there are more entries.
        return min(limit, max(size, -(-total // MOST_SHORT_PAGES)))
    return min(limit, max(size, DEFAULT_LIMIT))


@dataclass(slots=True)
class _Pages:
    """The pages of one list, by offset.

    Attributes:
        step: their distance.
        repeated: whether a page contained only known items: offsets are ignored or limited.
    """

    step: int
    repeated: bool = False
    _pages: dict[int, Page[Asset]] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)

    @property
    def total(self) -> int | None:
        """The total according to the pages; the list may grow meanwhile."""
        totals = [page.pagination.total for page in self._pages.values()]
        return max([one for one in totals if one is not None and one >= 0], default=None)

    @property
    def next_offset(self) -> int | None:
        """The offset of the next page; None after the last."""
        if self._ended or self.repeated or len(self._pages) >= MOST_PAGES:
            return None
        if self.total == sum(page.entries for page in self._pages.values()) and not self._doubtful:
            return None
        return max(self._pages) + self.step

    def take(self, offset: int, page: Page[Asset]) -> bool:
        """Add a page, and return whether it contained new items."""
        self._pages[offset] = page
        ids = {item.id for item in page.items}
        # If a list changes while it is paged, the last entry of a page may be repeated.
        again = ids <= self._seen and (len(ids) > 1 or (bool(ids) and self.step == 1))
        self._seen |= ids
        self.repeated = self.repeated or again
        return bool(page.entries) and not again

    def listing(self, *, paged: bool) -> AssetList:
        """Merge the pages; of duplicates the last copy counts."""
        pages = [self._pages[offset] for offset in sorted(self._pages)]
        found = {item.id: item for page in pages for item in page.items}
        malformed = sum([page.entries - len(page.items) for page in pages])
        incomplete = self._why_incomplete(len(found) + malformed, paged=paged)
        return AssetList(
            assets=tuple(found.values()),
            malformed=malformed,
            total=self.total,
            incomplete=incomplete,
            pages=len(pages),
        )

    def _why_incomplete(self, found: int, *, paged: bool) -> IncompleteReason | None:
        total = self.total
        if found == total:
            return None
        if total is not None and found > total:
            return IncompleteReason.CONTRADICTED
        if not paged:
            # Without a total, a full page may have been truncated.
            full = found in {self._pages[0].pagination.limit, DEFAULT_LIMIT}
            return IncompleteReason.UNPAGED if total is not None or full else None
        if self.repeated:
            return IncompleteReason.REPEATED
        return None if total is None and self._ended else IncompleteReason.MISSING

    @property
    def _doubtful(self) -> bool:
        """Whether a total may count the page instead of the list."""
        first = self._pages[0]
        limit = first.pagination.limit or 0
        full = first.entries == DEFAULT_LIMIT or 0 < limit <= first.entries
        return full and len(self._pages) <= CHECKED_PAGES

    @property
    def _ended(self) -> bool:
        """Whether the last page was not full."""
        last = self._pages[max(self._pages)]
        return last.entries < max(self.step, 1)


async def _async_in_parallel(fetch: Fetch, pages: _Pages, total: int) -> None:
    """Fetch the pages after the first, up to the total or an empty page."""
    past_end = False

    async def async_get(offset: int) -> None:
        nonlocal past_end
        page = await fetch(offset, pages.step)
        past_end = not pages.take(offset, page) or past_end

    offsets = range(pages.step, total, pages.step)[: MOST_PAGES - 1]
    await async_for_each(offsets, async_get, limit=AT_ONCE, stop=lambda: past_end)
