"""OOM kills: each counts once and is one event, by the container's name over its lives."""

import os
import threading
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from cadvcli.host import Host
from cadvcli.manager.daemon import Daemon
from cadvcli.manager.settings import Settings
from cadvcli.model.clock import SECOND
from cadvcli.model.events import CREATION, DELETION, OOM, OOM_KILL, Event, EventFilter, OomKillEventData
from cadvcli.model.identity import Identity
from cadvcli.runtimes import RuntimeSettings, runtimes_for
from tests.cgroups import Cgroups
from tests.dockerd import Dockerd
from tests.machines import V2_FILES, Machine
from tests.manager.test_arrivals import Heard
from tests.manager.test_manager import Engine, Plain

GROUP = "/engine/one"
SETTINGS = Settings(kinds=frozenset({"oom_event"}), housekeeping_interval_ns=3600 * SECOND)
LINE = (
    "6,339,5140900,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,mems_allowed=0,oom_memcg={group},"
    "task_memcg={group},task=tail,pid={pid},uid=0\n"
)
UNNAMED = OomKillEventData(pid=0, process_name="", constraint="CONSTRAINT_MEMCG")
NAMED = OomKillEventData(pid=7, process_name="tail", constraint="CONSTRAINT_MEMCG")


class Restarting(Engine):
    """An engine whose containers have other ids than names: each ``<id>`` below /engine is a life of ``web``."""

    def __init__(self) -> None:
        super().__init__()
        self.oom_killed = False

    def describe(self, container_id: str, cgroup: str = "") -> Identity | None:
        found = Identity(runtime="docker", namespace="docker", name="web", id=container_id, aliases=("web",))
        return replace(found, oom_killed=self.oom_killed, state="exited")


class World:
    """A machine with a parent group and an engine's containers below it, whose counts a test raises."""

    def __init__(self, folder: Path) -> None:
        self.machine = Machine(folder)
        self.machine.write("/proc/vmstat", "oom_kill 3\n")
        (self.machine.root / "dev").mkdir()
        os.mkfifo(self.machine.root / "dev/kmsg")
        self.log = os.open(self.machine.root / "dev/kmsg", os.O_RDWR)
        self.killed("/engine", 0)
        self.killed(GROUP, 0)
        self.engine = Restarting()
        self.daemon = Daemon(self.machine.host, SETTINGS, (self.engine, Plain()))
        self.heard = Heard()
        self.daemon.watch(self.heard)

    def killed(self, group: str, count: int) -> None:
        """What the kernel's count of a group is from now on."""
        files = {**V2_FILES, "memory.events": f"oom_kill {count}\n", "memory.events.local": f"oom_kill {count}\n"}
        if group == "/engine":
            files["memory.events.local"] = "oom_kill 0\n"
        self.machine.group(group, files)

    def tell(self, group: str, pid: int = 7) -> None:
        """A line in the kernel's log."""
        os.write(self.log, LINE.format(group=group, pid=pid).encode())

    def count(self, group: str) -> int | None:
        """The container's count in a sample of now."""

        def job() -> Generator[None, None, int | None]:
            yield from self.daemon.refresh({group}, 0)
            sample = self.daemon.latest(self.daemon.container(group))
            return sample.stats.oom_events if sample else None

        return self.daemon.run(job()).result(10)

    def kills(self) -> list[Event]:
        """The events of kills until now."""
        return [event for event in self.heard.events if event.event_type in (OOM, OOM_KILL)]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    world.daemon.start()
    world.heard.wait(CREATION, GROUP)
    yield world
    world.daemon.stop()
    os.close(world.log)


def again(world: World) -> int | None:
    """The container starts again in another group; its count there."""
    world.killed("/engine/two", 0)
    world.heard.wait(CREATION, "/engine/two")
    return world.count("/engine/two")


def test_a_count_is_there_from_the_first_sample(world: World) -> None:
    assert world.count(GROUP) == 0
    assert world.kills() == []


def test_each_kill_is_two_events_in_the_group_where_it_happened(world: World) -> None:
    world.count(GROUP)
    world.killed(GROUP, 2)
    world.killed("/engine", 2)
    assert world.count(GROUP) == 2
    world.count("/engine")
    told = [(event.container_name, event.event_type) for event in world.kills()]
    assert told == [(GROUP, OOM), (GROUP, OOM_KILL)] * 2
    assert {event.data.oom for event in world.kills()} == {None, UNNAMED}
    assert world.daemon.events(EventFilter(types=(OOM_KILL,))) == world.kills()[1::2]


def test_the_log_names_the_process_and_the_count_adds_no_event(world: World) -> None:
    world.count(GROUP)
    world.tell(GROUP)
    assert world.heard.wait(OOM_KILL, GROUP).data.oom == NAMED
    world.killed(GROUP, 1)
    assert world.count(GROUP) == 1
    assert len(world.kills()) == 2


def test_a_log_that_comes_after_the_count_adds_no_event(world: World) -> None:
    world.count(GROUP)
    world.killed(GROUP, 1)
    world.count(GROUP)
    world.tell(GROUP)
    world.tell("/engine", 8)
    world.heard.wait(OOM_KILL, "/engine")
    assert [event.data.oom for event in world.kills()] == [None, UNNAMED, None, replace(NAMED, pid=8)]


def test_a_group_that_is_not_known_is_told_of_where_it_lies(world: World) -> None:
    world.tell(GROUP + "/below")
    assert world.heard.wait(OOM_KILL, GROUP).data.oom == NAMED


