"""Kind ``memory_numa``."""

from cadvcli.collectors.memory_numa import MemoryNuma
from cadvcli.manager.plan import Plan

V1 = b"total=9 N0=9\nfile=5 N0=4 N1=1\nanon=3 N0=3 N1=0\nhierarchical_file=7 N0=6 N1=1\n"
V2 = b"anon N0=8192 N1=0\nfile N0=4096 N1=12288\nkernel_stack N0=16384 N1=0\n"


def test_v1_counts_pages_alone_and_with_all_below() -> None:
    memory = Plan({"memory_numa"}, 1).decode((V1,), "/a").memory
    assert memory.container_data.numa_stats.file == {0: 4, 1: 1}
    assert memory.container_data.numa_stats.anon == {0: 3, 1: 0}
    assert memory.hierarchical_data.numa_stats.file == {0: 6, 1: 1}
    assert memory.hierarchical_data.numa_stats.unevictable == {}


def test_v2_counts_bytes_which_become_pages_of_the_hierarchy() -> None:
    stats = Plan({"memory_numa"}, 2).decode((V2,), "/a")
    assert stats.memory.container_data.numa_stats.anon == {}
    (family,) = MemoryNuma.families
    assert family.rows is not None
    assert dict(family.rows(stats)) == {
        ("file", "hierarchy", "0"): 1,
        ("file", "hierarchy", "1"): 3,
        ("anon", "hierarchy", "0"): 2,
        ("anon", "hierarchy", "1"): 0,
    }
