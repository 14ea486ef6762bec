"""Kind ``pressure_avg``: the share of time lost waiting, averaged over 10, 60 and 300 s. Ours alone, off by default.

From the files of kind ``pressure``, which has the totals: a rate of those tells the same over any time. Percent in the
API, as the kernel has it; 0 to 1 on /metrics. https://docs.kernel.org/accounting/psi.html
"""

from collections.abc import Callable

from cadvcli.collectors.pressure import Pressure
from cadvcli.collectors.source import Collector, Raw
from cadvcli.model.stats import ContainerStats, PSIData, PSIStats
from cadvcli.prometheus import Family, Number, gauge

_PARTS: dict[str, Callable[[ContainerStats], PSIStats | None]] = {
    "cpu": lambda stats: stats.cpu.psi,
    "memory": lambda stats: stats.memory.psi,
    "io": lambda stats: stats.diskio.psi if stats.diskio else None,
}
_SHARES: dict[str, Callable[[PSIStats], PSIData]] = {"some": lambda psi: psi.some, "full": lambda psi: psi.full}
_AVERAGES: dict[int, Callable[[PSIData], float | None]] = {
    10: lambda data: data.avg10,
    60: lambda data: data.avg60,
    300: lambda data: data.avg300,
}


def _family(resource: str, share: str, seconds: int) -> Family:
    part, data, average = _PARTS[resource], _SHARES[share], _AVERAGES[seconds]

    def value(stats: ContainerStats) -> Number:
        psi = part(stats)
        percent = None if psi is None else average(data(psi))
        # The kernel gives two digits; a quotient has sixteen.
        return None if percent is None else round(percent / 100, 4)

    tasks = "at least one task" if share == "some" else "every task"
    return gauge(
        f"container_pressure_{resource}_{share}_avg{seconds}_ratio",
        f"Share of the last {seconds} seconds in which {tasks} of the container waited for {resource}, 0 to 1.",
        value,
    )


class PressureAvg(Collector):
    """Averages of pressure stall information of one cgroup."""

    kind = "pressure_avg"
    default = False
    ours = True
    v1 = Pressure.v1
    v2 = Pressure.v2
    #: container_pressure_{cpu,memory,io}_{some,full}_avg{10,60,300}_ratio
    families = tuple(
        _family(resource, share, seconds) for resource in _PARTS for share in _SHARES for seconds in _AVERAGES
    )

    def decode_v1(self, raw: Raw, stats: ContainerStats) -> None:
        """The same from the v2 tree of a hybrid host."""
        Pressure().decode_v1(raw, stats)

    def decode_v2(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in the averages, and with them the totals: one parse gives both."""
        Pressure().decode_v2(raw, stats)
