"""Kind ``process``: processes, threads, open descriptors and sockets of a group, and its limit of open files.

Reads pids.current and pids.max, cgroup.procs of the group and all below it, and under /proc/PID the names in fd/
and the file limits. What may not be read is absent: descriptors are counted only if every process shows its own.
https://docs.kernel.org/admin-guide/cgroup-v2.html#pid, man 5 proc_pid_fd
"""

from cadvcli.collectors.pids import Pids
from cadvcli.collectors.source import Collector, Raw, Source, Target, cgroup_files
from cadvcli.errors import HostError
from cadvcli.kernel.keyed import parse_numbers
from cadvcli.kernel.limits import parse_open_files
from cadvcli.model import Count
from cadvcli.model.stats import ContainerStats, UlimitSpec
from cadvcli.prometheus import Family, Rows, gauge


def _count(target: Target) -> bytes | None:
    """``processes descriptors sockets``; the last two are missing where a process doesn't show its descriptors."""
    pids = target.cgroup.all_procs()
    descriptors = sockets = 0
    try:
        for pid in pids:
            folder = f"/proc/{pid}/fd"
            for name in target.host.listdir(folder) or ():
                descriptors += 1
                sockets += (target.host.readlink(f"{folder}/{name}") or "").startswith("socket")
    except HostError:
        return b"%d" % len(pids)
    return b"%d %d %d" % (len(pids), descriptors, sockets)


def _part(field: str) -> Family:
    names = {
        "process_count": ("container_processes", "Processes of the container."),
        "fd_count": ("container_file_descriptors", "Descriptors that its processes hold open."),
        "socket_count": ("container_sockets", "Sockets that its processes hold open."),
        "threads_current": ("container_threads", "Threads of the container."),
        "threads_max": ("container_threads_max", "Threads that it may have; 0 is unlimited."),
    }
    name, text = names[field]

    def value(stats: ContainerStats) -> Count:
        count: Count = getattr(stats.processes, field) if stats.processes else None
        return count

    return gauge(name, text, value)


def _ulimits(stats: ContainerStats) -> Rows:
    return [((limit.name,), limit.soft_limit) for limit in stats.processes.ulimits] if stats.processes else []


class Process(Collector):
    """Processes of one cgroup with all below it."""

    kind = "process"
    default = False
    v1 = v2 = (
        *cgroup_files("pids.current", "pids.max"),
        Source(name="processes", read=_count),
        Source(name="limits", read=lambda target: target.proc("limits")),
    )
    families = (
        _part("process_count"),
        _part("fd_count"),
        _part("socket_count"),
        _part("threads_max"),
        _part("threads_current"),
        Family(
            name="container_ulimits_soft",
            type="gauge",
            help="Soft resource limits of its main process; -1 is unlimited.",
            labels=("ulimit",),
            rows=_ulimits,
        ),
    )

    def decode_v2(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``processes``."""
        current, limit, counts, limits = raw
        Pids().decode_v2((current, limit), stats)
        if stats.processes is None:
            return
        match parse_numbers(counts or b"", "processes"):
            case [processes, descriptors, sockets]:
                stats.processes.process_count = processes
                stats.processes.fd_count, stats.processes.socket_count = descriptors, sockets
            case [processes]:
                stats.processes.process_count = processes
        open_files = parse_open_files(limits, "limits") if limits is not None else None
        if open_files is not None:
            soft, hard = open_files
            stats.processes.ulimits = [UlimitSpec(name="max_open_files", soft_limit=soft, hard_limit=hard)]

    decode_v1 = decode_v2
