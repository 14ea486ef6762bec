"""Kind ``resctrl``: a group's share of the last-level cache and its memory traffic, in bytes. Off by default.

Reads mon_data of the resctrl group that has just the container's threads, if somebody made one; the root group has the
machine's. With ``--resctrl-interval`` root makes one for each group that has processes, puts new threads in it at
that interval, and takes it away when the group ends. Figures of memory traffic are totals, although the families are
gauges. https://docs.kernel.org/filesystems/resctrl.html
"""

import logging
from collections.abc import Callable
from hashlib import sha256
from os import geteuid

import msgspec

from cadvcli.collectors.source import Collector, Held, Knobs, Raw, Source, Target, unnamed
from cadvcli.errors import HostError, ParseError
from cadvcli.kernel.resctrl import (
    add_tasks,
    control_of,
    group_of,
    make_group,
    read_domains,
    read_root,
    read_tasks,
    remove_group,
)
from cadvcli.model import Count
from cadvcli.model.clock import SECOND
from cadvcli.model.stats import CacheStats, ContainerStats, MemoryBandwidthStats, ResctrlStats
from cadvcli.prometheus import Family, Rows

log = logging.getLogger(__name__)

_SOURCE = "resctrl"
#: How often a group that somebody else made is looked for.
_LOOK_NS = 60 * SECOND
#: A file's name may have 255 bytes.
_LONGEST = 200


class Monitored:
    """The monitoring of one container. ``mend_ns`` 0: no group is made."""

    def __init__(self, target: Target, root: str, mend_ns: int, tell: Callable[[HostError], None]) -> None:
        self._target, self._root, self._mend_ns, self._tell = target, root, mend_ns, tell
        self._group = root if target.cgroup.is_root else None
        self._ours: str | None = None
        self._due_ns = 0

    def read(self, boot_ns: int) -> bytes | None:
        """The figures as JSON; None where no group has just this container's threads."""
        if not self._target.cgroup.is_root and boot_ns >= self._due_ns:
            self._due_ns = boot_ns + (self._mend_ns or _LOOK_NS)
            self._look()
        if self._group is None:
            return None
        domains = read_domains(self._target.host, self._group)
        if not domains:
            return None
        traffic = [MemoryBandwidthStats(mbm_total_bytes=one.mbm_total_bytes, mbm_local_bytes=one.mbm_local_bytes)
                   for one in domains]  # fmt: skip
        cache = [CacheStats(llc_occupancy=one.llc_occupancy_bytes) for one in domains]
        return msgspec.json.encode(ResctrlStats(memory_bandwidth=traffic, cache=cache))

    def close(self) -> None:
        """The container ended: take our group away."""
        if self._ours is not None:
            remove_group(self._target.host, self._ours)
            self._ours = self._group = None

    def _look(self) -> None:
        host = self._target.host
        tids = {
            int(tid) for pid in self._target.cgroup.procs() for tid in host.listdir(f"/proc/{pid}/task") or ()
        }
        if not tids:
            return
        if self._mend_ns:
            try:
                self._mend(tids)
            except HostError as error:
                self.close()  # a group with a part of the threads would tell a part of the truth
                self._tell(error)
        else:
            self._group = group_of(host, self._root, tids)

    def _mend(self, tids: set[int]) -> None:
        """See to it that a group of ours, below the control group of the threads, has them; or that another's has."""
        host = self._target.host
        group = group_of(host, self._root, tids)
        ours = f"{control_of(host, self._root, tids)}/mon_groups/{_name(self._target.cgroup.name)}"
        if self._ours not in (None, ours):
            self.close()
        if group is None or group == ours:
            make_group(host, ours)
            self._ours = self._group = ours
            add_tasks(host, ours, tids - read_tasks(host, ours))
        elif group != self._group:
            self.close()
            self._group = group


def _name(cgroup: str) -> str:
    """What a group's monitoring group is called; no two share one."""
    name = cgroup.strip("/").replace("%", "%25").replace("/", "%2F")
    raw = name.encode("utf-8", "surrogateescape")
    return "cadvcli-" + (name if len(raw) <= _LONGEST else sha256(raw).hexdigest())


def _family(name: str, text: str, value: Callable[[ResctrlStats], list[Count]]) -> Family:
    def rows(stats: ContainerStats) -> Rows:
        return [((str(node),), number) for node, number in enumerate(value(stats.resctrl))]

    return Family(name=name, type="gauge", help=text, labels=("node_id",), rows=rows)


class Resctrl(Collector):
    """Cache and memory traffic of one cgroup."""

    kind = "resctrl"
    default = False
    families = (
        _family(
            "container_memory_bandwidth_bytes",
            "Bytes moved to and from the memory of all nodes, as a total.",
            lambda resctrl: [one.mbm_total_bytes for one in resctrl.memory_bandwidth],
        ),
        _family(
            "container_memory_bandwidth_local_bytes",
            "Bytes moved to and from the memory of the same node, as a total.",
            lambda resctrl: [one.mbm_local_bytes for one in resctrl.memory_bandwidth],
        ),
        _family(
            "container_llc_occupancy_bytes",
            "Last-level cache that it holds, in bytes.",
            lambda resctrl: [one.llc_occupancy for one in resctrl.cache],
        ),
    )

    def __init__(self, device_name: Callable[[int, int], str] = unnamed, knobs: Knobs | None = None) -> None:
        super().__init__(device_name, knobs)
        self._said: set[str] = set()
        self.v1 = self.v2 = (Source(name=_SOURCE, hold=self._hold, weighs=lambda text: b""),)

    def decode_v2(self, raw: Raw, stats: ContainerStats) -> None:
        """Fill in ``resctrl``."""
        (text,) = raw
        if text is not None:
            try:
                stats.resctrl = msgspec.json.decode(text, type=ResctrlStats)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise ParseError(_SOURCE, 1, str(error)) from None

    decode_v1 = decode_v2

    def _hold(self, target: Target) -> Held | None:
        root = read_root(target.host)
        if root is None:
            self._tell(HostError("resctrl", "not mounted, or this CPU monitors nothing: mount -t resctrl resctrl "
                                 "/sys/fs/resctrl"))  # fmt: skip
            return None
        mend_ns = self.knobs.resctrl_interval_ns
        if mend_ns and geteuid():
            self._tell(HostError("--resctrl-interval", "making monitoring groups needs root; none are made"))
            mend_ns = 0
        return Monitored(target, root, mend_ns, self._tell)

    def _tell(self, error: HostError) -> None:
        if error.reason not in self._said:
            self._said.add(error.reason)
            log.warning("%s", error)
