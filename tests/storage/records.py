"""Records with round, made-up numbers, for the tests of drivers."""

from cadvcli.model.identity import Identity, raw
from cadvcli.model.network import NetworkStats, TcpAdvancedStat, TcpStat, UdpStat
from cadvcli.model.sample import Sample
from cadvcli.model.stats import (
    NO_PSI,
    ContainerStats,
    CpuCFS,
    CpuSchedstat,
    CPUSetStats,
    CpuStats,
    CpuUsage,
    FsStats,
    Health,
    HugetlbStats,
    LoadStats,
    MemoryEvents,
    MemoryNumaStats,
    MemoryStats,
    MemoryStatsMemoryData,
    ResctrlStats,
)
from cadvcli.storage import Record

WALL_NS = 1700000000123456789
WEB = Identity(
    runtime="docker", namespace="docker", name="web", id="3f2a" * 16, aliases=("web", "3f2a" * 16), image="nginx:1",
    labels={"tier": "front"}, state="running",
)


def cpu(**fields: int | None) -> CpuStats:
    """Section cpu with two processors."""
    usage = CpuUsage(total=42, per_cpu_usage=[20, 22], user=30, system=12)
    return CpuStats(usage=usage, cfs=CpuCFS(), schedstat=CpuSchedstat(), psi=NO_PSI, **fields)


def memory(**fields: int | None) -> MemoryStats:
    """Section memory with 2 MiB in use."""
    faults = MemoryStatsMemoryData(pgfault=12, pgmajfault=1, numa_stats=MemoryNumaStats())
    below = MemoryStatsMemoryData(pgfault=14, pgmajfault=2, numa_stats=MemoryNumaStats())
    numbers: dict[str, int | None] = {"usage": 2097152, "working_set": 1048576, **fields}
    return MemoryStats(container_data=faults, hierarchical_data=below, psi=NO_PSI, events=MemoryEvents(), **numbers)


def network() -> NetworkStats:
    """Section network with one interface."""
    return NetworkStats(
        name="eth0", rx_bytes=100, rx_packets=2, rx_errors=0, rx_dropped=0,
        tx_bytes=200, tx_packets=3, tx_errors=1, tx_dropped=0,
        tcp=TcpStat(), tcp6=TcpStat(), udp=UdpStat(), udp6=UdpStat(), tcp_advanced=TcpAdvancedStat(),
    )


def filesystem(device: str, usage: int | None) -> FsStats:
    """A file system of 1,000 bytes."""
    none = dict.fromkeys(name for name in FsStats.__struct_fields__ if name not in ("device", "type", "has_inodes"))
    return FsStats(device=device, type="vfs", has_inodes=False, **{**none, "usage": usage, "capacity": 1000})


def stats(
    *,
    cpu: CpuStats | None = None,
    memory: MemoryStats | None = None,
    network: NetworkStats | None = None,
    filesystem: list[FsStats] | None = None,
    hugetlb: dict[str, HugetlbStats] | None = None,
    referenced_memory: int | None = None,
) -> ContainerStats:
    """A sample with these sections."""
    return ContainerStats(
        timestamp="2023-11-14T22:13:20.123456789Z", cpu=cpu, memory=memory, network=network,
        filesystem=filesystem or [], hugetlb=hugetlb or {}, referenced_memory=referenced_memory,
        task_stats=LoadStats(), resctrl=ResctrlStats(), cpuset=CPUSetStats(), health=Health(),
    )


def record(of: ContainerStats, identity: Identity | None = None, cgroup: str = "/docker/web", **fields: int) -> Record:
    """A record of machine h1."""
    who = identity if identity is not None else WEB
    sample = Sample(fields.pop("wall_ns", WALL_NS), fields.pop("boot_ns", 1_000_000_000), of)
    return Record(machine="h1", cgroup=cgroup, identity=who, sample=sample, **fields)


def plain(of: ContainerStats, cgroup: str) -> Record:
    """A record of a plain group."""
    return record(of, raw(cgroup), cgroup)
