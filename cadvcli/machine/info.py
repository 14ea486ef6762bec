"""``read_machine``: cAdvisor's MachineInfo from the kernel's files.

Each part stands for itself: what can't be read leaves its own field empty, and ``warn`` gets the reason.
"""

from collections.abc import Iterable

from cadvcli.filesystems import Mounted, read_file_systems
from cadvcli.host import Host
from cadvcli.kernel.cpuinfo import CpuInfo, read_cpuinfo
from cadvcli.kernel.edac import Dimm, read_dimms
from cadvcli.kernel.hugepages import read_hugepages
from cadvcli.kernel.meminfo import read_meminfo
from cadvcli.kernel.sysfs import read_int
from cadvcli.kernel.topology import CPU
from cadvcli.machine.attempt import Warn, attempt, silent
from cadvcli.machine.cloud import read_cloud
from cadvcli.machine.devices import read_cards, read_disks
from cadvcli.machine.identity import read_identity
from cadvcli.machine.topology import hugepages_of, read_topology
from cadvcli.model.clock import Clock, rfc3339
from cadvcli.model.machine import DiskInfo, FilesystemInfo, MachineInfo, MemoryInfo, NetInfo, NVMInfo

NO_CPUINFO = CpuInfo(
    vendor_id="", model_name="", frequency_khz=None, processors=0, cores=frozenset(), sockets=frozenset()
)


def read_machine(
    host: Host, clock: Clock, warn: Warn = silent, mounted: Iterable[Mounted] | None = None
) -> MachineInfo:
    """What this machine is now; ``mounted`` saves asking for its file systems again."""
    cpuinfo = attempt(warn, read_cpuinfo, host) or NO_CPUINFO
    topology = read_topology(host, warn)
    memory = attempt(warn, read_meminfo, host) or {}
    identity, cloud = read_identity(host), read_cloud(host)
    if mounted is None:
        mounted = attempt(warn, read_file_systems, host, warn) or ()
    return MachineInfo(
        timestamp=rfc3339(clock.wall_ns()),
        vendor_id=cpuinfo.vendor_id,
        num_cores=len(topology.online) or cpuinfo.processors,
        num_physical_cores=topology.cores or len(cpuinfo.cores),
        num_sockets=topology.sockets or len(cpuinfo.sockets),
        num_books=topology.books,
        num_drawers=topology.drawers,
        cpu_frequency_khz=_frequency_khz(host, cpuinfo, warn),
        memory_capacity=memory.get("MemTotal", 0),
        swap_capacity=memory.get("SwapTotal", 0),
        memory_by_type=memory_by_type(attempt(warn, read_dimms, host) or ()),
        nvm=NVMInfo(),
        hugepages=hugepages_of(attempt(warn, read_hugepages, host)),
        machine_id=identity.machine_id,
        system_uuid=identity.system_uuid,
        boot_id=identity.boot_id,
        filesystems=[found for at in mounted if (found := _filesystem(at))] or None,
        disk_map=_disk_map(host, warn),
        network_devices=_network_devices(host, warn),
        topology=topology.nodes or None,
        cloud_provider=cloud.provider,
        instance_type=cloud.instance_type,
        instance_id=cloud.instance_id,
    )


def _frequency_khz(host: Host, cpuinfo: CpuInfo, warn: Warn) -> int:
    """The highest frequency of the first CPU, else its frequency now; 0 where nothing tells (most ARM, s390x)."""
    highest = attempt(warn, read_int, host, f"{CPU}/cpu0/cpufreq/cpuinfo_max_freq")
    return highest or cpuinfo.frequency_khz or 0


def memory_by_type(dimms: Iterable[Dimm]) -> dict[str, MemoryInfo]:
    """The memory modules by their type, in the order of its name."""
    found: dict[str, MemoryInfo] = {}
    for dimm in sorted(dimms, key=lambda dimm: dimm.type):
        info = found.setdefault(dimm.type, MemoryInfo(capacity=0, dimm_count=0))
        info.capacity += dimm.size_bytes
        info.dimm_count += 1
    return found


def _filesystem(mounted: Mounted) -> FilesystemInfo | None:
    usage, kind = mounted.usage, mounted.partition.kind
    if usage is None:
        return None
    inodes = usage.inodes if kind.has_inodes else None
    return FilesystemInfo(
        device=mounted.partition.device,
        capacity=usage.capacity_bytes,
        type=kind.wire_type,
        inodes=inodes or 0,
        has_inodes=inodes is not None,
    )


def _disk_map(host: Host, warn: Warn) -> dict[str, DiskInfo]:
    disks = {
        f"{disk.major}:{disk.minor}": DiskInfo(
            name=disk.name,
            major=disk.major,
            minor=disk.minor,
            size=disk.size_bytes,
            scheduler=disk.scheduler or "none",
        )
        for disk in read_disks(host, warn)
    }
    return dict(sorted(disks.items()))


def _network_devices(host: Host, warn: Warn) -> list[NetInfo]:
    return [
        NetInfo(name=card.name, mac_address=card.address, speed=card.speed_mbit or 0, mtu=card.mtu_bytes)
        for card in read_cards(host, warn)
    ]
