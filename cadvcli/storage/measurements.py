"""What cAdvisor's line-shaped drivers (influxdb, stdout, statsd) say of a sample: one table, rendered by each of them.

Names, units and order are those of cAdvisor's influxdb driver: nanoseconds, bytes, counts, all cumulative where the
kernel's are. A number that the kernel did not give is left out, where cAdvisor would write 0.
"""

from collections.abc import Iterator
from typing import NamedTuple

from cadvcli.model.network import NetworkStats
from cadvcli.model.stats import ContainerStats, CpuStats, FsStats, HugetlbStats, MemoryStats

#: Labels of a measurement beyond machine and container, sorted by key.
Labels = tuple[tuple[str, str], ...]


class Measurement(NamedTuple):
    """One number of a sample."""

    name: str
    labels: Labels
    value: int


_Found = Iterator[tuple[str, Labels, int | None]]


def measurements(stats: ContainerStats) -> Iterator[Measurement]:
    """All numbers of a sample that cAdvisor's line-shaped drivers have, in its order."""
    for name, labels, value in _all(stats):
        if value is not None:
            yield Measurement(name, labels, value)


def _all(stats: ContainerStats) -> _Found:
    if stats.cpu is not None:
        yield from _cpu(stats.cpu)
    if stats.network is not None:
        yield from _network(stats.network)
    yield "referenced_memory", (), stats.referenced_memory
    if stats.memory is not None:
        yield from _memory(stats.memory)
    for size in sorted(stats.hugetlb):
        yield from _hugetlb(size, stats.hugetlb[size])
    for event in stats.perf_stats:
        # cAdvisor: the share of time is a tag too, which makes a new series of nearly every sample.
        yield "perf_stat", (("cpu", str(event.cpu)), ("name", event.name)), event.value
    for node, traffic in enumerate(stats.resctrl.memory_bandwidth):
        yield "resctrl_memory_bandwidth_total", (("node_id", str(node)),), traffic.mbm_total_bytes
        yield "resctrl_memory_bandwidth_local", (("node_id", str(node)),), traffic.mbm_local_bytes
    for node, cache in enumerate(stats.resctrl.cache):
        yield "resctrl_llc_occupancy", (("node_id", str(node)),), cache.llc_occupancy
    for filesystem in stats.filesystem:
        yield from _filesystem(filesystem)


def _cpu(cpu: CpuStats) -> _Found:
    yield "cpu_usage_total", (), cpu.usage.total
    yield "cpu_usage_system", (), cpu.usage.system
    yield "cpu_usage_user", (), cpu.usage.user
    for index, used_ns in enumerate(cpu.usage.per_cpu_usage):
        yield "cpu_usage_per_cpu", (("instance", str(index)),), used_ns
    yield "load_average", (), cpu.load_average


def _network(network: NetworkStats) -> _Found:
    """The first interface only, as cAdvisor has it; without any there is nothing to say."""
    if not network.name:
        return
    yield "rx_bytes", (), network.rx_bytes
    yield "rx_errors", (), network.rx_errors
    yield "tx_bytes", (), network.tx_bytes
    yield "tx_errors", (), network.tx_errors


def _memory(memory: MemoryStats) -> _Found:
    yield "memory_usage", (), memory.usage
    yield "memory_max_usage", (), memory.max_usage
    yield "memory_cache", (), memory.cache
    yield "memory_rss", (), memory.rss
    yield "memory_swap", (), memory.swap
    yield "memory_mapped_file", (), memory.mapped_file
    yield "memory_working_set", (), memory.working_set
    yield "memory_total_active_file", (), memory.total_active_file
    yield "memory_total_inactive_file", (), memory.total_inactive_file
    yield "memory_failcnt", (), memory.failcnt
    # cAdvisor: sends all four with the labels of the last, so that its page faults are never stored; it meant this.
    for scope, faults in (("container", memory.container_data), ("hierarchical", memory.hierarchical_data)):
        yield "memory_failure", (("failure_type", "pgfault"), ("scope", scope)), faults.pgfault
        yield "memory_failure", (("failure_type", "pgmajfault"), ("scope", scope)), faults.pgmajfault


def _hugetlb(size: str, pages: HugetlbStats) -> _Found:
    yield "hugetlb_usage", (("page_size", size),), pages.usage
    yield "hugetlb_max_usage", (("page_size", size),), pages.max_usage
    yield "hugetlb_failcnt", (("page_size", size),), pages.failcnt


def _filesystem(filesystem: FsStats) -> _Found:
    device = filesystem.device
    yield "fs_usage", (("device", device), ("type", "usage")), filesystem.usage
    yield "fs_limit", (("device", device), ("type", "limit")), filesystem.capacity
