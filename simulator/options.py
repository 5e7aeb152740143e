"""What a simulation can be started with."""

from dataclasses import dataclass
from typing import Final

_RANGES: Final = {
    "gridduck_port": (0, 65_535),
    "heimdall_port": (0, 65_535),
    "sites": (1, 1_000),
    "assets": (0, 100_000),
    "lines": (1, 5_000),
    "feeders": (0, 1),
    "latency_ms": (0, 600_000),
    "real_time_seconds": (0, 3_600),
    "evening_in": (0, 1_440),
    "evening_lasts": (1, 720),
    "tempo": (1, 60),
}
_FIVE_MINUTES: Final = 300
CURRENT_WINDOWS: Final = ("sliding", "aligned")
FORECAST_STARTS: Final = ("hour", "issue")
_CHOICES: Final = {"current_window": CURRENT_WINDOWS, "forecast_start": FORECAST_STARTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Options of a simulation; a port of 0 takes any free one.

    A feeder is one line more, which carries the load of one site more. Its evening begins at half
    past four UTC, or in `evening_in` minutes where that is not 0, and lasts `evening_lasts`
    minutes. `tempo` is how many times faster than usual the feeder is measured, and how many
    times shorter its site's assets have to be on before they may be switched off. Every
    `real_time_seconds` the WebSocket of GridDuck sends what has changed; never where that is 0. The
    current of a line is the highest of five minutes: of the last five in each minute where
    `current_window` is `sliding`, of each five of the clock where it is `aligned`. Forecasts of
    ratings begin with the first full hour after they were made where `forecast_start` is `hour`,
    when they were made where it is `issue`.
    """

    gridduck_port: int = 0
    heimdall_port: int = 0
    sites: int = 3
    assets: int = 24
    lines: int = 6
    feeders: int = 0
    seed: int = 1
    latency_ms: int = 0
    real_time_seconds: float = 0.0
    speed: float = 1.0
    evening_in: float = 0.0
    evening_lasts: float = 240.0
    tempo: int = 1
    current_window: str = "sliding"
    forecast_start: str = "hour"

    def __post_init__(self) -> None:
        """Raise ValueError for an impossible value."""
        for name, (lowest, highest) in _RANGES.items():
            value = getattr(self, name)
            if not lowest <= value <= highest:
                msg = f"{name} must be {lowest} to {highest}, not {value}"
                raise ValueError(msg)
        for name, choices in _CHOICES.items():
            if (value := getattr(self, name)) not in choices:
                msg = f"{name} must be {' or '.join(choices)}, not {value}"
                raise ValueError(msg)
        if _FIVE_MINUTES % self.tempo:
            msg = f"tempo must divide {_FIVE_MINUTES}, which {self.tempo} does not"
            raise ValueError(msg)
