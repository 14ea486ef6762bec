"""One sample of a container as cAdvisor's v1 API writes it: ``ContainerStats`` and its parts.

Fields stand in wire order. A struct in which Go omits empty fields has ``omit_defaults``; there, what Go always
writes has no default.
"""

from msgspec import Struct

from cadvcli.model import Count
from cadvcli.model.network import NetworkStats


class PSIData(Struct, kw_only=True):
    """One line of a pressure file: total in microseconds, averages in percent."""

    total: Count = None
    avg10: float | None = None
    avg60: float | None = None
    avg300: float | None = None


class PSIStats(Struct, kw_only=True):
    """One pressure file: time in which all (full) or some tasks waited."""

    full: PSIData
    some: PSIData


#: What a kernel without PSI says.
NO_PSI = PSIStats(full=PSIData(), some=PSIData())


class CpuUsage(Struct, kw_only=True, omit_defaults=True):
    """CPU time used since the start, in nanoseconds."""

    total: Count
    per_cpu_usage: list[int] = []
    user: Count
    system: Count


class CpuCFS(Struct, kw_only=True):
    """CFS bandwidth control: counts of periods, times in nanoseconds."""

    periods: Count = None
    throttled_periods: Count = None
    throttled_time: Count = None
    bursts_periods: Count = None
    burst_time: Count = None


class CpuSchedstat(Struct, kw_only=True):
    """Scheduler statistics summed over the tasks: nanoseconds and time slices."""

    run_time: Count = None
    runqueue_time: Count = None
    run_periods: Count = None


class CpuStats(Struct, kw_only=True):
    """Section ``cpu``; the load averages are in thousandths of a task."""

    usage: CpuUsage
    cfs: CpuCFS
    schedstat: CpuSchedstat
    load_average: Count = None
    load_d_average: Count = None
    psi: PSIStats


class PerDiskStats(Struct, kw_only=True):
    """One block device in a table of ``diskio``: a value for each operation (Read, Write, …)."""

    device: str
    major: int
    minor: int
    stats: dict[str, int]


class DiskIoStats(Struct, kw_only=True, omit_defaults=True):
    """Section ``diskio``: bytes, operations, sectors, nanoseconds (io_time: ms, io_cost_*: µs)."""

    io_service_bytes: list[PerDiskStats] = []
    io_serviced: list[PerDiskStats] = []
    io_queued: list[PerDiskStats] = []
    sectors: list[PerDiskStats] = []
    io_service_time: list[PerDiskStats] = []
    io_wait_time: list[PerDiskStats] = []
    io_merged: list[PerDiskStats] = []
    io_time: list[PerDiskStats] = []
    io_cost_usage: list[PerDiskStats] = []
    io_cost_wait: list[PerDiskStats] = []
    io_cost_indebt: list[PerDiskStats] = []
    io_cost_indelay: list[PerDiskStats] = []
    psi: PSIStats


class MemoryNumaStats(Struct, kw_only=True, omit_defaults=True):
    """Pages by NUMA node."""

    file: dict[int, int] = {}
    anon: dict[int, int] = {}
    unevictable: dict[int, int] = {}


class MemoryStatsMemoryData(Struct, kw_only=True):
    """Page faults, of a cgroup alone or with all below it."""

    pgfault: Count = None
    pgmajfault: Count = None
    numa_stats: MemoryNumaStats


class MemoryEvents(Struct, kw_only=True):
    """How often usage passed memory.high and reached memory.max."""

    high: Count = None
    max: Count = None


class MemoryStats(Struct, kw_only=True):
    """Section ``memory``: bytes, but pages for pgscan, pgsteal and the refaults."""

    usage: Count = None
    max_usage: Count = None
    cache: Count = None
    rss: Count = None
    swap: Count = None
    mapped_file: Count = None
    working_set: Count = None
    total_active_file: Count = None
    total_inactive_file: Count = None
    file_dirty: Count = None
    file_writeback: Count = None
    pgscan: Count = None
    pgsteal: Count = None
    workingset_refault_file: Count = None
    workingset_refault_anon: Count = None
    failcnt: Count = None
    kernel: Count = None
    container_data: MemoryStatsMemoryData
    hierarchical_data: MemoryStatsMemoryData
    psi: PSIStats
    events: MemoryEvents


