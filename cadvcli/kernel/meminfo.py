"""``/proc/meminfo`` and ``/sys/devices/system/node/nodeN/meminfo``: the memory of the machine or of one NUMA node.

Lines ``MemTotal:  24684084 kB``, for a node ``Node 0 MemTotal:  …``. The kernel writes kB and means 1,024 bytes; here
all is bytes, but HugePages_* stay pages. https://docs.kernel.org/filesystems/proc.html#meminfo
"""

import re

from cadvcli.errors import ParseError
from cadvcli.host import Host
from cadvcli.kernel.keyed import show

_LINE = re.compile(rb"(?:Node [0-9]+ )?([^:]+):\s+([0-9]{1,20})( kB)?\s*")


def parse_meminfo(text: bytes, path: str = "/proc/meminfo") -> dict[str, int]:
    """Bytes (HugePages_*: pages) by name, such as MemTotal, MemAvailable, SwapFree."""
    found = {}
    for number, line in enumerate(text.split(b"\n"), 1):
        if line:
            match = _LINE.fullmatch(line)
            if not match:
                raise ParseError(path, number, f"{show(line)} is no 'name: number kB'")
            found[match[1].decode("utf-8", "surrogateescape")] = int(match[2]) * (1024 if match[3] else 1)
    return found


def read_meminfo(host: Host) -> dict[str, int] | None:
    """The machine's memory, or None without /proc."""
    text = host.read("/proc/meminfo")
    return None if text is None else parse_meminfo(text)
