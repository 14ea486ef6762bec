"""Containers that come, go, and are told of anew."""

import threading
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from cadvcli.manager.daemon import Daemon
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
