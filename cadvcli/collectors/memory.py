"""Kind ``memory``: what is charged to the group, of what sort, and how often the limit was met. Bytes.

v1: memory.{usage_in_bytes,max_usage_in_bytes,failcnt,kmem.usage_in_bytes,stat,use_hierarchy}. v2:
memory.{current,peak,swap.current,stat,events}; the root group has no memory.current, there usage is anon + file
and swap what /proc/meminfo says is used. The working set is usage without the inactive file cache.
https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files,
https://docs.kernel.org/admin-guide/cgroup-v1/memory.html
"""

from collections.abc import Callable

from cadvcli.collectors.source import Collector, Raw, Source, cgroup_files
from cadvcli.kernel.keyed import parse_keyed, parse_number
from cadvcli.kernel.meminfo import parse_meminfo
from cadvcli.model import Count
from cadvcli.model.stats import ContainerStats, MemoryStats
from cadvcli.prometheus import Family, Number, Rows


def _memory(kind: str, name: str, text: str, value: Callable[[MemoryStats], Number]) -> Family:
    return Family(
        name="container_memory_" + name,
        type="counter" if kind == "counter" else "gauge",
        help=text,
        value=lambda stats: value(stats.memory),
    )


def _failures(stats: ContainerStats) -> Rows:
    scopes = (("container", stats.memory.container_data), ("hierarchy", stats.memory.hierarchical_data))
    for scope, data in scopes:
        yield ("pgfault", scope), data.pgfault
        yield ("pgmajfault", scope), data.pgmajfault


_FAMILIES = (
    _memory("gauge", "cache", "Page cache charged to the container, in bytes.", lambda m: m.cache),
    _memory("gauge", "rss", "Anonymous memory (no file behind it) of the container, in bytes.", lambda m: m.rss),
    _memory("gauge", "kernel_usage", "Memory that the kernel holds for the container, in bytes.", lambda m: m.kernel),
    _memory("gauge", "mapped_file", "File pages mapped into its processes, in bytes.", lambda m: m.mapped_file),
    _memory("gauge", "swap", "Memory of the container that is swapped out, in bytes.", lambda m: m.swap),
    _memory("counter", "failcnt", "Times that the memory limit was met.", lambda m: m.failcnt),
    _memory("gauge", "usage_bytes", "All memory charged to the container, in bytes.", lambda m: m.usage),
    _memory("gauge", "max_usage_bytes", "The most memory ever charged to it at once, in bytes.", lambda m: m.max_usage),
    _memory(
        "gauge",
        "working_set_bytes",
        "Memory in use that can't be reclaimed at once: usage without inactive file cache, in bytes.",
        lambda m: m.working_set,
    ),
    _memory(
        "gauge", "total_active_file_bytes", "File cache used lately, in bytes.", lambda m: m.total_active_file
    ),
    _memory(
        "gauge", "total_inactive_file_bytes", "File cache not used lately, in bytes.", lambda m: m.total_inactive_file
    ),
    Family(
        name="container_memory_failures_total",
        type="counter",
        help="Page faults; major ones had to wait for a disk. Scope hierarchy includes the groups below.",
        labels=("failure_type", "scope"),
        rows=_failures,
    ),
    _memory("counter", "events_high_total", "Times that usage went over memory.high.", lambda m: m.events.high),
    _memory("counter", "events_max_total", "Times that usage was about to go over memory.max.", lambda m: m.events.max),
    _memory("gauge", "file_dirty_bytes", "File cache still to be written to disk, in bytes.", lambda m: m.file_dirty),
    _memory(
        "gauge", "file_writeback_bytes", "File cache being written to disk, in bytes.", lambda m: m.file_writeback
    ),
    _memory("counter", "pgscan_total", "Pages that reclaim looked at.", lambda m: m.pgscan),
    _memory("counter", "pgsteal_total", "Pages that reclaim freed.", lambda m: m.pgsteal),
    _memory(
        "counter",
        "workingset_refault_file_total",
        "File pages read again soon after they were evicted.",
        lambda m: m.workingset_refault_file,
    ),
    _memory(
        "counter",
        "workingset_refault_anon_total",
        "Anonymous pages swapped in again soon after they were evicted.",
        lambda m: m.workingset_refault_anon,
    ),
)


