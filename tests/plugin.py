"""Make pytest-homeassistant-custom-component 0.13.375 run on Home Assistant 2026.11.

Loaded with `-p tests.plugin` before the others. Two things moved in 2026.11: `httpx` and
`voluptuous` are aliased when `homeassistant` is imported, which must therefore come first; and
`_clear_logger_overwrites` went from `components.logger` to `components.logger.helpers`.
Delete this part when a release of the plugin for 2026.11 exists.

The rest saves processor time without a test doing less:

- The plugin runs every test in asyncio's debug mode, which records the stack of each future, task
  and callback: half of the suite's processor time. The checks of that mode are wanted, the stacks
  only where a test is looked into (`PYTHONASYNCIOSTACKS=1` records them).
- Each reading of a frozen clock looks at five frames of the stack for modules that get the real
  time, and converts a date. What is known of a module's name, and the newest time, are cached.
- An event loop reads its clock at each turn, and none of its callers gets the real time: it takes
  the frozen one without looking at the stack.
- Each callback is checked not to be a coroutine; that of a plain function is known from its code,
  and a step of a task or a function written in C is none.
- What Home Assistant makes of the same names of entities in each test is made once.
- The plugin replaces parts of the recorder and of the store with mocks that have the signature of
  the original, made anew for each test, and that keep each call: plain functions do the same.
- Timers that are due run with two functions in place of the clock, not with two mocks for each.
- Each test that freezes the clock looks through all modules for what reads it: only through those
  that had it the last time or have other attributes now, by their number.
- Garbage collection starts after 50,000 new objects instead of 2,000, and leaves out what was
  imported; all of the rest is collected after each eighth module of tests.
- The recorder commits events together that wait in its queue; the plugin has it commit after each.
- The recorders of a process share the statements that SQLAlchemy has compiled.
- The log of a test is formatted once, not also as what went to stderr, and what was captured is
  kept and sent from worker to controller only if the test fails.

It also adds the options `--recorder-server`, which `script/test-databases` gives, and
`--language`, the language of the system in all tests but those marked `english`.
"""

from asyncio import base_events, events, format_helpers
from calendar import timegm
from collections.abc import Callable, Generator, Iterable, KeysView
from datetime import datetime
from functools import cache, lru_cache
import gc
from inspect import CO_COROUTINE
from itertools import repeat
import logging
import os
import sys
import time
import traceback
from types import BuiltinFunctionType, CodeType, FrameType, ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import patch

from freezegun import api as freezegun
import homeassistant  # noqa: F401 - must be imported before httpx
from homeassistant.components import logger
from homeassistant.components.logger import helpers
from homeassistant.core import Event, HomeAssistant
from homeassistant.util.async_ import get_scheduled_timer_handles
import pytest
from sqlalchemy import Engine

YOUNG_OBJECTS = 50_000
NEW_MODULES = 50
CALLS_TO_COLLECT = 8
MOST_NAMES = 10_000
CLOCK_FRAMES = 5
"""As many as freezegun looks at."""

if "PYTHONASYNCIOSTACKS" not in os.environ:
    # Handles of callbacks ask asyncio; futures and tasks, which are written in C, ask `traceback`
    # with the default limit.
    vars(format_helpers).update(extract_stack=lambda *_: traceback.StackSummary())
    traceback.extract_stack.__defaults__ = (None, 0)
    extract = traceback.StackSummary.extract

    def _extract(
        frames: Iterable[tuple[FrameType, int]], *, limit: int | None = None, **how: Any
    ) -> traceback.StackSummary:
        """Return the stack of frames; none of them costs nothing."""
        return traceback.StackSummary() if limit == 0 else extract(frames, limit=limit, **how)

    type.__setattr__(traceback.StackSummary, "extract", staticmethod(_extract))

    def _cancel(self: events.Handle) -> None:
        """Cancel a callback without a text of what it was.

        While the clock stands still, each change of a registry schedules its save again.
        """
        if not self.cancelled():
            for name, value in (("_cancelled", True), ("_callback", None), ("_args", None)):
                object.__setattr__(self, name, value)

    type.__setattr__(events.Handle, "cancel", _cancel)
check_callback: Callable[[base_events.BaseEventLoop, Any, str], None] = vars(
    base_events.BaseEventLoop
)["_check_callback"]


def _check_callback(self: base_events.BaseEventLoop, callback: Any, method: str) -> None:
    """Refuse a coroutine as a callback; replaces the method of asyncio, which unwraps each."""
    kind = type(callback)
    if kind is BuiltinFunctionType or kind.__module__ == "_asyncio":
        return
    code = getattr(getattr(callback, "__func__", callback), "__code__", None)
    if not isinstance(code, CodeType) or code.co_flags & CO_COROUTINE:
        check_callback(self, callback, method)


