"""``Column``: a key of the flat naming, and the ways to make its value of what is known about one container.

A value is None where it is unknown or unlimited. Rates are differences of counters over boot time, so they need two
samples, and a counter that went backwards has none.
"""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import TypeAlias

from msgspec import Struct

from cadvcli.model.clock import SECOND, rfc3339
from cadvcli.model.container import ContainerSpec
from cadvcli.model.identity import Identity
from cadvcli.model.sample import Sample
from cadvcli.model.stats import ContainerStats, PerDiskStats

Value: TypeAlias = str | int | float | dict[str, str] | list[dict[str, object]] | None
Number: TypeAlias = int | float | None

#: The kernel's ways to say "unlimited" (2**64-1, about 2**63, v1 page counters) all lie above this.
UNLIMITED = 1 << 62


class Size(Struct, frozen=True, kw_only=True):
    """What a container has on disk, as far as a walk came that was made for it."""

    layer_bytes: int | None
    logs_bytes: int | None
    finished: bool


class Subject(Struct, frozen=True, kw_only=True):
    """All that a row is made of. Without samples (``containers``) everything measured is None."""

    identity: Identity
    cgroup: str | None = None
    spec: ContainerSpec | None = None
    newest: Sample | None = None
    previous: Sample | None = None
    machine_memory_bytes: int | None = None
    pids: int | None = None  #: where no sample is taken, what pids.current said
    size: Size | None = None  #: where it was walked through


class Column(Struct, frozen=True):
    """One key: its unit, the files it comes from on cgroup v1 and v2, what it means and its value."""

    key: str
    unit: str
    v1: str
    v2: str
    help: str
    value: Callable[[Subject], Value]
    sampled: bool = True  #: whether it takes a sample to know it


def who(path: str) -> Callable[[Subject], Value]:
    """A field of the identity as it is."""
    return attrgetter("identity." + path)


def who_at(path: str) -> Callable[[Subject], Value]:
    """A time of the identity as RFC 3339."""
    get = attrgetter("identity." + path)

    def value(subject: Subject) -> Value:
        wall_ns = get(subject)
        return None if wall_ns is None else rfc3339(wall_ns)

    return value


def reach(stats: object, names: Sequence[str]) -> Number:
    """The number at the end of a chain of attributes, None where a part of the chain is None."""
    for name in names:
        if stats is None:
            return None
        stats = getattr(stats, name)
    return stats if isinstance(stats, int | float) else None


def counter(path: str) -> Callable[[ContainerStats], Number]:
    """A number of the sample by its path in ContainerStats."""
    names = path.split(".")
    return lambda stats: reach(stats, names)


def now(count: Callable[[ContainerStats], Number], unit_ns: int = 1) -> Callable[[Subject], Value]:
    """What the newest sample says, divided by ``unit_ns``."""

    def value(subject: Subject) -> Value:
        number = None if subject.newest is None else count(subject.newest.stats)
        return number if number is None or unit_ns == 1 else number / unit_ns

    return value


def rate(count: Callable[[ContainerStats], Number], per: int = SECOND) -> Callable[[Subject], Value]:
    """How fast a counter grew between the two samples, per second of boot time (or per nanosecond)."""

    def value(subject: Subject) -> Value:
        grown, elapsed_ns = growth(subject, count), window_ns(subject)
        return None if grown is None or elapsed_ns is None else round(grown * per / elapsed_ns, 6)

    return value


def growth(subject: Subject, count: Callable[[ContainerStats], Number]) -> Number:
    """By how much a counter grew between the two samples; None without both, or if it went backwards."""
    if subject.newest is None or subject.previous is None:
        return None
    after, before = count(subject.newest.stats), count(subject.previous.stats)
    return None if after is None or before is None or after < before else after - before


def window_ns(subject: Subject) -> int | None:
    """The time between the two samples, None if there are no two."""
    if subject.newest is None or subject.previous is None:
        return None
    elapsed_ns = subject.newest.boot_ns - subject.previous.boot_ns
    return elapsed_ns if elapsed_ns > 0 else None


def limit(number: int | None) -> int | None:
    """A number of the kernel's words, None if it is none."""
    return None if not number or number >= UNLIMITED or number < 0 else number


