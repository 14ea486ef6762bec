"""The recorded machines, served."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from cadvcli.manager.settings import Settings
from tests.fakes.docker import FakeDocker
from tests.machines import Machine
from tests.recorded import Recording
from tests.web.served import Hand, Served, served

#: What cAdvisor had on when the machines were recorded, as far as we have it.
DEFAULT_KINDS = frozenset({"cpu", "percpu", "memory", "diskIO", "network", "pressure"})


@pytest.fixture(scope="session")
def serving(recording: Callable[[str], Recording]) -> Iterator[Callable[[str], Served]]:
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
                running[name] = stack.enter_context(served(machine.host(), docker.endpoint, settings))
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
