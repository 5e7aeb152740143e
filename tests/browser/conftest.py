"""The browser, the Home Assistant that it visits, and what is left of a failure."""

from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack
from functools import partial
import re
from typing import Final

from playwright.async_api import Browser, async_playwright, expect
import pytest

from .changes import Found
from .home import DIRECTORY, FAILURES, Home, have_accounts, have_past, launched, running
from .rows import make_dashboards
from .visitor import FLAGS, PATIENCE_MS, People, Visitor

type Report = Callable[[str], None]
type Visit = Callable[[], Awaitable[Visitor]]

WORKERS: Final = 2
"""Processes that test, each with a Home Assistant of its own: one works while the other waits."""
_FAILED: Final = pytest.StashKey[bool]()
_MEASURED: Final = "measured"
_PAST: Final = "past"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of script/browser-test."""
    group = parser.getgroup("browser")
    group.addoption("--browser", default="chromium-headless-shell", help="the browser's program")
    group.addoption("--loads", type=int, default=2, help="loads of each kind of page load")
    group.addoption(
        "--pictures", action="store_true", help="make the pictures, instead of comparing them"
    )
    group.addoption(
        "--running", action="store_true", help="visit what script/browser-test --serve has started"
    )
    group.addoption("--large", action="store_true", help="also measure a large account")
    group.addoption(
        "--languages", action="store_true", help="also look at each language, and take pictures"
    )


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return how many workers share the tests: none where there is one home, or time counts."""
    return 0 if config.getoption("--running") or config.getoption("--large") else WORKERS


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what was not asked for, and keep the tests of a module in one worker."""
    for option in ("languages", "large", "pictures"):
        if not config.getoption(f"--{option}"):
            items[:] = [item for item in items if option not in item.keywords]
    # Before pytest-xdist reads the groups.
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
    # What needs the past comes last, which is imported while the others run.
    items.sort(key=_needs_past)


def _needs_past(item: pytest.Item) -> bool:
    return any(_PAST in marker.args for marker in item.iter_markers("usefixtures"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was measured, also where nothing has failed."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, line in report.user_properties:
            if name == _MEASURED and report.when == "call":
                terminalreporter.write_line(line)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note on each test whether it has failed."""
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report


@pytest.fixture(scope="session")
async def launched_home(pytestconfig: pytest.Config, worker_id: str) -> AsyncIterator[Home]:
    """Return a Home Assistant without accounts, and both clouds."""
    directory = DIRECTORY.with_name(f"{DIRECTORY.name}-{worker_id}")
    async with running() if pytestconfig.getoption("--running") else launched(directory) as home:
        yield home


@pytest.fixture(scope="session")
async def home(launched_home: Home) -> Home:
    """Return a Home Assistant with both accounts."""
    await have_accounts(launched_home)
    return launched_home


@pytest.fixture(scope="session")
async def past(home: Home) -> None:
    """Wait until Home Assistant has a past to draw."""
    await have_past(home)


@pytest.fixture(scope="session")
async def browser(pytestconfig: pytest.Config) -> AsyncIterator[Browser]:
    """Return a browser without any window."""
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=pytestconfig.getoption("--browser"), args=[*FLAGS]
        )
        yield chromium
        await chromium.close()


@pytest.fixture(scope="session")
async def people(browser: Browser, launched_home: Home) -> AsyncIterator[People]:
    """Return all who visit Home Assistant."""
    found = People(browser, launched_home)
    yield found
    await found.leave()


@pytest.fixture
async def visit(people: People) -> AsyncIterator[Visit]:
    """Return what lets a person come."""
    async with AsyncExitStack() as leaving:
        yield lambda: leaving.enter_async_context(people.visit())


@pytest.fixture
def report(record_property: Callable[[str, object], None]) -> Report:
    """Return what takes a line for the end of the run."""
    return partial(record_property, _MEASURED)


@pytest.fixture
async def left_as_found(request: pytest.FixtureRequest, launched_home: Home) -> AsyncIterator[None]:
    """End what a test marked with `changes` has begun, also after a failure."""
    if request.node.get_closest_marker("changes") is None:
        yield
        return
    await have_accounts(launched_home)
    await make_dashboards(launched_home)
    found = await Found.at(launched_home)
    yield
    await found.restore(launched_home)


@pytest.fixture(autouse=True)
async def evidence(
    request: pytest.FixtureRequest, people: People, left_as_found: None, visit: Visit
) -> AsyncIterator[None]:
    """Leave a screenshot and the console of each page that is open after a failure."""
    # It ends before these do, which undo what there is to see and close the pages.
    del left_as_found, visit
    yield
    if not request.node.stash.get(_FAILED, False):
        return
    name = re.sub(r"\W+", "-", request.node.name).strip("-")
    for number, one in enumerate(people.present):
        path = FAILURES / f"{name}-{number}"
        await one.leave_evidence(path)
        print(f"{path}.png and .log show what was on the page")
