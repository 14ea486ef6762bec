"""CPU and NUMA topology: ``/sys/devices/system/{cpu,node}``.

A CPU is what the scheduler counts: a hardware thread. A CPU that is offline has no topology. Memory is in bytes, cache
sizes are too (the files have ``48K``). https://docs.kernel.org/admin-guide/cputopology.html,
https://docs.kernel.org/admin-guide/abi-testing.html (sysfs-devices-system-cpu), …/abi-stable.html (…-node)
"""

import re

from msgspec import Struct

from cadvcli.errors import ParseError
from cadvcli.host import Host
from cadvcli.kernel.keyed import show
from cadvcli.kernel.meminfo import parse_meminfo
from cadvcli.kernel.sysfs import numbered, parse_int, read_cpu_list, read_int

CPU = "/sys/devices/system/cpu"
NODE = "/sys/devices/system/node"
_SIZE = re.compile(rb"([0-9]{1,12})([KMG]?)")
_UNIT = {b"": 1, b"K": 1024, b"M": 1024**2, b"G": 1024**3}


class Cpu(Struct, frozen=True, kw_only=True):
    """Where one CPU sits. Core ids repeat in every package and, on some, in every die of one."""

    number: int
    core_id: int
    package_id: int
    die_id: int = 0
    book_id: str = ""  #: s390x
    drawer_id: str = ""  #: s390x

    @property
    def core(self) -> tuple[str, str, int, int, int]:
        """What all threads of one physical core, and no others, have in common."""
        return (self.drawer_id, self.book_id, self.package_id, self.die_id, self.core_id)


class CpuCache(Struct, frozen=True, kw_only=True):
    """One cache, and the CPUs that share it."""

    id: int
    level: int
    type: str  #: Data, Instruction or Unified
    size_bytes: int
    cpus: frozenset[int]


class NumaNode(Struct, frozen=True, kw_only=True):
    """One NUMA node. Some have no CPUs, some no memory; None: this kernel doesn't tell."""

    number: int
    cpus: list[int]
    memory_bytes: int | None
    distances: list[int] | None  #: to the nodes that are online, in ascending order


def read_online_cpus(host: Host) -> list[int]:
    """The CPUs in use. A kernel without CPU hotplug lists none as online: there all are."""
    online = read_cpu_list(host, f"{CPU}/online")
    return numbered(host.listdir(CPU), "cpu") if online is None else online


def read_cpu(host: Host, number: int) -> Cpu | None:
    """Where a CPU sits, or None if it is offline or the kernel doesn't tell."""
    folder = f"{CPU}/cpu{number}/topology"
    core, package = read_int(host, f"{folder}/core_id"), read_int(host, f"{folder}/physical_package_id")
    if core is None or package is None:
        return None
    return Cpu(
        number=number,
        core_id=core,
        # -1 is a machine whose firmware names no sockets: most ARM boards and virtual machines. It has one.
        package_id=max(0, package),
        die_id=read_int(host, f"{folder}/die_id") or 0,
        book_id=host.text(f"{folder}/book_id") or "",
        drawer_id=host.text(f"{folder}/drawer_id") or "",
    )


def parse_cache_size(text: bytes, path: str) -> int:
    """Bytes of ``48K``."""
    match = _SIZE.fullmatch(text.strip())
    if not match:
        raise ParseError(path, 1, f"{show(text)} is no size")
    return int(match[1]) * _UNIT[match[2]]


def read_caches(host: Host, cpu: int) -> list[CpuCache]:
    """The caches of a CPU in the kernel's order, without those whose level, type or size nobody knows."""
    folder = f"{CPU}/cpu{cpu}/cache"
    caches = (_read_cache(host, f"{folder}/index{index}", cpu) for index in numbered(host.listdir(folder), "index"))
    return [cache for cache in caches if cache]


def _read_cache(host: Host, folder: str, cpu: int) -> CpuCache | None:
    level, kind, size = read_int(host, f"{folder}/level"), host.text(f"{folder}/type"), host.read(f"{folder}/size")
    if level is None or not kind or size is None:
        return None
    cpus = frozenset(read_cpu_list(host, f"{folder}/shared_cpu_list") or (cpu,))
    number = read_int(host, f"{folder}/id")
    return CpuCache(
        # Many virtual machines and ARM boards number no caches; its first CPU tells a cache from its likes as well.
        id=min(cpus) if number is None else number,
        level=level,
        type=kind,
        size_bytes=parse_cache_size(size, f"{folder}/size"),
        cpus=cpus,
    )


def read_node(host: Host, number: int) -> NumaNode:
    """One NUMA node, of those that the folder has."""
    folder = f"{NODE}/node{number}"
    meminfo, distance = host.read(f"{folder}/meminfo"), host.read(f"{folder}/distance")
    return NumaNode(
        number=number,
        cpus=read_cpu_list(host, f"{folder}/cpulist") or [],
        memory_bytes=None if meminfo is None else parse_meminfo(meminfo, f"{folder}/meminfo").get("MemTotal"),
        distances=None if distance is None else [parse_int(word, f"{folder}/distance") for word in distance.split()],
    )
