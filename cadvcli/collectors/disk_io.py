"""Kind ``diskIO``: bytes and operations of a group by block device.

v2: io.stat. v1: the first set of blkio tables that has content: BFQ with debugging, BFQ, CFQ, throttling with and
without the groups below. Device names come from the machine's block devices. Of the root group /metrics has also the
counters of the devices below file systems, which kind ``disk`` reads.
https://docs.kernel.org/admin-guide/cgroup-v2.html#io-interface-files,
https://docs.kernel.org/admin-guide/cgroup-v1/blkio-controller.html
"""

from collections.abc import Callable, Iterable
from operator import attrgetter

from cadvcli.collectors.source import Collector, Raw, Source, cgroup_files
from cadvcli.kernel.io_stat import Device, parse_blkio, parse_io_stat
from cadvcli.model.stats import ContainerStats, PerDiskStats
from cadvcli.prometheus import Family, Number, Rows

#: The tables of v1's CFQ and BFQ-debug sets: file suffix, field of DiskIoStats. The first file decides for its set.
_ALL = (
    ("sectors_recursive", "sectors"),
    ("io_service_time_recursive", "io_service_time"),
    ("io_wait_time_recursive", "io_wait_time"),
    ("io_merged_recursive", "io_merged"),
    ("io_queued_recursive", "io_queued"),
    ("time_recursive", "io_time"),
    ("io_serviced_recursive", "io_serviced"),
    ("io_service_bytes_recursive", "io_service_bytes"),
)
_TWO = _ALL[-2:]
_PLAIN = (("io_serviced", "io_serviced"), ("io_service_bytes", "io_service_bytes"))
_SETS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("blkio.bfq.", _ALL),
    ("blkio.bfq.", _TWO),
    ("blkio.", _ALL),
    ("blkio.throttle.", _TWO),
    ("blkio.throttle.", _PLAIN),
)
_V1_FILES = tuple(dict.fromkeys(prefix + suffix for prefix, tables in _SETS for suffix, _ in tables))

#: io.stat key → (field of DiskIoStats, operation)
_V2_KEYS = {
    b"rbytes": ("io_service_bytes", "Read"),
    b"wbytes": ("io_service_bytes", "Write"),
    b"dbytes": ("io_service_bytes", "Discard"),
    b"rios": ("io_serviced", "Read"),
    b"wios": ("io_serviced", "Write"),
    b"dios": ("io_serviced", "Discard"),
    b"cost.usage": ("io_cost_usage", "Count"),
    b"cost.wait": ("io_cost_wait", "Count"),
    b"cost.indebt": ("io_cost_indebt", "Count"),
    b"cost.indelay": ("io_cost_indelay", "Count"),
}


def _table(field: str, operation: str, unit: float = 1) -> Callable[[ContainerStats], Rows]:
    """The rows of one table for one operation; a device whose table has no such operation has no row."""
    table = attrgetter("diskio." + field)

    def rows(stats: ContainerStats) -> Rows:
        # Most groups have no such table, and /metrics asks for a dozen.
        if stats.diskio is None or not (disks := table(stats)):
            return ()
        return [
            ((_label(disk),), disk.stats[operation] / unit if unit != 1 else disk.stats[operation])
            for disk in disks
            if operation in disk.stats
        ]

    return rows


def _of_devices(stats: ContainerStats, counter: str) -> Iterable[tuple[str, int | float]]:
    """A counter of each file system's device that has it; times in seconds. cAdvisor: takes their ms for ns."""
    for one in stats.filesystem if stats.diskio is not None else ():
        number = getattr(one, counter)
        if number is not None:
            yield one.device, number / 1000 if counter.endswith("_time") else number


def _weighted(stats: ContainerStats) -> Rows:
    return [((device,), seconds) for device, seconds in _of_devices(stats, "weighted_io_time")]


def _label(disk: PerDiskStats) -> str:
    """The name of the device, else its numbers: two without a name must not become one series."""
    return disk.device or f"{disk.major}:{disk.minor}"


def _usage_rows(stats: ContainerStats) -> Rows:
    for disk in stats.diskio.io_service_bytes if stats.diskio else ():
        for operation, value in disk.stats.items():
            yield (disk.device, str(disk.major), str(disk.minor), operation), value


def _family(name: str, text: str, rows: Callable[[ContainerStats], Rows], kind: str = "counter") -> Family:
    return Family(
        name="container_fs_" + name,
        type="counter" if kind == "counter" else "gauge",
        help=text,
        labels=("device",),
        rows=rows,
    )


