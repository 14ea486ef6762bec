"""Kind ``hugetlb``: huge pages of a group by their size, in bytes. Off by default.

v1: hugetlb.SIZE[.rsvd].{usage_in_bytes,max_usage_in_bytes,failcnt}. v2: hugetlb.SIZE[.rsvd].current and the ``max``
of hugetlb.SIZE.events; v2 keeps no maximum. Reservations are counted where the kernel does (5.7), else faulted pages.
https://docs.kernel.org/admin-guide/cgroup-v2.html#hugetlb
"""

from collections.abc import Callable
from functools import partial

from cadvcli.collectors.source import Collector, Raw, Source, Target
from cadvcli.kernel.hugepages import FOLDER, page_size
from cadvcli.kernel.keyed import parse_keyed, parse_number
from cadvcli.model import Count
from cadvcli.model.stats import ContainerStats, HugetlbStats
from cadvcli.prometheus import Family, Rows

_V1 = ("usage_in_bytes", "max_usage_in_bytes", "failcnt")
_V2 = ("current", "events")


def _read(files: tuple[str, ...], target: Target) -> bytes | None:
    """For each size that the machine has, a line with it and then what its files say."""
    found = []
    for name in sorted(target.host.listdir(FOLDER) or ()):
        size = page_size(name)
        texts = [_file(target, size, file) for file in files] if size else [None]
        if texts[0] is not None:
            found.append(b"%s\n%s" % (size.encode(), b"".join(text or b"\n" for text in texts)))
    return b"\0".join(found) or None


def _file(target: Target, size: str, file: str) -> bytes | None:
    reserved = target.cgroup.read(f"hugetlb.{size}.rsvd.{file}")
    return reserved if reserved is not None else target.cgroup.read(f"hugetlb.{size}.{file}")


def _rows(value: Callable[[HugetlbStats], Count]) -> Callable[[ContainerStats], Rows]:
    return lambda stats: [((size,), value(pages)) for size, pages in stats.hugetlb.items()]


def _family(name: str, kind: str, text: str, value: Callable[[HugetlbStats], Count]) -> Family:
    return Family(
        name="container_hugetlb_" + name,
        type="counter" if kind == "counter" else "gauge",
        help=text,
        labels=("pagesize",),
        rows=_rows(value),
    )


class Hugetlb(Collector):
    """Huge pages of one cgroup."""

    kind = "hugetlb"
    default = False
    v1 = (Source(name="hugetlb", read=partial(_read, _V1)),)
    v2 = (Source(name="hugetlb", read=partial(_read, _V2)),)
    families = (
        _family("failcnt", "counter", "Times that the limit of huge pages was met.", lambda pages: pages.failcnt),
        _family("usage_bytes", "gauge", "Huge pages in use or reserved, in bytes.", lambda pages: pages.usage),
        _family("max_usage_bytes", "gauge", "The most huge pages ever, in bytes.", lambda pages: pages.max_usage),
    )

    def decode_v1(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``hugetlb``."""
        for size, text in _sizes(raw):
            usage, most, failures = _numbers(text, f"hugetlb.{size}")
            stats.hugetlb[size] = HugetlbStats(usage=usage or 0, max_usage=most, failcnt=failures)

    def decode_v2(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``hugetlb``; no maximum."""
        for size, text in _sizes(raw):
            current, _, events = text.partition(b"\n")
            stats.hugetlb[size] = HugetlbStats(
                usage=parse_number(current, f"hugetlb.{size}.current"),
                max_usage=None,
                failcnt=parse_keyed(events, f"hugetlb.{size}.events").get(b"max"),
            )


def _numbers(text: bytes, path: str) -> tuple[Count, Count, Count]:
    """The numbers of three files, each on a line; an empty line is a file that is not there."""
    lines = [*text.split(b"\n"), b"", b"", b""]
    first, second, third = (parse_number(line, path) if line else None for line in lines[:3])
    return first, second, third


def _sizes(raw: Raw) -> list[tuple[str, bytes]]:
    (text,) = raw
    parts = (part.partition(b"\n") for part in text.split(b"\0")) if text else ()
    return [(size.decode("ascii", "replace"), rest) for size, _, rest in parts]
