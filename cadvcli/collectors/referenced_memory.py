"""Kind ``referenced_memory``: memory that processes used since the kernel last forgot about it. Off by default.

Sums Referenced of /proc/PID/smaps_rollup over the group and all below it; a page that processes share counts for each.
--referenced-reset-interval makes the kernel forget after every so many samples, by 1 in /proc/PID/clear_refs, which
costs each process page faults. Needs root, or processes of one's own; absent otherwise.
https://docs.kernel.org/filesystems/proc.html
"""

from collections.abc import Callable
from functools import partial

from cadvcli.collectors.source import Collector, Knobs, Raw, Source, Target, unnamed
from cadvcli.errors import HostError
from cadvcli.kernel.keyed import parse_number
from cadvcli.kernel.smaps import parse_referenced
from cadvcli.model.stats import ContainerStats
from cadvcli.prometheus import gauge

_SOURCE = "referenced"


class _Cycle:
    """Adds up one container's processes, and makes the kernel forget every ``interval`` samples."""

    def __init__(self, interval: int, target: Target) -> None:
        self._target = target
        self._interval = interval
        self._samples = 0
        self._allowed = True

    def read(self, boot_ns: int) -> bytes | None:
        """The bytes; None where processes don't tell. HostError if one of them may not be looked at."""
        host, pids = self._target.host, self._target.cgroup.all_procs()
        found = []
        for pid in pids:
            path = f"/proc/{pid}/smaps_rollup"
            text = host.record(path)
            if text:
                found.append(parse_referenced(text, path))
        self._samples += 1
        if self._interval and self._samples % self._interval == 0 and self._allowed:
            self._forget(pids)
        return b"%d" % sum(found) if found or not pids else None

    def close(self) -> None:
        """Nothing is held."""

    def _forget(self, pids: list[int]) -> None:
        try:
            for pid in pids:
                self._target.host.write(f"/proc/{pid}/clear_refs", b"1")
        except HostError:
            self._allowed = False  # the figures are as good as they get


class ReferencedMemory(Collector):
    """Referenced memory of one cgroup with all below it."""

    kind = "referenced_memory"
    default = False
    families = (
        gauge(
            "container_referenced_bytes",
            "Memory that the container's processes used since the kernel last forgot about it, in bytes.",
            lambda stats: stats.referenced_memory,
        ),
    )

    def __init__(self, device_name: Callable[[int, int], str] = unnamed, knobs: Knobs | None = None) -> None:
        super().__init__(device_name, knobs)
        cycle = partial(_Cycle, self.knobs.referenced_reset_interval)
        self.v1 = self.v2 = (Source(name=_SOURCE, hold=cycle),)

    def decode_v2(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``referenced_memory``."""
        (text,) = raw
        if text is not None:
            stats.referenced_memory = parse_number(text, _SOURCE)

    decode_v1 = decode_v2
