"""From the manager's samples to a driver's records."""

import os
from collections.abc import Collection, Sequence

from cadvcli.errors import DriverError, HostError
from cadvcli.host import Host
from cadvcli.kernel.meminfo import read_meminfo
from cadvcli.machine.identity import read_identity
from cadvcli.manager.container import Container
from cadvcli.manager.manager import Manager
from cadvcli.manager.select import select
from cadvcli.model.container import ContainerSpec
from cadvcli.model.sample import Sample
from cadvcli.storage import Driver, Record
from cadvcli.storage.sender import batches, deliver

Samples = Sequence[tuple[Container, Sample]]


class Feed:
    """Makes records of samples for one driver. ``words`` name the containers wanted, none means all."""

    def __init__(self, host: Host, words: Collection[str] = (), machine: str | None = None) -> None:
        self.machine = machine or read_identity(host).hostname or os.uname().nodename
        self.rich = False
        self.missing: list[str] = []  #: a line for each word that meant nothing the last time
        self._host = host
        self._words = words
        self._memory_bytes = (read_meminfo(host) or {}).get("MemTotal")
        self._last: dict[str, Sample] = {}

    def records(self, manager: Manager, samples: Samples) -> list[Record]:
        """A record of each sample that is wanted and was not made into one before."""
        if self._words:
            selection = select(self._words, [container for container, _ in samples], self._host)
            self.missing = selection.missing
            wanted = {container.name for container in selection.found}
            samples = [pair for pair in samples if pair[0].name in wanted]
        last, self._last = self._last, {container.name: sample for container, sample in samples}
        return [
            self._record(manager, container, sample, last.get(container.name))
            for container, sample in samples
            if container.name not in last or last[container.name].boot_ns != sample.boot_ns
        ]

    def _record(self, manager: Manager, container: Container, sample: Sample, previous: Sample | None) -> Record:
        return Record(
            machine=self.machine,
            cgroup=container.name,
            identity=container.identity,
            sample=sample,
            previous=previous if self.rich else None,
            spec=_spec(manager, container) if self.rich else None,
            machine_memory_bytes=self._memory_bytes,
        )


def latest(manager: Manager) -> list[tuple[Container, Sample]]:
    """The newest sample of each container that has one."""
    found = ((container, manager.latest(container)) for container in manager.containers())
    return [(container, sample) for container, sample in found if sample is not None]


def send_all(driver: Driver, encoded: Sequence[bytes]) -> None:
    """Deliver encoded records in one try. DriverError unless the backend accepts each of them."""
    accepted = 0
    rejected: list[str] = []
    for batch in batches(encoded, driver.batch_bytes):
        outcome = deliver(driver, batch)
        rejected += outcome.rejected.values()
        accepted += len(batch) - len(outcome.rejected) - len(outcome.retry)
        if outcome.retry:
            left = len(encoded) - accepted - len(rejected)
            raise DriverError(f"{driver.where}: {outcome.reason}; {left} of {len(encoded)} samples not sent")
    if rejected:
        raise DriverError(f"{driver.where}: {len(rejected)} of {len(encoded)} samples refused: {rejected[0]}")


def _spec(manager: Manager, container: Container) -> ContainerSpec | None:
    """The container's limits; None where this user may not read them."""
    try:
        return manager.spec(container)
    except HostError:
        return None
