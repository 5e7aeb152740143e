"""Make pytest-homeassistant-custom-component 0.13.375 run on Home Assistant 2026.11.

Loaded with `-p tests.plugin` before the others. Two things moved in 2026.11: `httpx` and
`voluptuous` are aliased when `homeassistant` is imported, which must therefore come first; and
`_clear_logger_overwrites` went from `components.logger` to `components.logger.helpers`.
Delete this part when a release of the plugin for 2026.11 exists.

The plugin runs every test with asyncio's debug mode, which keeps the whole stack of each future,
task and callback: 40 % of the suite's processor time. Its checks are wanted, such long stacks are
not, so that one frame of each is kept (`PYTHONASYNCIOSTACKS=1` keeps all of them).

It also adds the option `--recorder-server`, which `script/test-databases` gives.
"""

import os
import sys
import traceback
from types import FrameType

_extract_stack = traceback.extract_stack


def _one_frame(f: FrameType | None = None, limit: int | None = None) -> traceback.StackSummary:
    """Return the frame that asked, and none of those above it."""
    return _extract_stack(f or sys._getframe(1), 1 if limit is None else limit)


SHORT_STACKS = "PYTHONASYNCIOSTACKS" not in os.environ
if SHORT_STACKS:
    # Futures and tasks take the function that is there when asyncio is imported first.
    vars(traceback).update(extract_stack=_one_frame)

from asyncio import constants  # noqa: E402 - after the function that it takes

import homeassistant  # noqa: E402, F401 - must be imported before httpx
from homeassistant.components import logger  # noqa: E402
from homeassistant.components.logger import helpers  # noqa: E402
import pytest  # noqa: E402

if SHORT_STACKS:
    vars(constants).update(DEBUG_STACK_DEPTH=1)
vars(logger).update(_clear_logger_overwrites=helpers._clear_logger_overwrites)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the database server that the recorder of each test is to run on."""
    parser.addoption(
        "--recorder-server",
        metavar="URL",
        help="postgresql://… or mysql+pymysql://…, without a database",
    )
