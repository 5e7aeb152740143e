"""Start the demo from the command line: `script/demo [--fresh] [--story]`."""

import argparse
import asyncio
from collections.abc import Coroutine
import signal
import sys

from ..settings import LaunchError
from .serve import serve
from .story_run import watch


def main() -> int:
    """Run the demo; return the exit status."""
    parser = argparse.ArgumentParser(prog="script/demo", description=__doc__)
    parser.add_argument("--fresh", action="store_true", help="forget the demo's former state")
    parser.add_argument(
        "--story", action="store_true", help="let a line's evening peak come and go in minutes"
    )
    arguments = parser.parse_args()
    try:
        return asyncio.run(
            _until_signal(watch() if arguments.story else serve(fresh=arguments.fresh))
        )
    except LaunchError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1


async def _until_signal(work: Coroutine[None, None, None]) -> int:
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
        await task
    except asyncio.CancelledError:
        # Ctrl-C is how one ends it; any other signal shows in the exit status.
        return 0 if received == [signal.SIGINT] else 128 + received[0]
    return 0


if __name__ == "__main__":
    sys.exit(main())
