"""Make pytest-homeassistant-custom-component 0.13.375 run on Home Assistant 2026.11.

Loaded with `-p tests.plugin` before the others. Two things moved in 2026.11: `httpx` and
`voluptuous` are aliased when `homeassistant` is imported, which must therefore come first; and
`_clear_logger_overwrites` went from `components.logger` to `components.logger.helpers`.
Delete this file when a release of the plugin for 2026.11 exists.

It also adds the option `--recorder-server`, which `script/test-databases` gives.
"""

import homeassistant  # noqa: F401 - must be imported before httpx
from homeassistant.components import logger
from homeassistant.components.logger import helpers
import pytest

vars(logger).update(_clear_logger_overwrites=helpers._clear_logger_overwrites)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the database server that the recorder of each test is to run on."""
    parser.addoption(
        "--recorder-server",
        metavar="URL",
        help="postgresql://… or mysql+pymysql://…, without a database",
    )
