"""Noise that is a pure function of seed, key and step: any time can be asked for at any moment."""

from functools import lru_cache
from hashlib import blake2b
import math
from typing import Final

_SCALE: Final = 1.0 / (1 << 64)


def digest(seed: int, key: str, step: int, size: int = 8) -> bytes:
    """Return `size` (1 to 64) random bytes of this seed, key and step."""
    return blake2b(f"{seed}|{key}|{step}".encode(), digest_size=size).digest()


@lru_cache(maxsize=65_536)
def unit(seed: int, key: str, step: int = 0) -> float:
    """Return a number of 0 up to (not including) 1."""
    return int.from_bytes(digest(seed, key, step), "big") * _SCALE


def between(seed: int, key: str, low: float, high: float, step: int = 0) -> float:
    """Return a number of `low` up to `high`."""
    return low + (high - low) * unit(seed, key, step)


def smooth(seed: int, key: str, at: float, period: float) -> float:
    """Return a number of 0 to 1 that changes smoothly with the time `at`.

    One independent value every `period` (the unit of `at`), joined by cosine interpolation.
    """
    position = at / period
    step = math.floor(position)
    weight = 0.5 - 0.5 * math.cos(math.pi * (position - step))
    return unit(seed, key, step) * (1.0 - weight) + unit(seed, key, step + 1) * weight
