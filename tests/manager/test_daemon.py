"""The manager that lives on: discovery, housekeeping, shared sweeps."""

import threading
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from cadvcli.manager.daemon import Daemon, Samples
from cadvcli.manager.settings import Settings
from cadvcli.model.clock import SECOND
from cadvcli.model.events import CREATION, DELETION, Event, EventFilter
from cadvcli.model.identity import Identity
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


class Heard:
    """Collects events and lets a test wait for them."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._more = threading.Condition()

    def __call__(self, event: Event) -> None:
        with self._more:
            self.events.append(event)
            self._more.notify_all()

    def wait(self, event_type: str, name: str) -> Event:
        def found() -> Event | None:
            wanted = (e for e in self.events if (e.event_type, e.container_name) == (event_type, name))
            return next(wanted, None)

        with self._more:
            event = self._more.wait_for(found, 10)
            assert event, f"no {event_type} of {name}; heard {self.events}"
            return event


def test_containers_that_come_and_go_are_heard_of(machine: Machine, daemon: Daemon) -> None:
    heard = Heard()
    daemon.watch(heard)
    daemon.start()
    heard.wait(CREATION, "/a")
    machine.group("/b/c")
    heard.wait(CREATION, "/b/c")
    machine.remove("/b")
    heard.wait(DELETION, "/b/c")
    heard.wait(DELETION, "/b")
    assert {container.name for container in daemon.containers()} == {"/", "/a"}
    names = [(event.event_type, event.container_name) for event in heard.events]
    assert len(names) == len(set(names)), "each of them once"
    kept = daemon.events(EventFilter(most=100))
    assert len(kept) == len(names) - 1, "the root group was made longer ago than events are kept"


def test_an_engines_container_has_its_name_from_the_start(machine: Machine, daemon: Daemon) -> None:
    heard = Heard()
    daemon.watch(heard)
    daemon.start()
    machine.group("/engine/web")
    assert heard.wait(CREATION, "/engine/web").name == "web"
    assert daemon.by_alias("docker", "web").identity.runtime == "docker"


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


def test_what_an_engine_says_anew_of_a_container_is_taken_over_at_the_next_listing(machine: Machine) -> None:
    class Renaming(Engine):
        """Lists the container by another name than it was first described by."""

        def list(self) -> list[Identity]:
            identity = self.describe("web")
            assert identity is not None
            return [replace(identity, name="front", aliases=("front", "web"), health="healthy")]

    machine.group("/engine/web")
    settings = Settings(kinds=frozenset({"cpu"}), global_housekeeping_interval_ns=50 * MS)
    daemon = Daemon(machine.host, settings, (Renaming(), Plain()))
    daemon.start(housekeeping=False)

    def until_renamed() -> Generator[None, None, str]:
        while not daemon.registry.of("docker") or daemon.registry.of("docker")[0].identity.name != "front":
            yield
        return daemon.by_alias("docker", "front").name

    assert daemon.run(until_renamed()).result(10) == "/engine/web"
    sample = daemon.latest(daemon.container("/engine/web"))
    assert sample is not None
    assert sample.stats.health.status == "healthy"
    daemon.stop()
