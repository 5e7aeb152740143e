"""What the parts of the demo agree on."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

type Service = Literal["gridduck", "heimdall"]

ROOT: Final = Path(__file__).resolve().parents[2]
DOMAIN: Final = "gridduck_heimdall"
HOST: Final = "127.0.0.1"
WORLD: Final = ("--feeders=1",)
"""What the simulator is started with, besides its ports."""
SERVICES: Final[tuple[Service, ...]] = ("gridduck", "heimdall")


class DemoError(Exception):
    """The demo cannot go on; the message says why in plain words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The ports on loopback that a demo uses."""

    hass: int
    gridduck: int
    heimdall: int
