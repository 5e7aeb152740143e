"""Lists that are paged, and how they trap who follows them."""

import asyncio
from dataclasses import dataclass, field

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.gridduck_heimdall.api.errors import ServerError
from custom_components.gridduck_heimdall.api.gridduck import Asset, IncompleteReason
from custom_components.gridduck_heimdall.api.gridduck.envelope import Page, Pagination
from custom_components.gridduck_heimdall.api.gridduck.paging import (
    AT_ONCE,
    LIMITS,
    RETRY_DELAY,
    PageLimit,
    async_all_pages,
)


def assets(*numbers: int) -> tuple[Asset, ...]:
    return tuple(Asset(id=str(number)) for number in numbers)


@dataclass
class Server:
    """Serves a list of `size` entries in pages of `most`."""

    size: int
    most: int = 100
    says_total: int | None = None
    says_limit: int | None = None
    ignores_offset: bool = False
    malformed: int = 0
    asked: list[tuple[int, int | None]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    async def fetch(self, offset: int, limit: int | None) -> Page[Asset]:
        self.asked.append((offset, limit))
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        await asyncio.sleep(0.001)
        self.at_once -= 1
        start = 0 if self.ignores_offset else offset
        numbers = range(self.size)[start : start + min(limit or 25, self.most)]
        pagination = Pagination(offset, self.says_limit, self.says_total)
        malformed = min(self.malformed, len(numbers))
        return Page(assets(*numbers[malformed:]), len(numbers), pagination, None)


async def test_one_page() -> None:
    server = Server(3, says_total=3, says_limit=100)
    listing = await async_all_pages(server.fetch)
    assert listing.assets == assets(0, 1, 2)
    assert (listing.malformed, listing.total, listing.complete) == (0, 3, True)
    assert listing.pages == 1
    assert server.asked == [(0, 100)]


async def test_many_pages_in_parallel() -> None:
    server = Server(1050, says_total=1050, says_limit=100)
    listing = await async_all_pages(server.fetch)
    assert listing.assets == assets(*range(1050))
    assert listing.complete
    assert sorted(server.asked) == [(offset, 100) for offset in range(0, 1050, 100)]
    assert server.most_at_once == AT_ONCE


async def test_a_list_that_grows_meanwhile() -> None:
    """The largest total counts, whichever page says it."""
    server = Server(250, says_limit=100)

    async def fetch(offset: int, limit: int | None) -> Page[Asset]:
        server.says_total = 250 if offset == 100 else 150
        return await server.fetch(offset, limit)

    listing = await async_all_pages(fetch)
    assert listing.assets == assets(*range(250))
    assert (listing.total, listing.complete) == (250, True)


async def test_the_limit_that_is_given_counts() -> None:
    server = Server(60, most=25, says_total=60, says_limit=25)
    assert len((await async_all_pages(server.fetch)).assets) == 60
    assert sorted(server.asked) == [(0, 100), (25, 25), (50, 25)]


async def test_a_limit_that_is_only_repeated() -> None:
    server = Server(60, most=25, says_total=60, says_limit=100)
    assert len((await async_all_pages(server.fetch)).assets) == 60


@pytest.mark.parametrize("most", [5, 10, 20])
async def test_pages_smaller_than_the_default_that_repeat_the_limit(most: int) -> None:
    server = Server(65, most=most, says_total=65, says_limit=100)
    listing = await async_all_pages(server.fetch)
    assert len(listing.assets) == 65
    assert listing.complete
    assert len(server.asked) == -(-65 // most)


async def test_a_first_page_with_almost_nothing() -> None:
    """One entry at a time would take thousands of requests."""
    server = Server(5000, most=1, says_total=5000, says_limit=100)
    assert (await async_all_pages(server.fetch)).incomplete is IncompleteReason.MISSING
    assert len(server.asked) <= 210


@pytest.mark.parametrize("says_total", [None, 120])
async def test_pages_larger_than_the_limit_that_they_name(says_total: int | None) -> None:
    server = Server(120, most=50, says_total=says_total, says_limit=1)
    listing = await async_all_pages(server.fetch)
    assert len(listing.assets) == 120
    assert listing.complete
    assert len(server.asked) == 3


async def test_a_small_limit() -> None:
    server = Server(7, most=3, says_total=7, says_limit=3)
    assert len((await async_all_pages(server.fetch)).assets) == 7


@pytest.mark.parametrize("limit", [None, 0, -1])
async def test_no_limit(limit: int | None) -> None:
    server = Server(60, most=20, says_total=60, says_limit=limit)
    assert len((await async_all_pages(server.fetch)).assets) == 60
    assert len(server.asked) == 3


@pytest.mark.parametrize("total", [None, -1])
@pytest.mark.parametrize(("size", "requests"), [(0, 1), (20, 2), (60, 4), (70, 4)])
async def test_no_pagination(total: int | None, size: int, requests: int) -> None:
    server = Server(size, most=20, says_total=total)
    listing = await async_all_pages(server.fetch)
    assert len(listing.assets) == size
    assert (listing.total, listing.complete) == (None, True)
    assert len(server.asked) == requests


async def test_no_total_and_one_entry_a_page() -> None:
    """The empty page that ends the list repeats nothing."""
    listing = await async_all_pages(Server(5, most=1, says_limit=1).fetch)
    assert (len(listing.assets), listing.complete) == (5, True)


async def test_no_total_and_a_short_page() -> None:
    server = Server(3, says_limit=100)
    assert (await async_all_pages(server.fetch)).complete
    assert len(server.asked) == 1


@pytest.mark.parametrize("total", [None, 10_000])
async def test_offsets_that_are_ignored(total: int | None) -> None:
    server = Server(500, says_total=total, says_limit=100, ignores_offset=True)
    listing = await async_all_pages(server.fetch)
    assert listing.assets == assets(*range(100))
    assert listing.incomplete is IncompleteReason.REPEATED
    assert len(server.asked) <= 1 + AT_ONCE


async def test_a_total_that_promises_too_much() -> None:
    server = Server(150, says_total=10_000, says_limit=100)
    listing = await async_all_pages(server.fetch)
    assert len(listing.assets) == 150
    assert listing.incomplete is IncompleteReason.MISSING
    assert len(server.asked) <= 2 + 2 * AT_ONCE


async def test_an_empty_first_page() -> None:
    server = Server(0, says_total=10, says_limit=100)
    listing = await async_all_pages(server.fetch)
    assert listing.assets == ()
    assert not listing.complete
    assert len(server.asked) == 1


@pytest.mark.parametrize("total", [None, 10**30])
async def test_it_ends(total: int | None) -> None:
    server = Server(10**6, most=1, says_total=total, says_limit=1)
    listing = await async_all_pages(server.fetch)
    assert len(server.asked) == 1000
    assert len(listing.assets) == 1000
    assert not listing.complete


async def test_malformed_entries_count() -> None:
    server = Server(150, says_total=150, says_limit=100, malformed=2)
    listing = await async_all_pages(server.fetch)
    assert len(listing.assets) == 146
    assert listing.malformed == 4
    assert listing.complete


async def test_pages_of_malformed_entries_do_not_end_it() -> None:
    server = Server(60, most=20, malformed=20)
    listing = await async_all_pages(server.fetch)
    assert (listing.assets, listing.malformed, listing.complete) == ((), 60, True)


async def test_the_last_copy_counts() -> None:
    pages = {
        0: (Asset(id="a", name="old"), Asset(id="b")),
        2: (Asset(id="a", name="new"), Asset(id="c")),
        4: (Asset(id="a", name="newest"),),
    }

    async def fetch(offset: int, _: int | None) -> Page[Asset]:
        return Page(pages[offset], len(pages[offset]), Pagination(offset, 2, 5), None)

    listing = await async_all_pages(fetch)
    assert listing.assets == (Asset(id="a", name="newest"), Asset(id="b"), Asset(id="c"))
    # Of five, two were shown twice: others may have been skipped.
    assert listing.incomplete is IncompleteReason.MISSING


@pytest.mark.parametrize("most", [1, 2])
async def test_offsets_that_are_ignored_with_few_items_a_page(most: int) -> None:
    server = Server(5, most=most, says_limit=most, ignores_offset=True)
    listing = await async_all_pages(server.fetch)
    assert (listing.assets, listing.incomplete) == (assets(*range(most)), IncompleteReason.REPEATED)
    assert len(server.asked) == 2


async def test_a_page_in_between_that_repeats_the_first() -> None:
    """Which entries it hides is unknown, whatever the pages after it show."""
    server = Server(300, says_limit=100, says_total=300)

    async def fetch(offset: int, limit: int | None) -> Page[Asset]:
        return await server.fetch(0 if offset == 100 else offset, limit)

    listing = await async_all_pages(fetch)
    assert listing.assets == assets(*range(100), *range(200, 300))
    assert listing.incomplete is IncompleteReason.REPEATED
    assert len(server.asked) == 3


async def test_an_entry_that_is_repeated_on_a_page_that_may_be_the_last() -> None:
    """A total that may be that of the page says nothing about the distance of the pages."""
    asked = list[int]()

    async def fetch(offset: int, _: int | None) -> Page[Asset]:
        asked.append(offset)
        items = () if offset else assets(*range(24), 23)
        return Page(items, len(items), Pagination(offset, 100, 25), None)

    await async_all_pages(fetch)
    assert asked == [0, 25]


async def test_one_page_fails() -> None:
    server = Server(2000, says_total=2000, says_limit=100)

    async def fetch(offset: int, limit: int | None) -> Page[Asset]:
        if offset == 300:
            raise ServerError("down", status=503)
        return await server.fetch(offset, limit)

    with pytest.raises(ServerError):
        await async_all_pages(fetch)
    assert len(server.asked) < 10


@pytest.mark.parametrize(
    ("size", "most", "total"),
    [
        *((150, 100, 10), (150, 100, 100), (150, 100, 149)),
        *((60, 25, 25), (60, 25, 50), (60, 25, 0), (160, 25, 150), (3, 1, 1)),
    ],
)
async def test_a_total_that_is_too_small(size: int, most: int, total: int) -> None:
    """Everything is found all the same, and that the list contradicts itself is known."""
    server = Server(size, most=most, says_total=total, says_limit=most)
    listing = await async_all_pages(server.fetch)
    assert len(listing.assets) == size
    assert listing.incomplete is IncompleteReason.CONTRADICTED
    assert len(server.asked) == size // most + 1


@pytest.mark.parametrize(("total", "requests"), [(25, 2), (50, 3), (150, 7), (525, 21)])
async def test_a_last_page_that_is_full(total: int, requests: int) -> None:
    """The next one is looked at, unless that would be one of many."""
    server = Server(total, most=25, says_total=total, says_limit=25)
    listing = await async_all_pages(server.fetch)
    assert (len(listing.assets), listing.complete) == (total, True)
    assert len(server.asked) == requests


@pytest.mark.parametrize("says_limit", [None, 0])
async def test_a_total_of_a_page_whose_limit_is_not_said(says_limit: int | None) -> None:
    server = Server(60, most=25, says_total=25, says_limit=says_limit)
    assert len((await async_all_pages(server.fetch)).assets) == 60


async def test_a_page_that_is_not_full_is_not_doubted() -> None:
    server = Server(40, says_total=40, says_limit=100)
    assert (await async_all_pages(server.fetch)).complete
    assert len(server.asked) == 1


async def test_a_total_of_a_page_whose_limit_is_only_repeated() -> None:
    server = Server(60, most=25, says_total=25, says_limit=100)
    assert len((await async_all_pages(server.fetch)).assets) == 60


async def test_offsets_that_are_ignored_where_one_page_is_all() -> None:
    server = Server(25, most=25, says_total=25, says_limit=25, ignores_offset=True)
    assert (await async_all_pages(server.fetch)).complete


@pytest.mark.parametrize("total", [None, 400])
async def test_an_offset_that_is_cut_to_the_last_page(total: int | None) -> None:
    """A page that was seen before ends it, whichever it repeats."""
    asked = list[int]()

    async def fetch(offset: int, _: int | None) -> Page[Asset]:
        asked.append(offset)
        start = min(offset, 200)
        return Page(assets(*range(start, start + 100)), 100, Pagination(start, 100, total), None)

    listing = await async_all_pages(fetch)
    assert len(listing.assets) == 300
    assert listing.incomplete is IncompleteReason.REPEATED
    assert len(asked) == 4


@pytest.mark.parametrize(
    ("size", "total", "says_limit", "incomplete"),
    [
        (20, 20, 25, None),
        (60, 60, 25, IncompleteReason.UNPAGED),
        (20, 10, 25, IncompleteReason.CONTRADICTED),
        (20, 60, 25, IncompleteReason.UNPAGED),
        (20, None, None, None),
        (20, None, 20, IncompleteReason.UNPAGED),
        (60, None, None, IncompleteReason.UNPAGED),
        (60, None, 25, IncompleteReason.UNPAGED),
    ],
)
async def test_without_a_query(
    size: int, total: int | None, says_limit: int | None, incomplete: IncompleteReason | None
) -> None:
    server = Server(size, most=25, says_total=total, says_limit=says_limit)
    listing = await async_all_pages(server.fetch, None)
    assert server.asked == [(0, None)]
    assert (listing.incomplete, listing.complete) == (incomplete, incomplete is None)


def test_the_best_limit_is_tried_first() -> None:
    limit = PageLimit()
    assert limit.accepted == LIMITS[0]
    assert [*limit.candidates()] == [*LIMITS]
    limit.accept(LIMITS[0])
    assert [*limit.candidates()] == [*LIMITS]


@pytest.mark.parametrize("number", [1, 2])
def test_a_refused_limit_is_tried_again_after_an_hour(
    freezer: FrozenDateTimeFactory, number: int
) -> None:
    limit = PageLimit()
    limit.accept(LIMITS[number])
    assert limit.accepted == LIMITS[number]
    freezer.tick(RETRY_DELAY - 1)
    assert [*limit.candidates()] == [*LIMITS[number:]]
    # Accepted once more, it does not put the retry off.
    limit.accept(LIMITS[number])
    freezer.tick(1)
    assert [*limit.candidates()] == [*LIMITS]
    # The retry was refused, too.
    limit.accept(LIMITS[number])
    freezer.tick(RETRY_DELAY - 1)
    assert [*limit.candidates()] == [*LIMITS[number:]]
    freezer.tick(1)
    assert [*limit.candidates()] == [*LIMITS]


def test_a_worse_limit_than_before_is_kept_for_an_hour(freezer: FrozenDateTimeFactory) -> None:
    limit = PageLimit()
    limit.accept(LIMITS[1])
    freezer.tick(RETRY_DELAY / 2)
    limit.accept(LIMITS[2])
    assert limit.accepted is None
    freezer.tick(RETRY_DELAY - 1)
    assert [*limit.candidates()] == [*LIMITS[2:]]
