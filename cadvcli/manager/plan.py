"""``Plan``: which sources the enabled kinds want, and how a Reading becomes a ``ContainerStats``.

Two steps, never one: housekeeping reads the sources; only when somebody asks do the collectors decode them.
"""

import logging
from collections.abc import Callable, Collection
from operator import itemgetter

from cadvcli.collectors import enabled
from cadvcli.collectors.source import Collector, Knobs, Raw, Source, unnamed
from cadvcli.errors import ParseError
from cadvcli.kernel.cgroup import Version
from cadvcli.manager.history import Slots
from cadvcli.model.stats import (
    ContainerStats,
    CpuCFS,
    CpuSchedstat,
    CPUSetStats,
    CpuStats,
    CpuUsage,
    DiskIoStats,
    Health,
    LoadStats,
    MemoryEvents,
    MemoryNumaStats,
    MemoryStats,
    MemoryStatsMemoryData,
    ProcessStats,
    PSIData,
    PSIStats,
    ResctrlStats,
)

log = logging.getLogger(__name__)

#: The CPU time stands first: the sample's time is taken right after it, since rates divide by that.
_FIRST = ("cpuacct.usage", "cpu.stat")


class Plan:
    """The sources and decoders of a set of kinds on one version of cgroups."""

    def __init__(
        self,
        kinds: Collection[str],
        version: Version,
        device_name: Callable[[int, int], str] = unnamed,
        knobs: Knobs | None = None,
    ) -> None:
        self.kinds = frozenset(kinds)
        self.collectors = enabled(kinds, device_name, knobs)
        wanted = {source.name: source for collector in self.collectors for source in _sources(collector, version)}
        self.sources: tuple[Source, ...] = tuple(
            sorted(wanted.values(), key=lambda source: (source.name not in _FIRST, not source.is_file))
        )
        slot = {source.name: index for index, source in enumerate(self.sources)}
        self._decoders = [
            (collector, _decoder(collector, version), _picker([slot[s.name] for s in _sources(collector, version)]))
            for collector in self.collectors
            if _sources(collector, version)
        ]
        #: Slots of which only a part counts as a change: index, and what weighs.
        self.weighed = tuple((i, source.weighs) for i, source in enumerate(self.sources) if source.weighs)
        self._malformed: dict[str, set[str]] = {}  #: the kinds of a group that this was said of

    def decode(self, slots: Slots, group: str, where: Callable[[str], str] = str) -> ContainerStats:
        """What a Reading means, without its time. A malformed file costs the kind it belongs to, and is said once.

        ``where`` tells the path of a source's file by its name, for what is said.
        """
        stats = self._empty()
        for collector, decode, pick in self._decoders:
            try:
                decode(pick(slots), stats)
            except ParseError as error:
                kinds = self._malformed.setdefault(group, set())
                if collector.kind not in kinds:
                    kinds.add(collector.kind)
                    said = ParseError(where(error.path), error.line, error.reason)
                    log.warning("%s: %s figures are incomplete: %s", group, collector.kind, said)
        return stats

    def forget(self, group: str) -> None:
        """The group is gone; of another with its name everything may be said anew."""
        self._malformed.pop(group, None)

    def changed(self, old: Slots, new: Slots) -> bool:
        """Whether anything happened between two sets of slots that are not the same."""
        for index, weighs in self.weighed:
            before, after = old[index], new[index]
            if before is not after and before is not None and after is not None and weighs(before) == weighs(after):
                new = (*new[:index], before, *new[index + 1 :])
        return old != new

    def _empty(self) -> ContainerStats:
        """The sections of the enabled kinds with nothing in them."""
        return ContainerStats(
            timestamp="",
            cpu=CpuStats(
                usage=CpuUsage(total=None, user=None, system=None), cfs=CpuCFS(), schedstat=CpuSchedstat(), psi=_psi()
            ),
            diskio=DiskIoStats(psi=_psi()) if "diskIO" in self.kinds else None,
            memory=MemoryStats(
                container_data=MemoryStatsMemoryData(numa_stats=MemoryNumaStats()),
                hierarchical_data=MemoryStatsMemoryData(numa_stats=MemoryNumaStats()),
                psi=_psi(),
                events=MemoryEvents(),
            ),
            task_stats=LoadStats(),
            processes=_processes() if self.kinds & {"process", "pids"} else None,
            resctrl=ResctrlStats(),
            cpuset=CPUSetStats(),
            health=Health(),
        )


def _psi() -> PSIStats:
    return PSIStats(full=PSIData(), some=PSIData())


def _processes() -> ProcessStats:
    return ProcessStats(process_count=None, fd_count=None, socket_count=None, threads_max=None)


def _sources(collector: Collector, version: Version) -> tuple[Source, ...]:
    return collector.v2 if version == 2 else collector.v1


def _decoder(collector: Collector, version: Version) -> Callable[[Raw, ContainerStats], None]:
    return collector.decode_v2 if version == 2 else collector.decode_v1


def _picker(indexes: list[int]) -> Callable[[Slots], Raw]:
    """A function that takes these slots out, in this order."""
    if len(indexes) == 1:
        (index,) = indexes
        return lambda slots: (slots[index],)
    pick: Callable[[Slots], Raw] = itemgetter(*indexes)
    return pick
