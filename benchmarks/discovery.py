"""Which cases there are: those that the modules of `benchmarks.cases` name."""

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules

from . import cases
from .framework import OURS, Case


def all_cases() -> list[Case]:
    """Return every case, in the order of its module's name.

    Raises:
        ValueError: two cases have one key, or the first contender of one is not ours.
    """
    found: dict[str, Case] = {}
    for module in sorted(iter_modules(cases.__path__), key=lambda module: module.name):
        named: Sequence[Case] = import_module(f"{cases.__name__}.{module.name}").CASES
        for case in named:
            if case.key in found:
                raise ValueError(f"There are two cases {case.key}")
            if case.contenders[0].key != OURS:
                raise ValueError(f"The first contender of {case.key} is not ours")
            found[case.key] = case
    return [*found.values()]
