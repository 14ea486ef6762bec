"""/api/v1.0 to v1.3: the machine, and containers with their samples. Each version has what the one before it had.

A request refreshes the containers it names that are older than the base interval.
"""

from collections.abc import Callable, Generator, Iterable
from typing import TypeAlias

from cadvcli.manager.container import Container
from cadvcli.model.clock import rfc3339
from cadvcli.model.container import ContainerInfo, ContainerReference
from cadvcli.model.stats import Health
from cadvcli.web.body import BadBody, ContainerInfoRequest, parse_body
from cadvcli.web.families import with_machine_limit
from cadvcli.web.go import encode, quoted
from cadvcli.web.request import NO_SAMPLE, Refused, Request, below, by_alias, by_name
from cadvcli.web.wire import v1_sample

Parts: TypeAlias = list[bytes]
Job: TypeAlias = Generator[None, None, Parts]
Handler: TypeAlias = Callable[[Request], Job]


def machine(request: Request) -> Job:
    """The machine's facts; arguments and body are ignored."""
    if request.machine is None:
        raise Refused("the machine's facts can't be read")
    yield
    return [encode(request.machine)]


def containers(request: Request) -> Job:
    """One container by its canonical name."""
    wanted = _wanted(request)
    try:
        container = by_name(request.site, request.name)
        yield from _refreshed(request, [container])
        return (yield from info(request, container, wanted, children(request)))
    except Refused as error:
        raise Refused(f"failed to get container {quoted(request.name)} with error: {error}") from None


def subcontainers(request: Request) -> Job:
    """A container and all below it, as an array; those without samples are left out."""
    wanted = _wanted(request)
    found = below(request.site, request.name)
    if not found:
        name = quoted(request.name)
        raise Refused(f"failed to get subcontainers for container {name} with error: no containers found")
    yield from _refreshed(request, found)
    infos = yield from _infos(request, found, wanted)
    return [b"[", *_joined(parts for _, parts in infos), b"]"]


def docker(request: Request) -> Job:
    """All of Docker's containers, or one by name or id, as a map by canonical name."""
    return (yield from of_engine(request, "docker", "Docker"))


def of_engine(request: Request, namespace: str, engine: str) -> Job:
    """What ``docker`` answers, for any engine."""
    wanted = _wanted(request)
    if len(request.args) > 1:
        raise Refused(f"unknown request for {engine} container [{' '.join(request.args)}]")
    alias = request.args[0] if request.args else ""
    if alias:
        try:
            found = [by_alias(request.site, namespace, alias)]
            yield from _refreshed(request, found)
            if found[0].history.newest is None:
                raise Refused(NO_SAMPLE)
        except Refused as error:
            raise Refused(f"failed to get {engine} container {quoted(alias)} with error: {error}") from None
    else:
        found = request.site.manager.registry.of(namespace)
        yield from _refreshed(request, found)
    infos = yield from _infos(request, found, wanted)
    return [b"{", *_joined([encode(name) + b":", *parts] for name, parts in infos), b"}"]


#: Request types by the version that brought them.
REQUESTS: dict[str, dict[str, Handler]] = {
    "v1.0": {"containers": containers, "machine": machine},
    "v1.1": {"subcontainers": subcontainers},
    "v1.2": {"docker": docker},
    "v1.3": {},
}


def info(
    request: Request, container: Container, wanted: ContainerInfoRequest, inside: dict[str, list[str]]
) -> Job:
    """One ContainerInfo. Refused if the container has no sample at all."""
    manager = request.site.manager
    if container.history.newest is None:
        raise Refused(NO_SAMPLE)
    identity = container.identity
    shell = encode(
        ContainerInfo(
            id=identity.id or "",
            name=container.name,
            aliases=list(identity.aliases),
            namespace=identity.namespace,
            subcontainers=[ContainerReference(name=name) for name in inside.get(container.name, ())],
            spec=with_machine_limit(manager.spec(container), request.capacity_bytes),
        )
    )
    health = b'"health":' + encode(Health(status=identity.health or ""))
    parts = [shell[:-1], b',"stats":[']
    readings = container.history.readings(wanted.num_stats, wanted.start_ns, wanted.end_ns)
    for reading, sections in request.site.samples.of(container, readings):
        parts += (v1_sample(rfc3339(reading.wall_ns), health, sections), b",")
        yield
    if len(parts) == 2:
        return [shell]
    parts[-1] = b"]}"
    return parts


def children(request: Request) -> dict[str, list[str]]:
    """The names of the groups directly in each plain group; an engine's container shows none."""
    inside: dict[str, list[str]] = {}
    registry = request.site.manager.registry
    for container in registry:
        parent = container.name.rpartition("/")[0] or "/"
        owner = registry.get(parent)
        if container.name != "/" and owner is not None and not owner.identity.namespace:
            inside.setdefault(parent, []).append(container.name)
    return inside


def _wanted(request: Request) -> ContainerInfoRequest:
    try:
        wanted = parse_body(request.body)
    except BadBody as error:
        raise Refused(str(error)) from None
    if wanted.num_stats < -1:
        # cAdvisor panics here; these are its words for the same mistake in v2.
        raise Refused(f"invalid 'num_stats' option: only -1 and larger values allowed, not {wanted.num_stats}")
    return wanted


def _refreshed(request: Request, found: Iterable[Container]) -> Generator[None, None, None]:
    manager = request.site.manager
    max_age_ns = manager.settings.housekeeping_interval_ns
    yield from manager.refresh({container.name for container in found}, max_age_ns, request.deadline_ns)


def _infos(
    request: Request, found: Iterable[Container], wanted: ContainerInfoRequest
) -> Generator[None, None, list[tuple[str, Parts]]]:
    """The ContainerInfo of each that has samples, by name."""
    inside = children(request)
    infos = []
    for container in found:
        if container.history.newest is not None:
            infos.append((container.name, (yield from info(request, container, wanted, inside))))
        yield
    return infos


def _joined(infos: Iterable[Parts]) -> Parts:
    """The parts of all with a comma between each two."""
    parts: Parts = []
    for found in infos:
        if parts:
            parts.append(b",")
        parts += found
    return parts
