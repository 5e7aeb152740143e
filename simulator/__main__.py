"""Run both services on loopback: `python -m simulator`."""

import argparse
import asyncio
import signal
import sys

import msgspec

from .options import Options
from .server import Simulator, running


def parse_options(arguments: list[str] | None = None) -> Options:
    """Return the options of a command line; exit with a message where it is wrong."""
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    defaults = Options()
    texts = {
        "gridduck_port": "port of the GridDuck service (0: any free one)",
        "heimdall_port": "port of the Heimdall service (0: any free one)",
        "sites": "GridDuck sites",
        "assets": "GridDuck assets",
        "lines": "instrumented Heimdall lines",
        "feeders": "lines that carry the load of a GridDuck site of their own, 0 or 1",
        "seed": "another seed is another world",
        "latency_ms": "how long every answer is held back",
        "real_time_seconds": "real seconds between messages of GridDuck's WebSocket (0: none)",
        "speed": "simulated seconds in a real second",
        "evening_in": "minutes until the feeder's evening begins (0: half past four UTC)",
        "evening_lasts": "minutes that the feeder's evening lasts",
        "current_window": "minutes that a current is the highest of: sliding or aligned",
        "forecast_start": "when forecasts of ratings begin: hour (the next) or issue",
        "tempo": "how many times faster than usual the feeder is measured and switched",
    }
    for name, text in texts.items():
        default = getattr(defaults, name)
        parser.add_argument(
            f"--{name.replace('_', '-')}",
            type=type(default),
            default=default,
            metavar="N",
            help=f"{text}; default {default}",
        )
    try:
        return Options(**vars(parser.parse_args(arguments)))
    except ValueError as error:
        parser.error(str(error))


def ready_line(simulator: Simulator) -> str:
    """Return the JSON line that says where the services are and how to log in."""
    gridduck, heimdall = simulator.gridduck, simulator.heimdall
    line = {
        "gridduck": {
            "base_url": gridduck.base_url,
            "client_id": gridduck.client_id,
            "client_secret": gridduck.client_secret,
        },
        "heimdall": {
            "base_url": heimdall.base_url,
            "token_url": heimdall.token_url,
            "scope": heimdall.scope,
            "client_id": heimdall.client_id,
            "client_secret": heimdall.client_secret,
        },
    }
    return msgspec.json.encode(line).decode()


async def serve(options: Options) -> None:
    """Serve until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with running(options) as simulator:
        sys.stdout.write(f"{ready_line(simulator)}\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> int:
    """Run the simulator; return the exit status."""
    options = parse_options()
    try:
        asyncio.run(serve(options))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"simulator: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
