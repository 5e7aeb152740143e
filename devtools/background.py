"""Run an asynchronous context manager beside code that has no event loop, or another one."""

import asyncio
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from threading import Thread


@contextmanager
def in_background[T](context: AbstractAsyncContextManager[T, bool | None]) -> Iterator[T]:
    """Enter the context on an event loop of its own thread, and leave it there at the end.

    The thread lives as long as the context: a child process ends with the thread that started it.
    """
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="devtools")
    thread.start()
    try:
        value = asyncio.run_coroutine_threadsafe(_enter(context), loop).result()
        try:
            yield value
        finally:
            asyncio.run_coroutine_threadsafe(_leave(context), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _enter[T](context: AbstractAsyncContextManager[T, bool | None]) -> T:
    return await context.__aenter__()


async def _leave(context: AbstractAsyncContextManager[object, bool | None]) -> None:
    await context.__aexit__(None, None, None)
