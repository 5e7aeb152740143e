"""The modules that are mutated, each with the tests that are to notice."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PACKAGE: Final = "custom_components.gridduck_heimdall"

TARGETS: Final[dict[str, tuple[str, ...]]] = {
    "api/middlewares": ("api/test_transport.py", "api/test_transport_faults.py"),
    "api/addresses": (
        "api/test_transport.py",
        "api/test_transport_download.py",
        "api/test_heimdall_endpoints.py",
    ),
    "api/concurrency": (
        "api/test_concurrency.py",
        "api/test_retry_after.py",
        "api/test_backoff.py",
    ),
    "api/token": ("api/test_token.py",),
    "api/gridduck/paging": ("api/test_gridduck_paging.py",),
    "core/announcing": ("test_coordinator.py",),
    "core/coordinator": ("test_coordinator.py",),
    "gridduck/overrides": ("gridduck/test_overrides.py",),
    "gridduck/energy": ("gridduck/test_energy.py",),
    "heimdall/batch": ("heimdall/test_batch.py",),
    "heimdall/rating": ("heimdall/test_loading.py", "heimdall/test_rating.py"),
    "history/hours": ("history/test_hour_sets.py", "history/test_hours.py"),
    "history/sums": ("history/test_sums.py",),
    "load_limits/control_law/choice": ("load_limits/test_choice.py",),
    "load_limits/shedding/goal": ("load_limits/test_goal.py",),
}
"""By path below the package: test files below tests/, the quickest first."""


def source_of(module: str) -> Path:
    """Return the file of a module."""
    return ROOT / PACKAGE.replace(".", "/") / f"{module}.py"


def paths_of(module: str) -> list[str]:
    """Return the paths of the tests of a module."""
    return [str(ROOT / "tests" / name) for name in TARGETS[module]]


def name_of(module: str) -> str:
    """Return the name that a module is imported by."""
    return f"{PACKAGE}.{module.replace('/', '.')}"
