"""Sampling of real cgroups: what the kernel says is what we read, and a group that ends, ends quietly."""

from collections.abc import Iterator

import pytest

from cadvcli.host import Host
from cadvcli.manager.daemon import Daemon
from cadvcli.manager.manager import Manager
from cadvcli.manager.sampler import Descriptors
from cadvcli.manager.settings import Settings
from cadvcli.model.clock import SECOND
from cadvcli.model.events import CREATION, DELETION
from cadvcli.runtimes import runtimes_for
from tests.cgroups import BUSY, Cgroups
from tests.manager.test_arrivals import Heard


@pytest.fixture
def manager(cgroups: Cgroups) -> Iterator[Manager]:
    host = Host()
    manager = Manager(host, Settings(kinds=frozenset({"cpu", "memory", "diskIO", "pids"})), runtimes_for(host))
    yield manager
    manager.close()


@pytest.mark.real
def test_figures_are_the_kernels(cgroups: Cgroups, manager: Manager) -> None:
    group = cgroups.make("a")
    limits = ("memory.max", "memory.current") if manager.hierarchies.version == 2 else (
        "memory.limit_in_bytes",
        "memory.usage_in_bytes",
    )
    group.write(limits[0], 64 << 20)
    manager.discover()
    container = manager.container(group.name)
    manager.sample({group.name})
    sample = manager.latest(container)
    assert sample is not None
    assert sample.stats.memory.usage == int(group.path(limits[1]).read_text())
    assert manager.spec(container).memory.limit == 64 << 20
    assert sample.stats.processes is not None
    assert sample.stats.processes.threads_current == int(group.path("pids.current").read_text())
    assert container.pids() == []


@pytest.mark.real
def test_a_busy_group_uses_cpu_between_two_samples(cgroups: Cgroups, manager: Manager) -> None:
    group = cgroups.make("busy", *BUSY)
    manager.discover()
    container = manager.container(group.name)
    manager.sample({group.name})
    first = manager.latest(container)
    assert first is not None
    while True:
        manager.sample({group.name})
        second = manager.latest(container)
        assert second is not None
        assert second.boot_ns - first.boot_ns < 10e9, "busy for ten seconds and no CPU used"
        if (second.stats.cpu.usage.total or 0) > (first.stats.cpu.usage.total or 0):
            return


@pytest.mark.real
def test_a_group_that_ended_is_gone_at_its_next_sample(cgroups: Cgroups, manager: Manager) -> None:
    group = cgroups.make("short")
    manager.discover()
    manager.sample({group.name})
    cgroups.remove(group)
    manager.sample({group.name})
    assert manager.registry.get(group.name) is None


@pytest.mark.real
def test_the_daemon_hears_of_real_groups_at_once(cgroups: Cgroups) -> None:
    host, heard = Host(), Heard()
    daemon = Daemon(host, Settings(kinds=frozenset({"cpu"})), runtimes_for(host))
    daemon.watch(heard)
    daemon.start()
    group = cgroups.make("coming")
    heard.wait(CREATION, group.name)
    daemon.run(daemon.refresh({group.name}, 3600 * SECOND)).result(10)
    assert daemon.latest(daemon.container(group.name)) is not None
    cgroups.remove(group)
    heard.wait(DELETION, group.name)
    daemon.stop()


def test_the_budget_leaves_descriptors_for_everything_else() -> None:
    assert Descriptors.allowed(100).free <= 100
    assert Descriptors.allowed(1 << 40).free > 0
