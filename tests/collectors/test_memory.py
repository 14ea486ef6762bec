"""Kind ``memory``."""

import pytest

from cadvcli.collectors.memory import Memory
from cadvcli.kernel.cgroup import Version
from cadvcli.model.stats import MemoryEvents
from tests.decoding import complaint, decoded, rows, value

V1_STAT = b"""\
cache 100
rss 200
mapped_file 300
swap 400
dirty 500
writeback 600
workingset_refault_file 700
workingset_refault_anon 800
pgfault 1137
pgmajfault 3
inactive_file 40
active_file 50
hierarchical_memory_limit 9223372036854771712
total_cache 1100
total_rss 1200
total_mapped_file 1300
total_swap 1400
total_dirty 1500
total_writeback 1600
total_workingset_refault_file 1700
total_workingset_refault_anon 1800
total_pgfault 151025
total_pgmajfault 13
total_inactive_file 4096
total_active_file 8192
"""
V1 = {
    "memory.usage_in_bytes": b"225280\n",
    "memory.max_usage_in_bytes": b"3821568\n",
    "memory.failcnt": b"9\n",
    "memory.kmem.usage_in_bytes": b"176128\n",
    "memory.stat": V1_STAT,
    "memory.use_hierarchy": b"1\n",
}
V2_STAT = b"""\
anon 49152
file 2048000
kernel 286720
file_mapped 1024
file_dirty 4096
file_writeback 8192
inactive_file 1000000
active_file 1048000
workingset_refault_anon 5
workingset_refault_file 18
pgscan 21
pgsteal 20
pgfault 1137
pgmajfault 3
"""
V2 = {
    "memory.current": b"2400000\n",
    "memory.peak": b"74186752\n",
    "memory.swap.current": b"12288\n",
    "memory.stat": V2_STAT,
    "memory.events": b"low 0\nhigh 4\nmax 73\noom 3\noom_kill 2\n",
}
MEMINFO = b"MemTotal:       3056124 kB\nSwapTotal:       1000 kB\nSwapFree:         400 kB\n"


def test_v1_sums_up_the_groups_below() -> None:
    memory = decoded("memory", 1, V1).memory
    assert (memory.usage, memory.max_usage, memory.failcnt, memory.kernel) == (225280, 3821568, 9, 176128)
    assert (memory.cache, memory.rss, memory.mapped_file, memory.swap) == (1100, 1200, 1300, 1400)
    assert (memory.file_dirty, memory.file_writeback) == (1500, 1600)
    assert (memory.workingset_refault_file, memory.workingset_refault_anon) == (1700, 1800)
    assert (memory.total_inactive_file, memory.total_active_file) == (4096, 8192)
    assert memory.working_set == 225280 - 4096
    assert (memory.container_data.pgfault, memory.container_data.pgmajfault) == (1137, 3)
    assert (memory.hierarchical_data.pgfault, memory.hierarchical_data.pgmajfault) == (151025, 13)
    assert memory.events == MemoryEvents()
    assert (memory.pgscan, memory.pgsteal) == (None, None)


def test_v1_without_hierarchy_counts_the_group_alone() -> None:
    memory = decoded("memory", 1, {**V1, "memory.use_hierarchy": b"0\n"}).memory
    assert (memory.cache, memory.rss, memory.mapped_file, memory.swap) == (100, 200, 300, 400)
    # The lists of file pages have no figure of the group alone.
    assert (memory.total_inactive_file, memory.total_active_file) == (4096, 8192)


def test_v2_figures_include_the_groups_below() -> None:
    memory = decoded("memory", 2, V2).memory
    assert (memory.usage, memory.max_usage, memory.swap) == (2400000, 74186752, 12288)
    assert (memory.cache, memory.rss, memory.mapped_file, memory.kernel) == (2048000, 49152, 1024, 286720)
    assert (memory.file_dirty, memory.file_writeback) == (4096, 8192)
    assert (memory.pgscan, memory.pgsteal) == (21, 20)
    assert (memory.workingset_refault_file, memory.workingset_refault_anon) == (18, 5)
    assert (memory.total_inactive_file, memory.total_active_file) == (1000000, 1048000)
    assert memory.working_set == 1400000
    assert memory.events == MemoryEvents(high=4, max=73)
    for data in (memory.container_data, memory.hierarchical_data):
        assert (data.pgfault, data.pgmajfault) == (1137, 3)


def test_v2_counts_each_time_at_the_limit_as_a_failure() -> None:
    assert decoded("memory", 2, V2).memory.failcnt == 73


