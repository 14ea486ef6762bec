"""The limits of a group as cAdvisor's wire has them: ``read_spec``.

v1: cpu.shares, cpu.cfs_{quota,period}_us, cpuset.cpus, memory.{limit,soft_limit}_in_bytes,
memory.memsw.limit_in_bytes, pids.max. v2: cpu.weight, cpu.max, cpuset.cpus.effective, memory.{max,low},
memory.swap.max, pids.max. https://docs.kernel.org/admin-guide/cgroup-v2.html
"""

from collections.abc import Collection

from cadvcli.host import Host
from cadvcli.kernel.cgroup import Cgroup
from cadvcli.kernel.keyed import parse_number
from cadvcli.kernel.meminfo import read_meminfo
from cadvcli.model.clock import SECOND, rfc3339
from cadvcli.model.container import NO_TIME, ContainerSpec, CpuSpec, MemorySpec, ProcessSpec
from cadvcli.model.identity import Identity

_NETWORK = {"network", "tcp", "udp", "advtcp"}


def read_spec(cgroup: Cgroup, identity: Identity, kinds: Collection[str]) -> ContainerSpec:
    """What the group may use now, who it is, and which sections its samples have."""
    created = identity.created_ns or created_ns(cgroup)
    started = identity.started_ns or created
    of_runtime = identity.runtime != "raw"
    memory = _memory(cgroup)
    pids = cgroup.read("pids.max")
    return ContainerSpec(
        creation_time=NO_TIME if created is None else rfc3339(created),
        start_time=NO_TIME if started is None else rfc3339(started),
        labels=identity.labels,
        envs=identity.envs,
        has_cpu=True,
        cpu=_cpu_v2(cgroup) if cgroup.version == 2 else _cpu_v1(cgroup),
        has_memory=memory is not None,
        memory=memory or MemorySpec(),
        has_hugetlb="hugetlb" in kinds,
        has_network=bool(_NETWORK & set(kinds)) and (of_runtime or cgroup.is_root) and identity.network_mode != "host",
        has_processes=pids is not None and (cgroup.version == 2 or "process" in kinds),
        processes=ProcessSpec(limit=0 if pids is None else parse_number(pids, "pids.max")),
        has_filesystem="disk" in kinds and (of_runtime or cgroup.is_root),
        has_diskio="diskIO" in kinds,
        has_custom_metrics=False,
        image=identity.image or "",
    )


def _cpu_v1(cgroup: Cgroup) -> CpuSpec:
    quota = _signed(cgroup.read("cpu.cfs_quota_us"))
    return CpuSpec(
        limit=_number(cgroup, "cpu.shares"),
        max_limit=0,
        mask=_mask(cgroup, "cpuset.cpus"),
        quota=max(0, quota),
        period=_number(cgroup, "cpu.cfs_period_us"),
    )


def _cpu_v2(cgroup: Cgroup) -> CpuSpec:
    quota, _, period = (cgroup.read("cpu.max") or b"max 0").strip().partition(b" ")
    weight = _number(cgroup, "cpu.weight")
    return CpuSpec(
        limit=shares_of(weight) if weight else 0,
        max_limit=0,
        mask=_mask(cgroup, "cpuset.cpus.effective"),
        quota=0 if quota == b"max" else parse_number(quota, "cpu.max"),
        period=parse_number(period or b"0", "cpu.max"),
    )


def shares_of(weight: int) -> int:
    """The CPU shares that were given, from the weight that an OCI runtime made of them.

    100 is the kernel's default and what 1024 became, Docker's default. Others were made by the linear rule
    ``1 + (shares - 2) * 9999 / 262142``, which maps up to 27 shares to one weight: of those it was the roundest.
    """
    if weight == 100:
        return 1024
    lowest = -(-(weight - 1) * 262142 // 9999) + 2
    highest = (weight * 262142 - 1) // 9999 + 2
    return max(range(lowest, max(lowest, highest) + 1), key=lambda shares: (shares & -shares, -shares))


def _memory(cgroup: Cgroup) -> MemorySpec | None:
    """The memory limits, None if the group has no memory controller. The root's limits are the machine's sizes."""
    if cgroup.is_root:
        meminfo = read_meminfo(cgroup.host)
        if meminfo is None:
            return None
        return MemorySpec(limit=meminfo.get("MemTotal", 0), swap_limit=meminfo.get("SwapTotal", 0))
    files = ("memory.max", "memory.low", "memory.swap.max") if cgroup.version == 2 else (
        "memory.limit_in_bytes",
        "memory.soft_limit_in_bytes",
        "memory.memsw.limit_in_bytes",
    )
    if cgroup.read(files[0]) is None:
        return None
    limit, reservation, swap = (_number(cgroup, file) for file in files)
    return MemorySpec(limit=limit, reservation=reservation, swap_limit=swap)


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
            stat = cgroup.host.stat(path)
            if stat is not None:
                times.append(stat.st_mtime_ns)
    return max(min(times), booted or 0) if times else None


def _booted_ns(host: Host) -> int | None:
    """When the machine started, in whole seconds of the wall clock, from /proc/stat; None if that can't be told."""
    for line in (host.read("/proc/stat") or b"").split(b"\n"):
        if line.startswith(b"btime "):
            return int(line[6:]) * SECOND
    return None


def _number(cgroup: Cgroup, file: str) -> int:
    text = cgroup.read(file)
    return 0 if text is None else parse_number(text, file)


def _signed(text: bytes | None) -> int:
    return int(text) if text and text.strip().lstrip(b"-").isdigit() else 0


def _mask(cgroup: Cgroup, file: str) -> str:
    return (cgroup.read(file) or b"").strip().decode("ascii", "replace")