def spec(path: str) -> Callable[[Subject], Value]:
    """A number of the spec by its path, None if unlimited."""
    names = path.split(".")

    def value(subject: Subject) -> Value:
        number = reach(subject.spec, names)
        return limit(number) if isinstance(number, int) else None

    return value


def spec_text(path: str) -> Callable[[Subject], Value]:
    """A text of the spec by its path, None if empty."""
    get = attrgetter("spec." + path)
    return lambda subject: None if subject.spec is None else get(subject) or None


def sampled_at(subject: Subject) -> Value:
    """When the newest sample was taken."""
    return None if subject.newest is None else rfc3339(subject.newest.wall_ns)


def window(subject: Subject) -> Value:
    """The time between the two samples in seconds."""
    elapsed_ns = window_ns(subject)
    return None if elapsed_ns is None else elapsed_ns / SECOND


ALL_PERIODS = counter("cpu.cfs.periods")
STOPPED_PERIODS = counter("cpu.cfs.throttled_periods")


def cpu_limit(subject: Subject) -> Value:
    """The CFS quota in cores."""
    if subject.spec is None or not limit(subject.spec.cpu.quota) or not subject.spec.cpu.period:
        return None
    return round(subject.spec.cpu.quota / subject.spec.cpu.period, 6)


def throttled(subject: Subject) -> Value:
    """The share of the CFS periods between the two samples in which it was throttled; None without a quota."""
    periods = growth(subject, ALL_PERIODS)
    stopped = growth(subject, STOPPED_PERIODS)
    if periods is None or stopped is None or (not periods and cpu_limit(subject) is None):
        return None
    return round(stopped / periods, 6) if periods else 0.0


def memory_share(subject: Subject) -> Value:
    """The working set as a share of the limit or, where that is none or beyond it, of the machine."""
    used = None if subject.newest is None else reach(subject.newest.stats, ("memory", "working_set"))
    limits = [subject.machine_memory_bytes, limit(subject.spec.memory.limit) if subject.spec else None]
    total = min((number for number in limits if number), default=None)
    return None if used is None or total is None else round(used / total, 6)


def network(field: str) -> Callable[[ContainerStats], Number]:
    """A counter of all interfaces of the container together, None if it has no network of its own."""

    def total(stats: ContainerStats) -> Number:
        return None if stats.network is None else sum(getattr(i, field) for i in stats.network.interfaces)

    return total


def disk(table: str, operation: str) -> Callable[[ContainerStats], Number]:
    """A counter of all block devices together."""
    get: Callable[[object], list[PerDiskStats]] = attrgetter(table)

    def total(stats: ContainerStats) -> Number:
        return None if stats.diskio is None else sum(d.stats.get(operation, 0) for d in get(stats.diskio))

    return total


def having(flag: str, value: Callable[[Subject], Value]) -> Callable[[Subject], Value]:
    """``value`` where the spec doesn't say that this container lacks it: an empty table is zero only then."""
    return lambda subject: None if subject.spec is not None and not getattr(subject.spec, flag) else value(subject)


def percent(path: str) -> Callable[[Subject], Value]:
    """An average in percent as a ratio."""
    count = now(counter(path))

    def value(subject: Subject) -> Value:
        number = count(subject)
        return None if not isinstance(number, int | float) else round(number / 100, 6)

    return value


def ports(subject: Subject) -> Value:
    """The container's ports, published or only exposed."""
    return [
        {
            "container_port": port.container_port,
            "protocol": port.protocol,
            "host_ip": port.host_ip or None,
            "host_port": port.host_port or None,
        }
        for port in subject.identity.ports
    ]


def interfaces(subject: Subject) -> Value:
    """Each interface with its counters; an empty list is a network without interfaces, None is no network."""
    if subject.newest is None or subject.newest.stats.network is None:
        return None
    return [
        {
            "name": interface.name,
            **{
                f"{ours}_{what}_total": getattr(interface, f"{theirs}_{what}")
                for ours, theirs in (("receive", "rx"), ("transmit", "tx"))
                for what in ("bytes", "packets", "errors", "dropped")
            },
        }
        for interface in subject.newest.stats.network.interfaces
    ]


def pids(subject: Subject) -> Value:
    """How many tasks there are, by a sample or else by what was read without one."""
    return subject.pids if subject.newest is None else now(counter("processes.threads_current"))(subject)
