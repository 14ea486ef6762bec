"""The slice of the manager that one-shot commands use."""

import logging
from pathlib import Path

import pytest

from cadvcli.errors import HostError, UnknownContainer
from cadvcli.host import Host
from cadvcli.manager.manager import Manager
from cadvcli.manager.settings import Settings
from cadvcli.model.events import DELETION, EventFilter
from cadvcli.model.identity import Identity, raw
from cadvcli.runtimes.runtime import Identities, Used
from tests.machines import V2_FILES, Machine


class Engine:
    """An engine that knows the groups below /engine, and counts how often it is asked."""

    name = "docker"

    def __init__(self) -> None:
        self.lists = 0
        self.asked: list[str] = []

    def claims(self, cgroup: str) -> str | None:
        return cgroup.removeprefix("/engine/") if cgroup.startswith("/engine/") else None

    def list(self) -> Identities:
        self.lists += 1
        return [self._identity("listed")]

    def describe(self, container_id: str, cgroup: str = "") -> Identity | None:
        self.asked.append(container_id)
        return None if container_id == "stranger" else self._identity(container_id)

    def available(self) -> str | None:
        return None

    def used(self) -> Used | None:
        return None

    def close(self) -> None:
        pass

    def _identity(self, name: str) -> Identity:
        return Identity(runtime="docker", namespace="docker", name=name, id=name, aliases=(name,))


class Plain(Engine):
    """Takes what is left."""

    name = "raw"

    def claims(self, cgroup: str) -> str | None:
        return cgroup

    def describe(self, container_id: str, cgroup: str = "") -> Identity | None:
        return raw(cgroup)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def manager_of(machine: Machine, *engines: Engine, kinds: tuple[str, ...] = ("cpu", "memory")) -> Manager:
    return Manager(machine.host, Settings(kinds=frozenset(kinds)), engines or (Plain(),))


def test_every_group_is_somebodys(machine: Machine) -> None:
    for name in ("/a", "/engine", "/engine/listed", "/engine/asked", "/engine/stranger"):
        machine.group(name)
    engine = Engine()
    manager = manager_of(machine, engine, Plain())
    manager.discover()
    assert {c.name: c.identity.runtime for c in manager.containers()} == {
        "/": "raw",
        "/a": "raw",
        "/engine": "raw",
        "/engine/asked": "docker",
        "/engine/listed": "docker",
        "/engine/stranger": "raw",
    }
    assert engine.lists == 1
    assert sorted(engine.asked) == ["asked", "stranger"]
    assert manager.by_alias("docker", "lis").name == "/engine/listed"


def test_an_engine_none_of_whose_groups_is_there_is_not_asked(machine: Machine) -> None:
    machine.group("/a")
    engine = Engine()
    manager_of(machine, engine, Plain()).discover()
    assert (engine.lists, engine.asked) == (0, [])


def test_a_sample_is_what_the_files_said(machine: Machine) -> None:
    machine.group("/a")
    manager = manager_of(machine)
    manager.discover()
    manager.sample()
    sample = manager.latest(manager.container("/a"))
    assert sample is not None
    assert (sample.stats.cpu.usage.total, sample.stats.memory.working_set) == (1_000_000, 3584)
    assert sample.stats.timestamp.endswith("Z")
    assert sample.stats.diskio is None


def test_samples_that_stand_still_share_their_sections(machine: Machine) -> None:
    machine.group("/a")
    manager = manager_of(machine)
    manager.discover()
    for _ in range(2):
        manager.sample({"/a"})
    first, second = manager.history(manager.container("/a"))
    assert first.stats.cpu is second.stats.cpu
    assert first.boot_ns < second.boot_ns
    assert manager.latest(manager.container("/")) is None


def test_a_malformed_file_costs_its_kind_alone_and_is_said_once(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    machine.group("/a", {**V2_FILES, "cpu.stat": "usage_usec 5\nuser_usec many\n"})
    manager = manager_of(machine)
    manager.discover()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            manager.sample({"/a"})
            machine.group("/a", {"memory.current": "8192\n"})
            sample = manager.latest(manager.container("/a"))
            assert sample is not None
    assert sample.stats.cpu.usage.total is None
    assert sample.stats.memory.usage == 8192
    assert caplog.text.count("cpu.stat:2:") == 1


def test_an_unreadable_file_costs_its_figures_alone_and_is_said_once(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    folder = machine.group("/a")
    (folder / "memory.current").unlink()
    (folder / "memory.current").mkdir()
    manager = manager_of(machine)
    manager.discover()
    for _ in range(3):
        manager.sample({"/a"})
    sample = manager.latest(manager.container("/a"))
    assert sample is not None
    assert (sample.stats.cpu.usage.total, sample.stats.memory.usage, sample.stats.memory.rss) == (1_000_000, None, 1024)
    assert caplog.text.count("/sys/fs/cgroup/a/memory.current: Is a directory") == 1


def test_a_group_that_vanished_ends_quietly(machine: Machine, caplog: pytest.LogCaptureFixture) -> None:
    machine.group("/a")
    manager = manager_of(machine)
    manager.discover()
    machine.remove("/a")
    manager.sample()
    with pytest.raises(UnknownContainer, match='unknown container "/a"'):
        manager.container("/a")
    assert [event.container_name for event in manager.events(EventFilter(types=(DELETION,)))] == ["/a"]
    assert caplog.text == ""


def test_limits_are_read_with_the_spec(machine: Machine) -> None:
    machine.group("/a", {**V2_FILES, "memory.max": "67108864\n", "cpu.max": "50000 100000\n", "cpu.weight": "39\n"})
    manager = manager_of(machine)
    manager.discover()
    spec = manager.spec(manager.container("/a"))
    assert (spec.memory.limit, spec.cpu.quota, spec.cpu.period, spec.cpu.limit) == (67108864, 50000, 100000, 1024)
    assert manager.spec(manager.container("/")).memory.limit == 1024000


def test_a_machine_without_cgroups_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "proc/1").mkdir(parents=True)
    (tmp_path / "proc/1/mountinfo").write_text("1 0 8:1 / / rw - ext4 /dev/sda1 rw\n")
    with pytest.raises(HostError, match="no cgroup file system is mounted"):
        Manager(Host(str(tmp_path)))
