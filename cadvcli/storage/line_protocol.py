"""Influx line protocol: ``name,key=value,… value=1i 1700000000000000000``.

https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/. Comma, space and equals sign have an
escape there; control bytes have none and are written as text. Any backslash stands for itself, as in systemd's
``dev-disk-by\\x2duuid.mount``, but one that would swallow the separator after it: that is written as ``\\x5c``.
"""

import re
from functools import lru_cache

from cadvcli.model.stats import ContainerStats
from cadvcli.storage.measurements import Labels, measurements
from cadvcli.text import printable

#: The largest integer of the protocol. Above it lie only the kernel's ways to say "unlimited".
LARGEST = 2**63 - 1

_SWALLOWS = re.compile(r"\\(?=[\\,= ]|$)")
_SEPARATOR = re.compile(r"[,= ]")


def tag(text: str) -> str:
    """A tag's key or value, escaped."""
    return _SEPARATOR.sub(r"\\\g<0>", _SWALLOWS.sub(r"\\x5c", printable(text)))


def lines(stats: ContainerStats, container_name: str, machine: str, wall_ns: int) -> bytes:
    """cAdvisor's points of one sample, a line each: one integer field ``value``, tags sorted by key.

    Tags without a value and numbers beyond signed 64 bits are left out.
    """
    common = tuple((key, text) for key, text in (("container_name", container_name), ("machine", machine)) if text)
    suffix = f"i {wall_ns}\n"
    return "".join(
        f"{name}{_tags(common, labels)} value={value}{suffix}"
        for name, labels, value in measurements(stats)
        if -LARGEST <= value <= LARGEST
    ).encode()


@lru_cache(maxsize=16384)
def _tags(common: Labels, labels: Labels) -> str:
    """``,key=value`` for every tag. Kept, since the same few sets of tags come with each sample."""
    return "".join(f",{tag(key)}={tag(text)}" for key, text in sorted((*common, *labels)) if text)
