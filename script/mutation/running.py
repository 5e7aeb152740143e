"""Run the tests of a module on a mutant, in a process forked for it."""

import ast
from collections.abc import Sequence
from enum import Enum
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from math import ceil
import os
from pathlib import Path
import resource
import select
import signal
import sys
import tempfile
import time
from types import CodeType, ModuleType
from typing import Final, override

from hypothesis import Phase, settings
import pytest

_NOT_IMPORTED: Final = 99
"""The exit status of tests that passed without importing the module."""

_PRELOADED: Final = "homeassistant"
"""What is imported once, before any fork; of it, what the tests of a module import."""


_PLUGINS: Final = ("tests.plugin", "pytest_homeassistant_custom_component.plugins")


class Verdict(Enum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "SURVIVED"


class MutationError(Exception):
    """The tests cannot judge mutants."""


class _Loader(SourceFileLoader):
    """Loads a module from code that is not in its file."""

    def __init__(self, fullname: str, path: str, code: CodeType) -> None:
        super().__init__(fullname, path)
        self._code = code
        self.used = False

    @override
    def get_code(self, fullname: str) -> CodeType:
        self.used = True
        return self._code


class _Finder(MetaPathFinder):
    """Finds the mutant where the module is imported."""

    def __init__(self, loader: _Loader) -> None:
        self._loader = loader

    @override
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._loader.name:
            return None
        return spec_from_file_location(fullname, self._loader.path, loader=self._loader)


def _computed() -> float:
    """Return the processor time of all processes that have ended, s."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Judge:
    """Runs the tests of one module."""

    def __init__(self, name: str, path: Path, tests: Sequence[str]) -> None:
        """Take the module's name and file, and its tests; nothing is run yet."""
        self._name, self._path, self._tests = name, path, tests
        self._longest, self._most_computing = 600.0, 600

    def prepare(self) -> float:
        """Run the tests on the module as it is, and import what they need of Home Assistant.

        Returns:
            The seconds that the tests take.

        Raises:
            MutationError: they fail.
        """
        tree = ast.parse(self._path.read_text())
        with tempfile.NamedTemporaryFile("r") as names:
            self._run(tree, names.name)
            # The plugin patches the recorder, which must not be imported before it.
            for name in (*_PLUGINS, *names.read().split()):
                import_module(name)
        started, before = time.monotonic(), _computed()
        self._run(tree, os.devnull)
        took = time.monotonic() - started
        # An endless loop is to be found soon, also where the machine is busy with something else.
        self._most_computing = ceil(3 + 3 * (_computed() - before))
        self._longest = 20 + 5 * took
        return took

    def judge(self, tree: ast.Module) -> Verdict:
        """Run the tests on a mutant."""
        status, _ = self._fork(tree, os.devnull)
        if status == _NOT_IMPORTED:
            raise MutationError(f"No test imports {self._name}")
        return Verdict.SURVIVED if status == pytest.ExitCode.OK else Verdict.KILLED

    def _run(self, tree: ast.Module, names: str) -> None:
        status, output = self._fork(tree, names)
        if status != pytest.ExitCode.OK:
            raise MutationError(f"The tests of {self._name} fail without a mutation:\n{output}")

    def _fork(self, tree: ast.Module, names: str) -> tuple[int | None, str]:
        """Run the tests in a process of their own.

        Returns:
            The exit status, None where they took too long, and the output.
        """
        code = compile(tree, str(self._path), "exec", dont_inherit=True)
        with tempfile.TemporaryFile("w+") as output:
            if (pid := os.fork()) == 0:
                os.setsid()
                os.dup2(output.fileno(), 1)
                os.dup2(output.fileno(), 2)
                os._exit(self._child(code, names))
            status = self._wait(pid)
            output.seek(0)
            return status, output.read()

    def _child(self, code: CodeType, names: str) -> int:
        resource.setrlimit(resource.RLIMIT_CPU, (self._most_computing, self._most_computing))
        loader = _Loader(self._name, str(self._path), code)
        sys.meta_path.insert(0, _Finder(loader))
        # The first failure is enough, and none is to be remembered.
        settings.register_profile(
            "mutation", database=None, phases=[Phase.explicit, Phase.generate]
        )
        options = ["-x", "-q", "-p", "no:cacheprovider", "--tb=short", "--show-capture=no"]
        options += ["--hypothesis-seed=0", "--hypothesis-profile=mutation"]
        status = int(pytest.main([*options, *self._tests]))
        used = [name for name in sys.modules if name.split(".")[0] == _PRELOADED]
        Path(names).write_text("\n".join(used))
        sys.stdout.flush()
        return status if loader.used or status else _NOT_IMPORTED

    def _wait(self, pid: int) -> int | None:
        """Wait for a process, and end it where it takes too long: it may be in an endless loop."""
        descriptor = os.pidfd_open(pid)
        ready, _, _ = select.select([descriptor], [], [], self._longest)
        os.close(descriptor)
        if not ready:
            os.killpg(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        return os.waitstatus_to_exitcode(status) if ready else None
