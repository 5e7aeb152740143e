"""Make pytest-homeassistant-custom-component 0.13.375 run on Home Assistant 2026.11.

Loaded with `-p tests.plugin` before the others. Two things moved in 2026.11: `httpx` and
`voluptuous` are aliased when `homeassistant` is imported, which must therefore come first; and
`_clear_logger_overwrites` went from `components.logger` to `components.logger.helpers`.
Delete this part when a release of the plugin for 2026.11 exists.

The plugin runs every test in asyncio's debug mode, which keeps the whole stack of each future,
task and callback: 40 % of the suite's processor time. The checks of that mode are wanted, such long
stacks are not, so that one frame of each is kept (`PYTHONASYNCIOSTACKS=1` keeps all of them).

It also adds the option `--recorder-server`, which `script/test-databases` gives.
"""

from asyncio import constants
import os
import traceback

import homeassistant  # noqa: F401 - must be imported before httpx
from homeassistant.components import logger
from homeassistant.components.logger import helpers
import pytest

if "PYTHONASYNCIOSTACKS" not in os.environ:
    # Callbacks ask with this limit; futures and tasks, which are written in C, with the default.
    vars(constants).update(DEBUG_STACK_DEPTH=1)
    traceback.extract_stack.__defaults__ = (None, 1)
vars(logger).update(_clear_logger_overwrites=helpers._clear_logger_overwrites)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the database server that the recorder of each test is to run on."""
    parser.addoption(
        "--recorder-server",
        metavar="URL",
        help="postgresql://… or mysql+pymysql://…, without a database",
    )
