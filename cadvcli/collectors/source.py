"""``Source``: something of a container that is read at each sample, by name; and what a collector is.

Housekeeping only reads sources, as bytes; nothing is parsed before somebody asks. Collectors that name the same
source share its slot in the ``Reading``.
"""

from collections.abc import Callable
from typing import ClassVar, Protocol

from msgspec import Struct

from cadvcli.host import Host
from cadvcli.kernel.cgroup import Cgroup
from cadvcli.model.stats import ContainerStats
from cadvcli.prometheus import Family

#: The slots of one collector's sources, in the order it names them; None: not there.
Raw = tuple[bytes | None, ...]


class Target(Protocol):
    """What a source may ask of the container that is being sampled."""

    @property
    def host(self) -> Host: ...

    @property
    def cgroup(self) -> Cgroup: ...

    def net(self, file: str, digest: Callable[[bytes], bytes] | None = None) -> bytes | None:
        """A file of /proc/PID/net in the container's own network namespace, None if it has none of its own.

        ``digest`` makes a long table short before it is kept.
        """

    def proc(self, file: str) -> bytes | None:
        """A file of /proc/PID of the container's main process, None if there is none."""

    def found(self, source: str) -> bytes | None:
        """The last result of a source that has a clock of its own, None before the first."""


class Fold(Protocol):
    """What a source remembers of one container between samples."""

    def __call__(self, text: bytes | None, boot_ns: int) -> bytes | None:
        """What is kept as this sample's slot, of what was read at that boot time."""


class Held(Protocol):
    """What a source keeps open of one container, from its first sample until it ends."""

    def read(self, boot_ns: int) -> bytes | None:
        """What it says at that boot time; None if nothing."""

    def close(self) -> None:
        """The container ended, or we do: give everything back."""


class Source(Struct, frozen=True, kw_only=True):
    """A kernel file by name, or a ``read`` for what is no file of the cgroup."""

    name: str
    read: Callable[[Target], bytes | None] | None = None
    root_only: bool = False  #: of the root cgroup alone; None everywhere else
    unless: str = ""  #: a source that makes this one needless where its file exists
    #: What of the content counts as a change for dynamic housekeeping; None: all of it.
    weighs: Callable[[bytes], bytes] | None = None
    #: Instead of ``read``: opens what stays open until the container ends; None if there is nothing of it here.
    hold: Callable[[Target], Held | None] | None = None
    #: Makes the memory between samples that this source needs, for one container.
    fold: Callable[[], Fold] | None = None

    @property
    def is_file(self) -> bool:
        """Whether it is a file of the cgroup."""
        return self.read is None and self.hold is None


def cgroup_files(*names: str) -> tuple[Source, ...]:
    """Sources that are one-record files of the cgroup."""
    return tuple(Source(name=name) for name in names)


def unnamed(_major: int, _minor: int) -> str:
    """The name of a block device where nobody knows one."""
    return ""


class Knobs(Struct, frozen=True, kw_only=True):
    """What a person can say to single kinds."""

    by_cpu: bool = False  #: kind percpu is on
    perf_events_config: str = ""  #: path of a file; "": no perf events
    load_reader: bool = False  #: count tasks by their states
    referenced_reset_interval: int = 0  #: forget after so many samples which pages were used; 0: never
    resctrl_interval_ns: int = 0  #: how often monitoring groups are made and mended; 0: never


class Collector:
    """One metric kind: which sources it has on cgroup v1 and v2, what they mean, and what /metrics says of it.

    A collector has no state. ``decode_v1`` and ``decode_v2`` get their sources' bytes in the order named and
    fill in the fields of ``stats`` that are this kind's; the sections exist before decoders run.
    """

    kind: ClassVar[str]
    #: Whether the kind is on without --enable-metrics or --disable-metrics.
    default: ClassVar[bool] = True
    #: Whether the kind is ours alone: cAdvisor has none of this name.
    ours: ClassVar[bool] = False
    v1: tuple[Source, ...] = ()
    v2: tuple[Source, ...] = ()
    families: tuple[Family, ...] = ()

    def __init__(self, device_name: Callable[[int, int], str] = unnamed, knobs: Knobs | None = None) -> None:
        self.knobs = knobs or Knobs()
        #: The path of a block device by its numbers, "" if it has no name here.
        self.device_name = device_name

    def decode_v1(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in this kind's fields from what cgroup v1 files say."""

    def decode_v2(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in this kind's fields from what cgroup v2 files say."""
