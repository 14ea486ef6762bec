"""Scheduler statistics of one task: ``/proc/PID/task/TID/schedstat``, three numbers.

Nanoseconds on a CPU, nanoseconds waiting for one, and time slices. /proc/PID/schedstat is the main thread's alone.
https://docs.kernel.org/scheduler/sched-stats.html#proc-pid-schedstat
"""

from typing import NamedTuple

from cadvcli.errors import ParseError
from cadvcli.kernel.keyed import show


class Schedstat(NamedTuple):
    """What one task has had of the CPUs."""

    run_ns: int
    wait_ns: int
    slices: int


def parse_schedstat(text: bytes, path: str) -> Schedstat:
    """The three numbers of the file."""
    try:
        run_ns, wait_ns, slices = map(int, text.split())
    except ValueError:
        raise ParseError(path, 1, f"{show(text)} is not three numbers") from None
    return Schedstat(run_ns, wait_ns, slices)
