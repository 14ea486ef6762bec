"""The one flat naming of a container: what JSON, CSV, columns and filters call each thing.

Keys are snake_case with the SI base unit in the name; unknown or unlimited is None. Every key is always there and
always in this order.
"""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from cadvcli.model.clock import SECOND
from cadvcli.model.column import (
    ALL_PERIODS,
    STOPPED_PERIODS,
    Column,
    Size,
    Subject,
    Value,
    counter,
    cpu_limit,
    disk,
    having,
    interfaces,
    memory_share,
    network,
    now,
    percent,
    pids,
    ports,
    rate,
    sampled_at,
    spec,
    spec_text,
    throttled,
    who,
    who_at,
    window,
)

Row: TypeAlias = dict[str, Value]
Make: TypeAlias = Callable[[Subject], Value]

TEXT, TRUTH, TIME, LIST, COUNT, SECONDS = "text", "true/false", "RFC 3339", "list", "count", "seconds"
BYTES, BYTES_PER_SECOND, RATIO, CORES = "bytes", "bytes/s", "ratio", "cores"

ENGINE, CLOCK, FOLDERS = "engine", "clock", "folders"
CPU_STAT, CPUACCT, CPUACCT_STAT = "cpu.stat", "cpuacct.usage", "cpuacct.stat"
USAGE, STAT, NET = "memory.usage_in_bytes", "memory.stat", "/proc/PID/net/dev"
SERVICE_BYTES, SERVICED = "blkio.*io_service_bytes*", "blkio.*io_serviced*"

CPU_TIME, USER_TIME, SYS_TIME = counter("cpu.usage.total"), counter("cpu.usage.user"), counter("cpu.usage.system")
STOPPED_TIME = counter("cpu.cfs.throttled_time")
RECEIVED, SENT = network("rx_bytes"), network("tx_bytes")
READ, WRITTEN = disk("io_service_bytes", "Read"), disk("io_service_bytes", "Write")


def _who(key: str, unit: str, text: str, value: Make) -> Column:
    """What the container's owner knows."""
    return Column(key, unit, ENGINE, ENGINE, text, value, sampled=False)


def _kept(key: str, unit: str, files: tuple[str, str], text: str, value: Make) -> Column:
    """What the kernel says without a sample, in these files of v1 and v2."""
    return Column(key, unit, *files, text, value, sampled=False)


def _net(key: str, unit: str, text: str, value: Make) -> Column:
    """What the interfaces of the container's own network say."""
    return Column(key, unit, NET, NET, text, having("has_network", value))


def _io(key: str, unit: str, v1: str, text: str, value: Make) -> Column:
    """What the block devices did for this container."""
    return Column(key, unit, v1, "io.stat", text, having("has_diskio", value))


def _stalled(key: str, path: str) -> Column:
    """A pressure total: microseconds in the kernel."""
    resource, share, _ = _pressure(path)
    text = f"time in which {share} waited for {resource}"
    file = f"{resource}.pressure"
    return Column(key, SECONDS, f"{file} (hybrid)", file, text, now(counter(path), 1_000_000))


def _pressed(key: str, path: str) -> Column:
    """A pressure average: percent in the kernel."""
    resource, share, span = _pressure(path)
    text = f"share of the last {span.removeprefix('avg')} s in which {share} waited for {resource}"
    file = f"{resource}.pressure"
    return Column(key, RATIO, f"{file} (hybrid)", file, text, percent(path))


def _pressure(path: str) -> tuple[str, str, str]:
    section, _, share, what = path.split(".")
    return "io" if section == "diskio" else section, "all tasks" if share == "full" else "some task", what


