"""The vendor's Python SDK, in an environment of its own: it cannot be in ours.

It pins what Home Assistant excludes.
"""

from typing import Final

PYTHON: Final = ".cache/sdk/bin/python"
"""The interpreter of that environment; `script/benchmark` makes it."""
