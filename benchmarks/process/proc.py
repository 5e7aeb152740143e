"""What Linux tells of another process."""

import os
from pathlib import Path
import re
from typing import Final

_TICKS: Final = os.sysconf("SC_CLK_TCK")
# User and system time in ticks, behind the name of the program, which may hold anything: proc(5).
_USER, _SYSTEM = 11, 12


def resident(pid: int) -> int:
    """Return the resident bytes of a process.

    Raises:
        OSError: there is no such process.
    """
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
    if found is None:
        raise OSError(f"Process {pid} has no memory")
    return int(found[1]) * 1024


def processor_time(pid: int) -> float:
    """Return the seconds of processor time that a process has had.

    Raises:
        OSError: there is no such process.
    """
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[_USER]) + int(fields[_SYSTEM])) / _TICKS
