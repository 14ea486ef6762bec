"""``/proc/cpuinfo``: the CPUs as their architecture describes them. Every architecture has its own keys.

One block a CPU, blocks apart by an empty line; s390x and some ARM have the machine's own keys in a block besides. The
frequency is MHz, and the momentary one where the machine can change it. Topology is in /sys for most (topology.py).
"""

import re

from msgspec import Struct

from cadvcli.errors import ParseError
from cadvcli.host import Host
from cadvcli.kernel.keyed import show

_LINE = re.compile(
    rb"^(processor|vendor_id|model name|physical id|core id|cpu MHz|CPU MHz|clock)[ \t]*:[ \t]*(.*)$", re.MULTILINE
)
_FREQUENCY = (b"cpu MHz", b"CPU MHz", b"clock")
_MHZ = re.compile(rb"([0-9]{1,9})(?:\.([0-9]{1,9}))?[ \t]*(?:MHz)?")
_WORD = re.compile(rb"\w+")


class CpuInfo(Struct, frozen=True, kw_only=True):
    """What /proc/cpuinfo says. "" and None: this architecture has no such line."""

    vendor_id: str
    model_name: str
    frequency_khz: int | None  #: of the first CPU
    processors: int  #: CPUs that are online; 0 where they are not counted by ``processor`` lines
    cores: frozenset[tuple[int, int]]  #: (physical id, core id): core ids alone repeat in every socket
    sockets: frozenset[int]


def parse_cpuinfo(text: bytes, path: str = "/proc/cpuinfo") -> CpuInfo:
    """The CPUs; unknown lines are passed over."""
    first: dict[bytes, bytes] = {}
    cores, sockets, processors, package = set(), set(), 0, 0
    for match in _LINE.finditer(text):
        key, value = match[1], match[2].strip()
        first.setdefault(key, value)
        if key == b"processor":
            processors, package = processors + 1, 0
        elif key == b"physical id":
            package = _number(value, match, path)
            sockets.add(package)
        elif key == b"core id":
            cores.add((package, _number(value, match, path)))
    vendor = _WORD.match(first.get(b"vendor_id", b""))
    return CpuInfo(
        vendor_id=vendor[0].decode("ascii", "replace") if vendor else "",
        model_name=first.get(b"model name", b"").decode("utf-8", "surrogateescape"),
        frequency_khz=next((khz for key in _FREQUENCY if (khz := _khz(first.get(key, b"")))), None),
        processors=processors,
        cores=frozenset(cores),
        sockets=frozenset(sockets),
    )


def read_cpuinfo(host: Host) -> CpuInfo | None:
    """The CPUs, or None without /proc."""
    text = host.read("/proc/cpuinfo")
    return None if text is None else parse_cpuinfo(text)


def _number(value: bytes, match: re.Match[bytes], path: str) -> int:
    if not re.fullmatch(rb"[0-9]{1,10}", value):
        line = match.string.count(b"\n", 0, match.start()) + 1
        raise ParseError(path, line, f"{show(match[0])} has no number")
    return int(value)


def _khz(value: bytes) -> int | None:
    """kHz of ``2596.096`` or ``3500.000000MHz``, cut as cAdvisor does; None for anything else."""
    match = _MHZ.fullmatch(value)
    return int(match[1]) * 1000 + int((match[2] or b"").ljust(3, b"0")[:3]) if match else None
