"""``/sys``: one value a file. https://docs.kernel.org/filesystems/sysfs.html"""

import re

from cadvcli.errors import ParseError
from cadvcli.host import Host
from cadvcli.kernel.keyed import show

#: No kernel knows more CPUs; a list that names more is none.
MOST_CPUS = 65536
_RANGE = re.compile(rb"([0-9]{1,6})(?:-([0-9]{1,6}))?")


def parse_int(text: bytes, path: str) -> int:
    """The one number of a file; it may be negative: -1 is how many drivers say unknown."""
    try:
        return int(text)
    except ValueError:
        raise ParseError(path, 1, f"{show(text)} is no number") from None


def read_int(host: Host, path: str) -> int | None:
    """The one number of a file, or None if there is no such file."""
    text = host.read(path)
    return None if text is None else parse_int(text, path)


def parse_cpu_list(text: bytes, path: str) -> list[int]:
    """The CPUs (or nodes) of ``0-3,8`` in ascending order; a list may be empty."""
    found: set[int] = set()
    for part in text.strip().split(b",") if text.strip() else ():
        match = _RANGE.fullmatch(part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if not first <= last < MOST_CPUS:
            raise ParseError(path, 1, f"{show(text)} is no list of CPUs")
        found.update(range(first, last + 1))
    return sorted(found)


def read_cpu_list(host: Host, path: str) -> list[int] | None:
    """The CPUs (or nodes) that a file lists, or None if there is no such file."""
    text = host.read(path)
    return None if text is None else parse_cpu_list(text, path)


def numbered(names: list[str] | None, prefix: str) -> list[int]:
    """The numbers of the entries called ``prefix`` and a number, ascending: [0, 1] of cpu0, cpu1 and cpufreq."""
    words = (name.removeprefix(prefix) for name in names or () if name.startswith(prefix))
    return sorted(int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 7)