def test_a_kill_that_ends_the_group_is_missed_by_its_parent(world: World) -> None:
    assert world.count(GROUP) == 0
    world.killed("/engine", 1)
    world.machine.remove(GROUP)
    world.heard.wait(DELETION, GROUP)
    assert [event.data.oom for event in world.kills()] == [None, UNNAMED]
    assert again(world) == 1


def test_nothing_is_missing_for_a_kill_that_was_seen(world: World) -> None:
    world.killed(GROUP, 1)
    world.killed("/engine", 1)
    assert world.count(GROUP) == 1
    world.engine.oom_killed = True
    world.machine.remove(GROUP)
    world.heard.wait(DELETION, GROUP)
    assert again(world) == 1
    assert len(world.kills()) == 2


def test_the_log_tells_of_the_last_kill_where_the_parent_does_not(world: World) -> None:
    world.count(GROUP)
    world.tell(GROUP)
    world.heard.wait(OOM_KILL, GROUP)
    world.machine.remove(GROUP)
    world.heard.wait(DELETION, GROUP)
    assert again(world) == 1
    assert len(world.kills()) == 2


def test_the_engine_tells_of_the_last_kill_where_nothing_else_does(world: World) -> None:
    world.count(GROUP)
    world.engine.oom_killed = True
    world.machine.remove(GROUP)
    world.heard.wait(OOM_KILL, GROUP)
    assert again(world) == 1
    world.machine.remove("/engine/two")
    world.heard.wait(DELETION, "/engine/two")
    assert len([event for event in world.kills() if event.container_name == GROUP]) == 2


def test_of_two_that_end_at_once_neither_is_given_what_is_missing(world: World) -> None:
    world.killed("/engine/other", 0)
    world.heard.wait(CREATION, "/engine/other")
    world.count("/engine/other")
    world.count(GROUP)
    held = threading.Event()

    def job() -> Generator[None, None, None]:
        held.wait(10)
        yield

    blocked = world.daemon.run(job())
    world.killed("/engine", 1)
    world.machine.remove(GROUP)
    world.machine.remove("/engine/other")
    held.set()
    blocked.result(10)
    for name in (GROUP, "/engine/other"):
        world.heard.wait(DELETION, name)
    assert world.kills() == []
    assert again(world) == 0


def test_a_group_made_again_under_its_path_counts_on(world: World) -> None:
    world.killed(GROUP, 2)
    world.killed("/engine", 2)
    assert world.count(GROUP) == 2
    world.killed(GROUP, 0)
    assert world.count(GROUP) == 2
    world.killed(GROUP, 1)
    assert world.count(GROUP) == 3


def test_kills_from_before_are_counted_and_are_no_news(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.killed(GROUP, 5)
    world.daemon.start()
    assert world.count(GROUP) == 5
    assert world.kills() == []
    world.daemon.stop()
    os.close(world.log)


@pytest.fixture
def real() -> Iterator[Daemon]:
    host = Host()
    daemon = Daemon(host, Settings(kinds=frozenset({"oom_event"})), runtimes_for(host))
    daemon.start()
    yield daemon
    daemon.stop()


#: A shell whose child takes all the memory there is.
GREEDY = "tail /dev/zero; exec sleep 100"


@pytest.mark.real
def test_a_process_that_the_kernel_kills_is_an_event_with_its_name(cgroups: Cgroups, real: Daemon) -> None:
    heard = Heard()
    real.watch(heard)
    group = cgroups.make("small")
    group.write("memory.max" if real.hierarchies.version == 2 else "memory.limit_in_bytes", 16 << 20)
    heard.wait(CREATION, group.name)
    child = group.run("sh", "-c", GREEDY)
    try:
        killed = heard.wait(OOM_KILL, group.name).data.oom
        assert killed is not None
        assert killed.constraint == "CONSTRAINT_MEMCG"
        assert (killed.process_name, killed.pid > 0) in {("tail", True), ("", False)}

        def job() -> Generator[None, None, int | None]:
            yield from real.refresh({group.name}, 0)
            sample = real.latest(real.container(group.name))
            return sample.stats.oom_events if sample else None

        assert real.run(job()).result(10) == 1
        assert len([event for event in heard.events if event.event_type == OOM_KILL]) == 1
    finally:
        child.kill()
        child.wait()


@pytest.mark.real
def test_a_container_that_dies_of_it_keeps_its_count_when_it_starts_again(docker: Dockerd) -> None:
    host = Host()
    runtimes = runtimes_for(host, RuntimeSettings(docker=docker.endpoint, docker_root=docker.root))
    daemon = Daemon(host, SETTINGS, runtimes)
    heard = Heard()
    daemon.watch(heard)
    daemon.start()
    try:
        once = "test -e /done && exec sleep 100; touch /done; exec tail /dev/zero"
        made = docker.run("greedy", cmd=["sh", "-c", once], memory="16m")
        group = f"/docker/{made}"
        heard.wait(OOM_KILL, group)
        heard.wait(DELETION, group)
        assert docker.wait(made) == 137
        heard.events.clear()
        docker.start(made)
        heard.wait(CREATION, group)

        def job() -> Generator[None, None, int | None]:
            yield from daemon.refresh({group}, 0)
            sample = daemon.latest(daemon.container(group))
            return sample.stats.oom_events if sample else None

        assert daemon.run(job()).result(10) == 1
    finally:
        daemon.stop()
