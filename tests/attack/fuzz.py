"""Fuzzing guided by coverage: `script/fuzz [--seconds N] [TARGET...]`.

Each target runs in a process of its own, as libFuzzer ends the one that it runs in. What it finds
lies in `.cache/fuzz/TARGET`. An input that breaks a target is kept as `.cache/fuzz/TARGET-crash-…`;
once the defect is mended it belongs into `corpus/TARGET`, whose files the tests read again.
"""

import argparse
from multiprocessing import get_context
from pathlib import Path
import sys
from typing import Final

import atheris
import homeassistant

_ROOT: Final = Path(__file__).parents[2]
_FOUND: Final = _ROOT / ".cache" / "fuzz"
_CORPUS: Final = Path(__file__).parent / "corpus"
_LONGEST_BYTES: Final = 4096
_SLOW_SECONDS: Final = 10
_MOST_MEMORY_MB: Final = 2048


def main() -> int:
    """Run the targets one after the other; return the exit status."""
    names = sorted(path.name for path in _CORPUS.iterdir())
    parser = argparse.ArgumentParser(prog="script/fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(names)}")
    arguments = parser.parse_args()
    if unknown := set(arguments.targets) - set(names):
        parser.error(f"there is no target {', '.join(sorted(unknown))}")
    failed = [name for name in arguments.targets or names if not _succeeds(name, arguments.seconds)]
    if failed:
        sys.stderr.write(f"fuzz: defects in {', '.join(failed)}\n")
    return bool(failed)


def _succeeds(name: str, seconds: int) -> bool:
    sys.stdout.write(f"-- {name}\n")
    sys.stdout.flush()
    process = get_context("spawn").Process(target=_fuzz, args=(name, seconds))
    process.start()
    process.join()
    return process.exitcode == 0


def _fuzz(name: str, seconds: int) -> None:
    """Fuzz one target in this process, which ends with it."""
    # Large, none of ours, and so imported before the measuring begins.
    assert homeassistant.__name__ in sys.modules
    with atheris.instrument_imports(include=["custom_components.gridduck_heimdall.api"]):
        from .targets import attack  # noqa: PLC0415 - only what is imported here is measured

    found = _FOUND / name
    found.mkdir(parents=True, exist_ok=True)
    options = (
        f"-max_total_time={seconds}",
        f"-max_len={_LONGEST_BYTES}",
        f"-timeout={_SLOW_SECONDS}",
        f"-rss_limit_mb={_MOST_MEMORY_MB}",
        f"-artifact_prefix={_FOUND / name}-",
        "-print_final_stats=1",
    )
    atheris.Setup(
        [sys.argv[0], *options, str(found), str(_CORPUS / name)],
        lambda body: attack(name, body),
    )
    atheris.Fuzz()
