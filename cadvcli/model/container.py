"""Who a container is and what it is allowed, as cAdvisor's v1 API writes it: ``ContainerInfo`` and its spec."""

from msgspec import Struct

from cadvcli.model.stats import ContainerStats

#: How Go writes a time that was never set.
NO_TIME = "0001-01-01T00:00:00Z"


class CpuSpec(Struct, kw_only=True, omit_defaults=True):
    """CPU limits: shares, the CPUs allowed, and quota per period in microseconds (0: none)."""

    limit: int
    max_limit: int
    mask: str = ""
    quota: int = 0
    period: int = 0


class MemorySpec(Struct, kw_only=True, omit_defaults=True):
    """Memory limits in bytes, as the kernel says them: 2**64-1 (v2) or about 2**63 (v1) is no limit."""

    limit: int = 0
    reservation: int = 0
    swap_limit: int = 0


class ProcessSpec(Struct, kw_only=True, omit_defaults=True):
    """How many tasks are allowed; 2**64-1 is no limit."""

    limit: int = 0


class MetricSpec(Struct, kw_only=True):
    """An application metric that a container announces."""

    name: str
    type: str
    format: str
    units: str


class ContainerSpec(Struct, kw_only=True, omit_defaults=True):
    """The part of a container that rarely changes; times are RFC 3339."""

    creation_time: str
    start_time: str
    labels: dict[str, str] = {}
    envs: dict[str, str] = {}
    has_cpu: bool
    cpu: CpuSpec
    has_memory: bool
    memory: MemorySpec
    has_hugetlb: bool
    has_network: bool
    has_processes: bool
    processes: ProcessSpec
    has_filesystem: bool
    has_diskio: bool
    has_custom_metrics: bool
    custom_metrics: list[MetricSpec] = []
    image: str = ""


class ContainerReference(Struct, kw_only=True, omit_defaults=True):
    """The names of a container; ``name`` is its cgroup path."""

    id: str = ""
    name: str
    aliases: list[str] = []
    namespace: str = ""


class ContainerInfo(Struct, kw_only=True, omit_defaults=True):
    """A container with its samples, oldest first."""

    id: str = ""
    name: str
    aliases: list[str] = []
    namespace: str = ""
    subcontainers: list[ContainerReference] = []
    spec: ContainerSpec
    stats: list[ContainerStats] = []
