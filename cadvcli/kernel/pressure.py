"""Pressure stall information: ``{cpu,memory,io}.pressure`` of a cgroup and /proc/pressure/*.

Two lines, ``some`` and ``full``: averages in percent over 10, 60 and 300 s, total in microseconds. Since Linux 4.20;
``full`` of cpu since 5.13. https://docs.kernel.org/accounting/psi.html
"""

import re

from msgspec import Struct

from cadvcli.errors import ParseError
from cadvcli.kernel.keyed import show


class Stall(Struct, frozen=True):
    """One line of a pressure file."""

    avg10: float
    avg60: float
    avg300: float
    total_usec: int


_LINE = re.compile(
    rb"(some|full) avg10=([0-9]{1,9}\.[0-9]{1,9}) avg60=([0-9]{1,9}\.[0-9]{1,9}) avg300=([0-9]{1,9}\.[0-9]{1,9})"
    rb" total=([0-9]{1,20})(?:\n|$)"
)
_TOTAL = re.compile(rb"total=(\d+)")


def parse_pressure(text: bytes, path: str) -> dict[str, Stall]:
    """The lines of a pressure file by their first word, ``some`` or ``full``."""
    found = {}
    end = 0
    for match in _LINE.finditer(text):
        if match.start() != end:
            break
        share, avg10, avg60, avg300, total = match.groups()
        found[share.decode()] = Stall(float(avg10), float(avg60), float(avg300), int(total))
        end = match.end()
    if end != len(text):
        line = text[end:].split(b"\n", 1)[0]
        raise ParseError(path, text.count(b"\n", 0, end) + 1, f"{show(line)} is no line of a pressure file")
    return found


def totals(text: bytes) -> bytes:
    """The totals alone: averages fade without anything happening, so they don't count as a change."""
    return b" ".join(_TOTAL.findall(text))
