"""Process items concurrently, up to a limit."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable


def _never() -> bool:
    return False


async def async_for_each[ItemT](
    items: Iterable[ItemT],
    work: Callable[[ItemT], Awaitable[None]],
    *,
    limit: int,
    stop: Callable[[], bool] = _never,
) -> None:
    """Run `work` on each item, at most `limit` of them at a time.

    Items are taken from the iterable in order, each when a worker is free. The first failure
    cancels the other workers.

    Args:
        items: the items; they may be computed during iteration.
        work: processes one item.
        limit: the number of workers.
        stop: returns whether to skip the remaining items; called before each.

    Raises:
        Exception: what `work` raised first, bare rather than in an `ExceptionGroup`.
    """
    waiting = iter(items)

    async def async_work() -> None:
        while not stop():
            try:
                item = next(waiting)
            except StopIteration:
                return
            await work(item)

    try:
        async with asyncio.TaskGroup() as workers:
            for _ in range(limit):
                workers.create_task(async_work())
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
