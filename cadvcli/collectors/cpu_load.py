"""Kind ``cpuLoad``: the tasks of a group and of all below it by their states, and how many of them want a CPU.

Only with --enable-load-reader, since each task is looked at: netlink TASKSTATS where the kernel answers (cgroup v1),
else the state in /proc of each thread, which doesn't tell who waits for I/O. The averages fade with the time that
really passed, over 10 s; they are in thousandths of a task, as cAdvisor has them, on /metrics too.
"""

import math
import os
from collections import Counter
from collections.abc import Callable

from cadvcli.collectors.source import Collector, Knobs, Raw, Source, Target, unnamed
from cadvcli.kernel.cgroup import Cgroup
from cadvcli.kernel.keyed import parse_numbers
from cadvcli.kernel.task_stat import parse_state
from cadvcli.kernel.taskstats import TaskStates, Taskstats
from cadvcli.model.stats import ContainerStats, LoadStats
from cadvcli.prometheus import Family, Rows, gauge

_SOURCE = "task_states"
_DECAY_NS = 10e9
#: How the slot writes that nobody knows who waits for I/O.
_UNKNOWN = -1


class Load:
    """Adds the fading averages of running and of uninterruptible tasks."""

    def __init__(self) -> None:
        self._boot_ns = 0
        self._averages: tuple[float, float] | None = None

    def __call__(self, text: bytes | None, boot_ns: int) -> bytes | None:
        """The five states and the two averages; None without a state."""
        if text is None:
            return None
        _, running, _, uninterruptible, _ = parse_numbers(text, _SOURCE)
        if self._averages is None:
            self._averages = float(running), float(uninterruptible)
        else:
            kept = math.exp((self._boot_ns - boot_ns) / _DECAY_NS)
            load, blocked = self._averages
            self._averages = load * kept + running * (1 - kept), blocked * kept + uninterruptible * (1 - kept)
        self._boot_ns = boot_ns
        load, blocked = self._averages
        return b"%s %d %d" % (text, int(load * 1000), int(blocked * 1000))


class _Reader:
    """Counts tasks; the netlink socket is opened at the first count and serves all containers."""

    def __init__(self) -> None:
        self._taskstats: Taskstats | None = None
        self._opened = False

    def __call__(self, target: Target) -> bytes | None:
        """Sleeping, running, stopped, uninterruptible, waiting for I/O; None if the group is gone."""
        if target.cgroup.version == 1 and not self._opened:
            self._opened = True
            self._taskstats = Taskstats.open()
        total = [0, 0, 0, 0, 0]
        for group in target.cgroup.with_below():
            states = self._of_kernel(group) or _of_proc(group)
            io_wait = _UNKNOWN if states.io_wait is None or total[4] == _UNKNOWN else total[4] + states.io_wait
            total = [one + more for one, more in zip(total, states[:4], strict=False)] + [io_wait]
        return b"%d %d %d %d %d" % tuple(total)

    def _of_kernel(self, group: Cgroup) -> TaskStates | None:
        path = group.path("cpu.shares") if self._taskstats is not None else None
        directory = group.host.keep(path.removesuffix("/cpu.shares")) if path else None
        if directory is None or self._taskstats is None:
            return None
        try:
            return self._taskstats.states(directory)
        finally:
            os.close(directory)


def _of_proc(group: Cgroup) -> TaskStates:
    found: Counter[str] = Counter()
    for pid in group.procs():
        for tid in group.host.listdir(f"/proc/{pid}/task") or ():
            path = f"/proc/{pid}/task/{tid}/stat"
            text = group.host.record(path)
            if text:
                found[parse_state(text, path)] += 1
    return TaskStates(found["S"], found["R"], found["T"], found["D"], None)


def _states(stats: ContainerStats) -> Rows:
    tasks = stats.task_stats
    yield ("sleeping",), tasks.nr_sleeping
    yield ("running",), tasks.nr_running
    yield ("stopped",), tasks.nr_stopped
    yield ("uninterruptible",), tasks.nr_uninterruptible
    yield ("iowaiting",), tasks.nr_io_wait


def _without_averages(text: bytes) -> bytes:
    """They fade without anything happening."""
    return text.rsplit(b" ", 2)[0]


class CpuLoad(Collector):
    """Task states and load of one cgroup with all below it."""

    kind = "cpuLoad"
    families = (
        Family(
            name="container_tasks_state",
            type="gauge",
            help="Threads of the container by state.",
            labels=("state",),
            rows=_states,
        ),
        gauge(
            "container_cpu_load_average_10s",
            "Threads that run or want to, averaged over 10 seconds, in thousandths.",
            lambda stats: stats.cpu.load_average,
        ),
        gauge(
            "container_cpu_load_d_average_10s",
            "Threads that can't be interrupted, averaged over 10 seconds, in thousandths.",
            lambda stats: stats.cpu.load_d_average,
        ),
    )

    def __init__(self, device_name: Callable[[int, int], str] = unnamed, knobs: Knobs | None = None) -> None:
        super().__init__(device_name, knobs)
        if self.knobs.load_reader:
            self.v1 = self.v2 = (Source(name=_SOURCE, read=_Reader(), weighs=_without_averages, fold=Load),)

    def decode_v2(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``task_stats`` and the averages of ``cpu``."""
        text = raw[0] if raw else None
        if text is None:
            return
        sleeping, running, stopped, uninterruptible, io_wait, load, blocked = parse_numbers(text, _SOURCE)
        stats.task_stats = LoadStats(
            nr_sleeping=sleeping,
            nr_running=running,
            nr_stopped=stopped,
            nr_uninterruptible=uninterruptible,
            nr_io_wait=None if io_wait == _UNKNOWN else io_wait,
        )
        stats.cpu.load_average, stats.cpu.load_d_average = load, blocked

    decode_v1 = decode_v2
