"""Kind ``disk``: file systems. The root group has all of the machine's, a container what it has written itself.

Sizes come from statvfs, a container's from a walk through its writable layer and the folder of its logs. Neither is
ever done for a sample: the daemon measures on a clock of its own, and the slot ``filesystem`` is the last result with
its time, as JSON. The counters of the root group's devices are those of /proc/diskstats, times in milliseconds.
https://docs.kernel.org/admin-guide/iostats.html
"""

from collections.abc import Callable

import msgspec
from msgspec import Struct

from cadvcli.collectors.source import Collector, Raw, Source, Target
from cadvcli.errors import ParseError
from cadvcli.kernel.diskstats import DiskStats, parse_diskstats
from cadvcli.model import Count
from cadvcli.model.clock import SECOND, parse_rfc3339
from cadvcli.model.stats import ContainerStats, FsStats
from cadvcli.prometheus import Family, Number, Rows

SOURCE = "filesystem"
_DISKSTATS = "/proc/diskstats"


class Use(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One file system: of the root group all of it, of a container its part. Bytes; None is unknown."""

    device: str
    type: str = "vfs"
    major: int = 0
    minor: int = 0
    capacity: int | None = None
    usage: int | None = None
    base_usage: int | None = None  #: a container's writable layer alone
    available: int | None = None
    inodes: int | None = None  #: all that there are; of a container those that its layer uses
    inodes_free: int | None = None


class Found(Struct, frozen=True, kw_only=True):
    """What was measured, and when. ``whole`` is true of the root group, which has file systems as such."""

    wall_ns: int
    whole: bool
    uses: list[Use]


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Found)


def encode_found(found: Found) -> bytes:
    """The content of the slot."""
    return _encoder.encode(found)


def _busy_devices(target: Target) -> bytes | None:
    """The lines of /proc/diskstats whose device was ever used: most machines have a score of idle loop devices."""
    text = target.host.read(_DISKSTATS)
    if text is None:
        return None
    return b"".join(line + b"\n" for line in text.split(b"\n") if line.split()[3:14] != [b"0"] * 11 and line)


def _rows(value: Callable[[FsStats], Count]) -> Callable[[ContainerStats], Rows]:
    def rows(stats: ContainerStats) -> Rows:
        return [((one.device,), value(one)) for one in stats.filesystem]

    return rows


def _age(stats: ContainerStats) -> Number:
    """How long before the sample the file systems were measured."""
    taken_ns = parse_rfc3339(stats.timestamp) if stats.filesystem_wall_ns is not None else None
    if taken_ns is None or stats.filesystem_wall_ns is None:
        return None
    return max(0, taken_ns - stats.filesystem_wall_ns) / SECOND


def _gauge(name: str, text: str, value: Callable[[FsStats], Count]) -> Family:
    return Family(name=name, type="gauge", help=text, labels=("device",), rows=_rows(value))


class Disk(Collector):
    """File systems of the machine, and of containers what they have written."""

    kind = "disk"
    v1 = v2 = (
        # Its time changes with each measurement: no reason to sample more often.
        Source(name=SOURCE, read=lambda target: target.found(SOURCE), weighs=lambda _: b""),
        Source(name=_DISKSTATS, read=_busy_devices, root_only=True),
    )
    families = (
        _gauge(
            "container_fs_inodes_free",
            "Inodes that are free on the file system.",
            lambda one: one.inodes_free if one.has_inodes else None,
        ),
        _gauge(
            "container_fs_inodes_total",
            "Inodes of the file system; of a container those that its writable layer uses.",
            lambda one: one.inodes,
        ),
        _gauge("container_fs_limit_bytes", "Size of the file system, in bytes.", lambda one: one.capacity),
        _gauge(
            "container_fs_usage_bytes",
            "Bytes used on the file system; of a container by its writable layer and its logs.",
            lambda one: one.usage,
        ),
        Family(
            name="cadvcli_container_fs_age_seconds",
            type="gauge",
            help="How long ago the file systems were measured, in seconds.",
            value=_age,
        ),
    )

    def decode_v2(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``filesystem``."""
        text, counters = raw
        if text is None:
            return
        try:
            found = _decoder.decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ParseError(SOURCE, 1, str(error)) from None
        stats.filesystem_wall_ns = found.wall_ns
        stats.filesystem = [_wire(use, found.whole) for use in found.uses]
        if counters is not None:
            devices = parse_diskstats(counters, _DISKSTATS)
            by_name = {"/dev/" + device.name: device for device in devices.values()}
            for use, one in zip(found.uses, stats.filesystem, strict=True):
                if device := by_name.get(use.device) or devices.get((use.major, use.minor)):
                    _count(one, device)

    decode_v1 = decode_v2


#: Fields of FsStats, and of DiskStats.
_COUNTERS = {
    "reads_completed": "reads_completed",
    "reads_merged": "reads_merged",
    "sectors_read": "sectors_read",
    "read_time": "read_ms",
    "writes_completed": "writes_completed",
    "writes_merged": "writes_merged",
    "sectors_written": "sectors_written",
    "write_time": "write_ms",
    "io_in_progress": "io_in_progress",
    "io_time": "io_ms",
    "weighted_io_time": "weighted_io_ms",
}


def _wire(use: Use, whole: bool) -> FsStats:
    """The file system as it stands on the wire, without counters. A container keeps none: they are the whole disk's."""
    return FsStats(
        device=use.device,
        type=use.type,
        capacity=use.capacity,
        usage=use.usage,
        base_usage=use.base_usage,
        available=use.available,
        has_inodes=whole and use.inodes is not None,
        inodes=use.inodes,
        inodes_free=use.inodes_free,
        **dict.fromkeys(_COUNTERS),
    )


def _count(one: FsStats, device: DiskStats) -> None:
    for field, ours in _COUNTERS.items():
        setattr(one, field, getattr(device, ours))
