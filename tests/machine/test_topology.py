"""machine/topology.py: nodes, cores, and whose the caches are."""

import subprocess
from shutil import which

import pytest

from cadvcli.errors import CadvcliError
from cadvcli.host import Host
from cadvcli.machine.attempt import silent
from cadvcli.machine.topology import Topology, read_topology
from tests.machine import machines
from tests.machine.machines import CPU, NODE


def counted(topology: Topology) -> tuple[int, int, int, int]:
    return len(topology.online), topology.cores, topology.sockets, len(topology.nodes)


@pytest.mark.parametrize(
    ("machine", "cpus_cores_sockets_nodes"),
    [
        (machines.DUAL_XEON, (8, 4, 2, 2)),
        (machines.HYBRID, (6, 5, 1, 1)),
        (machines.EPYC, (4, 4, 1, 1)),
        (machines.TWO_DIES, (4, 4, 1, 1)),
        (machines.RASPBERRY, (4, 4, 1, 1)),
        (machines.GRAVITON, (4, 4, 2, 2)),
        (machines.S390X, (8, 4, 2, 1)),
    ],
)
def test_cpus_cores_sockets_and_nodes_are_counted(host, machine, cpus_cores_sockets_nodes) -> None:
    assert counted(read_topology(host(machine), silent)) == cpus_cores_sockets_nodes


def test_threads_of_a_core_stand_together(host) -> None:
    nodes = read_topology(host(machines.DUAL_XEON), silent).nodes
    found = [(at.node_id, core.socket_id, core.core_id, core.thread_ids) for at in nodes for core in at.cores or ()]
    assert found == [(0, 0, 0, [0, 4]), (0, 0, 1, [1, 5]), (1, 1, 0, [2, 6]), (1, 1, 1, [3, 7])]


def test_caches_belong_to_a_core_or_to_the_node(host) -> None:
    first, second = read_topology(host(machines.DUAL_XEON), silent).nodes
    assert [[cache.level for cache in core.caches or ()] for core in first.cores or ()] == [[1, 1, 2], [1, 1, 2]]
    assert [core.uncore_caches for core in first.cores or ()] == [None, None]
    assert [(cache.id, cache.level) for cache in first.caches or ()] == [(0, 3)]
    assert [(cache.id, cache.level) for cache in second.caches or ()] == [(1, 3)]


def test_cache_of_a_cluster_of_cores_is_not_lost(host) -> None:
    (node,) = read_topology(host(machines.HYBRID), silent).nodes
    performance, *efficient = node.cores or ()
    assert [cache.size for cache in performance.caches or ()] == [1310720]
    assert [[cache.size for cache in core.uncore_caches or ()] for core in efficient] == [[2097152]] * 4
    assert [cache.level for cache in node.caches or ()] == [3]


def test_cache_of_a_core_complex_is_uncore(host) -> None:
    (node,) = read_topology(host(machines.EPYC), silent).nodes
    assert [[cache.id for cache in core.uncore_caches or ()] for core in node.cores or ()] == [[0], [0], [1], [1]]
    assert node.caches is None


def test_caches_without_ids_are_kept(host) -> None:
    (node,) = read_topology(host(machines.RASPBERRY), silent).nodes
    assert [[(cache.id, cache.size) for cache in core.caches or ()] for core in node.cores or ()] == [
        [(cpu, 32768)] for cpu in range(4)
    ]
    assert [(cache.id, cache.level) for cache in node.caches or ()] == [(0, 2)]


def test_kernel_without_numa_has_a_node_for_each_socket(host) -> None:
    files = {path: text for path, text in machines.GRAVITON.items() if not path.startswith(NODE)}
    nodes = read_topology(host(files), silent).nodes
    assert [(node.node_id, len(node.cores or ()), node.memory, node.distances) for node in nodes] == [
        (0, 2, 0, None),
        (1, 2, 0, None),
    ]


def test_offline_cpus_count_for_nothing(host) -> None:
    machine = host({**machines.EPYC, f"{CPU}/online": "0-2\n", f"{NODE}/node0/cpulist": "0-2\n"})
    assert counted(read_topology(machine, silent)) == (3, 3, 1, 1)


def test_a_node_of_memory_alone_has_no_cores(host) -> None:
    topology = read_topology(host({**machines.EPYC, f"{NODE}/node1/cpulist": "\n"}), silent)
    assert [node.cores is None for node in topology.nodes] == [False, True]


def test_nodes_are_in_the_order_of_their_numbers(host) -> None:
    files = {f"{NODE}/node{number}/cpulist": "\n" for number in (10, 2)}
    assert [node.node_id for node in read_topology(host({**machines.EPYC, **files}), silent).nodes] == [0, 2, 10]


def test_books_and_drawers_are_those_of_a_mainframe(host) -> None:
    topology = read_topology(host(machines.S390X), silent)
    assert (topology.books, topology.drawers) == (2, 1)
    cores = topology.nodes[0].cores or []
    assert [(core.book_id, core.drawer_id) for core in cores] == [("0", "0"), ("0", "0"), ("1", "0"), ("1", "0")]


@pytest.mark.parametrize(
    ("path", "lost"),
    [
        (f"{CPU}/cpu3/topology/core_id", "a core"),
        (f"{CPU}/cpu0/cache/index0/size", "caches"),
        (f"{NODE}/node1/meminfo", "a node"),
        (f"{CPU}/online", "all"),
    ],
)
def test_a_malformed_file_costs_what_it_would_have_told(host, path: str, lost: str) -> None:
    problems: list[CadvcliError] = []
    topology = read_topology(host({**machines.DUAL_XEON, path: "nonsense\n"}), problems.append)
    assert [str(problem).split(":")[0] for problem in problems] == [path]
    assert counted(topology) == {
        "a core": (8, 4, 2, 2),
        "caches": (8, 4, 2, 2),
        "a node": (8, 4, 2, 1),
        "all": (0, 0, 0, 2),
    }[lost]


@pytest.mark.skipif(not which("lscpu"), reason="needs lscpu (util-linux)")
def test_against_lscpu() -> None:
    rows = subprocess.check_output(["lscpu", "--parse=CPU,CORE,SOCKET,NODE"], text=True).splitlines()
    cpus = [row.split(",") for row in rows if not row.startswith("#")]
    topology = read_topology(Host("/"), silent)
    assert len(topology.online) == len(cpus)
    assert topology.cores == len({core for _, core, _, _ in cpus})
    assert topology.sockets == len({socket for _, _, socket, _ in cpus})
