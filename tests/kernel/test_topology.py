"""kernel/topology.py: where CPUs sit, what they share, and the nodes they are in."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.errors import ParseError
from cadvcli.kernel.topology import (
    CpuCache,
    NumaNode,
    parse_cache_size,
    read_caches,
    read_cpu,
    read_node,
    read_online_cpus,
)

CPU0 = "/sys/devices/system/cpu/cpu0"
NODE1 = "/sys/devices/system/node/node1"
PLACE = {f"{CPU0}/topology/core_id": "4\n", f"{CPU0}/topology/physical_package_id": "1\n"}
L3 = {
    f"{CPU0}/cache/index3/level": "3\n",
    f"{CPU0}/cache/index3/type": "Unified\n",
    f"{CPU0}/cache/index3/size": "32768K\n",
}


def test_online_cpus_come_from_the_list(host) -> None:
    assert read_online_cpus(host({"/sys/devices/system/cpu/online": "0,2-3\n", f"{CPU0}/online": "1\n"})) == [0, 2, 3]


def test_kernel_without_hotplug_has_all_cpus_online(host) -> None:
    cpus = {f"/sys/devices/system/cpu/cpu{number}/uevent": "" for number in (0, 10, 2)}
    assert read_online_cpus(host({**cpus, "/sys/devices/system/cpu/cpufreq/boost": "1"})) == [0, 2, 10]


def test_a_core_is_told_by_package_die_and_core_id(host) -> None:
    cpu = read_cpu(host({**PLACE, f"{CPU0}/topology/die_id": "2\n"}), 0)
    assert cpu is not None
    assert cpu.core == ("", "", 1, 2, 4)


def test_firmware_that_names_no_sockets_means_one(host) -> None:
    cpu = read_cpu(host({**PLACE, f"{CPU0}/topology/physical_package_id": "-1\n"}), 0)
    assert cpu is not None
    assert cpu.package_id == 0


def test_offline_cpu_has_no_place(host) -> None:
    assert read_cpu(host(PLACE), 1) is None


@pytest.mark.parametrize(("text", "size"), [(b"48K\n", 49152), (b"1M", 1048576), (b"512", 512)])
def test_sizes_of_caches_become_bytes(text: bytes, size: int) -> None:
    assert parse_cache_size(text, "size") == size


@pytest.mark.parametrize("text", [b"", b"K", b"-1K", b"1KK", b"1 K", b"\xff"])
def test_malformed_size_is_named(text: bytes) -> None:
    with pytest.raises(ParseError, match=r"^size:1: "):
        parse_cache_size(text, "size")


@given(st.binary())
def test_any_bytes_are_a_size_or_a_parse_error(text: bytes) -> None:
    with suppress(ParseError):
        parse_cache_size(text, "size")


def test_cache_without_an_id_has_that_of_its_first_cpu(host) -> None:
    (cache,) = read_caches(host({**L3, f"{CPU0}/cache/index3/shared_cpu_list": "4-7,0\n"}), 0)
    assert cache == CpuCache(id=0, level=3, type="Unified", size_bytes=33554432, cpus=frozenset({0, 4, 5, 6, 7}))


def test_cache_that_tells_nothing_of_sharing_is_the_cpus_own(host) -> None:
    (cache,) = read_caches(host({**L3, f"{CPU0}/cache/index3/id": "7\n"}), 0)
    assert (cache.id, cache.cpus) == (7, frozenset({0}))


@pytest.mark.parametrize("file", ["level", "type", "size"])
def test_one_cache_that_nobody_knows_costs_only_itself(host, file: str) -> None:
    other = {path.replace("index3", "index10"): text for path, text in L3.items()}
    known = {path: text for path, text in L3.items() if not path.endswith(file)}
    assert [cache.level for cache in read_caches(host({**known, **other}), 0)] == [3]


def test_cpu_without_caches_has_none(host) -> None:
    assert read_caches(host(PLACE), 0) == []


def test_a_node_tells_its_cpus_memory_and_distances(host) -> None:
    files = {"cpulist": "4-5\n", "meminfo": "Node 1 MemTotal:  2048 kB\n", "distance": "21 10\n"}
    machine = host({f"{NODE1}/{name}": text for name, text in files.items()})
    assert read_node(machine, 1) == NumaNode(number=1, cpus=[4, 5], memory_bytes=2097152, distances=[21, 10])


def test_a_node_of_memory_alone_has_no_cpus(host) -> None:
    assert read_node(host({f"{NODE1}/cpulist": "\n"}), 1) == NumaNode(
        number=1, cpus=[], memory_bytes=None, distances=None
    )
