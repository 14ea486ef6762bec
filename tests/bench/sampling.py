"""Sampling: our sweep beside a bare loop of the same system calls, on the same groups, in turn with it."""

import os
import time
from collections.abc import Iterator
from statistics import median

from cadvcli.host import PAGE, Host
from cadvcli.manager.container import Container
from cadvcli.manager.manager import Manager
from cadvcli.runtimes import runtimes_for
from tests.bench.table import Row
from tests.cgroups import Cgroups, why_not

COUNTS = (10, 100, 1000)
MOST = 1.6


def rows() -> Iterator[Row]:
    """For each count of groups: CPU time a sample and how many times the bare one that is."""
    if why_not() is not None:
        return
    for count in COUNTS:
        with Cgroups("/cadvcli-bench") as cgroups:
            for number in range(count):
                cgroups.make(f"c{number}")
            yield from sampled(count, cgroups.name)


def sampled(count: int, name: str) -> Iterator[Row]:
    """The figures of ``count`` groups below ``name``."""
    manager = Manager(Host(), runtimes=runtimes_for(Host()))
    manager.discover()
    containers = [one for one in manager.containers() if one.name.startswith(name + "/")]
    assert len(containers) == count
    rounds = max(15, 3000 // count)
    ours, bare = [], []
    for _ in range(2):
        sweep(manager, containers)
    # The same system calls, whoever makes them: one pread of what the sampler keeps open, and where its budget is
    # spent an open, a read and a close.
    descriptors = [fd for one in containers for fd in one._sampler._kept]
    paths = [manager.host.path(path) for one in containers for _, path in one._sampler._unkept]
    for _ in range(rounds):
        ours.append(sweep(manager, containers))
        bare.append(preads(descriptors) + opens(paths))
    manager.close()
    ratio = median(ours) / median(bare)
    files = f"{(len(descriptors) + len(paths)) / count:.0f} files each"
    if paths:
        files += f", {len(descriptors)} of {len(descriptors) + len(paths)} kept open"
    yield Row(f"{count} groups: a sample", median(ours) / count / 1e6 * 1000, "µs", None, files)
    yield Row(f"{count} groups: against the bare system calls", ratio, "x", MOST)


def sweep(manager: Manager, containers: list[Container]) -> int:
    """CPU nanoseconds of a sample of each, as the daemon takes it."""
    began = time.thread_time_ns()
    for container in containers:
        manager.take(container)
    return time.thread_time_ns() - began


def preads(descriptors: list[int]) -> int:
    """CPU nanoseconds of one read of each descriptor."""
    pread = os.pread
    began = time.thread_time_ns()
    for fd in descriptors:
        pread(fd, PAGE, 0)
    return time.thread_time_ns() - began


def opens(paths: list[str]) -> int:
    """CPU nanoseconds of opening, reading and closing each file."""
    began = time.thread_time_ns()
    for path in paths:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        os.read(fd, PAGE)
        os.close(fd)
    return time.thread_time_ns() - began
