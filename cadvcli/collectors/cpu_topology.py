"""Kind ``cpu_topology``: the machine's caches, threads, NUMA nodes and their distances on /metrics. Off by default.

It has no figures of containers; the families are the machine's, in ``web.topology``. The API and ``cadvcli machine``
have the topology always.
"""

from cadvcli.collectors.source import Collector


class CpuTopology(Collector):
    """Switches families of the machine on."""

    kind = "cpu_topology"
    default = False