class Memory(Collector):
    """Memory charged to one cgroup with all below it."""

    kind = "memory"
    v1 = cgroup_files(
        "memory.usage_in_bytes",
        "memory.max_usage_in_bytes",
        "memory.failcnt",
        "memory.kmem.usage_in_bytes",
        "memory.stat",
        "memory.use_hierarchy",
    )
    v2 = (
        *cgroup_files("memory.current", "memory.peak", "memory.swap.current", "memory.stat", "memory.events"),
        Source(name="/proc/meminfo", read=lambda target: target.host.read("/proc/meminfo"), root_only=True),
    )
    families = _FAMILIES

    def decode_v1(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``memory`` from the memory controller; sums over the groups below where it has a hierarchy."""
        usage, peak, failcnt, kernel, stat_text, hierarchy = raw
        memory = stats.memory
        memory.usage = _number(usage, "memory.usage_in_bytes")
        memory.max_usage = _number(peak, "memory.max_usage_in_bytes")
        memory.failcnt = _number(failcnt, "memory.failcnt")
        memory.kernel = _number(kernel, "memory.kmem.usage_in_bytes")
        if stat_text is None:
            return
        stat = parse_keyed(stat_text, "memory.stat")
        total = b"total_" if _number(hierarchy, "memory.use_hierarchy") == 1 else b""
        memory.cache = stat.get(total + b"cache")
        memory.rss = stat.get(total + b"rss")
        memory.swap = stat.get(total + b"swap")
        memory.mapped_file = stat.get(total + b"mapped_file")
        memory.file_dirty = stat.get(total + b"dirty")
        memory.file_writeback = stat.get(total + b"writeback")
        memory.workingset_refault_file = stat.get(total + b"workingset_refault_file")
        memory.workingset_refault_anon = stat.get(total + b"workingset_refault_anon")
        memory.total_active_file = stat.get(b"total_active_file")
        memory.total_inactive_file = stat.get(b"total_inactive_file")
        memory.container_data.pgfault = stat.get(b"pgfault")
        memory.container_data.pgmajfault = stat.get(b"pgmajfault")
        memory.hierarchical_data.pgfault = stat.get(b"total_pgfault")
        memory.hierarchical_data.pgmajfault = stat.get(b"total_pgmajfault")
        memory.working_set = _working_set(memory.usage, memory.total_inactive_file)

    def decode_v2(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``memory`` from the memory controller, whose figures include the groups below."""
        usage, peak, swap, stat_text, events_text, meminfo = raw
        memory = stats.memory
        memory.usage = _number(usage, "memory.current")
        memory.max_usage = _number(peak, "memory.peak")
        memory.swap = _number(swap, "memory.swap.current")
        if meminfo is not None:
            memory.swap = _swap_used(meminfo)
        if events_text is not None:
            events = parse_keyed(events_text, "memory.events")
            memory.events.high = events.get(b"high")
            memory.events.max = memory.failcnt = events.get(b"max")
        if stat_text is None:
            return
        stat = parse_keyed(stat_text, "memory.stat")
        memory.cache = stat.get(b"file")
        memory.rss = stat.get(b"anon")
        if meminfo is not None and memory.usage is None:
            memory.usage = stat.get(b"anon", 0) + stat.get(b"file", 0)
        memory.kernel = stat.get(b"kernel")
        memory.mapped_file = stat.get(b"file_mapped")
        memory.file_dirty = stat.get(b"file_dirty")
        memory.file_writeback = stat.get(b"file_writeback")
        memory.pgscan = stat.get(b"pgscan")
        memory.pgsteal = stat.get(b"pgsteal")
        memory.workingset_refault_file = stat.get(b"workingset_refault_file")
        memory.workingset_refault_anon = stat.get(b"workingset_refault_anon")
        memory.total_active_file = stat.get(b"active_file")
        memory.total_inactive_file = stat.get(b"inactive_file")
        for data in (memory.container_data, memory.hierarchical_data):
            data.pgfault = stat.get(b"pgfault")
            data.pgmajfault = stat.get(b"pgmajfault")
        memory.working_set = _working_set(memory.usage, memory.total_inactive_file)


def _number(text: bytes | None, path: str) -> Count:
    return None if text is None else parse_number(text, path)


def _working_set(usage: Count, inactive_file: Count) -> Count:
    return None if usage is None else max(0, usage - (inactive_file or 0))


def _swap_used(meminfo: bytes) -> Count:
    bytes_of = parse_meminfo(meminfo, "/proc/meminfo")
    total, free = bytes_of.get("SwapTotal"), bytes_of.get("SwapFree")
    return None if total is None or free is None else max(0, total - free)