IDENTITY = (
    _who("name", TEXT, "name; of a plain group its path", who("name")),
    _who("id", TEXT, "id; null for a plain group", who("id")),
    _kept("cgroup", TEXT, ("cgroup", "cgroup"), "path below the cgroup mount", lambda subject: subject.cgroup),
    _who("runtime", TEXT, "docker, or raw for a plain group", who("runtime")),
    _who("image", TEXT, "image, as it was asked for", who("image")),
    _who("labels", LIST, "labels by name", who("labels")),
    _who("image_id", TEXT, "id of the image", who("image_id")),
    _who("command", TEXT, "command line", who("command")),
    _who("project", TEXT, "Compose project", who("project")),
    _who("service", TEXT, "Compose service", who("service")),
    _who("ports", LIST, "ports, with the host's where published", ports),
    _who("main_pid", COUNT, "pid of the main process", who("pid")),
    _who("state", TEXT, "created running paused restarting removing exited dead", who("state")),
    _who("health", TEXT, "healthy, unhealthy or starting; null without a check", who("health")),
    _who("exit_code", COUNT, "how the main process ended last", who("exit_code")),
    _who("oom_killed", TRUTH, "whether it ended for lack of memory", who("oom_killed")),
    _who("restarts", COUNT, "times the engine restarted it", who("restart_count")),
    _who("created", TIME, "when it was made", who_at("created_ns")),
    _who("started", TIME, "when it last started", who_at("started_ns")),
    _who("finished", TIME, "when it last ended", who_at("finished_ns")),
    Column("timestamp", TIME, CLOCK, CLOCK, "when the sample was taken", sampled_at),
    Column("window_seconds", SECONDS, CLOCK, CLOCK, "time that each rate is over", window),
)

CPU = (
    Column("cpu_usage_seconds_total", SECONDS, CPUACCT, CPU_STAT, "CPU time", now(CPU_TIME, SECOND)),
    Column("cpu_user_seconds_total", SECONDS, CPUACCT_STAT, CPU_STAT, "CPU time in user mode", now(USER_TIME, SECOND)),
    Column("cpu_system_seconds_total", SECONDS, CPUACCT_STAT, CPU_STAT, "CPU time in kernel", now(SYS_TIME, SECOND)),
    Column("cpu_usage_ratio", CORES, CPUACCT, CPU_STAT, "CPU in use; 1 is one whole core", rate(CPU_TIME, per=1)),
    _kept("cpu_limit_ratio", CORES, ("cpu.cfs_quota_us", "cpu.max"), "quota", cpu_limit),
    _kept("cpu_shares", COUNT, ("cpu.shares", "cpu.weight"), "shares of contended CPU", spec("cpu.limit")),
    _kept("cpu_set", TEXT, ("cpuset.cpus", "cpuset.cpus.effective"), "CPUs allowed", spec_text("cpu.mask")),
    Column("cpu_periods_total", COUNT, CPU_STAT, CPU_STAT, "periods of the quota", now(ALL_PERIODS)),
    Column("cpu_throttled_periods_total", COUNT, CPU_STAT, CPU_STAT, "periods with throttling", now(STOPPED_PERIODS)),
    Column("cpu_throttled_seconds_total", SECONDS, CPU_STAT, CPU_STAT, "time throttled", now(STOPPED_TIME, SECOND)),
    Column("cpu_throttled_ratio", RATIO, CPU_STAT, CPU_STAT, "share of periods with throttling", throttled),
)

