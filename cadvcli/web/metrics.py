"""/metrics: a page of the Prometheus text format, fresh at each scrape and so without timestamps.

Asking without ``max_age`` means at most a second old. The work thread samples, decodes and renders, a family at a time.
"""

from collections.abc import Generator
from typing import Any, NamedTuple

from cadvcli import __version__
from cadvcli.manager.container import Container
from cadvcli.model.clock import SECOND
from cadvcli.model.container import ContainerSpec
from cadvcli.model.machine import MachineInfo
from cadvcli.model.sample import Sample
from cadvcli.model.stats import ContainerStats
from cadvcli.prometheus import CONTENT_TYPE, Block, Family, Metric, block, header, lines
from cadvcli.web import families
from cadvcli.web.answer import Answer, Scope, pieced, refusal
from cadvcli.web.labels import Labels
from cadvcli.web.query import NAME, BadOption, Options, parse_options
from cadvcli.web.site import Endpoint, Site

MAX_AGE_NS = SECOND


class Subjects(NamedTuple):
    """Who the families of a page are asked of, and the labels of each."""

    blocks: list[Block]
    of: list[Any]


class Gathered(NamedTuple):
    """The containers of a page with their newest samples."""

    containers: list[Container]
    samples: list[Sample]
    specs: list[ContainerSpec]


class Metrics(Endpoint):
    """The page, and what the last one leaves for the next."""

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        self._labels: dict[str, Labels] = {}
        kinds = [family for collector in site.manager.plan.collectors for family in collector.families]
        # Two kinds may fill one family, as pids and process do: it stands on the page once.
        found: dict[str, tuple[Metric[Any], str]] = {family.name: (family, "stats") for family in kinds}
        for what in ("sample", "spec", "machine", "page"):
            found.update({metric.name: (metric, what) for metric in getattr(families, what.upper())})
        if "cpu_topology" in site.manager.plan.kinds:
            from cadvcli.web.topology import TOPOLOGY

            found.update({metric.name: (metric, "machine") for metric in TOPOLOGY})
        self._families: list[tuple[Metric[Any], str]] = [found[name] for name in sorted(found)]

    async def answer(self, scope: Scope, receive: Any) -> Answer:
        """The page that a request asks for."""
        try:
            options = parse_options(scope["query_string"])
        except BadOption as error:
            return refusal(f"No metrics gathered, last error:\n\n{error}")
        machine = await self.site.machine.info()
        job = self._page(options, machine, self.site.deadline_ns(scope))
        return Answer(pieces=await self.site.run(job), content_type=CONTENT_TYPE.encode())

    def _page(
        self, options: Options, machine: MachineInfo | None, deadline_ns: int
    ) -> Generator[None, None, list[bytes]]:
        manager = self.site.manager
        names = None if options.type == NAME else {one.name for one in manager.registry.of(options.type)}
        max_age_ns = MAX_AGE_NS if options.max_age_ns is None else options.max_age_ns
        yield from manager.refresh(names, max_age_ns, deadline_ns)
        selected = manager.containers() if names is None else manager.registry.of(options.type)
        gathered = yield from self._gather(list(selected), machine)
        blocks = self._labels.setdefault(options.type, Labels()).blocks(gathered.containers)
        stats: list[ContainerStats] = [sample.stats for sample in gathered.samples]
        page = self._about(names is None and not gathered.containers, machine is None)
        subjects = {
            "stats": Subjects(blocks, stats),
            "sample": Subjects(blocks, gathered.samples),
            "spec": Subjects(blocks, gathered.specs),
            "machine": Subjects([block(families.machine_labels(machine))], [machine]) if machine else Subjects([], []),
            "page": Subjects([block({})], [page]),
        }
        parts = []
        for metric, what in self._families:
            found = _lines(metric, subjects[what], gathered.specs)
            if found:
                parts.append((header(metric) + "".join(found)).encode())
            yield
        return (yield from pieced(parts))

    def _gather(
        self, containers: list[Container], machine: MachineInfo | None
    ) -> Generator[None, None, Gathered]:
        """The newest sample and the spec of each; one without a sample is left out."""
        manager, capacity = self.site.manager, machine.memory_capacity if machine else 0
        gathered = Gathered([], [], [])
        for container in containers:
            sample = manager.latest(container)
            if sample is None:
                continue
            gathered.containers.append(container)
            gathered.samples.append(sample)
            gathered.specs.append(families.with_machine_limit(manager.spec(container), capacity))
            yield
        return gathered

    def _about(self, container_error: bool, machine_error: bool) -> families.Page:
        identity = self.site.machine.identity
        return families.Page(
            version=__version__,
            kernel_version=identity.kernel_version,
            os_version=identity.os_version,
            container_error=container_error,
            machine_error=machine_error,
        )


def _lines(metric: Metric[Any], subjects: Subjects, specs: list[ContainerSpec]) -> list[str]:
    """The family's lines; ``specs`` are those of the subjects where these are containers."""
    when = metric.when if isinstance(metric, Family) else None
    if when is None:
        return lines(metric, subjects.of, subjects.blocks)
    chosen = [index for index, spec in enumerate(specs) if when(spec)]
    return lines(metric, [subjects.of[i] for i in chosen], [subjects.blocks[i] for i in chosen])
