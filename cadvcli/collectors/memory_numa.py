"""Kind ``memory_numa``: pages of a group by NUMA node. Off by default.

Reads memory.numa_stat. v1 counts the group alone and with all below it; v2 only with all below it, and in bytes,
which become pages here. https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files
"""

import mmap
from collections.abc import Iterator

from cadvcli.collectors.source import Collector, Raw, cgroup_files
from cadvcli.kernel.numa_stat import parse_numa_stat
from cadvcli.model.stats import ContainerStats, MemoryNumaStats
from cadvcli.prometheus import Family, Number

_SORTS = ("file", "anon", "unevictable")


def _rows(stats: ContainerStats) -> Iterator[tuple[tuple[str, ...], Number]]:
    scopes = (("container", stats.memory.container_data), ("hierarchy", stats.memory.hierarchical_data))
    for scope, data in scopes:
        for sort in _SORTS:
            for node, pages in getattr(data.numa_stats, sort).items():
                yield (sort, scope, str(node)), pages


class MemoryNuma(Collector):
    """Where a group's memory lies."""

    kind = "memory_numa"
    default = False
    v1 = v2 = cgroup_files("memory.numa_stat")
    families = (
        Family(
            name="container_memory_numa_pages",
            type="gauge",
            help="Pages on each NUMA node. Scope hierarchy includes the groups below.",
            labels=("type", "scope", "node"),
            rows=_rows,
        ),
    )

    def decode_v1(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``numa_stats`` of both scopes."""
        (text,) = raw
        if text is not None:
            table = parse_numa_stat(text, "memory.numa_stat")
            for data, prefix in ((stats.memory.container_data, ""), (stats.memory.hierarchical_data, "hierarchical_")):
                data.numa_stats = MemoryNumaStats(**{sort: table.get(prefix + sort, {}) for sort in _SORTS})

    def decode_v2(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``numa_stats`` of the hierarchy."""
        (text,) = raw
        if text is not None:
            table = parse_numa_stat(text, "memory.numa_stat")
            pages = {
                sort: {node: size // mmap.PAGESIZE for node, size in table.get(sort, {}).items()} for sort in _SORTS
            }
            stats.memory.hierarchical_data.numa_stats = MemoryNumaStats(**pages)
