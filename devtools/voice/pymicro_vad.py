"""Stands in for the voice detector of this name, which would have to be compiled.

Home Assistant cannot describe its actions without importing it; the demo never listens.
"""


class MicroVad:
    """Detects nothing."""

    def __init__(self) -> None:
        """Refuse to be used."""
        raise NotImplementedError("The demo has no voice assistant")
