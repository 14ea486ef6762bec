"""The perf events that are open for one container, from its first sample until it ends.

A group that takes turns with others is counted for a part of its time; what it had counted in the whole is reckoned
for the time between two readings, so that a total never falls. (cAdvisor: scales the total, which falls.)
"""

import os
from collections.abc import Callable

import msgspec
from msgspec import Struct

from cadvcli.collectors.perf_config import Names, PerfConfig, core_event, shown, uncore_events
from cadvcli.collectors.source import Target
from cadvcli.errors import CadvcliError, HostError, ParseError
from cadvcli.kernel.cgroup import UNIFIED, parse_proc_cgroup
from cadvcli.kernel.perf import Attr, Count, open_event, read_count, refusal, start
from cadvcli.kernel.topology import read_cpu, read_online_cpus
from cadvcli.model.stats import PerfStat, PerfUncoreStat


class Counted(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the slot holds, as JSON."""

    core: list[PerfStat] = []
    uncore: list[PerfUncoreStat] = []


class Counter:
    """One group of events on one CPU."""

    def __init__(self, names: Names, cpu: int, pmu: str = "", socket: int = -1) -> None:
        self.names, self.cpu, self.pmu, self.socket = names, cpu, pmu, socket
        self.fds: list[int] = []
        self.ratio = 1.0
        self._last = Count(0, 0, (0,) * len(names))
        self.values = [0.0] * len(names)

    def open(self, attrs: list[Attr], cgroup: int) -> None:
        """Open the group and let it count. HostError says why it can't; then nothing is open."""
        try:
            for name, attr in zip(self.names, attrs, strict=True):
                try:
                    leader = self.fds[0] if self.fds else -1
                    self.fds.append(open_event(attr, self.cpu, cgroup, leader))
                except OSError as error:
                    raise refusal(name, error) from error
            start(self.fds[0])
        except (HostError, OSError) as error:
            self.close()
            raise error if isinstance(error, HostError) else refusal(self.names[0], error) from error

    def read(self) -> bool:
        """Take what was counted since the last time; False if the kernel doesn't tell."""
        try:
            now = read_count(self.fds[0], len(self.names))
        except (OSError, ParseError):
            return False
        if now is None:
            return False
        self.add(now)
        return True

    def add(self, now: Count) -> None:
        """Take over a reading; the time in which the events were not counted is taken to be like the rest."""
        last, self._last = self._last, now
        wanted, counted = now.enabled_ns - last.enabled_ns, now.running_ns - last.running_ns
        factor = wanted / counted if wanted > 0 and counted > 0 else 1.0
        self.values = [
            total + max(0, new - old) * factor
            for total, new, old in zip(self.values, now.values, last.values, strict=True)
        ]
        self.ratio = now.running_ns / now.enabled_ns if now.enabled_ns and now.running_ns else 1.0

    def close(self) -> None:
        """Count no more."""
        while self.fds:
            os.close(self.fds.pop())


class Counters:
    """All groups of one container on all CPUs."""

    def __init__(self, counters: list[Counter]) -> None:
        self._counters = counters

    def read(self, boot_ns: int) -> bytes | None:
        """What each event has counted, as the JSON of ``Counted``. An event of two groups is the first one's."""
        core: dict[tuple[str, int], PerfStat] = {}
        uncore: dict[tuple[str, str, int], PerfUncoreStat] = {}
        for counter in filter(Counter.read, self._counters):
            for name, value in zip(counter.names, counter.values, strict=True):
                if counter.pmu:
                    of_pmu = PerfUncoreStat(
                        scaling_ratio=counter.ratio,
                        value=int(value),
                        name=name,
                        socket=counter.socket,
                        pmu=counter.pmu,
                    )
                    uncore.setdefault((name, counter.pmu, counter.cpu), of_pmu)
                else:
                    one = PerfStat(scaling_ratio=counter.ratio, value=int(value), name=name, cpu=counter.cpu)
                    core.setdefault((name, counter.cpu), one)
        return msgspec.json.encode(Counted(core=[*core.values()], uncore=[*uncore.values()]))

    def close(self) -> None:
        """Count no more."""
        for counter in self._counters:
            counter.close()


def open_counters(config: PerfConfig, tell: Callable[[CadvcliError], None], target: Target) -> Counters | None:
    """The events of one container, of which the root has the machine's own (uncore) too; None if none can be counted.

    A group that can't be counted is left out, and ``tell`` is told why.
    """
    counters: list[Counter] = []
    path = _directory(target) if config.core.groups else None
    group = target.host.keep(path) if path else None
    if group is not None:
        try:
            cpus = read_online_cpus(target.host)
            for names in config.core.groups:
                try:
                    attrs = [core_event(target.host, config.core, name) for name in names]
                    counters += _opened([Counter(names, cpu) for cpu in cpus], attrs, group)
                except (HostError, ParseError) as error:
                    tell(error)
        finally:
            os.close(group)
    if target.cgroup.is_root:
        for names in config.uncore.groups:
            try:
                counters += _uncore(config, names, target)
            except (HostError, ParseError) as error:
                tell(error)
    return Counters(counters) if counters else None


def _directory(target: Target) -> str | None:
    """The group in the tree that the kernel counts events by; None if the container isn't in that tree.

    A v1 machine that doesn't mount the controller has it in the v2 tree, where engines need not make their groups.
    """
    cgroup = target.cgroup
    path = cgroup.path("perf_event.")
    if path is None:
        path = cgroup.path(UNIFIED)
        pids = [] if cgroup.is_root else cgroup.all_procs()[:1]
        if path is None or not all(_is_in(target, pid) for pid in pids):
            return None
    return os.path.dirname(path)


def _is_in(target: Target, pid: int) -> bool:
    path = f"/proc/{pid}/cgroup"
    text = target.host.read(path)
    group = "" if text is None else parse_proc_cgroup(text, path).get("", "")
    return (group + "/").startswith(target.cgroup.name + "/")


def _uncore(config: PerfConfig, names: Names, target: Target) -> list[Counter]:
    found = [uncore_events(target.host, config.uncore, name) for name in names]
    if len(names) > 1 and any([pmu for pmu, _ in events] != [found[0][0][0]] for events in found):
        raise HostError(f"perf events {', '.join(names)}", "a group needs one PMU that counts them all")
    counters: list[Counter] = []
    try:
        for place, (pmu, _) in enumerate(found[0]):
            attrs = [events[place][1] for events in found]
            called = tuple(shown(config.uncore, name) for name in names)
            each = [Counter(called, cpu, pmu.name, _socket(target, cpu)) for cpu in pmu.cpus or ()]
            counters += _opened(each, attrs, -1)
    except HostError:
        Counters(counters).close()
        raise
    return counters


def _opened(counters: list[Counter], attrs: list[Attr], cgroup: int) -> list[Counter]:
    """The same group on several CPUs, all open. HostError if one can't be; then none is."""
    try:
        for counter in counters:
            counter.open(attrs, cgroup)
    except HostError:
        Counters(counters).close()
        raise
    return counters


def _socket(target: Target, cpu: int) -> int:
    known = read_cpu(target.host, cpu)
    return -1 if known is None else known.package_id
