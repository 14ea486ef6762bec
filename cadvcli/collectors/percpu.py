"""Kind ``percpu``: CPU time by CPU. cgroup v1 only: v2 does not count it for a group.

v1: cpuacct.usage_percpu, one number of nanoseconds for each possible CPU. It has no family of its own: it splits
container_cpu_usage_seconds_total of kind ``cpu``. https://docs.kernel.org/admin-guide/cgroup-v1/cpuacct.html
"""

from cadvcli.collectors.source import Collector, Raw, cgroup_files
from cadvcli.kernel.keyed import parse_numbers
from cadvcli.model.stats import ContainerStats


class PerCpu(Collector):
    """CPU time of one cgroup by CPU."""

    kind = "percpu"
    v1 = cgroup_files("cpuacct.usage_percpu")

    def decode_v1(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``cpu.usage.per_cpu_usage``."""
        (text,) = raw
        if text is not None:
            stats.cpu.usage.per_cpu_usage = parse_numbers(text, "cpuacct.usage_percpu")
