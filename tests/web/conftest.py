"""The recorded machines, served."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from cadvcli.manager.settings import Settings
from tests.fakes.docker import FakeDocker
from tests.recorded import Recording
from tests.web.served import Served, served

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
