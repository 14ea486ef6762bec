"""What an engine says of how a container ended."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace

from cadvcli.manager.container import Container
from cadvcli.manager.last_words import LastWords
from cadvcli.manager.manager import Manager
from cadvcli.manager.work import WorkThread
from cadvcli.model.clock import Clock
from cadvcli.model.identity import Identity
from tests.machines import Machine
from tests.manager.test_manager import Engine, Plain, manager_of


class Slow(Engine):
    """An engine that takes the container for running until it was asked often enough."""

    def __init__(self, asked_before: int, oom_killed: bool) -> None:
        super().__init__()
        self.left = asked_before
        self.oom_killed = oom_killed
        self.over = threading.Event()

    def describe(self, container_id: str, cgroup: str = "") -> Identity | None:
        found = super().describe(container_id, cgroup)
        assert found is not None
        if self.left:
            self.left -= 1
            return replace(found, state="running")
        self.over.set()
        return replace(found, state="exited", oom_killed=self.oom_killed)


class World:
    """A work thread, a pool, and containers of an engine."""

    def __init__(self, folder: Path) -> None:
        machine = Machine(folder)
        machine.group("/engine/web")
        self.manager: Manager = manager_of(machine, Engine(), Plain())
        self.manager.discover()
        self.pool = ThreadPoolExecutor(1)
        self.words: LastWords | None = None
        self.work = WorkThread(Clock(), lambda now_ns: self.words.tick(now_ns) if self.words else None)
        self.killed: list[Container] = []
        self.told = threading.Event()

    def ask(self, engine: Engine, name: str) -> None:
        def killed(container: Container) -> None:
            self.killed.append(container)
            self.told.set()

        self.words = LastWords((engine, Plain()), self.pool, self.work, killed)
        self.words.ask(self.manager.container(name))
        self.work.start()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.pool.shutdown()
    world.work.stop()
    world.manager.close()


@pytest.mark.parametrize("asked_before", [0, 2])
def test_an_engine_is_asked_until_it_knows_of_the_end(world: World, asked_before: int) -> None:
    world.ask(Slow(asked_before, oom_killed=True), "/engine/web")
    assert world.told.wait(10)
    assert [container.name for container in world.killed] == ["/engine/web"]


def test_another_end_is_none_of_it(world: World) -> None:
    engine = Slow(0, oom_killed=False)
    world.ask(engine, "/engine/web")
    assert engine.over.wait(10)
    assert world.killed == []


def test_a_plain_group_has_no_engine_to_be_asked(world: World) -> None:
    engine = Slow(0, oom_killed=True)
    world.ask(engine, "/")
    assert engine.asked == []
