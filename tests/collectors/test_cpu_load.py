"""Kind ``cpuLoad``."""

from pathlib import Path

import pytest

from cadvcli.collectors.cpu_load import CpuLoad, Load
from cadvcli.collectors.source import Knobs
from cadvcli.host import Host
from cadvcli.kernel.cgroup import Version
from cadvcli.manager.manager import Manager
from cadvcli.manager.plan import Plan
from cadvcli.manager.settings import Settings
from cadvcli.model.clock import SECOND
from cadvcli.model.stats import LoadStats
from cadvcli.runtimes import runtimes_for
from tests.cgroups import ASLEEP, Cgroups
from tests.decoding import decoded, rows, value
from tests.machines import Machine
from tests.manager.test_manager import Plain

SETTINGS = Settings(kinds=frozenset({"cpuLoad"}), load_reader=True)


def test_without_the_load_reader_nothing_is_said() -> None:
    stats = decoded("cpuLoad", 2, {})
    assert stats.task_stats == LoadStats()
    assert set(rows("container_tasks_state", stats).values()) == {None}
    assert value("container_cpu_load_average_10s", stats) is None


@pytest.mark.parametrize("version", [1, 2])
def test_states_and_averages(version: Version) -> None:
    plan = Plan({"cpuLoad"}, version, knobs=Knobs(load_reader=True))
    stats = plan.decode((b"1 2 3 4 5 2500 750",), "/a")
    assert rows("container_tasks_state", stats) == {
        "sleeping": 1, "running": 2, "stopped": 3, "uninterruptible": 4, "iowaiting": 5
    }  # fmt: skip
    assert value("container_cpu_load_average_10s", stats) == 2500
    assert value("container_cpu_load_d_average_10s", stats) == 750


def test_an_average_begins_at_the_first_count_and_fades_with_the_time_that_passed() -> None:
    load = Load()
    assert load(b"0 4 0 1 0", 5 * SECOND) == b"0 4 0 1 0 4000 1000"
    assert load(b"0 0 0 0 0", 15 * SECOND) == b"0 0 0 0 0 1471 367"  # 4/e and 1/e
    assert load(None, 16 * SECOND) is None
    assert load(b"0 0 0 0 0", 25 * SECOND) == b"0 0 0 0 0 541 135"


def test_averages_that_fade_are_no_change() -> None:
    plan = Plan({"cpuLoad"}, 2, knobs=Knobs(load_reader=True))
    assert not plan.changed((b"1 2 3 4 5 2500 750",), (b"1 2 3 4 5 2400 700",))
    assert plan.changed((b"1 2 3 4 5 2500 750",), (b"1 3 3 4 5 2500 750",))


def test_on_v2_the_states_of_all_threads_below_are_counted(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.group("/a", {"cgroup.procs": "7\n"})
    machine.group("/a/b", {"cgroup.procs": "8\n9\n"})
    machine.process(7, {"task/7/stat": "7 (sh) S 1", "task/71/stat": "71 (sh) R 1"})
    machine.process(8, {"task/8/stat": "8 (dd) D 1"})
    manager = Manager(machine.host, SETTINGS, (Plain(),))
    manager.discover()
    manager.sample()
    sample = manager.latest(manager.container("/a"))
    assert sample is not None
    assert sample.stats.task_stats == LoadStats(nr_sleeping=1, nr_running=1, nr_stopped=0, nr_uninterruptible=1)
    assert (sample.stats.cpu.load_average, sample.stats.cpu.load_d_average) == (1000, 1000)
    manager.close()


@pytest.mark.real
def test_a_real_process_sleeps(cgroups: Cgroups) -> None:
    group = cgroups.make("asleep", *ASLEEP)
    host = Host()
    manager = Manager(host, SETTINGS, runtimes_for(host))
    manager.discover()
    container = manager.container(group.name)
    while True:
        manager.sample({group.name})
        sample = manager.latest(container)
        assert sample is not None
        if sample.stats.task_stats.nr_sleeping == 1:
            break
    assert CpuLoad.families
    manager.close()
