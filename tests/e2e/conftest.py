"""What the end-to-end tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_socket

from devtools import folder
from devtools.settings import CHECKED


@pytest.fixture(scope="module")
def directory(request: pytest.FixtureRequest) -> Iterator[Path]:
    """Return the folder in which Home Assistant runs; it stays after a failure, with its logs."""
    # The plugin blocks sockets before the fixtures of a module are set up.
    pytest_socket.enable_socket()
    failed = request.session.testsfailed
    with folder.claimed(CHECKED):
        folder.clear(CHECKED)
        CHECKED.mkdir()
        yield CHECKED
        if request.session.testsfailed == failed:
            folder.clear(CHECKED)


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Let the client's last heartbeat linger: aiohttp cancels none when a WebSocket is closed."""
    return True