type.__setattr__(base_events.BaseEventLoop, "_check_callback", _check_callback)
# The plugin imports it from there.
vars(logger).update(_clear_logger_overwrites=vars(helpers)["_clear_logger_overwrites"])
gc.set_threshold(YOUNG_OBJECTS, *gc.get_threshold()[1:])


@cache
def _is_real(ignored: tuple[str, ...], module: str) -> bool:
    """Tell whether a module gets the real time while the clock is frozen."""
    return module.startswith(ignored)


def _uses_real_time() -> bool:
    """Tell whether who reads the clock gets the real time; replaces the function of the plugin."""
    try:
        ignored = freezegun.ignore_lists[-1]
    except IndexError:
        # Another thread reads the clock just as it starts to run again.
        return True
    # The function of `time` that called this one is in between.
    frame = sys._getframe(2)  # noqa: SLF001 - documented, and quicker than inspect
    for _ in range(CLOCK_FRAMES):
        if _is_real(ignored, frame.f_globals.get("__name__") or ""):
            return True
        if (outer := frame.f_back) is None:
            break
        frame = outer
    return False


class _FrozenSeconds:
    """Converts the frozen time into seconds, once for each time that the clock stands at."""

    def __init__(self) -> None:
        self._newest: tuple[datetime | None, float] = (None, 0.0)

    def __call__(self) -> float:
        now = freezegun.get_current_time()
        at, seconds = self._newest
        if now is not at:
            seconds = timegm(now.timetuple()) + now.microsecond / 1e6
            self._newest = now, seconds
        return seconds


_frozen_seconds = _FrozenSeconds()


def fake_time() -> float:
    """Take the place of `time.time`; replaces the function of freezegun, by its name."""
    return freezegun.real_time() if _uses_real_time() else _frozen_seconds()


def loop_time() -> float:
    """Return the time of an event loop; replaces what the plugin gives to Home Assistant."""
    return _frozen_seconds() if freezegun.freeze_factories else freezegun.real_monotonic()


def _fire_time_changed(hass: HomeAssistant, at: datetime, fire_all: bool) -> None:
    """Run the timers that are due at a time; replaces the function of the plugin."""
    timestamp = at.timestamp()
    ahead = timestamp - time.time()
    now = hass.loop.time() + time.get_clock_info("monotonic").resolution
    with patch.multiple(
        "homeassistant.helpers.event",
        time_tracker_utcnow=lambda: at,
        time_tracker_timestamp=lambda: timestamp,
    ):
        for timer in list(get_scheduled_timer_handles(hass.loop)):
            if not timer.cancelled() and (fire_all or ahead >= timer.when() - now):
                timer._run()  # noqa: SLF001 - as the plugin does
                timer.cancel()


def _size_of_module(module: ModuleType) -> str:
    """Return what differs when a module has got an attribute."""
    return f"{id(module)}-{len(vars(module))}"


class _Modules:
    """Takes the place of `sys.modules` where the clock is frozen."""

    def __init__(self) -> None:
        self._sizes: dict[str, tuple[int, int]] = {}
        self._readers: set[str] = set()

    def keys(self) -> KeysView[str]:
        """Return the names of all modules."""
        return sys.modules.keys()

    def get(self, name: str, default: None) -> ModuleType | None:
        """Return a module."""
        return sys.modules.get(name, default)

    def items(self) -> list[tuple[str, ModuleType]]:
        """Return the modules that have something that reads the clock."""
        clocks = vars(freezegun)["_real_time_object_ids"]
        for name, module in list(sys.modules.items()):
            attributes = getattr(module, "__dict__", {})
            size = id(module), len(attributes)
            if self._sizes.get(name) == size:
                continue
            self._sizes[name] = size
            if clocks.isdisjoint(map(id, list(attributes.values()))):
                self._readers.discard(name)
            else:
                self._readers.add(name)
        return [(name, sys.modules[name]) for name in self._readers if name in sys.modules]


def _plain(side_effect: object) -> Callable[..., object]:
    """Return a function that does what a mock does that has this side effect."""
    match side_effect:
        case None:
            # Of a migration that is left out: there is nothing more to do.
            return lambda *_args, **_how: True
        case repeat():
            return lambda *_args, **_how: next(side_effect)
    assert callable(side_effect)
    return side_effect


class _Patch:
    """Takes the place of `unittest.mock.patch` in the modules of the plugin."""

    def __call__(self, target: str, *new: object, **how: Any) -> object:
        """Patch a target; with a plain function if a mock would have the original's signature."""
        if how.pop("autospec", False):
            return patch(target, _plain(how["side_effect"]))
        return patch(target, *new, **how)

    def object(self, target: object, name: str, *new: object, **how: Any) -> object:
        """Patch an attribute in the same way."""
        if how.pop("autospec", False):
            return patch.object(target, name, _plain(how["side_effect"]))
        return patch.object(target, name, *new, **how)


