"""/api/v2.0 and v2.1: the machine, and specs and samples as maps by canonical name.

Without ``max_age`` the samples are those that are there; with it, those that are older are taken anew.
"""

from collections.abc import Callable, Generator
from typing import TypeAlias

from cadvcli.manager.container import Container
from cadvcli.model.clock import rfc3339
from cadvcli.model.container import ContainerSpec
from cadvcli.model.v2 import CpuInstStats, cpu_inst, spec_from_v1
from cadvcli.web.api_v1 import Handler, Job, Parts, machine
from cadvcli.web.families import with_machine_limit
from cadvcli.web.go import encode, quoted
from cadvcli.web.query import NAME
from cadvcli.web.request import NO_SAMPLE, Refused, Request, below, by_alias, by_name
from cadvcli.web.wire import Sections, v2_sample
from cadvcli.web.wire_v2_0 import v2_0_sample

#: How a version writes a sample.
Written: TypeAlias = Callable[[str, ContainerSpec, Sections, CpuInstStats | None], bytes]


def spec(request: Request) -> Job:
    """The specs of the containers asked for."""
    found = yield from _selected(request)
    troubles = [f"[{quoted(c.name)}: RecentStats: {NO_SAMPLE}]" for c in found if c.history.newest is None]
    if troubles:
        raise Refused("partial failures: " + ", ".join(troubles))
    parts = []
    for container in found:
        parts.append(encode(container.name) + b":" + _spec(request, container)[1])
        yield
    return [b"{", b",".join(parts), b"}"]


def stats(request: Request) -> Job:
    """Spec and samples of the containers asked for. The root group is never among them, nor is one without samples."""
    found = yield from _selected(request)
    parts: Parts = []
    for container in found:
        if container.name != "/" and container.history.newest is not None:
            spec, written = _spec(request, container)
            samples = yield from _samples(request, container, spec, v2_sample)
            parts += (b"," if parts else b"{", encode(container.name), b':{"spec":', written)
            parts += [b',"stats":[', *samples, b"]}"] if samples else [b"}"]
    return [*parts, b"}"] if parts else [b"{}"]


def stats_v2_0(request: Request) -> Job:
    """The samples of the containers asked for, the root group too, in v2.0's form."""
    found = yield from _selected(request)
    parts: Parts = []
    for container in found:
        if container.history.newest is not None:
            spec, _ = _spec(request, container)
            samples = yield from _samples(request, container, spec, v2_0_sample)
            parts += [b"," if parts else b"{", encode(container.name), b":[", *samples, b"]"]
    return [*parts, b"}"] if parts else [b"{}"]


#: Request types by version.
REQUESTS: dict[str, dict[str, Handler]] = {
    "v2.0": {"machine": machine, "spec": spec, "stats": stats_v2_0},
    "v2.1": {"machine": machine, "spec": spec, "stats": stats},
}


def _selected(request: Request) -> Generator[None, None, list[Container]]:
    """The containers that path and options name, as fresh as they have to be."""
    found = sorted(_named(request), key=lambda container: container.name)
    max_age_ns = request.options.max_age_ns
    if max_age_ns is not None:
        names = {container.name for container in found}
        yield from request.site.manager.refresh(names, max_age_ns, request.deadline_ns)
    return found


def _named(request: Request) -> list[Container]:
    site, options, name = request.site, request.options, request.name
    if options.type == NAME:
        if not options.recursive:
            return [by_name(site, name)]
        found = below(site, name)
        if not found:
            raise Refused(f"unknown container: {quoted(name)}")
        return found
    if not options.recursive:
        return [by_alias(site, options.type, name.removeprefix("/"))]
    if name != "/":
        raise Refused(f"invalid request for {options.type} container {quoted(name)} with subcontainers")
    return site.manager.registry.of(options.type)


def _spec(request: Request, container: Container) -> tuple[ContainerSpec, bytes]:
    """The container's spec, and its form on v2's wire."""
    identity = container.identity
    found = with_machine_limit(request.site.manager.spec(container), request.capacity_bytes)
    return found, encode(spec_from_v1(found, list(identity.aliases), identity.namespace))


def _samples(request: Request, container: Container, spec: ContainerSpec, written: Written) -> Job:
    """The newest samples with commas between them; each but the first with the rates since the one before."""
    parts: Parts = []
    before = None
    for reading, sections in request.site.samples.of(container, container.history.readings(request.options.count)):
        inst = None
        if before is not None:
            earlier, usage = before
            inst = cpu_inst(usage, sections.usage, reading.boot_ns - earlier)
            parts.append(b",")
        before = (reading.boot_ns, sections.usage)
        parts.append(written(rfc3339(reading.wall_ns), spec, sections, inst))
        yield
    return parts
