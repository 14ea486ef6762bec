"""Kind ``cpuset``: whether a group's pages follow its tasks to other nodes. cgroup v1 only. Off by default.

Reads cpuset.memory_migrate, 0 or 1; v2 always migrates and has no such file.
https://docs.kernel.org/admin-guide/cgroup-v1/cpusets.html#what-are-cpusets
"""

from cadvcli.collectors.source import Collector, Raw, cgroup_files
from cadvcli.kernel.keyed import parse_number
from cadvcli.model.stats import ContainerStats
from cadvcli.prometheus import gauge


class CpuSet(Collector):
    """The cpuset of one cgroup."""

    kind = "cpuset"
    default = False
    v1 = cgroup_files("cpuset.memory_migrate")
    families = (
        gauge(
            "container_memory_migrate",
            "1 if pages follow their tasks when the cpuset changes.",
            lambda stats: stats.cpuset.memory_migrate,
        ),
    )

    def decode_v1(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``cpuset.memory_migrate``."""
        (text,) = raw
        if text is not None:
            stats.cpuset.memory_migrate = parse_number(text, "cpuset.memory_migrate")
