"""Storage drivers, one file each: where samples go. The folder is the registry: a module with ``open_driver`` is one.

A driver turns a record into bytes, a pure function, and sends batches of these. Waiting, retrying, bounding and
counting is not its business but that of ``sender``.
"""

import pkgutil
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any, Protocol

from msgspec import Struct

from cadvcli.errors import unknown
from cadvcli.model.container import ContainerSpec
from cadvcli.model.identity import Identity
from cadvcli.model.sample import Sample


class Record(Struct, frozen=True, kw_only=True):
    """One sample of one container, with all that a driver may want to say of it."""

    machine: str  #: host name
    cgroup: str
    identity: Identity
    sample: Sample
    previous: Sample | None = None  #: the sample before it; like the spec for drivers that are ``rich``
    spec: ContainerSpec | None = None
    machine_memory_bytes: int | None = None

    @property
    def container_name(self) -> str:
        """The name that cAdvisor's drivers give it: the first alias, else the cgroup's path."""
        return self.identity.aliases[0] if self.identity.aliases else self.cgroup


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of a batch. The records whose positions stand nowhere here were accepted: the backend has them."""

    retry: Sequence[int] = ()  #: positions of those to send again later, for this ``reason``
    rejected: Mapping[int, str] = {}  #: positions of those that the backend will never take, and why
    reason: str = ""
    after_ns: int | None = None  #: how long the backend asked us to wait
    split: bool = False  #: whether the backend judged the batch as a whole, so that parts of it may fare better


ACCEPTED = Outcome()


def later(batch: Sequence[bytes], reason: str, after_ns: int | None = None) -> Outcome:
    """The outcome of a batch that could not be delivered now."""
    return Outcome(retry=range(len(batch)), reason=reason, after_ns=after_ns)


def refused(batch: Sequence[bytes], reason: str) -> Outcome:
    """The outcome of a batch that the backend refused as a whole."""
    return Outcome(rejected=dict.fromkeys(range(len(batch)), reason), split=len(batch) > 1)


class Driver(Protocol):
    """A way to one backend."""

    where: str  #: the backend for a person, without secrets: ``influxdb http://localhost:8086, database cadvisor``
    rich: bool  #: whether its records say more than the sample: limits, and rates since the sample before
    batch_bytes: int  #: how much one ``send`` takes at most; a longer single record goes alone

    def encode(self, record: Record) -> bytes:
        """The record as the backend wants it; b"" if there is nothing to say. Pure, so that it can be kept."""
        ...

    def send(self, batch: Sequence[bytes]) -> Outcome:
        """Deliver encoded records, which may take until the driver's time-out. Called by one thread at a time.

        Raises BrokenPipeError only where whoever reads has left for good; every other failure is an Outcome.
        """
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


def drivers() -> dict[str, ModuleType]:
    """The modules of all drivers by name."""
    modules = {found.name: import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)}
    return {name: module for name, module in modules.items() if hasattr(module, "open_driver")}


def check_driver(name: str) -> None:
    """UsageError for a name that no driver has, with the nearest right one."""
    modules = drivers()
    if name not in modules:
        raise unknown("storage driver", name, modules)


def open_driver(name: str, options: Mapping[str, Any], machine: str) -> Driver:
    """The driver of that name; nothing is contacted yet. UsageError for an unknown one and for options that clash."""
    check_driver(name)
    driver: Driver = drivers()[name].open_driver(options, machine)
    return driver
