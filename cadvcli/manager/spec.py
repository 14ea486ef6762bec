"""The limits of a group as cAdvisor's wire has them: ``read_spec``.

v1: cpu.shares, cpu.cfs_{quota,period}_us, cpuset.cpus, memory.{limit,soft_limit}_in_bytes,
memory.memsw.limit_in_bytes, pids.max. v2: cpu.weight, cpu.max, cpuset.cpus.effective, memory.{max,low},
memory.swap.max, pids.max. https://docs.kernel.org/admin-guide/cgroup-v2.html
"""

from collections.abc import Callable, Collection
from contextlib import suppress

from cadvcli.errors import CadvcliError, HostError, ParseError, PermissionDenied
from cadvcli.host import Host
from cadvcli.kernel.cgroup import Cgroup
from cadvcli.kernel.keyed import parse_number
from cadvcli.kernel.meminfo import read_meminfo
from cadvcli.model.clock import SECOND, rfc3339
from cadvcli.model.container import NO_TIME, ContainerSpec, CpuSpec, MemorySpec, ProcessSpec
from cadvcli.model.identity import Identity

#: The files of the hard limit, of what is protected from others' needs, and of the limit with swap (v2: of swap).
_MEMORY = {
    1: ("memory.limit_in_bytes", "memory.soft_limit_in_bytes", "memory.memsw.limit_in_bytes"),
    2: ("memory.max", "memory.low", "memory.swap.max"),
}
_NETWORK = {"network", "tcp", "udp", "advtcp"}

#: The end of the year 9999: what a time in text can hold.
LAST_NS = 253_402_300_800 * SECOND

#: Where trouble with one file goes: it costs that limit alone.
Tell = Callable[[CadvcliError], None]


def read_spec(
    cgroup: Cgroup, identity: Identity, kinds: Collection[str], made_ns: int | None, tell: Tell
) -> ContainerSpec:
    """What the group may use now, who it is, and which sections its samples have.

    ``made_ns`` is when the group was made. A limit whose file can't be read is 0, and ``tell`` hears of it.
    """
    created = identity.created_ns or made_ns
    of_runtime = identity.runtime != "raw"
    files = _Files(cgroup, tell)
    memory = _memory(files)
    pids = files.number("pids.max")
    return ContainerSpec(
        creation_time=NO_TIME if created is None else rfc3339(created),
        start_time=NO_TIME if identity.started_ns is None else rfc3339(identity.started_ns),
        labels=wire_labels(identity),
        envs=identity.envs,
        has_cpu=True,
        cpu=_cpu_v2(files) if cgroup.version == 2 else _cpu_v1(files),
        has_memory=memory is not None,
        memory=memory or MemorySpec(),
        has_hugetlb="hugetlb" in kinds,
        has_network=bool(_NETWORK & set(kinds)) and (of_runtime or cgroup.is_root) and identity.network_mode != "host",
        has_processes=pids is not None and (cgroup.version == 2 or "process" in kinds),
        processes=ProcessSpec(limit=pids or 0),
        has_filesystem="disk" in kinds and (cgroup.is_root or bool(identity.layer or identity.log_dir)),
        has_diskio="diskIO" in kinds,
        has_custom_metrics=False,
        image=identity.image or "",
    )


class _Files:
    """The limits of one group by the names of their files."""

    def __init__(self, cgroup: Cgroup, tell: Tell) -> None:
        self.cgroup = cgroup
        self._tell = tell

    def text(self, file: str) -> bytes | None:
        """What the file says; None if it is not there or can't be read."""
        try:
            return self.cgroup.read(file)
        except PermissionDenied:  # normal for an ordinary user
            return None
        except HostError as error:
            self._tell(error)
            return None

    def number(self, file: str) -> int | None:
        """The number in it, UNLIMITED for ``max``; None if it says none."""
        return self.parsed(self.text(file), file)

    def parsed(self, text: bytes | None, file: str) -> int | None:
        """A number that stands in this file."""
        try:
            return None if text is None else parse_number(text, self.cgroup.path(file) or file)
        except ParseError as error:
            self._tell(error)
            return None

    def meminfo(self) -> dict[str, int] | None:
        """The machine's memory; None if that can't be told."""
        try:
            return read_meminfo(self.cgroup.host)
        except (HostError, ParseError) as error:
            self._tell(error)
            return None

    def list(self, file: str) -> str:
        """A list of CPUs, empty if it isn't there."""
        return (self.text(file) or b"").strip().decode("ascii", "replace")


