"""The recorded machines, served."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from cadvcli.manager.settings import Settings
from cadvcli.manager.walker import Walker
from tests.fakes import walker as fake_walker
from tests.fakes.docker import FakeDocker
from tests.machines import Machine
from tests.recorded import Recording
from tests.web.served import Hand, Served, served

#: What cAdvisor had on when the machines were recorded, as far as we have it.
DEFAULT_KINDS = frozenset({"cpu", "percpu", "memory", "disk", "diskIO", "network", "pressure"})


def walker_of(machine: Recording, folder: Path) -> Walker:
    """A directory walker that knows what really lay below the layers and in the containers' own folders."""
    device = machine.answer("statvfs.json")["/"]["dev"]
    known = {}
    for container, found in machine.answer("layer_usage.json").items():
        if "container_dir_usage" not in found:
            continue  # another engine's
        for path, used in (
            (found["upper"], found["upper_usage"]),
            (f"/var/lib/docker/containers/{container}", found["container_dir_usage"]),
        ):
            known[machine.host().path(path)] = (used["bytes"], used["inodes"], device)
    answers = folder / f"walker-{machine.name}.json"
    answers.write_text(json.dumps(known))
    return Walker((fake_walker.__file__, str(answers)))


def measured(running: Served) -> Served:
    """The same, once all of its file systems were measured and that is what a new sample says."""
    daemon = running.site.manager
    wanted = [one for one in daemon.containers() if one.name == "/" or one.identity.layer]
    end = time.monotonic() + 60
    while not all(one.findings for one in wanted):
        assert time.monotonic() < end
        time.sleep(0.005)
    return running


@pytest.fixture(scope="session")
def serving(
    recording: Callable[[str], Recording], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Served]]:
    """Gives the server of a recorded machine by name, with its Docker daemon behind it; started once."""
    with ExitStack() as stack:
        running: dict[str, Served] = {}

        def find(name: str) -> Served:
            if name not in running:
                machine = recording(name)
                docker = FakeDocker.of(machine)
                docker.start()
                stack.callback(docker.stop)
                settings = Settings(kinds=DEFAULT_KINDS)
                walker = partial(walker_of, machine, tmp_path_factory.getbasetemp())
                running[name] = measured(
                    stack.enter_context(served(machine.host(), docker.endpoint, settings, walker=walker))
                )
            return running[name]

        yield find


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A small cgroup v2 machine with a group and two in it."""
    machine = Machine(tmp_path)
    for name in ("/a", "/a/b", "/ab"):
        machine.group(name)
    return machine


@pytest.fixture
def clock() -> Hand:
    """Clocks that a test moves by hand."""
    return Hand()


@pytest.fixture
def site(machine: Machine, clock: Hand) -> Iterator[Served]:
    """The server of the small machine, on the clock of the test."""
    with served(machine.host, settings=Settings(kinds=frozenset({"cpu", "memory"})), clock=clock) as running:
        yield running
