"""``cadvcli machine``: what this machine is. It builds no registry and asks no container engine."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from cadvcli.cli.output import Heading, table, terminal, write, write_json
from cadvcli.cli.wording import NOTHING, iec
from cadvcli.text import printable

if TYPE_CHECKING:
    from cadvcli.filesystems import Mounted
    from cadvcli.host import Host
    from cadvcli.kernel.block import BlockDevice
    from cadvcli.kernel.net_class import NetDevice
    from cadvcli.machine.attempt import Warn
    from cadvcli.machine.identity import Identity
    from cadvcli.model.machine import Cache, MachineInfo

HELP = """Show what this machine is: processors, memory, disks, networks.

The table is for people. -o json is the object of /api/v2.1/machine, cAdvisor's MachineInfo. What only root may know,
such as the system's UUID, stays blank for others.
"""

FILE_SYSTEMS = (
    Heading("FILE SYSTEM"),
    Heading("TYPE"),
    Heading("SIZE", right=True),
    Heading("USED", right=True),
    Heading("AVAIL", right=True),
    Heading("USE%", right=True),
    Heading("MOUNTED ON"),
)
DISKS = (Heading("DISK"), Heading("NUMBER"), Heading("SIZE", right=True), Heading("SCHEDULER"))
CARDS = (
    Heading("NETWORK"),
    Heading("ADDRESS"),
    Heading("SPEED", right=True),
    Heading("MTU", right=True),
    Heading("STATE"),
)


def run(settings: Any) -> None:
    """Print the machine as a page or as JSON."""
    import logging

    from cadvcli.errors import HostError
    from cadvcli.host import Host, machine_root
    from cadvcli.machine.info import read_machine
    from cadvcli.model.clock import Clock

    host = Host(settings.host_root or machine_root())
    if not host.exists("/proc"):
        raise HostError(host.path("/proc"), "not there; is --host-root the folder where the machine's files are?")
    warn = logging.getLogger(__name__).warning
    if settings.format == "json":
        write_json(read_machine(host, Clock(), warn))
    else:
        write(page(read_facts(host, warn), terminal().width))


class Facts(NamedTuple):
    """What the page shows: the wire's object, and what the wire has no place for."""

    info: "MachineInfo"
    identity: "Identity"
    model_name: str
    mounted: list["Mounted"]
    disks: list["BlockDevice"]
    cards: list["NetDevice"]


def read_facts(host: "Host", warn: "Warn") -> Facts:
    """All that the page shows."""
    from cadvcli.filesystems import read_file_systems
    from cadvcli.kernel.cpuinfo import read_cpuinfo
    from cadvcli.machine.attempt import attempt, silent
    from cadvcli.machine.devices import read_cards, read_disks
    from cadvcli.machine.identity import read_identity
    from cadvcli.machine.info import read_machine
    from cadvcli.model.clock import Clock

    mounted = attempt(warn, read_file_systems, host, warn) or []
    # What is read again here has had its warnings.
    cpuinfo = attempt(silent, read_cpuinfo, host)
    return Facts(
        info=read_machine(host, Clock(), warn, mounted),
        identity=read_identity(host),
        model_name=cpuinfo.model_name if cpuinfo else "",
        mounted=mounted,
        disks=read_disks(host, silent),
        cards=read_cards(host, silent),
    )


def page(facts: Facts, width: int | None) -> str:
    """The machine for a person: what it is line by line, then its file systems, disks and networks."""
    lines = [*_identity(facts), ("", ""), *_processors(facts), ("", ""), *_memory(facts.info)]
    room = max(len(name) for name, _ in lines) + 3
    parts = ["".join(f"{name:{room}}{printable(value or NOTHING)}\n" if name else "\n" for name, value in lines)]
    if facts.mounted:
        parts.append(table(FILE_SYSTEMS, map(_file_system, facts.mounted), width))
    if facts.disks:
        parts.append(table(DISKS, map(_disk, facts.disks), width))
    if facts.cards:
        parts.append(table(CARDS, map(_card, facts.cards), width))
    return "\n".join(parts)


