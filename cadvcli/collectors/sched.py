"""Kind ``sched``: time on the CPUs and time waiting for one, summed over the tasks of a group. Off by default.

Reads schedstat of every thread in the group and the groups below it. What a thread had stays in the sum when it has
ended, so the counters never fall. https://docs.kernel.org/scheduler/sched-stats.html#proc-pid-schedstat
"""

from collections.abc import Callable

from cadvcli.collectors.source import Collector, Raw, Source, Target
from cadvcli.errors import ParseError
from cadvcli.kernel.keyed import parse_numbers
from cadvcli.kernel.schedstat import Schedstat, parse_schedstat
from cadvcli.model import Count
from cadvcli.model.stats import ContainerStats, CpuSchedstat
from cadvcli.prometheus import counter

NOTHING = Schedstat(0, 0, 0)


def _tasks(target: Target) -> bytes | None:
    """A line ``TID run wait slices`` for each thread; None if the group has none. A thread that ends is passed over."""
    lines = []
    for pid in target.cgroup.all_procs():
        folder = f"/proc/{pid}/task"
        for tid in target.host.listdir(folder) or ():
            text = target.host.record(f"{folder}/{tid}/schedstat")
            if text:
                lines.append(b"%s %s\n" % (tid.encode(), text.strip()))
    return b"".join(lines) or None


class Ended:
    """Adds up the threads that live and those that have ended."""

    def __init__(self) -> None:
        self._living: dict[bytes, Schedstat] = {}
        self._ended = NOTHING

    def __call__(self, text: bytes | None, boot_ns: int) -> bytes | None:
        """The three sums, of ``TID run wait slices`` lines; None as long as there was never a thread."""
        living = {}
        for line in (text or b"").split(b"\n"):
            tid, _, numbers = line.partition(b" ")
            try:
                living[tid] = parse_schedstat(numbers, "schedstat")
            except ParseError:
                continue
        for tid, last in self._living.items():
            # A counter that fell is another thread, which was given the number of one that ended.
            if tid not in living or living[tid].run_ns < last.run_ns:
                self._ended = _sum(self._ended, last)
        self._living = living
        total = self._ended
        for task in living.values():
            total = _sum(total, task)
        return b"%d %d %d" % total if total != NOTHING or living else None


def _sum(one: Schedstat, other: Schedstat) -> Schedstat:
    return Schedstat(one.run_ns + other.run_ns, one.wait_ns + other.wait_ns, one.slices + other.slices)


def _seconds(value: Callable[[CpuSchedstat], Count]) -> Callable[[ContainerStats], float | None]:
    def seconds(stats: ContainerStats) -> float | None:
        ns = value(stats.cpu.schedstat)
        return None if ns is None else ns / 1e9

    return seconds


class Sched(Collector):
    """Scheduler statistics of one cgroup with all below it."""

    kind = "sched"
    default = False
    v1 = v2 = (Source(name="schedstat", read=_tasks, fold=Ended),)
    families = (
        counter(
            "container_cpu_schedstat_run_seconds_total",
            "Time that the container's threads ran, in seconds.",
            _seconds(lambda schedstat: schedstat.run_time),
        ),
        counter(
            "container_cpu_schedstat_runqueue_seconds_total",
            "Time that the container's threads waited for a CPU, in seconds.",
            _seconds(lambda schedstat: schedstat.runqueue_time),
        ),
        counter(
            "container_cpu_schedstat_run_periods_total",
            "Times that a thread of the container was given a CPU.",
            lambda stats: stats.cpu.schedstat.run_periods,
        ),
    )

    def decode_v2(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``cpu.schedstat``."""
        (text,) = raw
        if text is not None:
            run, wait, slices = parse_numbers(text, "schedstat")
            stats.cpu.schedstat = CpuSchedstat(run_time=run, runqueue_time=wait, run_periods=slices)

    decode_v1 = decode_v2
