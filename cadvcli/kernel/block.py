"""Block devices: ``/sys/block`` (whole disks), ``/sys/dev/block`` (every device by its numbers), ``/proc/diskstats``.

``size`` is in sectors of 512 bytes whatever the disk's own are. Disks with ``hidden`` 1 are single paths of a multipath
NVMe namespace: its head stands for them. https://docs.kernel.org/admin-guide/abi-stable.html#symbols-under-sys-block
"""

import re

from msgspec import Struct

from cadvcli.errors import HostError, ParseError
from cadvcli.host import Host
from cadvcli.kernel.diskstats import SECTOR_BYTES, read_diskstats
from cadvcli.kernel.keyed import show

_NUMBERS = re.compile(rb"([0-9]{1,10}):([0-9]{1,10})")
_SECTORS = re.compile(rb"[0-9]{1,20}")
_BRACKETS = re.compile(rb"\[([^\[\]\s]+)\]")


class BlockDevice(Struct, frozen=True, kw_only=True):
    """One whole disk, by its name in /sys. ``scheduler`` is None where it has no queue of its own or doesn't tell."""

    name: str
    major: int
    minor: int
    size_bytes: int
    scheduler: str | None
    hidden: bool


def parse_dev(text: bytes, path: str) -> tuple[int, int]:
    """Major and minor of a ``dev`` file: ``259:3``."""
    found = _NUMBERS.fullmatch(text.strip())
    if not found:
        raise ParseError(path, 1, f"{show(text)} is no 'major:minor'")
    return int(found[1]), int(found[2])


def parse_scheduler(text: bytes) -> str | None:
    """The I/O scheduler in use: the word in brackets of ``none [mq-deadline] kyber``. None if there are none."""
    found = _BRACKETS.search(text)
    return found[1].decode("utf-8", "surrogateescape") if found else None


def parse_size(text: bytes, path: str) -> int:
    """Bytes of a disk's ``size`` file."""
    found = _SECTORS.fullmatch(text.strip())
    if not found:
        raise ParseError(path, 1, f"{show(text)} is no number of sectors")
    return int(found[0]) * SECTOR_BYTES


def read_block_device(host: Host, name: str) -> BlockDevice | None:
    """One disk, or None if it is gone."""
    folder = f"/sys/block/{name}"
    dev, size = host.read(f"{folder}/dev"), host.read(f"{folder}/size")
    if dev is None or size is None:
        return None
    major, minor = parse_dev(dev, f"{folder}/dev")
    return BlockDevice(
        name=name,
        major=major,
        minor=minor,
        size_bytes=parse_size(size, f"{folder}/size"),
        scheduler=_scheduler(host, folder),
        hidden=host.text(f"{folder}/hidden") == "1",
    )


def _scheduler(host: Host, folder: str) -> str | None:
    try:
        return parse_scheduler(host.read(f"{folder}/queue/scheduler") or b"")
    except HostError:
        return None


def device_file(name: str) -> str:
    """The name below /dev of a device called ``name`` in /sys, where ``!`` stands for a slash: cciss!c0d0."""
    return name.replace("!", "/")


class DeviceNames:
    """The paths of block devices by their numbers, looked up once: ``names(254, 0)`` is ``/dev/vda``."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._known: dict[tuple[int, int], str] = {}

    def __call__(self, major: int, minor: int) -> str:
        """The path of this disk or partition, "" if there is none with these numbers."""
        device = (major, minor)
        if device not in self._known:
            self._known[device] = read_device_name(self._host, major, minor)
        return self._known[device]

    def forget(self) -> None:
        """Look everything up anew: a disk that went gives its numbers to the next one."""
        self._known.clear()


def read_device_name(host: Host, major: int, minor: int) -> str:
    """The path of the disk or partition with these numbers, "" if there is none."""
    try:
        if link := host.readlink(f"/sys/dev/block/{major}:{minor}"):
            return "/dev/" + device_file(link.rpartition("/")[2])
        stats = (read_diskstats(host) or {}).get((major, minor))
    except (HostError, ParseError):
        return ""
    return "/dev/" + stats.name if stats else ""
