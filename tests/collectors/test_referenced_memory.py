"""Kind ``referenced_memory``."""

from pathlib import Path

from cadvcli.manager.manager import Manager
from cadvcli.manager.settings import Settings
from tests.decoding import decoded, value
from tests.machines import Machine
from tests.manager.test_manager import Plain


def rollup(kilobytes: int) -> dict[str, str]:
    return {"smaps_rollup": f"Rss: 9 kB\nReferenced:  {kilobytes} kB\n", "clear_refs": "-"}


def manager_of(machine: Machine, every: int = 0) -> Manager:
    settings = Settings(kinds=frozenset({"referenced_memory"}), referenced_reset_interval=every)
    manager = Manager(machine.host, settings, (Plain(),))
    manager.discover()
    return manager


def referenced(manager: Manager, name: str) -> int | None:
    manager.sample({name})
    sample = manager.latest(manager.container(name))
    assert sample is not None
    return sample.stats.referenced_memory


def machine_of(folder: Path) -> Machine:
    machine = Machine(folder)
    machine.group("/a", {"cgroup.procs": "7\n"})
    machine.group("/a/b", {"cgroup.procs": "8\n9\n"})
    machine.group("/empty", {"cgroup.procs": ""})
    machine.group("/kernel", {"cgroup.procs": "3\n"})
    machine.process(7, rollup(100))
    machine.process(8, rollup(20))
    return machine


def test_all_processes_of_the_group_and_below_count_and_one_that_ended_does_not(tmp_path: Path) -> None:
    manager = manager_of(machine_of(tmp_path))
    assert referenced(manager, "/a") == 120 * 1024
    assert referenced(manager, "/empty") == 0
    assert referenced(manager, "/kernel") is None
    manager.close()


def test_the_kernel_forgets_every_so_many_samples(tmp_path: Path) -> None:
    machine = machine_of(tmp_path)
    manager = manager_of(machine, every=2)
    switch = machine.root / "proc/7/clear_refs"
    referenced(manager, "/a")
    assert switch.read_text() == "-"
    referenced(manager, "/a")
    assert switch.read_text() == "1"
    manager.close()


def test_bytes_are_bytes() -> None:
    stats = decoded("referenced_memory", 2, {"referenced": b"4096"})
    assert value("container_referenced_bytes", stats) == 4096
