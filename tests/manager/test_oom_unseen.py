"""Kills in groups that are gone, from the counts of what lies above them."""

from pathlib import Path

import pytest

from cadvcli.manager.manager import Manager
from cadvcli.manager.oom_unseen import Unseen
from tests.machines import MOUNTINFO_V1, Machine
from tests.manager.test_manager import manager_of


class Counted:
    """A machine whose counts a test sets; ``version`` of cgroups."""

    def __init__(self, folder: Path, version: int) -> None:
        self.version = version
        self.machine = Machine(folder)
        if version == 1:
            self.machine.write("/proc/1/mountinfo", MOUNTINFO_V1)
        self.counts(0, a=0, b=0)
        self.manager: Manager = manager_of(self.machine)
        self.manager.discover()
        self.unseen = Unseen(self.manager.host, self.manager.hierarchies, self.manager.registry)
        for name in ("/a", "/b"):
            self.unseen.began(name)

    def counts(self, machine: int, **groups: int) -> None:
        self.machine.write("/proc/vmstat", f"nr_free_pages 5\noom_kill {machine}\n")
        for name, count in groups.items():
            if self.version == 1:
                self.machine.group(f"/memory/{name}", {"memory.oom_control": f"under_oom 0\noom_kill {count}\n"})
            else:
                self.machine.group(f"/{name}", {"memory.events": f"oom 0\noom_kill {count}\n"})

    def gone(self, name: str, last: int) -> int:
        self.machine.remove(f"/memory{name}" if self.version == 1 else name)
        missing = self.unseen.missing(name, last)
        self.manager.registry.remove(self.manager.container(name))
        return missing


@pytest.fixture(params=[1, 2])
def counted(tmp_path: Path, request: pytest.FixtureRequest) -> Counted:
    return Counted(tmp_path, request.param)


def test_without_a_kill_nothing_is_missing(counted: Counted) -> None:
    assert counted.gone("/a", 0) == 0


def test_what_the_living_do_not_explain_was_in_the_one_that_is_gone(counted: Counted) -> None:
    counted.counts(3, b=1)
    assert counted.gone("/a", 0) == 2


def test_what_was_seen_in_it_is_not_missing(counted: Counted) -> None:
    counted.counts(2, a=2)
    assert counted.gone("/a", 2) == 0
    counted.counts(3)
    assert counted.gone("/b", 0) == 1


def test_what_nobody_knew_is_nobodys_once_it_was_looked_at(counted: Counted) -> None:
    counted.counts(4)
    counted.unseen.explain("/")
    assert counted.gone("/a", 0) == 0


def test_a_group_above_that_is_gone_too_tells_nothing(tmp_path: Path) -> None:
    counted = Counted(tmp_path, 2)
    counted.machine.group("/a/inner", {"memory.events": "oom_kill 0\n"})
    counted.manager.discover()
    counted.unseen.began("/a/inner")
    assert counted.unseen.follows("/a")
    counted.machine.remove("/a")
    assert counted.unseen.missing("/a/inner", 0) == 0
