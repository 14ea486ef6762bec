"""Kind ``perf_event``: what CPUs and the kernel count of a group: cycles, cache misses, page faults, what is asked for.

Events are those of ``--perf-events-config``; without it nothing is counted. Each is counted on each CPU that is online
when the group starts; uncore events are counted for the machine, of which the root group tells. A CPU without such a
counter, or a kernel that does not permit it, is said once. https://docs.kernel.org/admin-guide/perf-security.html
"""

import logging
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from cadvcli.collectors.source import Collector, Held, Knobs, Raw, Source, Target, unnamed
from cadvcli.errors import CadvcliError, ParseError
from cadvcli.model.stats import ContainerStats, PerfStat, PerfUncoreStat
from cadvcli.prometheus import Family, Rows

if TYPE_CHECKING:
    from cadvcli.collectors.perf_config import PerfConfig

log = logging.getLogger(__name__)

_SOURCE = "perf_events"


def _hold(said: set[str], config: "PerfConfig", target: Target) -> Held | None:
    from cadvcli.collectors.perf_counters import open_counters

    def tell(error: CadvcliError) -> None:
        if str(error) not in said:
            said.add(str(error))
            log.warning("%s", error)

    return open_counters(config, tell, target)


def _by_cpu(stat: PerfStat) -> tuple[str, ...]:
    return (str(stat.cpu), stat.name)


def _all_cpus(stat: PerfStat) -> tuple[str, ...]:
    return ("", stat.name)


def _core(labels: Callable[[PerfStat], tuple[str, ...]]) -> tuple[Family, Family]:
    """The two families, by CPU or summed over all."""
    own = ("cpu", "event")
    return (
        Family(
            name="container_perf_events_total",
            type="counter",
            help="How often the perf event happened; with kind percpu by CPU.",
            labels=own,
            rows=lambda stats: _summed((labels(one), one.value) for one in stats.perf_stats),
        ),
        Family(
            name="container_perf_events_scaling_ratio",
            type="gauge",
            help="Share of the time in which the perf event was counted, of all CPUs the least.",
            labels=own,
            rows=lambda stats: _least((labels(one), one.scaling_ratio) for one in stats.perf_stats),
        ),
    )


def _of_uncore(stat: PerfUncoreStat) -> tuple[str, ...]:
    return (str(stat.socket), stat.name, stat.pmu)


def _summed(found: Iterable[tuple[tuple[str, ...], int]]) -> Rows:
    sums: dict[tuple[str, ...], int | float | None] = {}
    for labels, value in found:
        sums[labels] = (sums.get(labels) or 0) + value
    return sums.items()


def _least(found: Iterable[tuple[tuple[str, ...], float]]) -> Rows:
    least: dict[tuple[str, ...], int | float | None] = {}
    for labels, ratio in found:
        known = least.get(labels)
        least[labels] = ratio if known is None else min(known, ratio)
    return least.items()


_UNCORE = (
    Family(
        name="container_perf_uncore_events_total",
        type="counter",
        help="How often the perf event of an uncore PMU happened on the machine.",
        labels=("socket", "event", "pmu"),
        rows=lambda stats: _summed((_of_uncore(one), one.value) for one in stats.perf_uncore_stats),
    ),
    Family(
        name="container_perf_uncore_events_scaling_ratio",
        type="gauge",
        help="Share of the time in which the uncore perf event was counted.",
        labels=("socket", "event", "pmu"),
        rows=lambda stats: _least((_of_uncore(one), one.scaling_ratio) for one in stats.perf_uncore_stats),
    ),
)


class PerfEvent(Collector):
    """Perf events of one cgroup with all below it."""

    kind = "perf_event"
    families = (*_core(_all_cpus), *_UNCORE)

    def __init__(self, device_name: Callable[[int, int], str] = unnamed, knobs: Knobs | None = None) -> None:
        super().__init__(device_name, knobs)
        if self.knobs.perf_events_config:
            from cadvcli.collectors.perf_config import read_config

            hold = partial(_hold, set(), read_config(self.knobs.perf_events_config))
            self.v1 = self.v2 = (Source(name=_SOURCE, hold=hold, weighs=lambda text: b""),)
        if self.knobs.by_cpu:
            self.families = (*_core(_by_cpu), *_UNCORE)

    def decode_v2(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``perf_stats`` and ``perf_uncore_stats``."""
        from cadvcli.collectors.perf_counters import Counted

        text = raw[0] if raw else None
        if text is not None:
            try:
                counted = msgspec.json.decode(text, type=Counted)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise ParseError(_SOURCE, 1, str(error)) from None
            stats.perf_stats, stats.perf_uncore_stats = counted.core, counted.uncore

    decode_v1 = decode_v2
