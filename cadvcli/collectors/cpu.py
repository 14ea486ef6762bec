"""Kind ``cpu``: CPU time used, and CFS bandwidth control.

v1: cpuacct.usage (ns), cpuacct.stat (USER_HZ ticks), cpu.stat (throttled_time and burst_time in ns). v2: cpu.stat
alone, in microseconds. https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu-interface-files,
https://docs.kernel.org/scheduler/sched-bwc.html
"""

from collections.abc import Callable

from cadvcli.collectors.source import Collector, Raw, cgroup_files
from cadvcli.kernel.keyed import parse_keyed, parse_number
from cadvcli.model import Count
from cadvcli.model.container import ContainerSpec
from cadvcli.model.stats import ContainerStats, CpuStats
from cadvcli.prometheus import Family, Number, Rows, counter

#: USER_HZ is 100 on every architecture: a tick of cpuacct.stat in nanoseconds.
TICK_NS = 10_000_000
USEC_NS = 1_000


def _seconds(ns: Count) -> Number:
    return None if ns is None else ns / 1e9


def _usage_rows(stats: ContainerStats) -> Rows:
    usage = stats.cpu.usage
    if usage.per_cpu_usage:
        return [((f"cpu{index:02d}",), ns / 1e9) for index, ns in enumerate(usage.per_cpu_usage) if ns]
    return [(("total",), usage.total / 1e9)] if usage.total else []


def _has_quota(spec: ContainerSpec) -> bool:
    return spec.cpu.quota != 0


def _cfs(name: str, text: str, value: Callable[[CpuStats], Number]) -> Family:
    return Family(
        name=name, type="counter", help=text, value=lambda stats: value(stats.cpu), when=_has_quota
    )


class Cpu(Collector):
    """CPU time of one cgroup with all below it."""

    kind = "cpu"
    v1 = cgroup_files("cpuacct.usage", "cpuacct.stat", "cpu.stat")
    v2 = cgroup_files("cpu.stat")
    families = (
        counter(
            "container_cpu_user_seconds_total",
            "CPU time spent in user mode, in seconds.",
            lambda stats: _seconds(stats.cpu.usage.user),
        ),
        counter(
            "container_cpu_system_seconds_total",
            "CPU time spent in the kernel, in seconds.",
            lambda stats: _seconds(stats.cpu.usage.system),
        ),
        Family(
            name="container_cpu_usage_seconds_total",
            type="counter",
            help="CPU time used, in seconds; by CPU where the kernel counts it so (cgroup v1), else cpu=\"total\".",
            labels=("cpu",),
            rows=_usage_rows,
        ),
        _cfs(
            "container_cpu_cfs_periods_total",
            "Periods of the CPU quota that have gone by.",
            lambda cpu: cpu.cfs.periods,
        ),
        _cfs(
            "container_cpu_cfs_throttled_periods_total",
            "Periods of the CPU quota in which it was used up and the container had to wait.",
            lambda cpu: cpu.cfs.throttled_periods,
        ),
        _cfs(
            "container_cpu_cfs_throttled_seconds_total",
            "Time that the container waited because its CPU quota was used up, in seconds.",
            lambda cpu: _seconds(cpu.cfs.throttled_time),
        ),
        _cfs(
            "container_cpu_cfs_burst_periods_total",
            "Periods of the CPU quota in which saved-up quota was used.",
            lambda cpu: cpu.cfs.bursts_periods,
        ),
        _cfs(
            "container_cpu_cfs_burst_seconds_total",
            "CPU time used out of saved-up quota, in seconds.",
            lambda cpu: _seconds(cpu.cfs.burst_time),
        ),
    )

    def decode_v1(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``cpu.usage`` and ``cpu.cfs`` from the cpuacct and cpu controllers."""
        usage, ticks, periods = raw
        if usage is not None:
            stats.cpu.usage.total = parse_number(usage, "cpuacct.usage")
        if ticks is not None:
            stat = parse_keyed(ticks, "cpuacct.stat")
            stats.cpu.usage.user = _scaled(stat.get(b"user"), TICK_NS)
            stats.cpu.usage.system = _scaled(stat.get(b"system"), TICK_NS)
        if periods is not None:
            stat = parse_keyed(periods, "cpu.stat")
            _bandwidth(stats.cpu, stat)
            stats.cpu.cfs.throttled_time = stat.get(b"throttled_time")
            stats.cpu.cfs.burst_time = stat.get(b"burst_time")

    def decode_v2(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``cpu.usage`` and ``cpu.cfs`` from cpu.stat."""
        (text,) = raw
        if text is not None:
            stat = parse_keyed(text, "cpu.stat")
            usage = stats.cpu.usage
            usage.total = _scaled(stat.get(b"usage_usec"), USEC_NS)
            usage.user = _scaled(stat.get(b"user_usec"), USEC_NS)
            usage.system = _scaled(stat.get(b"system_usec"), USEC_NS)
            _bandwidth(stats.cpu, stat)
            stats.cpu.cfs.throttled_time = _scaled(stat.get(b"throttled_usec"), USEC_NS)
            stats.cpu.cfs.burst_time = _scaled(stat.get(b"burst_usec"), USEC_NS)


def _bandwidth(cpu: CpuStats, stat: dict[bytes, int]) -> None:
    """The counts that v1 and v2 name alike."""
    cpu.cfs.periods = stat.get(b"nr_periods")
    cpu.cfs.throttled_periods = stat.get(b"nr_throttled")
    cpu.cfs.bursts_periods = stat.get(b"nr_bursts")


def _scaled(value: Count, unit_ns: int) -> Count:
    return None if value is None else value * unit_ns
