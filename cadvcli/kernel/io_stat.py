"""Block I/O of a cgroup: v2 ``io.stat`` and the v1 ``blkio.*`` tables.

v2: a line for each device, ``8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6``, bytes and operations; cost.* in
microseconds. v1: ``8:0 Read 1``, ``8:0 Sync 2``, …, ``Total 3``; or ``8:0 7`` without an operation.
https://docs.kernel.org/admin-guide/cgroup-v2.html#io-interface-files,
https://docs.kernel.org/admin-guide/cgroup-v1/blkio-controller.html
"""

from cadvcli.errors import ParseError
from cadvcli.kernel.keyed import show

Device = tuple[int, int]


def parse_io_stat(text: bytes, path: str) -> dict[Device, dict[bytes, int]]:
    """v2: the counters of each device by their keys. A device without counters is left out.

    Some kernels print several devices before one set of counters (blk-cgroup without a line break after a device
    that has none): the counters belong to the last of them.
    """
    found: dict[Device, dict[bytes, int]] = {}
    for number, line in enumerate(text.split(b"\n"), 1):
        device: Device | None = None
        try:
            for word in line.split():
                key, is_counter, value = word.partition(b"=")
                if not is_counter:
                    device = _device(word)
                elif device is None:
                    raise ValueError
                else:
                    counters = found.setdefault(device, {})
                    if value.isdigit():
                        counters[key] = int(value)
        except ValueError:
            raise ParseError(path, number, f"{show(line)} is no 'major:minor key=number …'") from None
    return found


def parse_blkio(text: bytes, path: str) -> dict[Device, dict[str, int]]:
    """v1: the value of each operation for each device; ``Count`` where the table has no operations."""
    found: dict[Device, dict[str, int]] = {}
    for number, line in enumerate(text.split(b"\n"), 1):
        words = line.split()
        if not words or (words[0] == b"Total" and len(words) == 2):
            continue
        try:
            device = _device(words[0])
            if len(words) == 3:
                operation, value = words[1].decode("ascii"), int(words[2])
            else:
                (operation, value) = ("Count", int(words[1])) if len(words) == 2 else _no_row()
        except ValueError:
            raise ParseError(path, number, f"{show(line)} is no 'major:minor operation number'") from None
        found.setdefault(device, {})[operation] = max(0, value)
    return found


def _no_row() -> tuple[str, int]:
    raise ValueError


def _device(word: bytes) -> Device:
    major, minor = word.split(b":")
    return int(major), int(minor)