def wire_labels(identity: Identity) -> dict[str, str]:
    """The engine's labels and cAdvisor's own one among them: ``restartcount``, once the container was restarted."""
    if not identity.restart_count:
        return identity.labels
    return {**identity.labels, "restartcount": str(identity.restart_count)}


def _cpu_v1(files: _Files) -> CpuSpec:
    return CpuSpec(
        limit=files.number("cpu.shares") or 0,
        max_limit=0,
        mask=files.list("cpuset.cpus"),
        quota=files.number("cpu.cfs_quota_us") or 0,  # -1 is none
        period=files.number("cpu.cfs_period_us") or 0,
    )


def _cpu_v2(files: _Files) -> CpuSpec:
    quota, _, period = (files.text("cpu.max") or b"max 0").strip().partition(b" ")
    weight = files.number("cpu.weight")
    return CpuSpec(
        limit=shares_of(weight) if weight else 0,
        max_limit=0,
        mask=files.list("cpuset.cpus.effective"),
        quota=0 if quota == b"max" else files.parsed(quota, "cpu.max") or 0,
        period=files.parsed(period or b"0", "cpu.max") or 0,
    )


def shares_of(weight: int) -> int:
    """The CPU shares that were given, from the weight that an OCI runtime made of them.

    100 is the kernel's default and what 1024 became, Docker's default; 1 is the least, 2, which Kubernetes gives to
    best effort. Others were made by the linear rule ``1 + (shares - 2) * 9999 / 262142``, which maps up to 27 shares
    to one weight: of those it was the roundest.
    """
    if weight in (1, 100):
        return 2 if weight == 1 else 1024
    lowest = -(-(weight - 1) * 262142 // 9999) + 2
    highest = (weight * 262142 - 1) // 9999 + 2
    return max(range(lowest, max(lowest, highest) + 1), key=lambda shares: (shares & -shares, -shares))


def _memory(files: _Files) -> MemorySpec | None:
    """The memory limits, None if the group has no memory controller. The root's limits are the machine's sizes."""
    limit_file, reservation_file, swap_file = _MEMORY[files.cgroup.version]
    reservation = files.number(reservation_file) or 0
    if files.cgroup.is_root:
        meminfo = files.meminfo()
        if meminfo is None:
            return None
        return MemorySpec(
            limit=meminfo.get("MemTotal", 0), reservation=reservation, swap_limit=meminfo.get("SwapTotal", 0)
        )
    limit = files.text(limit_file)
    if limit is None:
        return None
    return MemorySpec(
        limit=files.parsed(limit, limit_file) or 0, reservation=reservation, swap_limit=files.number(swap_file) or 0
    )


def created_ns(cgroup: Cgroup) -> int | None:
    """When the group was made: the oldest time of its directories and of a file nobody writes to; None if unknown.

    A directory's own time moves with each child. The root group is as old as the machine is up.
    """
    booted = _booted_ns(cgroup.host)
    if cgroup.is_root:
        return booted
    quiet = "/cgroup.events" if cgroup.version == 2 else "/cgroup.clone_children"
    times = []
    for folder in cgroup.dirs():
        for path in (folder, folder + quiet):
            with suppress(HostError):
                if stat := cgroup.host.stat(path):
                    times.append(stat.st_mtime_ns)
    oldest = min(times, default=LAST_NS)  # the owner of a group may set its times to anything
    return max(oldest, booted or 0) if oldest < LAST_NS else None


def _booted_ns(host: Host) -> int | None:
    """When the machine started, in whole seconds of the wall clock, from /proc/stat; None if that can't be told."""
    with suppress(HostError, ParseError):
        for line in (host.read("/proc/stat") or b"").split(b"\n"):
            if line.startswith(b"btime "):
                return parse_number(line[6:], "/proc/stat") * SECOND
    return None
