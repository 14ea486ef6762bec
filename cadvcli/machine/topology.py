"""``topology`` of MachineInfo: nodes, their cores, and whose the caches are."""

from collections.abc import Callable, Iterable
from functools import partial

from msgspec import Struct

from cadvcli.host import Host
from cadvcli.kernel.hugepages import HugePages, read_hugepages
from cadvcli.kernel.sysfs import numbered
from cadvcli.kernel.topology import NODE, Cpu, CpuCache, NumaNode, read_caches, read_cpu, read_node, read_online_cpus
from cadvcli.machine.attempt import Warn, attempt
from cadvcli.model.machine import Cache, Core, HugePagesInfo, Node

#: The caches of a CPU by its number.
CachesOf = Callable[[int], list[CpuCache]]


class Topology(Struct, frozen=True, kw_only=True):
    """The CPUs that are online, where each that the kernel tells of sits, and the nodes of the wire."""

    online: list[int]
    cpus: list[Cpu]
    nodes: list[Node]

    @property
    def cores(self) -> int:
        """How many physical cores there are; 0 if the kernel doesn't tell."""
        return len({cpu.core for cpu in self.cpus})

    @property
    def sockets(self) -> int:
        """How many sockets hold them; 0 if the kernel doesn't tell."""
        return len({(cpu.drawer_id, cpu.book_id, cpu.package_id) for cpu in self.cpus})

    @property
    def books(self) -> int:
        """How many books of an s390x machine hold them, 0 on others."""
        return len({(cpu.drawer_id, cpu.book_id) for cpu in self.cpus if cpu.book_id})

    @property
    def drawers(self) -> int:
        """How many drawers of an s390x machine hold them, 0 on others."""
        return len({cpu.drawer_id for cpu in self.cpus if cpu.drawer_id})


def read_topology(host: Host, warn: Warn) -> Topology:
    """The CPUs and nodes of this machine, without those CPUs, caches and nodes that can't be read."""
    online = attempt(warn, read_online_cpus, host) or []
    cpus = [cpu for number in online if (cpu := attempt(warn, read_cpu, host, number))]
    caches_of = partial(_read_caches, host, warn)
    numa = [
        _numa_node(host, node, cpus, caches_of, warn)
        for number in numbered(attempt(warn, host.listdir, NODE), "node")
        if (node := attempt(warn, read_node, host, number))
    ]
    return Topology(online=online, cpus=cpus, nodes=numa or _packages(cpus, caches_of))


def _numa_node(host: Host, node: NumaNode, cpus: list[Cpu], caches_of: CachesOf, warn: Warn) -> Node:
    here = set(node.cpus)
    cores, caches = cores_of([cpu for cpu in cpus if cpu.number in here], caches_of)
    return Node(
        node_id=node.number,
        memory=node.memory_bytes or 0,
        hugepages=hugepages_of(attempt(warn, read_hugepages, host, f"{NODE}/node{node.number}/hugepages")),
        cores=cores or None,
        caches=caches or None,
        distances=node.distances,
    )


def _packages(cpus: list[Cpu], caches_of: CachesOf) -> list[Node]:
    """A kernel without NUMA has no nodes: each socket stands for one."""
    nodes = []
    for package in sorted({cpu.package_id for cpu in cpus}):
        cores, caches = cores_of([cpu for cpu in cpus if cpu.package_id == package], caches_of)
        node = Node(node_id=package, memory=0, hugepages=None, cores=cores, caches=caches or None, distances=None)
        nodes.append(node)
    return nodes


def _read_caches(host: Host, warn: Warn, cpu: int) -> list[CpuCache]:
    return attempt(warn, read_caches, host, cpu) or []


def cores_of(cpus: list[Cpu], caches_of: CachesOf) -> tuple[list[Core], list[Cache]]:
    """The physical cores of one node with their caches, and the caches that all of the node's CPUs share."""
    threads: dict[tuple[str, str, int, int, int], list[Cpu]] = {}
    for cpu in cpus:
        threads.setdefault(cpu.core, []).append(cpu)
    node = frozenset(cpu.number for cpu in cpus)
    shared: list[Cache] = []
    cores = []
    for siblings in threads.values():
        caches = caches_of(siblings[0].number)
        own = frozenset(cpu.number for cpu in siblings)
        places = [_place(cache, own, node) for cache in caches]
        shared += _wire(caches, places, "node")
        cores.append(
            Core(
                core_id=siblings[0].core_id,
                thread_ids=[cpu.number for cpu in siblings],
                caches=_wire(caches, places, "core") or None,
                uncore_caches=_wire(caches, places, "uncore") or None,
                socket_id=siblings[0].package_id,
                book_id=siblings[0].book_id,
                drawer_id=siblings[0].drawer_id,
            )
        )
    return cores, list(dict.fromkeys(shared))


def _place(cache: CpuCache, core: frozenset[int], node: frozenset[int]) -> str:
    """Whose a cache is: ``core``, ``node``, or ``uncore``, which is some cores of a node.

    Level 1 and 2 may be a cluster's (Intel E-cores, ARM), level 3 a part's (AMD's CCX) or a core's own (many virtual
    machines). Offline CPUs are in no core and no node, so sets are compared and not counts.
    """
    if cache.level <= 2 and cache.cpus <= core:
        return "core"
    return "node" if cache.cpus >= node else "uncore"


def _wire(caches: list[CpuCache], places: list[str], place: str) -> list[Cache]:
    found = (cache for cache, its in zip(caches, places, strict=True) if its == place)
    return list(dict.fromkeys(Cache(id=c.id, size=c.size_bytes, type=c.type, level=c.level) for c in found))


def hugepages_of(sizes: Iterable[HugePages] | None) -> list[HugePagesInfo] | None:
    """Huge pages as the wire has them."""
    return None if sizes is None else [HugePagesInfo(page_size=of.page_size_kb, num_pages=of.num_pages) for of in sizes]
