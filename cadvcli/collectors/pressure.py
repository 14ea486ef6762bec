"""Kind ``pressure``: time lost waiting for CPU, memory and I/O.

Reads {cpu,memory,io}.pressure of cgroup v2, on a hybrid host those of its v2 tree. Microseconds in the API, as
cAdvisor has it; seconds on /metrics. A kernel without PSI (before 4.20, or psi=0) gives nothing, and nothing is
reported. https://docs.kernel.org/accounting/psi.html
"""

from collections.abc import Callable

from cadvcli.collectors.source import Collector, Raw, Source
from cadvcli.kernel.cgroup import UNIFIED
from cadvcli.kernel.pressure import Stall, parse_pressure, totals
from cadvcli.model import Count
from cadvcli.model.stats import ContainerStats, PSIData, PSIStats
from cadvcli.prometheus import Family, Number

_FILES = ("cpu.pressure", "memory.pressure", "io.pressure")


def _psi_of(stats: ContainerStats) -> tuple[PSIStats | None, PSIStats | None, PSIStats | None]:
    return stats.cpu.psi, stats.memory.psi, stats.diskio.psi if stats.diskio else None


def _seconds(usec: Count) -> Number:
    return None if usec is None else usec / 1e6


def _family(resource: str, word: str, value: Callable[[ContainerStats], Number]) -> Family:
    tasks = "at least one task" if word == "waiting" else "every task"
    return Family(
        name=f"container_pressure_{resource}_{word}_seconds_total",
        type="counter",
        help=f"Time in which {tasks} of the container waited for {resource}, in seconds.",
        value=value,
    )


class Pressure(Collector):
    """Pressure stall information of one cgroup."""

    kind = "pressure"
    v1 = tuple(Source(name=UNIFIED + file, weighs=totals) for file in _FILES)
    v2 = tuple(Source(name=file, weighs=totals) for file in _FILES)
    #: container_pressure_{cpu,memory,io}_{waiting,stalled}_seconds_total
    families = (
        _family("cpu", "waiting", lambda stats: _seconds(stats.cpu.psi.some.total)),
        _family("cpu", "stalled", lambda stats: _seconds(stats.cpu.psi.full.total)),
        _family("memory", "waiting", lambda stats: _seconds(stats.memory.psi.some.total)),
        _family("memory", "stalled", lambda stats: _seconds(stats.memory.psi.full.total)),
        _family("io", "waiting", lambda stats: _seconds(stats.diskio.psi.some.total) if stats.diskio else None),
        _family("io", "stalled", lambda stats: _seconds(stats.diskio.psi.full.total) if stats.diskio else None),
    )

    def decode_v1(self, raw: Raw, stats: ContainerStats) -> None:
        """The same from the v2 tree of a hybrid host."""
        _decode(self.v1, raw, stats)

    def decode_v2(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in the ``psi`` of each resource whose pressure file was read."""
        _decode(self.v2, raw, stats)


def _decode(sources: tuple[Source, ...], raw: Raw, stats: ContainerStats) -> None:
    for source, text, psi in zip(sources, raw, _psi_of(stats), strict=True):
        if text is not None and psi is not None:
            stalls = parse_pressure(text, source.name)
            _fill(psi.some, stalls.get("some"))
            _fill(psi.full, stalls.get("full"))


def _fill(data: PSIData, stall: Stall | None) -> None:
    if stall is not None:
        data.total, data.avg10, data.avg60, data.avg300 = stall.total_usec, stall.avg10, stall.avg60, stall.avg300
