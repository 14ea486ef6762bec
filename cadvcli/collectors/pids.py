"""Kind ``pids``, ours alone: how many tasks a group has and may have. Cheap, since the kernel counts.

Reads pids.current and pids.max, alike on v1 and v2; the root group has neither. Fills in two fields of the section
``processes`` that kind ``process`` has too, without opening anything under /proc.
https://docs.kernel.org/admin-guide/cgroup-v2.html#pid
"""

from cadvcli.collectors.source import Collector, Raw, cgroup_files
from cadvcli.kernel.keyed import UNLIMITED, parse_number
from cadvcli.model.stats import ContainerStats


class Pids(Collector):
    """Tasks of one cgroup with all below it."""

    kind = "pids"
    default = False
    ours = True
    v1 = v2 = cgroup_files("pids.current", "pids.max")

    def decode_v2(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``processes.threads_current`` and ``threads_max``."""
        current, limit = raw
        if stats.processes is None:
            return
        if current is not None:
            stats.processes.threads_current = parse_number(current, "pids.current")
        if limit is not None:
            most = parse_number(limit, "pids.max")
            stats.processes.threads_max = 0 if most == UNLIMITED else most

    decode_v1 = decode_v2