@cache
def share_compiled_statements() -> None:
    """Let each recorder on SQLite find the statements that those before it have compiled."""
    # The test plugin has to be loaded before it.
    from homeassistant.components.recorder import core  # noqa: PLC0415

    create: Callable[..., Engine] = vars(core)["create_engine"]
    first: Engine | None = None

    def create_engine(url: str, **how: Any) -> Engine:
        nonlocal first
        engine = create(url, **how)
        if engine.dialect.name == "sqlite":
            first = first or engine
            # A compiled statement belongs to the very dialect that it was compiled for.
            engine.dialect = first.dialect
            vars(engine).update(_compiled_cache=vars(first)["_compiled_cache"])
        return engine

    vars(core).update(create_engine=create_engine)


@cache
def commit_events_together() -> None:
    """Let the recorder commit when no event follows, or anything but an event does."""
    # The test plugin has to be loaded before them.
    from homeassistant.components.recorder import Recorder, tasks  # noqa: PLC0415

    process: Callable[[Recorder, tasks.RecorderTask | Event], None] = vars(Recorder)[
        "_process_one_task_or_event_or_recover"
    ]

    def process_one(self: Recorder, task: tasks.RecorderTask | Event) -> None:
        interval = self.commit_interval
        if isinstance(task, Event):
            self.commit_interval = interval or self.backlog
        try:
            process(self, task)
        finally:
            self.commit_interval = interval

    type.__setattr__(Recorder, "_process_one_task_or_event_or_recover", process_one)
    for kind in vars(tasks).values():
        if isinstance(kind, type) and issubclass(kind, tasks.RecorderTask):
            kind.commit_before = True


def pytest_sessionstart() -> None:
    """Replace what the plugin gives to freezegun, and its log on stderr, which pytest has too."""
    # They must not be imported before the plugin is.
    from homeassistant import runner, util  # noqa: PLC0415
    from pytest_homeassistant_custom_component import (  # noqa: PLC0415
        common,
        patch_time,
        plugins,
    )
    import slugify  # noqa: PLC0415

    patch_time.ha_should_use_real_time = _uses_real_time
    patch_time.ha_get_module_attributes_hash = _size_of_module
    vars(runner).update(monotonic=loop_time)
    vars(common).update(_async_fire_time_changed=_fire_time_changed, patch=_Patch())
    vars(plugins).update(patch=_Patch())
    # A function of its arguments alone, which imports an alphabet each time.
    slug = lru_cache(MOST_NAMES)(slugify.slugify)
    vars(util).update(unicode_slug=SimpleNamespace(slugify=slug))
    vars(freezegun).update(
        fake_time=fake_time,
        _get_fake_monotonic=_frozen_seconds,
        sys=SimpleNamespace(modules=_Modules()),
    )
    root = logging.getLogger()
    for handler in [one for one in root.handlers if type(one) is logging.StreamHandler]:
        root.removeHandler(handler)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Drop what was captured in a phase that passed; the reports after it have it again."""
    report = yield
    if report.passed:
        report.sections.clear()
    if call.when == "teardown":
        item._report_sections.clear()  # noqa: SLF001 - kept as long as the session otherwise
    return report


class _GarbageCollection:
    """Collects garbage now and then, and leaves out of the next times what has been imported."""

    def __init__(self) -> None:
        self._modules = 0
        self._calls = 0

    def __call__(self) -> None:
        self._calls += 1
        if self._calls % CALLS_TO_COLLECT != 1:
            return
        gc.collect()
        # What is left of the last Home Assistant is frozen with it, so that this must be rare. A
        # large account that is closed unfreezes everything.
        modules = len(sys.modules)
        if modules > self._modules + NEW_MODULES or not gc.get_freeze_count():
            self._modules = modules
            gc.freeze()


collect_garbage = _GarbageCollection()


def pytest_collection_finish() -> None:
    """Leave all that was imported out of garbage collection."""
    collect_garbage()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, Any, Any]:
    """Give Home Assistant the language that the tests are run in."""
    value = yield
    language = request.config.getoption("--language")
    if fixturedef.argname == "hass" and language and not request.node.get_closest_marker("english"):
        value.config.language = language
    return value


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the language of the system, and the database server for the recorder of each test."""
    parser.addoption("--language", metavar="CODE", help="of the system in the tests, such as de")
    parser.addoption(
        "--recorder-server",
        metavar="URL",
        help="postgresql://… or mysql+pymysql://…, without a database",
    )