def _identity(facts: Facts) -> Iterator[tuple[str, str]]:
    from cadvcli.model.machine import UNKNOWN

    info, identity = facts.info, facts.identity
    yield "Host", identity.hostname
    yield "System", identity.os_version
    yield "Kernel", identity.kernel_version
    yield "Machine ID", identity.machine_id
    yield "System UUID", identity.system_uuid
    yield "Boot ID", identity.boot_id
    if info.cloud_provider != UNKNOWN:
        words = (info.cloud_provider, info.instance_type, info.instance_id)
        yield "Cloud", " ".join(word for word in words if word not in ("", UNKNOWN))


def _processors(facts: Facts) -> Iterator[tuple[str, str]]:
    info = facts.info
    yield "Processor", facts.model_name or info.vendor_id
    yield "CPUs", _count(info.num_cores)
    yield "Cores", _count(info.num_physical_cores)
    yield "Sockets", _count(info.num_sockets)
    if info.topology and len(info.topology) > 1:
        yield "NUMA nodes", _count(len(info.topology))
    yield "Frequency", f"{info.cpu_frequency_khz / 1e6:.4g} GHz" if info.cpu_frequency_khz else ""
    if caches := _caches(info):
        yield "Caches", caches


def _caches(info: "MachineInfo") -> str:
    """``L1d 2 x 48KiB, L1i 2 x 32KiB, L2 2 x 1MiB, L3 32MiB``: each cache once, however many cores share it."""
    found: dict[str, set[tuple[int, Cache]]] = {}
    for node in info.topology or ():
        lists = [node.caches, *(part for core in node.cores or () for part in (core.caches, core.uncore_caches))]
        for cache in (cache for caches in lists for cache in caches or ()):
            name = f"L{cache.level}{'' if cache.type == 'Unified' else cache.type[:1].lower()}"
            found.setdefault(name, set()).add((node.node_id, cache))
    return ", ".join(f"{name} {_many(cache.size for _, cache in found[name])}" for name in sorted(found))


def _many(sizes: Iterable[int]) -> str:
    """``2 x 48KiB``; of several sizes ``8 x 48KiB + 8 x 32KiB``, the biggest first."""
    counted: dict[int, int] = {}
    for size in sorted(sizes, reverse=True):
        counted[size] = counted.get(size, 0) + 1
    return " + ".join(f"{count} x {iec(size)}" if count > 1 else iec(size) for size, count in counted.items())


def _memory(info: "MachineInfo") -> Iterator[tuple[str, str]]:
    yield "Memory", iec(info.memory_capacity) if info.memory_capacity else ""
    for kind, modules in info.memory_by_type.items():
        yield "Modules", f"{modules.dimm_count} x {kind}, {iec(modules.capacity)} in all"
    if info.memory_capacity:
        yield "Swap", iec(info.swap_capacity) if info.swap_capacity else "none"
    pages = [f"{pages.num_pages} x {iec(pages.page_size * 1024)}" for pages in info.hugepages or () if pages.num_pages]
    if pages:
        yield "Huge pages", ", ".join(pages)


def _count(number: int) -> str:
    return str(number) if number else ""


def _file_system(mounted: "Mounted") -> tuple[str | None, ...]:
    mount, usage = mounted.partition.mount, mounted.usage
    if usage is None:
        return mount.source, mount.fstype, None, None, None, None, mount.mount_point
    used = usage.capacity_bytes - usage.free_bytes
    full = used + usage.available_bytes
    # As df(1) has it: of what an ordinary user can fill, rounded up.
    share = f"{-(-100 * used // full)}%" if full else None
    sizes = (iec(usage.capacity_bytes), iec(used), iec(usage.available_bytes))
    return mount.source, mount.fstype, *sizes, share, mount.mount_point


def _disk(disk: "BlockDevice") -> tuple[str | None, ...]:
    return disk.name, f"{disk.major}:{disk.minor}", iec(disk.size_bytes), disk.scheduler


def _card(card: "NetDevice") -> tuple[str | None, ...]:
    speed = card.speed_mbit or 0
    shown = None if speed <= 0 else f"{speed / 1000:g} Gbit/s" if speed >= 1000 else f"{speed} Mbit/s"
    return card.name, card.address or None, shown, str(card.mtu_bytes), card.operstate
