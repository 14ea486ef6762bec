"""Groups that come and go, heard through inotify."""

import errno
import os
import select
from pathlib import Path

import pytest

from cadvcli.kernel.cgroup import read_hierarchies
from cadvcli.manager.discovery import Watcher
from tests.machines import Machine


def heard(watcher: Watcher, *names: str) -> tuple[set[str], set[str]]:
    """What came and went until all of ``names`` were heard of."""
    came: set[str] = set()
    went: set[str] = set()
    while not set(names) <= came | went:
        assert select.select([watcher.fd], [], [], 5)[0], f"silence; so far {came} came and {went} went"
        changes = watcher.changes()
        came |= changes.came
        went |= changes.went
    return came, went


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def watcher_of(machine: Machine) -> Watcher:
    return Watcher(machine.host, read_hierarchies(machine.host))


def test_what_is_there_already_is_named_and_watched(machine: Machine) -> None:
    machine.group("/a/b")
    watcher = watcher_of(machine)
    assert watcher.watch_all() == {"/", "/a", "/a/b"}
    machine.group("/a/b/c")
    assert heard(watcher, "/a/b/c") == ({"/a/b/c"}, set())
    watcher.close()


def test_groups_made_inside_a_new_group_before_its_watch_come_too(machine: Machine) -> None:
    watcher = watcher_of(machine)
    watcher.watch_all()
    machine.group("/new/inner/most")
    came, _ = heard(watcher, "/new", "/new/inner", "/new/inner/most")
    assert came == {"/new", "/new/inner", "/new/inner/most"}
    watcher.close()


def test_a_group_that_ends_went(machine: Machine) -> None:
    machine.group("/a")
    watcher = watcher_of(machine)
    watcher.watch_all()
    machine.remove("/a")
    assert heard(watcher, "/a") == (set(), {"/a"})
    watcher.close()


def test_a_renamed_group_went_and_came(machine: Machine) -> None:
    folder = machine.group("/a")
    watcher = watcher_of(machine)
    watcher.watch_all()
    os.rename(folder, folder.parent / "b")
    assert heard(watcher, "/a", "/b") == ({"/b"}, {"/a"})
    watcher.close()


def test_mount_units_are_not_watched_below(machine: Machine) -> None:
    machine.group("/dev.mount/inner")
    watcher = watcher_of(machine)
    assert "/dev.mount/inner" not in watcher.watch_all()
    watcher.close()


def test_a_machine_without_watches_left_is_listed_and_that_is_said_once(
    machine: Machine, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.group("/a/b")
    watcher = watcher_of(machine)

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    # The kernel's limit is the machine's; it can't be spent without harm to others.
    monkeypatch.setattr("inotify_simple.INotify.add_watch", full)
    assert watcher.watch_all() == {"/", "/a", "/a/b"}
    assert watcher.blind
    assert caplog.text.count("fs.inotify.max_user_watches") == 1
    watcher.close()
