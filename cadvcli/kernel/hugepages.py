"""Huge pages by size: ``/sys/kernel/mm/hugepages/hugepages-<N>kB``, and the same below each NUMA node.

https://docs.kernel.org/admin-guide/mm/hugetlbpage.html
"""

import re

from msgspec import Struct

from cadvcli.host import Host
from cadvcli.kernel.sysfs import read_int

FOLDER = "/sys/kernel/mm/hugepages"
_NAME = re.compile(r"hugepages-([0-9]{1,12})kB")


class HugePages(Struct, frozen=True):
    """The pages of one size that are set aside, used or not."""

    page_size_kb: int
    num_pages: int


def read_hugepages(host: Host, folder: str = FOLDER) -> list[HugePages] | None:
    """The huge pages of the machine, or of the node whose ``hugepages`` folder is given; None if it has none.

    In the order of the folder's names, as cAdvisor has it: 1048576 comes before 2048.
    """
    found = []
    for name in sorted(host.listdir(folder) or ()):
        if match := _NAME.fullmatch(name):
            pages = read_int(host, f"{folder}/{name}/nr_hugepages")
            if pages is not None:
                found.append(HugePages(int(match[1]), pages))
    return found or None


def page_size(name: str) -> str:
    """How cgroup files write the size in a folder's name: ``hugepages-2048kB`` is ``2MB``; "" for another name."""
    match = _NAME.fullmatch(name)
    if match is None:
        return ""
    size_kb = int(match[1])
    for unit, letter in ((1 << 20, "G"), (1 << 10, "M")):
        if size_kb >= unit:
            return f"{size_kb // unit}{letter}B"
    return f"{size_kb}KB"
