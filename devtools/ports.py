"""Free ports on loopback."""

from dataclasses import replace
from itertools import islice
from pathlib import Path
from random import SystemRandom
import socket
from typing import Final

import msgspec

from .settings import HOST, Ports

# Entries hold the addresses of the clouds, which therefore stay the same from start to start.
_USUAL: Final = Ports(hass=8123, gridduck=18_123, heimdall=18_124)
_FILE: Final = "ports.json"
# The system gives these to no socket by itself: Home Assistant starts for seconds before it
# listens, and another program would get its port meanwhile.
_NOT_GIVEN: Final = range(20_000, 32_768)


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_ports() -> Ports:
    """Return three ports that nothing uses."""
    candidates = SystemRandom().sample(_NOT_GIVEN, len(_NOT_GIVEN))
    hass, gridduck, heimdall = islice(filter(is_free, candidates), 3)
    return Ports(hass=hass, gridduck=gridduck, heimdall=heimdall)


def read_ports(directory: Path) -> Ports | None:
    """Return the ports that the demo in this directory last used, or None where there is none."""
    try:
        return msgspec.json.decode((directory / _FILE).read_bytes(), type=Ports)
    except OSError, msgspec.DecodeError:
        return None


def reusable_ports(directory: Path) -> Ports | None:
    """Return the ports for one more start of the demo in this directory.

    Home Assistant's own port may change; those of the clouds may not, so None where something
    else has taken one of them.
    """
    ports = read_ports(directory)
    if ports is None or not (is_free(ports.gridduck) and is_free(ports.heimdall)):
        return None
    return replace(ports, hass=_or_free(ports.hass))


def usual_ports() -> Ports:
    """Return the usual ports, with a free one in the place of each that is taken."""
    return Ports(
        hass=_or_free(_USUAL.hass),
        gridduck=_or_free(_USUAL.gridduck),
        heimdall=_or_free(_USUAL.heimdall),
    )


def store_ports(directory: Path, ports: Ports) -> None:
    """Keep the ports for the next start."""
    (directory / _FILE).write_bytes(msgspec.json.encode(ports))


def _or_free(port: int) -> int:
    return port if is_free(port) else free_ports().hass
