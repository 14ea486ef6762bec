"""``/proc/diskstats``: what each block device and partition has done since it exists. Since Linux 2.6.25.

Eleven counters; discards since 4.18, flushes since 5.5. Sectors are 512 bytes whatever the device says; times are
milliseconds and wrap on 32 bits. https://docs.kernel.org/admin-guide/iostats.html
"""

from msgspec import Struct

from cadvcli.errors import ParseError
from cadvcli.host import Host
from cadvcli.kernel.keyed import show

SECTOR_BYTES = 512


class DiskStats(Struct, frozen=True):
    """One device's counters in the kernel's order; None: this kernel is older than the counter."""

    name: str
    reads_completed: int
    reads_merged: int
    sectors_read: int
    read_ms: int
    writes_completed: int
    writes_merged: int
    sectors_written: int
    write_ms: int
    io_in_progress: int
    io_ms: int
    weighted_io_ms: int
    discards_completed: int | None = None
    discards_merged: int | None = None
    sectors_discarded: int | None = None
    discard_ms: int | None = None
    flushes_completed: int | None = None
    flush_ms: int | None = None


def parse_diskstats(text: bytes, path: str = "/proc/diskstats") -> dict[tuple[int, int], DiskStats]:
    """The counters of every device by (major, minor); columns that a newer kernel adds are passed over."""
    found = {}
    for number, line in enumerate(text.split(b"\n"), 1):
        words = line.split()
        if not words:
            continue
        try:
            major, minor, counters = int(words[0]), int(words[1]), [int(word) for word in words[3:20]]
            found[major, minor] = DiskStats(words[2].decode("utf-8", "surrogateescape"), *counters)
        except (ValueError, IndexError, TypeError):  # TypeError: fewer counters than every kernel has
            raise ParseError(path, number, f"{show(line)} has no device and eleven counters") from None
    return found


def read_diskstats(host: Host) -> dict[tuple[int, int], DiskStats] | None:
    """The counters of every device, or None without /proc."""
    text = host.read("/proc/diskstats")
    return None if text is None else parse_diskstats(text)
