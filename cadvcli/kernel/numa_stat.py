"""Memory of a group by NUMA node: ``memory.numa_stat``. v1 counts pages, v2 bytes.

v1: ``file=12 N0=8 N1=4``, and ``hierarchical_file=…`` with the groups below. v2: ``file N0=4096 N1=0``.
https://docs.kernel.org/admin-guide/cgroup-v2.html, https://docs.kernel.org/admin-guide/cgroup-v1/memory.html
"""

from cadvcli.errors import ParseError
from cadvcli.kernel.keyed import show


def parse_numa_stat(text: bytes, path: str) -> dict[str, dict[int, int]]:
    """What each node has of each sort, as the file counts it: ``{"anon": {0: 246497280}}``."""
    found: dict[str, dict[int, int]] = {}
    for number, line in enumerate(text.split(b"\n"), 1):
        words = line.split()
        if not words:
            continue
        try:
            name = words[0].partition(b"=")[0].decode("ascii")
            found[name] = dict(map(_node, words[1:]))
        except ValueError:
            raise ParseError(path, number, f"{show(line)} is no 'sort N0=number …'") from None
    return found


def _node(word: bytes) -> tuple[int, int]:
    node, _, value = word.partition(b"=")
    if not node.startswith(b"N"):
        raise ValueError
    return int(node[1:]), int(value)
