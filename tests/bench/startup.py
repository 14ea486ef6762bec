"""Start-up: the installed entry point from its start to its end, warm."""

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from statistics import median

from tests.bench.table import Row
from tests.cgroups import Cgroups, why_not
from tests.conftest import command, environment

RUNS = 15
WINDOW_MS = 500


def rows() -> Iterator[Row]:
    """Medians of fifteen runs of each command."""
    yield timed("--help", 100, "--help")
    yield timed("machine", 100, "machine")
    yield timed("containers", 150, "containers")
    reason = why_not()
    if reason is not None:
        yield timed(f"stats, no groups: {reason}", WINDOW_MS + 250, "stats")
        return
    with Cgroups("/cadvcli-bench") as cgroups:
        for number in range(60):
            cgroups.make(f"c{number}")
        yield timed("containers --raw, 60 groups", 150, "containers", "--raw")
        stats = ("stats", "--raw", "/cadvcli-bench/*", f"--window={WINDOW_MS}ms")
        yield timed("stats, 60 groups", WINDOW_MS + 250, *stats)


def timed(what: str, most: float, *arguments: str) -> Row:
    """The median wall time of a command, and beside it the CPU time, which other work on the machine changes less."""
    once(arguments)
    runs = [once(arguments) for _ in range(RUNS)]
    cpu = median(cpu for _, cpu in runs)
    return Row(what, median(wall for wall, _ in runs), "ms", most, f"CPU {cpu:.0f} ms")


def once(arguments: Sequence[str]) -> tuple[float, float]:
    """Wall and CPU milliseconds of one run, which must succeed."""
    began = time.perf_counter_ns()
    argv = [command(), *arguments]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment())
    assert process.stdout
    process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    took = time.perf_counter_ns() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode:
        raise SystemExit(f"cadvcli {' '.join(arguments)}: status {process.returncode}")
    return took / 1e6, (used.ru_utime + used.ru_stime) * 1000