MEMORY = (
    Column("memory_usage_bytes", BYTES, USAGE, "memory.current", "all memory charged", now(counter("memory.usage"))),
    Column("memory_working_set_bytes", BYTES, f"{USAGE}, {STAT}", f"memory.current, {STAT}",
           "usage less the inactive file cache", now(counter("memory.working_set"))),
    _kept("memory_limit_bytes", BYTES, ("memory.limit_in_bytes", "memory.max"), "limit", spec("memory.limit")),
    _kept("memory_reservation_bytes", BYTES, ("memory.soft_limit_in_bytes", "memory.low"), "soft limit",
          spec("memory.reservation")),
    Column("memory_working_set_ratio", RATIO, f"{USAGE}, {STAT}", f"memory.current, {STAT}",
           "working set by limit, else by the machine's memory", memory_share),
    Column("memory_max_usage_bytes", BYTES, "memory.max_usage_in_bytes", "memory.peak", "the most usage ever",
           now(counter("memory.max_usage"))),
    Column("memory_rss_bytes", BYTES, STAT, STAT, "anonymous memory", now(counter("memory.rss"))),
    Column("memory_cache_bytes", BYTES, STAT, STAT, "page cache", now(counter("memory.cache"))),
    Column("memory_mapped_file_bytes", BYTES, STAT, STAT, "mapped files", now(counter("memory.mapped_file"))),
    Column("memory_kernel_bytes", BYTES, "memory.kmem.usage_in_bytes", STAT, "memory the kernel holds for it",
           now(counter("memory.kernel"))),
    Column("memory_swap_bytes", BYTES, STAT, "memory.swap.current", "swapped out", now(counter("memory.swap"))),
    Column("memory_page_faults_total", COUNT, STAT, STAT, "page faults",
           now(counter("memory.hierarchical_data.pgfault"))),
    Column("memory_major_page_faults_total", COUNT, STAT, STAT, "page faults that waited for a disk",
           now(counter("memory.hierarchical_data.pgmajfault"))),
    Column("memory_limit_hits_total", COUNT, "memory.failcnt", "memory.events", "times the limit was met",
           now(counter("memory.failcnt"))),
)

NETWORK = (
    _net("network_receive_bytes_total", BYTES, "received", now(RECEIVED)),
    _net("network_transmit_bytes_total", BYTES, "sent", now(SENT)),
    _net("network_receive_bytes_per_second", BYTES_PER_SECOND, "received", rate(RECEIVED)),
    _net("network_transmit_bytes_per_second", BYTES_PER_SECOND, "sent", rate(SENT)),
    _net("network_receive_packets_total", COUNT, "packets received", now(network("rx_packets"))),
    _net("network_transmit_packets_total", COUNT, "packets sent", now(network("tx_packets"))),
    _net("network_receive_errors_total", COUNT, "errors in receiving", now(network("rx_errors"))),
    _net("network_transmit_errors_total", COUNT, "errors in sending", now(network("tx_errors"))),
    _net("network_receive_dropped_total", COUNT, "packets dropped in receiving", now(network("rx_dropped"))),
    _net("network_transmit_dropped_total", COUNT, "packets dropped in sending", now(network("tx_dropped"))),
    _net("interfaces", LIST, "each interface with these totals", interfaces),
)

IO = (
    _io("io_read_bytes_total", BYTES, SERVICE_BYTES, "read from block devices", now(READ)),
    _io("io_write_bytes_total", BYTES, SERVICE_BYTES, "written to block devices", now(WRITTEN)),
    _io("io_read_bytes_per_second", BYTES_PER_SECOND, SERVICE_BYTES, "read from block devices", rate(READ)),
    _io("io_write_bytes_per_second", BYTES_PER_SECOND, SERVICE_BYTES, "written to block devices", rate(WRITTEN)),
    _io("io_reads_total", COUNT, SERVICED, "reads of block devices", now(disk("io_serviced", "Read"))),
    _io("io_writes_total", COUNT, SERVICED, "writes to block devices", now(disk("io_serviced", "Write"))),
)

TASKS = (
    _kept("pids", COUNT, ("pids.current", "pids.current"), "tasks: processes and threads", pids),
    _kept("pids_limit", COUNT, ("pids.max", "pids.max"), "tasks allowed", spec("processes.limit")),
)

