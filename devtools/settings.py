"""Settings that all launchers share."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

type Service = Literal["gridduck", "heimdall"]

ROOT: Final = Path(__file__).resolve().parents[1]
DOMAIN: Final = "gridduck_heimdall"
HOST: Final = "127.0.0.1"
CHECKED: Final = ROOT / ".demo-check"
"""Where a demo runs that ends by itself."""
PACKAGE: Final = "GRIDDUCK_HEIMDALL_ZIP"
"""The variable with the zip that is installed instead of the source, where it is set."""
WORLD: Final = ("--feeders=1",)
"""What the simulator is started with, besides its ports."""
SERVICES: Final[tuple[Service, ...]] = ("gridduck", "heimdall")


class LaunchError(Exception):
    """A process did not start, or refused; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The ports on loopback of one Home Assistant and its clouds."""

    hass: int
    gridduck: int
    heimdall: int
