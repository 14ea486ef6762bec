"""/proc/PID/smaps_rollup: how the memory of one process is used, summed over its mappings. Since Linux 4.14.

https://docs.kernel.org/filesystems/proc.html
"""

import re

from cadvcli.errors import ParseError

_REFERENCED = re.compile(rb"^Referenced: +(\d{1,18}) kB$", re.MULTILINE)


def parse_referenced(text: bytes, path: str) -> int:
    """The bytes that were used since somebody last wrote to clear_refs."""
    found = _REFERENCED.search(text)
    if found is None:
        raise ParseError(path, 1, "no line Referenced")
    return int(found[1]) * 1024