PRESSURE = (
    _stalled("psi_cpu_some_seconds_total", "cpu.psi.some.total"),
    _pressed("psi_cpu_some_avg10_ratio", "cpu.psi.some.avg10"),
    _pressed("psi_cpu_some_avg60_ratio", "cpu.psi.some.avg60"),
    _pressed("psi_cpu_some_avg300_ratio", "cpu.psi.some.avg300"),
    _stalled("psi_cpu_full_seconds_total", "cpu.psi.full.total"),
    _pressed("psi_cpu_full_avg10_ratio", "cpu.psi.full.avg10"),
    _pressed("psi_cpu_full_avg60_ratio", "cpu.psi.full.avg60"),
    _pressed("psi_cpu_full_avg300_ratio", "cpu.psi.full.avg300"),
    _stalled("psi_memory_some_seconds_total", "memory.psi.some.total"),
    _pressed("psi_memory_some_avg10_ratio", "memory.psi.some.avg10"),
    _pressed("psi_memory_some_avg60_ratio", "memory.psi.some.avg60"),
    _pressed("psi_memory_some_avg300_ratio", "memory.psi.some.avg300"),
    _stalled("psi_memory_full_seconds_total", "memory.psi.full.total"),
    _pressed("psi_memory_full_avg10_ratio", "memory.psi.full.avg10"),
    _pressed("psi_memory_full_avg60_ratio", "memory.psi.full.avg60"),
    _pressed("psi_memory_full_avg300_ratio", "memory.psi.full.avg300"),
    _stalled("psi_io_some_seconds_total", "diskio.psi.some.total"),
    _pressed("psi_io_some_avg10_ratio", "diskio.psi.some.avg10"),
    _pressed("psi_io_some_avg60_ratio", "diskio.psi.some.avg60"),
    _pressed("psi_io_some_avg300_ratio", "diskio.psi.some.avg300"),
    _stalled("psi_io_full_seconds_total", "diskio.psi.full.total"),
    _pressed("psi_io_full_avg10_ratio", "diskio.psi.full.avg10"),
    _pressed("psi_io_full_avg60_ratio", "diskio.psi.full.avg60"),
    _pressed("psi_io_full_avg300_ratio", "diskio.psi.full.avg300"),
)



def _walked(key: str, unit: str, text: str, value: Callable[[Size], Value]) -> Column:
    """What a walk through the container's folders found."""

    def found(subject: Subject) -> Value:
        return None if subject.size is None else value(subject.size)

    return Column(key, unit, FOLDERS, FOLDERS, text, found, sampled=False)


#: What ``containers --size`` adds.
SIZES = (
    _walked(
        "size_bytes", BYTES, "What it wrote and logged", lambda size: (size.layer_bytes or 0) + (size.logs_bytes or 0)
    ),
    _walked("size_layer_bytes", BYTES, "Its writable layer", lambda size: size.layer_bytes),
    _walked("size_logs_bytes", BYTES, "Its logs and the engine's settings of it", lambda size: size.logs_bytes),
    _walked("size_finished", TRUTH, "Whether the walk came to its end", lambda size: size.finished),
)

COLUMNS = IDENTITY + CPU + MEMORY + NETWORK + IO + TASKS + PRESSURE
#: Those that take no sample.
UNSAMPLED = tuple(column for column in COLUMNS if not column.sampled)
BY_KEY = {column.key: column for column in (*COLUMNS, *SIZES)}

#: Short names of keys.
ALIASES = {
    "path": "cgroup",
    "exit": "exit_code",
    "time": "timestamp",
    "cpu": "cpu_usage_ratio",
    "cpus": "cpu_limit_ratio",
    "cpu_time": "cpu_usage_seconds_total",
    "thr": "cpu_throttled_ratio",
    "mem": "memory_working_set_bytes",
    "usage": "memory_usage_bytes",
    "limit": "memory_limit_bytes",
    "mem_ratio": "memory_working_set_ratio",
    "rss": "memory_rss_bytes",
    "cache": "memory_cache_bytes",
    "swap": "memory_swap_bytes",
    "rx": "network_receive_bytes_total",
    "tx": "network_transmit_bytes_total",
    "rx_rate": "network_receive_bytes_per_second",
    "tx_rate": "network_transmit_bytes_per_second",
    "read": "io_read_bytes_total",
    "write": "io_write_bytes_total",
    "read_rate": "io_read_bytes_per_second",
    "write_rate": "io_write_bytes_per_second",
    "psi_cpu": "psi_cpu_some_avg10_ratio",
    "psi_mem": "psi_memory_some_avg10_ratio",
    "psi_io": "psi_io_some_avg10_ratio",
}


def row(subject: Subject, columns: Iterable[Column] = COLUMNS) -> Row:
    """What is known of one container: the keys of ``columns`` in their order."""
    return {column.key: column.value(subject) for column in columns}
