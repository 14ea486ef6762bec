"""A container's samples, and whose traffic is whose."""

from pathlib import Path

import pytest

from cadvcli.kernel.cgroup import Cgroup, read_hierarchies
from cadvcli.manager.container import KEEP_OPEN_NS, Container, Surroundings
from cadvcli.manager.plan import Plan
from cadvcli.manager.process import read_net_namespace
from cadvcli.manager.sampler import Descriptors
from cadvcli.model.clock import SECOND, Clock
from cadvcli.model.identity import Identity
from tests.machines import NET_DEV, Machine


class Stepping(Clock):
    """A clock that a test moves."""

    now = 100 * SECOND

    def wall_ns(self) -> int:
        return self.now

    def boot_ns(self) -> int:
        return self.now


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.process(1, {"net/dev": NET_DEV.format(rx=1)}, "net:[1]")
    return machine


def surroundings(machine: Machine, budget: int = 100) -> Surroundings:
    plan = Plan({"cpu", "memory", "network"}, 2)
    return Surroundings(machine.host, plan, Descriptors(budget), 120 * SECOND, read_net_namespace(machine.host, 1))


def container(around: Surroundings, name: str, **identity: object) -> Container:
    known = {"runtime": "docker", "name": name, **identity}
    hierarchies = read_hierarchies(around.host)
    return Container(around, Cgroup(around.host, hierarchies, name), Identity(**known))  # type: ignore[arg-type]


def received(around: Surroundings, found: Container) -> int | None:
    newest = found.history.newest
    assert newest is not None
    network = around.plan.decode(newest.slots, found.name).network
    return network.rx_bytes if network else None


def test_two_containers_in_one_namespace_share_one_reading(machine: Machine) -> None:
    around = surroundings(machine)
    for name, pid in (("/a", 11), ("/b", 12)):
        machine.group(name, {"cpu.stat": "usage_usec 1\n", "cgroup.procs": f"{pid}\n"})
        machine.process(pid, {"net/dev": NET_DEV.format(rx=3605)}, "net:[7]")
    one, other = container(around, "/a"), container(around, "/b")
    for each in (one, other):
        each.read(Stepping())
    assert received(around, one) == received(around, other) == 3605
    first, second = one.history.newest, other.history.newest
    assert first is not None
    assert second is not None
    slot = next(i for i, source in enumerate(around.plan.sources) if source.name == "net/dev")
    assert first.slots[slot] is second.slots[slot]


def test_the_hosts_traffic_is_not_a_containers_own(machine: Machine) -> None:
    around = surroundings(machine)
    machine.group("/a", {"cpu.stat": "usage_usec 1\n", "cgroup.procs": "11\n"})
    machine.process(11, {"net/dev": NET_DEV.format(rx=3605)}, "net:[1]")
    found = container(around, "/a")
    found.read(Stepping())
    assert received(around, found) is None


@pytest.mark.parametrize(("mode", "expected"), [("bridge", 3605), ("container:3f2a", 3605), ("host", None), ("", None)])
def test_where_the_namespace_may_not_be_seen_the_engines_word_counts(
    machine: Machine, mode: str, expected: int | None
) -> None:
    around = surroundings(machine)
    machine.group("/a", {"cpu.stat": "usage_usec 1\n", "cgroup.procs": "11\n"})
    machine.process(11, {"net/dev": NET_DEV.format(rx=3605)})
    (machine.root / "proc/11/ns/net").unlink()
    found = container(around, "/a", network_mode=mode)
    found.read(Stepping())
    assert received(around, found) == expected


def test_the_root_group_has_inits_traffic_and_a_plain_group_has_none(machine: Machine) -> None:
    around = surroundings(machine)
    machine.group("/a", {"cpu.stat": "usage_usec 1\n", "cgroup.procs": "11\n"})
    machine.process(11, {"net/dev": NET_DEV.format(rx=3605)})
    root, plain = container(around, "/", runtime="raw"), container(around, "/a", runtime="raw")
    for each in (root, plain):
        each.read(Stepping())
    assert received(around, root) == 1
    assert received(around, plain) is None


def test_what_stands_still_is_the_same_object_sample_after_sample(machine: Machine) -> None:
    around, clock = surroundings(machine), Stepping()
    machine.group("/a")
    found = container(around, "/a", runtime="raw")
    first = found.read(clock)
    clock.now += SECOND
    assert found.read(clock).slots is first.slots
    machine.group("/a", {"memory.current": "8192\n"})
    clock.now += SECOND
    third = found.read(clock)
    slots = {source.name: index for index, source in enumerate(around.plan.sources)}
    assert third.slots[slots["memory.current"]] == b"8192\n"
    assert third.slots[slots["cpu.stat"]] is first.slots[slots["cpu.stat"]]


def test_who_is_seldom_sampled_gives_its_descriptors_back(machine: Machine) -> None:
    around, clock = surroundings(machine, 10), Stepping()
    machine.group("/a")
    found = container(around, "/a", runtime="raw")
    found.read(clock)
    assert around.budget.free == 7
    clock.now += KEEP_OPEN_NS + 1
    found.read(clock)
    assert around.budget.free == 10


def test_without_budget_files_are_read_all_the_same(machine: Machine) -> None:
    around = surroundings(machine, 1)
    machine.group("/a")
    found = container(around, "/a", runtime="raw")
    found.read(Stepping())
    newest = found.history.newest
    assert newest is not None
    stats = around.plan.decode(newest.slots, "/a")
    assert (stats.cpu.usage.total, stats.memory.usage, stats.memory.working_set) == (1_000_000, 4096, 3584)
    assert around.budget.free == 0


def test_files_that_come_later_are_found(machine: Machine) -> None:
    around, clock = surroundings(machine), Stepping()
    machine.group("/a", {"cpu.stat": "usage_usec 1\n"})
    found = container(around, "/a")
    slot = next(i for i, source in enumerate(around.plan.sources) if source.name == "memory.current")
    assert found.read(clock).slots[slot] is None
    machine.group("/a", {"memory.current": "4096\n"})
    assert found.read(clock).slots[slot] == b"4096\n", "the second sample opens all files anew"
    machine.group("/b", {"cpu.stat": "usage_usec 1\n"})
    found = container(around, "/b")
    for _ in range(100):
        found.read(clock)
    machine.group("/b", {"memory.current": "4096\n"})
    assert any(found.read(clock).slots[slot] for _ in range(128)), "and later now and then"


def test_malformed_processes_cost_the_network_alone_and_are_said_once(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    around, clock = surroundings(machine), Stepping()
    machine.group("/a", {"cpu.stat": "usage_usec 7\n", "cgroup.procs": "1\nx\n"})
    found = container(around, "/a")
    for _ in range(3):
        reading = found.read(clock)
    stats = around.plan.decode(reading.slots, "/a")
    assert (stats.cpu.usage.total, stats.network) == (7000, None)
    (record,) = caplog.records
    assert record.getMessage() == "no figures from /sys/fs/cgroup/a/cgroup.procs:2: 'x' is no number"
