"""Stands in for the noise filter of this name, which would have to be compiled.

Home Assistant cannot describe its actions without importing it; the demo never listens.
"""


class AudioProcessor:
    """Filters nothing."""

    def __init__(self, auto_gain: float, noise_suppression: int) -> None:
        """Refuse to be used."""
        raise NotImplementedError("The demo has no voice assistant")
