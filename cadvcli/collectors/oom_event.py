"""Kind ``oom_event``: processes of a group that the OOM killer ended.

v1: oom_kill of memory.oom_control (since 4.13), of the group alone. v2: oom_kill of memory.events, of the group with
all below it. The root group: oom_kill of /proc/vmstat, all of the machine. Exact and without privilege, where cAdvisor
reads the kernel's log. Kills that ended their container are the manager's to add (``manager.oom``).
https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files
"""

from cadvcli.collectors.source import Collector, Raw, Source, Target
from cadvcli.kernel.keyed import parse_keyed
from cadvcli.model.stats import ContainerStats
from cadvcli.prometheus import counter

V1_FILE, V2_FILE, MACHINE_FILE = "memory.oom_control", "memory.events", "/proc/vmstat"


def _of_machine(target: Target) -> bytes | None:
    """The line ``oom_kill N`` of /proc/vmstat; None before Linux 4.13."""
    text = b"\n" + (target.host.read(MACHINE_FILE) or b"")
    start = text.find(b"\noom_kill ") + 1
    return text[start : text.find(b"\n", start) + 1] or None if start else None


_MACHINE = Source(name=MACHINE_FILE, read=_of_machine, root_only=True)


class OomEvent(Collector):
    """OOM kills in one cgroup."""

    kind = "oom_event"
    v1 = (Source(name=V1_FILE), _MACHINE)
    v2 = (Source(name=V2_FILE), _MACHINE)
    families = (
        counter(
            "container_oom_events_total",
            "Processes of the container that were killed because memory ran out.",
            lambda stats: stats.oom_events,
        ),
    )

    def decode_v1(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``oom_events``."""
        _fill(raw, self.v1, stats)

    def decode_v2(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``oom_events``."""
        _fill(raw, self.v2, stats)


def _fill(raw: Raw, sources: tuple[Source, ...], stats: ContainerStats) -> None:
    """The root group's own file counts less than the machine's, so that stands first."""
    for text, source in reversed(list(zip(raw, sources, strict=True))):
        if text is not None:
            stats.oom_events = parse_keyed(text, source.name).get(b"oom_kill")
            return
