"""Kind ``process``."""

import os
from pathlib import Path

import pytest

from cadvcli.errors import PermissionDenied
from cadvcli.host import Host
from cadvcli.kernel.cgroup import Cgroup, Hierarchies, Version
from cadvcli.model.stats import ProcessStats, UlimitSpec
from tests.conftest import MakeHost
from tests.decoding import complaint, decoded, rows, sources, value

LIMITS = b"""\
Limit                     Soft Limit           Hard Limit           Units
Max open files            1024                 unlimited            files
"""
FILES = {"pids.current": b"5\n", "pids.max": b"max\n", "processes": b"2 7 3", "limits": LIMITS}


@pytest.mark.parametrize("version", [1, 2])
def test_all_counts_and_the_limit_of_open_files(version: Version) -> None:
    stats = decoded("process", version, FILES)
    assert stats.processes == ProcessStats(
        process_count=2,
        fd_count=7,
        socket_count=3,
        threads_current=5,
        threads_max=0,
        ulimits=[UlimitSpec(name="max_open_files", soft_limit=1024, hard_limit=-1)],
    )


def test_metrics() -> None:
    stats = decoded("process", 2, FILES)
    assert value("container_processes", stats) == 2
    assert value("container_file_descriptors", stats) == 7
    assert value("container_sockets", stats) == 3
    assert value("container_threads", stats) == 5
    assert value("container_threads_max", stats) == 0
    assert rows("container_ulimits_soft", stats) == {"max_open_files": 1024}


def test_descriptors_that_not_every_process_shows_are_absent() -> None:
    stats = decoded("process", 2, {**FILES, "processes": b"2"})
    assert stats.processes is not None
    assert (stats.processes.process_count, stats.processes.fd_count, stats.processes.socket_count) == (2, None, None)
    assert value("container_file_descriptors", stats) is None


def test_what_is_not_there_is_absent() -> None:
    stats = decoded("process", 2, {})
    assert stats.processes == ProcessStats(process_count=None, fd_count=None, socket_count=None, threads_max=None)
    assert rows("container_ulimits_soft", stats) == {}
    assert value("container_processes", decoded("cpu", 2, {})) is None


def test_malformed_files_are_named() -> None:
    assert complaint("process", 2, {"pids.current": b"x\n"}) == "pids.current:1: 'x' is no number"
    message = complaint("process", 2, {"limits": b"\nMax open files 5\n"})
    assert message == "limits:2: 'Max open files 5' has no two limits"


class Of:
    """A target of sampling: one group of a host."""

    def __init__(self, host: Host, name: str) -> None:
        self.host = host
        self.cgroup = Cgroup(host, Hierarchies(2, {}, "/sys/fs/cgroup"), name)

    def net(self, file: str, digest: object = None) -> bytes | None:
        return None

    def proc(self, file: str) -> bytes | None:
        return self.host.read(f"/proc/11/{file}")


def counted(target: Of) -> bytes | None:
    (source,) = [source for source in sources("process", 2) if source.name == "processes"]
    assert source.read is not None
    return source.read(target)


def descriptors(host: Host, pid: int, *targets: str) -> None:
    folder = Path(host.path(f"/proc/{pid}/fd"))
    folder.mkdir(parents=True)
    for number, target in enumerate(targets):
        os.symlink(target, folder / str(number))


def test_processes_of_the_groups_below_count_too(host: MakeHost) -> None:
    machine = host({"/sys/fs/cgroup/a/cgroup.procs": "11\n", "/sys/fs/cgroup/a/container/cgroup.procs": "12\n"})
    descriptors(machine, 11, "/dev/null", "socket:[77]", "pipe:[5]")
    descriptors(machine, 12, "socket:[78]")
    assert counted(Of(machine, "/a")) == b"2 4 2"


def test_a_process_that_ended_in_between_has_no_descriptors(host: MakeHost) -> None:
    machine = host({"/sys/fs/cgroup/a/cgroup.procs": "11\n12\n"})
    descriptors(machine, 12, "/dev/null")
    assert counted(Of(machine, "/a")) == b"2 1 0"


class Shy(Host):
    """A machine on which the descriptors of one process are not for us."""

    def listdir(self, path: str) -> list[str] | None:
        if path == "/proc/12/fd":
            raise PermissionDenied(path, "Permission denied")
        return super().listdir(path)


def test_descriptors_are_not_guessed_where_one_process_hides_its_own(host: MakeHost) -> None:
    machine = host({"/sys/fs/cgroup/a/cgroup.procs": "11\n12\n"})
    descriptors(machine, 11, "/dev/null")
    assert counted(Of(Shy(machine.root), "/a")) == b"2"


def test_limits_are_those_of_the_main_process(host: MakeHost) -> None:
    (source,) = [source for source in sources("process", 2) if source.name == "limits"]
    assert source.read is not None
    assert source.read(Of(host({"/proc/11/limits": LIMITS}), "/a")) == LIMITS
