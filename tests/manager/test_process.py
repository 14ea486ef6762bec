"""The process that speaks for a group."""

import os
from pathlib import Path

from cadvcli.errors import PermissionDenied
from cadvcli.host import Host
from cadvcli.kernel.cgroup import Cgroup, read_hierarchies
from cadvcli.manager.process import MainProcess, read_net_namespace
from tests.machines import Machine


def of(machine: Machine, name: str, pid: int | None = None) -> MainProcess:
    return MainProcess(machine.host, Cgroup(machine.host, read_hierarchies(machine.host), name), pid)


def test_the_main_process_answers_if_it_is_in_the_group(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.group("/a", {"cgroup.procs": "11\n12\n"})
    for pid in (11, 12):
        machine.process(pid, {"limits": f"of {pid}"})
    process = of(machine, "/a", 12)
    assert process.read("limits") == b"of 12"
    assert process.namespace == "net:[4026532000]"
    process.close()


def test_a_number_that_another_group_has_now_is_not_taken_for_it(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.group("/a", {"cgroup.procs": "11\n"})
    machine.process(11, {"limits": "ours"})
    machine.process(99, {"limits": "of a stranger"})
    process = of(machine, "/a", 99)
    assert process.read("limits") == b"ours"
    process.close()


def test_another_takes_over_when_it_has_ended(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.group("/a", {"cgroup.procs": "11\n12\n"})
    machine.process(12, {"limits": "of 12"})
    process = of(machine, "/a", 11)
    assert process.read("limits") == b"of 12"
    process.close()


def test_processes_of_the_groups_below_answer_for_an_empty_group(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.group("/a")
    machine.group("/a/container", {"cgroup.procs": "7\n"})
    machine.process(7, {"limits": "inner"})
    process = of(machine, "/a")
    assert process.read("limits") == b"inner"
    process.close()


def test_a_group_without_processes_has_none(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.group("/a")
    process = of(machine, "/a", 5)
    assert process.read("limits") is None
    assert not process.open()


def test_a_process_of_another_pid_namespace_shows_as_0_and_is_passed_over(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.group("/a", {"cgroup.procs": "0\n0\n"})
    assert of(machine, "/a").read("limits") is None


class ClosedLinks(Host):
    """The machine as an ordinary user sees it, whose own process 12 alone shows its links."""

    def readlink(self, path: str) -> str | None:
        if not path.startswith("/proc/12/"):
            raise PermissionDenied(path, os.strerror(13))
        return super().readlink(path)


def test_where_inits_link_is_closed_the_files_below_net_tell_namespaces_apart(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    for pid in (11, 12, 13):
        machine.process(pid, {"net/dev": "of all"})
    dev = machine.root / "proc/13/net/dev"
    dev.unlink()
    os.link(machine.root / "proc/11/net/dev", dev)
    host = ClosedLinks(str(machine.root))
    first, own, third, gone = (read_net_namespace(host, pid) for pid in (11, 12, 13, 14))
    assert first == third
    assert first != own
    assert own is not None
    assert own.startswith("net/dev:")
    assert gone is None
