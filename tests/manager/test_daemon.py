"""The manager that lives on: discovery, housekeeping, shared sweeps."""

import threading
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from cadvcli.manager.daemon import Daemon, Samples
from cadvcli.manager.settings import Settings
from cadvcli.model.clock import SECOND
from tests.machines import Machine
from tests.manager.test_manager import Engine, Plain

MS = SECOND // 1000


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.group("/a")
    return machine


@pytest.fixture
def daemon(machine: Machine) -> Iterator[Daemon]:
    settings = Settings(kinds=frozenset({"cpu", "memory"}), housekeeping_interval_ns=100 * MS)
    daemon = Daemon(machine.host, settings, (Engine(), Plain()))
    yield daemon
    daemon.stop()


def test_what_changes_is_sampled_at_the_base_interval_and_what_stands_still_ever_later(
    machine: Machine, daemon: Daemon
) -> None:
    daemon.start()
    still = daemon.container("/a")
    reached = threading.Event()

    def watch() -> Generator[None, None, None]:
        while still.interval_ns < 400 * MS:
            yield
        reached.set()

    daemon.run(watch())
    assert reached.wait(10)
    machine.group("/a", {"cpu.stat": "usage_usec 2000\nuser_usec 1000\nsystem_usec 1000\n"})

    def refreshed() -> Generator[None, None, int]:
        yield from daemon.refresh({"/a"}, 0)
        return still.interval_ns

    assert daemon.run(refreshed()).result(10) == 100 * MS


def test_an_on_demand_sample_is_an_ordinary_one(daemon: Daemon) -> None:
    daemon.start(housekeeping=False)

    def job() -> Generator[None, None, list[int]]:
        counts = []
        for max_age_ns in (0, 3600 * SECOND, 0):
            yield from daemon.refresh(None, max_age_ns)
            counts.append(len(daemon.container("/a").history))
        return counts

    assert daemon.run(job()).result(10) == [2, 2, 3]


def test_requests_that_come_together_share_one_sweep(machine: Machine, daemon: Daemon) -> None:
    for number in range(50):
        machine.group(f"/many/{number}")
    daemon.start(housekeeping=False)
    before = {container.name: len(container.history) for container in daemon.containers()}
    gate = threading.Event()

    def first() -> Generator[None, None, None]:
        assert gate.wait(10)
        yield

    def scrape() -> Generator[None, None, None]:
        yield from daemon.refresh(None, 100 * MS)

    blocked = daemon.run(first())
    scrapes = [daemon.run(scrape()) for _ in range(20)]
    wanted = threading.Timer(0.15, gate.set)  # until the first samples are older than the scrapes' max_age
    wanted.start()
    for future in [blocked, *scrapes]:
        future.result(10)
    wanted.join()
    assert {len(c.history) - before.get(c.name, 0) for c in daemon.containers() if c.name in before} == {1}


def test_a_sweep_ends_at_its_deadline(daemon: Daemon) -> None:
    daemon.start(housekeeping=False)

    def late() -> Generator[None, None, list[int]]:
        yield from daemon.refresh(None, 0, deadline_boot_ns=daemon.clock.boot_ns())
        return [len(container.history) for container in daemon.containers()]

    assert sorted(daemon.run(late()).result(10)) == [1, 2]


def test_subscribers_get_fresh_samples_of_all_every_interval(daemon: Daemon) -> None:
    daemon.start(housekeeping=False)
    rounds: list[list[tuple[str, int]]] = []
    enough = threading.Event()

    def take(samples: Samples) -> None:
        rounds.append([(container.name, sample.boot_ns) for container, sample in samples])
        if len(rounds) == 3:
            enough.set()

    end = daemon.each_sweep(50 * MS, take)
    assert enough.wait(10)
    end()
    assert [[name for name, _ in one] for one in rounds[:3]] == [["/", "/a"]] * 3
    times = [dict(one)["/a"] for one in rounds[:3]]
    assert times == sorted(set(times)), "a fresh one each time"
