"""Kind ``resctrl``."""

import os
from pathlib import Path

import pytest

from cadvcli.manager.manager import Manager
from cadvcli.manager.plan import Plan
from cadvcli.manager.settings import Settings
from cadvcli.model.clock import SECOND, Clock
from cadvcli.model.stats import CacheStats, MemoryBandwidthStats, ResctrlStats
from cadvcli.runtimes import runtimes_for
from tests.decoding import rows
from tests.machines import V2_FILES, Machine
from tests.resctrl import Tree


class Hand(Clock):
    """A clock that stands until it is set."""

    now_ns = 10 * SECOND

    def boot_ns(self) -> int:
        return self.now_ns


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.group("/a", {**V2_FILES, "cgroup.procs": "7\n"})
    threads(machine, 7, 8)
    return machine


def threads(machine: Machine, *tids: int) -> None:
    for tid in tids:
        Path(f"{machine.root}/proc/7/task/{tid}").mkdir(parents=True, exist_ok=True)


def manager_of(machine: Machine, interval_ns: int = 0) -> Manager:
    settings = Settings(kinds=frozenset({"resctrl"}), resctrl_interval_ns=interval_ns)
    manager = Manager(machine.host, settings, runtimes_for(machine.host), Hand())
    manager.discover()
    return manager


def told(manager: Manager, name: str) -> ResctrlStats:
    manager.sample()
    sample = manager.latest(manager.container(name))
    assert sample is not None
    return sample.stats.resctrl


def test_the_root_group_has_the_machines_figures(machine: Machine) -> None:
    Tree(machine.root)
    manager = manager_of(machine)
    assert told(manager, "/") == ResctrlStats(
        memory_bandwidth=[
            MemoryBandwidthStats(mbm_total_bytes=200, mbm_local_bytes=300),
            MemoryBandwidthStats(mbm_total_bytes=400, mbm_local_bytes=600),
        ],
        cache=[CacheStats(llc_occupancy=100), CacheStats(llc_occupancy=200)],
    )
    sample = manager.latest(manager.container("/"))
    assert sample is not None
    assert rows("container_memory_bandwidth_bytes", sample.stats) == {"0": 200, "1": 400}
    assert rows("container_memory_bandwidth_local_bytes", sample.stats) == {"0": 300, "1": 600}
    assert rows("container_llc_occupancy_bytes", sample.stats) == {"0": 100, "1": 200}
    assert told(manager, "/a") == ResctrlStats()
    manager.close()


def test_without_an_interval_groups_are_read_and_none_is_made(machine: Machine) -> None:
    tree = Tree(machine.root)
    tree.group("mon_groups/theirs", (7, 8), (5,))
    manager = manager_of(machine)
    assert told(manager, "/a").cache == [CacheStats(llc_occupancy=5)]
    manager.close()
    assert tree.groups() == ["theirs"]


@pytest.mark.skipif(os.geteuid() != 0, reason="making monitoring groups needs root")
def test_with_an_interval_a_group_is_made_mended_and_taken_away(machine: Machine) -> None:
    tree = Tree(machine.root)
    manager = manager_of(machine, SECOND)
    assert told(manager, "/a") == ResctrlStats()
    assert tree.groups() == ["cadvcli-a"]
    ours = tree.group("mon_groups/cadvcli-a", (7, 8), (9,))
    assert told(manager, "/a").cache == [CacheStats(llc_occupancy=9)]
    threads(machine, 11)
    manager.sample()
    assert (ours / "tasks").read_text() == "7\n8\n", "before the interval is over nothing is mended"
    assert isinstance(manager.clock, Hand)
    manager.clock.now_ns += SECOND
    manager.sample()
    assert (ours / "tasks").read_text() == "7\n8\n11\n"
    for path in sorted(ours.rglob("*"), reverse=True):  # a kernel's group is gone with all that is in it
        path.rmdir() if path.is_dir() else path.unlink()
    manager.close()
    assert tree.groups() == []


@pytest.mark.skipif(os.geteuid() != 0, reason="making monitoring groups needs root")
def test_ours_lies_below_the_control_group_of_its_threads(machine: Machine) -> None:
    tree = Tree(machine.root)
    tree.group("gold", (7, 8, 9), (1,))
    manager = manager_of(machine, SECOND)
    manager.sample()
    assert tree.groups("gold") == ["cadvcli-a"]
    assert tree.groups() == []
    manager.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="making monitoring groups needs root")
def test_a_group_that_somebody_made_is_taken_as_it_is(machine: Machine) -> None:
    tree = Tree(machine.root)
    tree.group("mon_groups/theirs", (7, 8), (5,))
    manager = manager_of(machine, SECOND)
    assert told(manager, "/a").cache == [CacheStats(llc_occupancy=5)]
    assert tree.groups() == ["theirs"]
    manager.close()
    assert tree.groups() == ["theirs"]


def test_a_machine_without_it_is_told_once(machine: Machine, caplog: pytest.LogCaptureFixture) -> None:
    assert told(manager_of(machine), "/a") == ResctrlStats()
    said = [record.getMessage() for record in caplog.records if record.name.endswith("resctrl")]
    assert len(said) == 1
    assert said[0].startswith("resctrl: not mounted, or this CPU monitors nothing: mount -t resctrl")


def test_names_of_groups_are_never_shared(machine: Machine) -> None:
    from cadvcli.collectors.resctrl import _name

    names = ["/a/b", "/a-b", "/a%2Fb", "/" + "x" * 300, "/" + "x" * 301]
    assert len({_name(name) for name in names}) == len(names)
    assert max(len(_name(name)) for name in names) < 255


def test_a_slot_that_is_no_json_costs_the_kind_alone(caplog: pytest.LogCaptureFixture) -> None:
    assert Plan({"resctrl"}, 2).decode((b"\xff[",), "/a").resctrl == ResctrlStats()
    assert "resctrl figures are incomplete" in caplog.text