class HugetlbStats(Struct, kw_only=True, omit_defaults=True):
    """Huge pages of one size, in bytes."""

    usage: int = 0
    max_usage: Count = None
    failcnt: Count


class FsStats(Struct, kw_only=True, omit_defaults=True):
    """One file system: bytes, inodes, and the counters of its block device (times in milliseconds)."""

    device: str = ""
    type: str
    capacity: Count
    usage: Count
    base_usage: Count
    available: Count
    has_inodes: bool
    inodes: Count
    inodes_free: Count
    reads_completed: Count
    reads_merged: Count
    sectors_read: Count
    read_time: Count
    writes_completed: Count
    writes_merged: Count
    sectors_written: Count
    write_time: Count
    io_in_progress: Count
    io_time: Count
    weighted_io_time: Count


class LoadStats(Struct, kw_only=True):
    """Tasks by state."""

    nr_sleeping: Count = None
    nr_running: Count = None
    nr_stopped: Count = None
    nr_uninterruptible: Count = None
    nr_io_wait: Count = None


class UlimitSpec(Struct, kw_only=True):
    """One resource limit of the main process; -1 is unlimited."""

    name: str
    soft_limit: int
    hard_limit: int


class ProcessStats(Struct, kw_only=True, omit_defaults=True):
    """Section ``processes``; ``threads_max`` 0 is unlimited."""

    process_count: Count
    fd_count: Count
    socket_count: Count
    threads_current: Count = None
    threads_max: Count = 0
    ulimits: list[UlimitSpec] = []


class AcceleratorStats(Struct, kw_only=True):
    """One GPU: memory in bytes, the share of its time in which it was busy in percent."""

    make: str
    model: str
    id: str
    memory_total: Count
    memory_used: Count
    duty_cycle: Count


class PerfStat(Struct, kw_only=True):
    """How often one perf event happened on one CPU, and for which share of the time it was counted."""

    scaling_ratio: float
    value: int
    name: str
    cpu: int


class PerfUncoreStat(Struct, kw_only=True):
    """How often one perf event of an uncore PMU happened; socket -1 is unknown."""

    scaling_ratio: float
    value: int
    name: str
    socket: int
    pmu: str


class MemoryBandwidthStats(Struct, kw_only=True, omit_defaults=True):
    """Bytes that went between one last-level cache and memory: of all nodes, and of the same."""

    mbm_total_bytes: Count = None
    mbm_local_bytes: Count = None


class CacheStats(Struct, kw_only=True, omit_defaults=True):
    """Bytes held in one last-level cache."""

    llc_occupancy: Count = None


class ResctrlStats(Struct, kw_only=True, omit_defaults=True):
    """Section ``resctrl``: an entry for each last-level cache."""

    memory_bandwidth: list[MemoryBandwidthStats] = []
    cache: list[CacheStats] = []


class CPUSetStats(Struct, kw_only=True):
    """Section ``cpuset``: 1 if pages follow their tasks to other nodes."""

    memory_migrate: Count = None


class Health(Struct, kw_only=True):
    """Docker's word on the container: healthy, unhealthy, starting, or empty without a health check."""

    status: str = ""


class ContainerStats(Struct, kw_only=True, omit_defaults=True):
    """One sample. ``cpu`` and ``memory`` always exist; another section whose kind is off stays off the wire."""

    timestamp: str
    cpu: CpuStats
    diskio: DiskIoStats | None = None
    memory: MemoryStats
    hugetlb: dict[str, HugetlbStats] = {}
    network: NetworkStats | None = None
    filesystem: list[FsStats] = []
    task_stats: LoadStats
    accelerators: list[AcceleratorStats] = []
    processes: ProcessStats | None = None
    perf_stats: list[PerfStat] = []
    perf_uncore_stats: list[PerfUncoreStat] = []
    referenced_memory: Count = None
    resctrl: ResctrlStats
    cpuset: CPUSetStats
    oom_events: Count = None
    health: Health
    #: When ``filesystem`` was measured, which is done on a clock of its own. Ours: no outlet writes it as it is.
    filesystem_wall_ns: Count = None