def test_the_v2_root_uses_anonymous_and_file_pages_and_the_swap_of_the_machine() -> None:
    memory = decoded("memory", 2, {"memory.stat": V2_STAT, "/proc/meminfo": MEMINFO}).memory
    assert memory.usage == 49152 + 2048000
    assert memory.working_set == 49152 + 2048000 - 1000000
    assert memory.swap == 600 * 1024
    assert (memory.max_usage, memory.failcnt) == (None, None)


@pytest.mark.parametrize("meminfo", [b"MemTotal: 1 kB\n", b"SwapTotal: 1000 kB\n", b"SwapFree: 4 kB\n", b""])
def test_a_machine_that_tells_no_swap_has_none(meminfo: bytes) -> None:
    assert decoded("memory", 2, {"memory.stat": V2_STAT, "/proc/meminfo": meminfo}).memory.swap is None


def test_a_group_without_memory_controller_uses_nothing_that_is_known() -> None:
    memory = decoded("memory", 2, {}).memory
    assert (memory.usage, memory.working_set, memory.rss, memory.swap) == (None, None, None, None)
    memory = decoded("memory", 2, {"memory.stat": V2_STAT}).memory
    assert (memory.usage, memory.working_set, memory.rss) == (None, None, 49152), "only the root has no memory.current"


def test_working_set_is_never_negative_and_is_usage_where_the_list_is_unknown() -> None:
    stats = decoded("memory", 2, {"memory.current": b"5\n", "memory.stat": b"inactive_file 10\n"})
    assert stats.memory.working_set == 0
    assert decoded("memory", 2, {"memory.current": b"5\n", "memory.stat": b"anon 1\n"}).memory.working_set == 5


@pytest.mark.parametrize(
    ("version", "files", "message"),
    [
        (1, {**V1, "memory.failcnt": b"often\n"}, "memory.failcnt:1: 'often' is no number"),
        (1, {**V1, "memory.stat": b"cache 1\nrss\n"}, "memory.stat:2: 'rss' is no 'key number'"),
        (2, {**V2, "memory.current": b"\n"}, "memory.current:1: '' is no number"),
        (2, {**V2, "memory.events": b"low 0\nhigh x\n"}, "memory.events:2: 'high x' is no 'key number'"),
        (2, {**V2, "memory.stat": b"anon\n"}, "memory.stat:1: 'anon' is no 'key number'"),
        (2, {"/proc/meminfo": b"\nSwapTotal\n"}, "/proc/meminfo:2: 'SwapTotal' is no 'name: number kB'"),
    ],
)
def test_malformed_files_are_named(version: Version, files: dict[str, bytes], message: str) -> None:
    assert complaint("memory", version, files) == message


def test_metrics_say_the_same_in_bytes_pages_and_counts() -> None:
    stats = decoded("memory", 2, V2)
    told = {family.name: family.value(stats) for family in Memory.families if family.value is not None}
    assert told == {
        "container_memory_cache": 2048000,
        "container_memory_rss": 49152,
        "container_memory_kernel_usage": 286720,
        "container_memory_mapped_file": 1024,
        "container_memory_swap": 12288,
        "container_memory_failcnt": 73,
        "container_memory_usage_bytes": 2400000,
        "container_memory_max_usage_bytes": 74186752,
        "container_memory_working_set_bytes": 1400000,
        "container_memory_total_active_file_bytes": 1048000,
        "container_memory_total_inactive_file_bytes": 1000000,
        "container_memory_events_high_total": 4,
        "container_memory_events_max_total": 73,
        "container_memory_file_dirty_bytes": 4096,
        "container_memory_file_writeback_bytes": 8192,
        "container_memory_pgscan_total": 21,
        "container_memory_pgsteal_total": 20,
        "container_memory_workingset_refault_file_total": 18,
        "container_memory_workingset_refault_anon_total": 5,
    }


def test_faults_are_told_by_type_and_scope() -> None:
    assert rows("container_memory_failures_total", decoded("memory", 1, V1)) == {
        ("pgfault", "container"): 1137,
        ("pgmajfault", "container"): 3,
        ("pgfault", "hierarchy"): 151025,
        ("pgmajfault", "hierarchy"): 13,
    }


def test_what_the_kernel_does_not_give_is_no_sample() -> None:
    stats = decoded("memory", 1, V1)
    assert value("container_memory_pgscan_total", stats) is None
    assert set(rows("container_memory_failures_total", decoded("memory", 1, {})).values()) == {None}
