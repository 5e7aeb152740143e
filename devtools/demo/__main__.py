"""Start the demo from the command line: `script/demo [--fresh] [--story] [--check]`."""

import argparse
import asyncio
from collections.abc import Coroutine
import signal
import sys

from ..settings import LaunchError
from .check import check
from .serve import serve
from .story_run import tell_story


def main() -> int:
    """Run the demo, or check it; return the exit status."""
    parser = argparse.ArgumentParser(prog="script/demo", description=__doc__)
    parser.add_argument("--fresh", action="store_true", help="forget the demo's former state")
    parser.add_argument(
        "--story", action="store_true", help="let a line's evening peak come and go in minutes"
    )
    parser.add_argument("--check", action="store_true", help="start it, check it, end it")
    arguments = parser.parse_args()
    try:
        return asyncio.run(_until_signal(_work(arguments)))
    except LaunchError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1


def _work(arguments: argparse.Namespace) -> Coroutine[None, None, int]:
    if arguments.story:
        return tell_story(checked=arguments.check)
    return check() if arguments.check else _serve(fresh=arguments.fresh)


async def _serve(*, fresh: bool) -> int:
    await serve(fresh=fresh)
    return 0


async def _until_signal(work: Coroutine[None, None, int]) -> int:
    """Run the work; a signal ends it in order, with all that it started."""
    task = asyncio.create_task(work)
    received: list[signal.Signals] = []

    def end(number: signal.Signals) -> None:
        received.append(number)
        task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, end, number)
    try:
        return await task
    except asyncio.CancelledError:
        # Ctrl-C is how one ends it; any other signal shows in the exit status.
        return 0 if received == [signal.SIGINT] else 128 + received[0]


if __name__ == "__main__":
    sys.exit(main())
