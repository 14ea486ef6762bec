"""The families of kind ``cpu_topology``."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from cadvcli.machine.info import read_machine
from cadvcli.manager.settings import Settings
from cadvcli.model.clock import Clock
from cadvcli.model.machine import Cache, Core, HugePagesInfo, MachineInfo, Node
from cadvcli.prometheus import render
from cadvcli.web.topology import TOPOLOGY
from tests.machines import Machine
from tests.recorded import Recording
from tests.web.served import served

DATA = Cache(id=0, size=32768, type="Data", level=1)
SHARED = Cache(id=1, size=1 << 20, type="Unified", level=2)
WHOLE = Cache(id=2, size=8 << 20, type="Unified", level=3)


def machine(folder: Path, topology: list[Node] | None) -> MachineInfo:
    return replace(read_machine(Machine(folder).host, Clock()), topology=topology)


def node(number: int, distances: list[int]) -> Node:
    return Node(
        node_id=number,
        memory=4096,
        hugepages=[HugePagesInfo(page_size=2048, num_pages=3)],
        cores=[Core(core_id=0, thread_ids=[0, 2], caches=[DATA], uncore_caches=[SHARED], socket_id=0)],
        caches=[WHOLE],
        distances=distances,
    )


def samples(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("#")]


def test_each_cache_thread_and_node_is_a_series(tmp_path: Path) -> None:
    assert samples(render(TOPOLOGY, machine(tmp_path, [node(1, [20, 10])]))) == [
        'machine_cpu_cache_capacity_bytes{core_id="0",level="1",node_id="1",type="Data"} 32768',
        'machine_cpu_cache_capacity_bytes{core_id="0",level="2",node_id="1",type="Unified"} 1048576',
        'machine_cpu_cache_capacity_bytes{core_id="",level="3",node_id="1",type="Unified"} 8388608',
        'machine_node_distance{node_id="1",target_node_id="0"} 20',
        'machine_node_distance{node_id="1",target_node_id="1"} 10',
        'machine_node_hugepages_count{node_id="1",page_size="2048"} 3',
        'machine_node_memory_capacity_bytes{node_id="1"} 4096',
        'machine_thread_siblings_count{core_id="0",node_id="1",thread_id="0"} 2',
        'machine_thread_siblings_count{core_id="0",node_id="1",thread_id="2"} 2',
    ]


def test_a_machine_without_a_topology_has_no_series(tmp_path: Path) -> None:
    assert render(TOPOLOGY, machine(tmp_path, None)) == ""


@pytest.mark.parametrize("on", [True, False])
def test_they_are_on_the_page_if_the_kind_is_on(recording: Callable[[str], Recording], on: bool) -> None:
    kinds = frozenset({"cpu", "cpu_topology"} if on else {"cpu"})
    with served(recording("docker-v1").host(), settings=Settings(kinds=kinds)) as site:
        page = site.ask("/metrics").page
    threads = page.samples.get("machine_thread_siblings_count", {})
    assert len(threads) == (next(iter(page.samples["machine_cpu_cores"].values())) if on else 0)
    assert all({"boot_id", "core_id", "node_id", "thread_id"} <= dict(labels).keys() for labels in threads)
