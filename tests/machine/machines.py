"""The CPU topologies of well-known machines as files of /sys, made from what their CPUs share."""

from collections.abc import Iterable

from msgspec import Struct

CPU = "/sys/devices/system/cpu"
NODE = "/sys/devices/system/node"


class Cache(Struct, frozen=True):
    """One cache as index file contents; ``id`` None: this machine numbers none."""

    level: int
    type: str
    size: str
    shared: str
    id: int | None = None


class Thread(Struct, frozen=True):
    """One CPU: where it sits and what caches it has."""

    core: int
    package: int = 0
    die: int | None = None
    caches: tuple[Cache, ...] = ()
    extra: dict[str, str] = {}


def sysfs(threads: dict[int, Thread], nodes: Iterable[str] = (), online: str = "") -> dict[str, str]:
    """The files of a machine with these CPUs; ``nodes`` are the CPU lists of its NUMA nodes."""
    files = {f"{CPU}/online": (online or f"0-{max(threads)}") + "\n"}
    for number, thread in threads.items():
        place = {"core_id": thread.core, "physical_package_id": thread.package, **thread.extra}
        if thread.die is not None:
            place["die_id"] = thread.die
        files |= {f"{CPU}/cpu{number}/topology/{name}": f"{value}\n" for name, value in place.items()}
        for index, cache in enumerate(thread.caches):
            folder = f"{CPU}/cpu{number}/cache/index{index}"
            values = {"level": cache.level, "type": cache.type, "size": cache.size, "shared_cpu_list": cache.shared}
            if cache.id is not None:
                values["id"] = cache.id
            files |= {f"{folder}/{name}": f"{value}\n" for name, value in values.items()}
    for number, cpus in enumerate(nodes):
        files[f"{NODE}/node{number}/cpulist"] = cpus + "\n"
        files[f"{NODE}/node{number}/meminfo"] = f"Node {number} MemTotal:       1024 kB\n"
        files[f"{NODE}/node{number}/distance"] = " ".join("10" if at == number else "21" for at in range(2)) + "\n"
    return files


def _l2(size: str, shared: str, number: int | None = None) -> Cache:
    return Cache(2, "Unified", size, shared, number)


def _l3(size: str, shared: str, number: int) -> Cache:
    return Cache(3, "Unified", size, shared, number)


def _xeon(cpu: int) -> Thread:
    first, socket = cpu % 4, cpu // 2 % 2
    siblings, package = f"{first},{first + 4}", ("0-1,4-5", "2-3,6-7")[socket]
    level_1 = (Cache(1, "Data", "32K", siblings, first), Cache(1, "Instruction", "32K", siblings, first))
    return Thread(cpu % 2, socket, 0, (*level_1, _l2("1024K", siblings, first), _l3("22528K", package, socket)))


#: Two sockets of two cores of two threads. Core ids repeat in the second socket, siblings are 4 apart.
DUAL_XEON = sysfs({cpu: _xeon(cpu) for cpu in range(8)}, nodes=("0-1,4-5", "2-3,6-7"))

_P_CORE = Thread(0, caches=(_l2("1280K", "0-1", 0), _l3("12288K", "0-5", 0)))
_E_CORE = (_l2("2048K", "2-5", 1), _l3("12288K", "0-5", 0))
#: One P-core of two threads, and four E-cores that share their L2; all share the L3.
HYBRID = sysfs(
    {0: _P_CORE, 1: _P_CORE, **{cpu: Thread(cpu + 6, caches=_E_CORE) for cpu in range(2, 6)}}, nodes=("0-5",)
)

#: One socket of two core complexes, each with an L3 of its own.
EPYC = sysfs(
    {cpu: Thread(cpu, caches=(_l3("16384K", ("0-1", "2-3")[cpu // 2], cpu // 2),)) for cpu in range(4)}, nodes=("0-3",)
)

#: Two dies in one package, which both number their cores from 0.
TWO_DIES = sysfs({cpu: Thread(cpu % 2, 0, cpu // 2) for cpu in range(4)}, nodes=("0-3",))

#: Four ARM cores: no NUMA, no socket, caches without ids, one L2 for all.
RASPBERRY = sysfs(
    {cpu: Thread(cpu, -1, caches=(Cache(1, "Data", "32K", str(cpu)), _l2("512K", "0-3"))) for cpu in range(4)}
)

#: An ARM server in a cloud: one thread a core, two sockets, each a node, no L3 that shows.
GRAVITON = sysfs(
    {cpu: Thread(cpu % 2, cpu // 2, caches=(_l2("1024K", str(cpu), cpu),)) for cpu in range(4)},
    nodes=("0-1", "2-3"),
)

#: A mainframe: two books in one drawer, two cores of two threads in each.
S390X = sysfs(
    {cpu: Thread(cpu // 2, cpu // 4, extra={"book_id": str(cpu // 4), "drawer_id": "0"}) for cpu in range(8)},
    nodes=("0-7",),
)
