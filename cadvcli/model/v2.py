"""cAdvisor's v2 API where it differs from v1: the spec, the only file system, and rates between two samples."""

from msgspec import Struct, field

from cadvcli.model.container import ContainerSpec as ContainerSpecV1
from cadvcli.model.container import CpuSpec, MemorySpec, MetricSpec, ProcessSpec
from cadvcli.model.stats import CpuUsage


class CpuInstUsage(Struct, kw_only=True, omit_defaults=True):
    """CPU time used per second, in nanoseconds (nanocores)."""

    total: int
    per_cpu_usage: list[int] = []
    user: int
    system: int


class CpuInstStats(Struct, kw_only=True):
    """Section ``cpu_inst``: the rates since the sample before."""

    usage: CpuInstUsage


class FilesystemStats(Struct, kw_only=True):
    """Section ``filesystem`` of v2.1: bytes, and inodes. The third key is misspelled upstream."""

    total_usage_bytes: int = field(name="totalUsageBytes")
    base_usage_bytes: int = field(name="baseUsageBytes")
    inode_usage: int = field(name="containter_inode_usage")


class ContainerSpec(Struct, kw_only=True, omit_defaults=True):
    """The part of a container that rarely changes. CPU quota, period and the task limit are never copied."""

    creation_time: str
    start_time: str
    aliases: list[str] = []
    namespace: str = ""
    labels: dict[str, str] = {}
    envs: dict[str, str] = {}
    has_cpu: bool
    cpu: CpuSpec
    has_memory: bool
    memory: MemorySpec
    has_hugetlb: bool
    has_custom_metrics: bool
    custom_metrics: list[MetricSpec] = []
    has_processes: bool
    processes: ProcessSpec
    has_network: bool
    has_filesystem: bool
    has_diskio: bool
    image: str = ""


def spec_from_v1(spec: ContainerSpecV1, aliases: list[str], namespace: str) -> ContainerSpec:
    """The spec with the container's other names, as v2 has it."""
    return ContainerSpec(
        creation_time=spec.creation_time,
        start_time=spec.start_time,
        aliases=aliases,
        namespace=namespace,
        labels=spec.labels,
        envs=spec.envs,
        has_cpu=spec.has_cpu,
        cpu=_cpu(spec) if spec.has_cpu else CpuSpec(limit=0, max_limit=0),
        has_memory=spec.has_memory,
        memory=spec.memory if spec.has_memory else MemorySpec(),
        has_hugetlb=spec.has_hugetlb,
        has_custom_metrics=spec.has_custom_metrics,
        custom_metrics=spec.custom_metrics if spec.has_custom_metrics else [],
        has_processes=spec.has_processes,
        processes=ProcessSpec(),
        has_network=spec.has_network,
        has_filesystem=spec.has_filesystem,
        has_diskio=spec.has_diskio,
        image=spec.image,
    )


def _cpu(spec: ContainerSpecV1) -> CpuSpec:
    return CpuSpec(limit=spec.cpu.limit, max_limit=spec.cpu.max_limit, mask=spec.cpu.mask)


def cpu_inst(before: CpuUsage, after: CpuUsage, elapsed_ns: int) -> CpuInstStats | None:
    """The rates between two samples; None if time stood still, a counter went back or a CPU came or went."""
    if elapsed_ns <= 0 or len(before.per_cpu_usage) != len(after.per_cpu_usage):
        return None
    pairs = [
        (before.total or 0, after.total or 0),
        (before.user or 0, after.user or 0),
        (before.system or 0, after.system or 0),
        *zip(before.per_cpu_usage, after.per_cpu_usage, strict=True),
    ]
    if any(new < old for old, new in pairs):
        return None
    # Divided first, then multiplied: the last digits depend on the order.
    total, user, system, *each = [int(float(new - old) / elapsed_ns * 1e9) for old, new in pairs]
    return CpuInstStats(usage=CpuInstUsage(total=total, per_cpu_usage=each, user=user, system=system))