def _both(name: str, text: str, table: str, operation: str, counter: str) -> Family:
    """A family of a table of DiskIoStats and of a counter of FsStats; of one device the group's own table counts."""
    own = _table(table, operation, 1e9 if counter.endswith("_time") else 1)

    def rows(stats: ContainerStats) -> Rows:
        if not stats.filesystem:
            return own(stats)
        found: dict[tuple[str, ...], Number] = {(device,): number for device, number in _of_devices(stats, counter)}
        found.update(own(stats))
        return found.items()

    return _family(name, text, rows, "gauge" if name == "io_current" else "counter")


class DiskIO(Collector):
    """Block I/O of one cgroup with all below it."""

    kind = "diskIO"
    # The plain throttle tables matter only to kernels before 4.15, which have no recursive ones.
    v1 = tuple(
        Source(name=name, unless="" if name.endswith("_recursive") else name + "_recursive") for name in _V1_FILES
    )
    v2 = cgroup_files("io.stat")
    families = (
        _family("reads_bytes_total", "Bytes read from the device.", _table("io_service_bytes", "Read")),
        _both("reads_total", "Reads finished.", "io_serviced", "Read", "reads_completed"),
        _both("sector_reads_total", "Sectors read.", "sectors", "Read", "sectors_read"),
        _both("reads_merged_total", "Reads merged into others.", "io_merged", "Read", "reads_merged"),
        _both("read_seconds_total", "Time spent reading.", "io_service_time", "Read", "read_time"),
        _family("writes_bytes_total", "Bytes written to it.", _table("io_service_bytes", "Write")),
        _both("writes_total", "Writes finished.", "io_serviced", "Write", "writes_completed"),
        _both("sector_writes_total", "Sectors written.", "sectors", "Write", "sectors_written"),
        _both("writes_merged_total", "Writes merged into others.", "io_merged", "Write", "writes_merged"),
        _both("write_seconds_total", "Time spent writing.", "io_service_time", "Write", "write_time"),
        _both("io_current", "Requests waiting now.", "io_queued", "Total", "io_in_progress"),
        _both("io_time_seconds_total", "Time of I/O.", "io_service_time", "Total", "io_time"),
        _family("io_time_weighted_seconds_total", "Time of I/O times the requests in flight.", _weighted),
        _family("io_cost_usage_seconds_total", "I/O cost used.", _table("io_cost_usage", "Count", 1e6)),
        _family("io_cost_wait_seconds_total", "Waited for I/O cost.", _table("io_cost_wait", "Count", 1e6)),
        _family("io_cost_indebt_seconds_total", "In I/O debt.", _table("io_cost_indebt", "Count", 1e6)),
        _family("io_cost_indelay_seconds_total", "Delayed.", _table("io_cost_indelay", "Count", 1e6)),
        Family(
            name="container_blkio_device_usage_total",
            type="counter",
            help="Bytes of block I/O by device and operation.",
            labels=("device", "major", "minor", "operation"),
            rows=_usage_rows,
        ),
    )

    def decode_v1(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in the tables of ``diskio`` from the first set of blkio files that has content."""
        if stats.diskio is None:
            return
        texts = dict(zip(_V1_FILES, raw, strict=True))
        for prefix, tables in _SETS:
            if not texts[prefix + tables[0][0]]:
                continue
            for suffix, field in tables:
                text = texts[prefix + suffix]
                if not text:
                    break
                setattr(stats.diskio, field, self._named(parse_blkio(text, prefix + suffix)))
            return

    def decode_v2(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in bytes, operations and io.cost of ``diskio`` from io.stat."""
        (text,) = raw
        if stats.diskio is None or text is None:
            return
        tables: dict[str, dict[Device, dict[str, int]]] = {}
        for device, counters in parse_io_stat(text, "io.stat").items():
            for key, value in counters.items():
                if key in _V2_KEYS:
                    field, operation = _V2_KEYS[key]
                    tables.setdefault(field, {}).setdefault(device, {})[operation] = value
        for field, table in tables.items():
            setattr(stats.diskio, field, self._named(table))

    def _named(self, table: dict[Device, dict[str, int]]) -> list[PerDiskStats]:
        return [
            PerDiskStats(device=self.device_name(major, minor), major=major, minor=minor, stats=operations)
            for (major, minor), operations in table.items()
        ]
