"""Network interfaces of one namespace: ``/proc/PID/net/dev``. Bytes and packets since the interface exists.

https://docs.kernel.org/filesystems/proc.html#networking-info-in-proc-net
"""

from msgspec import Struct

from cadvcli.errors import ParseError
from cadvcli.kernel.keyed import show


class Interface(Struct, frozen=True):
    """One line of net/dev."""

    name: str
    rx_bytes: int
    rx_packets: int
    rx_errors: int
    rx_dropped: int
    tx_bytes: int
    tx_packets: int
    tx_errors: int
    tx_dropped: int


def parse_net_dev(text: bytes, path: str) -> list[Interface]:
    """The interfaces in the kernel's order, ``lo`` included."""
    found = []
    for number, line in enumerate(text.split(b"\n"), 1):
        # Old kernels write "eth0:123" without a blank; an interface's name may itself hold a colon, counters can't.
        name, colon, counters = line.rpartition(b":")
        if number <= 2 or not line.strip():
            continue
        words = counters.split()
        try:
            if not colon or len(words) < 16:
                raise ValueError
            numbers = list(map(int, words))
        except ValueError:
            raise ParseError(path, number, f"{show(line)} is no interface with 16 counters") from None
        label = name.strip().decode("utf-8", "surrogateescape")
        found.append(Interface(label, *numbers[0:4], *numbers[8:12]))
    return found
