"""The families of kind ``cpu_topology``: what the machine's processors are made of. They never change by themselves."""

from cadvcli.model.machine import Cache, MachineInfo
from cadvcli.prometheus import Metric, Number, Rows

_Labels = tuple[str, ...]


def _caches(machine: MachineInfo) -> Rows:
    """A cache of one core or of some carries the core's id, for each of them; one of a whole node carries none."""
    found: dict[_Labels, Number] = {}

    def add(core: str, node: int, caches: list[Cache] | None) -> None:
        for cache in caches or ():
            found[core, str(cache.level), str(node), cache.type] = cache.size

    for node in machine.topology or ():
        for core in node.cores or ():
            add(str(core.core_id), node.node_id, core.caches)
            add(str(core.core_id), node.node_id, core.uncore_caches)
        add("", node.node_id, node.caches)
    return found.items()


def _siblings(machine: MachineInfo) -> Rows:
    return {
        (str(core.core_id), str(node.node_id), str(thread)): len(core.thread_ids)
        for node in machine.topology or ()
        for core in node.cores or ()
        for thread in core.thread_ids
    }.items()


def _memory(machine: MachineInfo) -> Rows:
    return [((str(node.node_id),), node.memory) for node in machine.topology or ()]


def _hugepages(machine: MachineInfo) -> Rows:
    return [
        ((str(node.node_id), str(pages.page_size)), pages.num_pages)
        for node in machine.topology or ()
        for pages in node.hugepages or ()
    ]


def _distances(machine: MachineInfo) -> Rows:
    return [
        ((str(node.node_id), str(target)), distance)
        for node in machine.topology or ()
        for target, distance in enumerate(node.distances or ())
    ]


TOPOLOGY: tuple[Metric[MachineInfo], ...] = (
    Metric(
        name="machine_cpu_cache_capacity_bytes",
        type="gauge",
        help="Size of a cache, in bytes; core_id is empty where all cores of the node share it.",
        labels=("core_id", "level", "node_id", "type"),
        rows=_caches,
    ),
    Metric(
        name="machine_thread_siblings_count",
        type="gauge",
        help="Threads of the core that this thread belongs to, itself included.",
        labels=("core_id", "node_id", "thread_id"),
        rows=_siblings,
    ),
    Metric(
        name="machine_node_memory_capacity_bytes",
        type="gauge",
        help="Memory of the NUMA node, in bytes.",
        labels=("node_id",),
        rows=_memory,
    ),
    Metric(
        name="machine_node_hugepages_count",
        type="gauge",
        help="Huge pages of the NUMA node, by their size in kB.",
        labels=("node_id", "page_size"),
        rows=_hugepages,
    ),
    Metric(
        name="machine_node_distance",
        type="gauge",
        help="Distance between two NUMA nodes; 10 is the node itself.",
        labels=("node_id", "target_node_id"),
        rows=_distances,
    ),
)
