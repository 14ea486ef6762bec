"""Kind ``oom_event``: processes of a group, and of all below it, that the OOM killer ended.

v1: oom_kill of memory.oom_control, since 4.13. v2: oom_kill of memory.events. Exact and without privilege, where
cAdvisor reads the kernel's log. https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files
"""

from cadvcli.collectors.source import Collector, Raw, cgroup_files
from cadvcli.kernel.keyed import parse_keyed
from cadvcli.model.stats import ContainerStats
from cadvcli.prometheus import counter


class OomEvent(Collector):
    """OOM kills in one cgroup."""

    kind = "oom_event"
    v1 = cgroup_files("memory.oom_control")
    v2 = cgroup_files("memory.events")
    families = (
        counter(
            "container_oom_events_total",
            "Processes of the container that were killed because memory ran out.",
            lambda stats: stats.oom_events,
        ),
    )

    def decode_v1(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``oom_events``."""
        _fill(raw, "memory.oom_control", stats)

    def decode_v2(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``oom_events``; the root group has no such file."""
        _fill(raw, "memory.events", stats)


def _fill(raw: Raw, path: str, stats: ContainerStats) -> None:
    (text,) = raw
    if text is not None:
        stats.oom_events = parse_keyed(text, path).get(b"oom_kill")
