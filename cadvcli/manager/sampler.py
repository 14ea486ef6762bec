"""``Sampler``: reads all sources of one container at one moment. This is the hot path: bytes in, nothing parsed.

Files of the group are kept open and read with one pread each. A kept descriptor costs 4.7 kB of kernel memory, so
there is a budget; who finds it spent opens its files anew each time.
"""

import logging
import os
import resource
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from cadvcli.collectors.source import Held, Target
from cadvcli.errors import CadvcliError, HostError, ParseError, PermissionDenied
from cadvcli.host import PAGE, read_to_end, refused
from cadvcli.manager.history import Reading, Slots
from cadvcli.manager.plan import Plan
from cadvcli.model.clock import Clock

log = logging.getLogger(__name__)

T = TypeVar("T")

_pread = os.pread

#: Descriptors that stay free for sockets, inotify, /proc and whatever a library opens.
_SPARE = 512
#: After so many samples and up to twice as many, fewer at first, a container's files are opened anew.
_REOPEN_READS = 64


class Gone(CadvcliError):
    """The cgroup is not there any more."""


class Descriptors:
    """How many descriptors may be kept open, all containers together."""

    def __init__(self, most: int) -> None:
        self.free = most

    @classmethod
    def allowed(cls, most: int) -> "Descriptors":
        """At most ``most``, fewer where this process may have fewer; raises the soft limit as far as it goes."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != hard:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        return cls(most if hard == resource.RLIM_INFINITY else max(0, min(most, hard - _SPARE)))


class Sampler:
    """The sources of one container, opened."""

    __slots__ = (
        "_absent",
        "_budget",
        "_folds",
        "_held",
        "_kept",
        "_kept_slots",
        "_opened",
        "_plan",
        "_probes",
        "_reads",
        "_reopen_at",
        "_said",
        "_slots",
        "_target",
        "_unkept",
    )

    def __init__(self, target: Target, plan: Plan, budget: Descriptors) -> None:
        self._target = target
        self._plan = plan
        self._budget = budget
        self._slots: Slots = (None,) * len(plan.sources)
        self._kept: list[int] = []
        self._kept_slots: list[int] = []
        self._unkept: list[tuple[int, str]] = []
        self._opened = False
        self._reads = 0
        self._reopen_at = 2
        self._absent: set[str] = set()  #: files that can be opened but not read, until all are opened anew
        self._said: set[str] = set()  #: sources of whose trouble a person knows
        is_root = target.cgroup.is_root
        self._probes: list[tuple[int, Callable[[Target], bytes | None]]] = [
            (index, source.read)
            for index, source in enumerate(plan.sources)
            if source.read is not None and (is_root or not source.root_only)
        ]
        self._held: list[tuple[int, Held]] | None = None  #: None until the first sample
        self._folds = [(index, source.fold()) for index, source in enumerate(plan.sources) if source.fold is not None]

    def read(self, clock: Clock) -> Reading:
        """What every source says now. A source that says the same as last time shares last time's bytes.

        The time is taken right after the first file, which is the CPU's. Raises Gone if the group is.
        """
        self._reads += 1
        if self._reads == self._reopen_at:
            self._look_anew()
        if not self._opened:
            self._open()
        fresh: list[bytes | None] = [None] * len(self._slots)
        kept = self._kept
        if kept:
            try:
                first = _pread(kept[0], PAGE, 0)
                wall_ns, boot_ns = clock.wall_ns(), clock.boot_ns()
                texts = [first, *[_pread(fd, PAGE, 0) for fd in kept[1:]]]
                if max(map(len, texts)) == PAGE:
                    texts = [_whole(fd, text) for fd, text in zip(kept, texts, strict=True)]
            except OSError:
                return self._read_what_is_left(clock)
            for index, text in zip(self._kept_slots, texts, strict=True):
                fresh[index] = text
        else:
            wall_ns, boot_ns = clock.wall_ns(), clock.boot_ns()
        if self._unkept:
            self._read_unkept(fresh)
            if not kept:
                wall_ns, boot_ns = clock.wall_ns(), clock.boot_ns()
        if not kept and not self._unkept and not self._target.cgroup.exists():
            raise Gone(self._target.cgroup.name)
        self._probe(fresh, boot_ns)
        for index, fold in self._folds:
            fresh[index] = fold(fresh[index], boot_ns)
        return Reading(wall_ns, boot_ns, self._shared(fresh))

    def close(self) -> None:
        """Give all descriptors back; the next read opens anew."""
        for fd in self._kept:
            os.close(fd)
        self._budget.free += len(self._kept)
        self._kept, self._kept_slots, self._unkept = [], [], []
        self._opened = False

    def end(self) -> None:
        """The container ended, or nobody wants it any more: give back what its sources hold too."""
        self.close()
        for _, held in self._held or ():
            held.close()
        self._held = []

    def _probe(self, fresh: list[bytes | None], boot_ns: int) -> None:
        """Ask the sources that are no files of the group."""
        reads = [(index, partial(read, self._target)) for index, read in self._probes]
        reads += [(i, partial(held.read, boot_ns)) for i, held in (self._hold() if self._held is None else self._held)]
        for index, read in reads:
            try:
                fresh[index] = read()
            except (HostError, ParseError) as error:
                self._tell(self._plan.sources[index].name, error)

    def _hold(self) -> list[tuple[int, Held]]:
        """Open what sources hold of a container for as long as it lives."""
        self._held = []
        for index, source in enumerate(self._plan.sources):
            if source.hold is not None and (self._target.cgroup.is_root or not source.root_only):
                try:
                    held = source.hold(self._target)
                except (HostError, ParseError) as error:
                    self._tell(source.name, error)
                    continue
                if held is not None:
                    self._held.append((index, held))
        return self._held

    def _shared(self, fresh: list[bytes | None]) -> Slots:
        """``fresh`` with last time's objects wherever the bytes are the same; last time's tuple if they all are."""
        last = self._slots
        if tuple(fresh) != last:
            self._slots = tuple(old if old == new else new for old, new in zip(last, fresh, strict=True))
        return self._slots

    def _look_anew(self) -> None:
        """Forget what is missing. v1's directories of a new group come one by one, and a controller at any time."""
        not_all_at_once = hash(self._target.cgroup.name) % _REOPEN_READS
        self._reopen_at += min(self._reopen_at, _REOPEN_READS + not_all_at_once)
        self._absent.clear()
        self.close()

    def _open(self) -> None:
        """Open what is there. A file that is missing or forbidden stays None until all are opened anew."""
        cgroup = self._target.cgroup
        there: set[str] = set()
        for index, source in enumerate(self._plan.sources):
            if not source.is_file or source.unless in there or source.name in self._absent:
                continue
            path = cgroup.path(source.name)
            fd = None if path is None else self._readable(path, source.name, cgroup.host.keep)
            if path is None or fd is None:
                continue
            there.add(source.name)
            if self._budget.free > 0:
                self._budget.free -= 1
                self._kept.append(fd)
                self._kept_slots.append(index)
            else:
                os.close(fd)
                self._unkept.append((index, path))
        self._opened = True

    def _read_unkept(self, fresh: list[bytes | None]) -> None:
        found = False
        for index, path in self._unkept:
            fresh[index] = self._readable(path, self._plan.sources[index].name, self._target.host.record)
            found = found or fresh[index] is not None
        if not found and not self._target.cgroup.exists():
            raise Gone(self._target.cgroup.name)

    def _read_what_is_left(self, clock: Clock) -> Reading:
        """A kept file can't be read any more: the group is gone, or a controller or its PSI was switched off."""
        if not self._target.cgroup.exists():
            raise Gone(self._target.cgroup.name)
        for index, fd in zip(self._kept_slots, self._kept, strict=True):
            source = self._plan.sources[index].name
            if self._readable(self._target.cgroup.path(source) or source, source, partial(_read_kept, fd)) is None:
                self._absent.add(source)
        self.close()
        return self.read(clock)

    def _readable(self, path: str, source: str, read: Callable[[str], T]) -> T | None:
        """What ``read`` gives. None where there is no file or it can't be read; a file that is bad is said once."""
        try:
            try:
                return read(path)
            except OSError as error:
                refused(path, error)
        except HostError as error:
            self._tell(source, error)
        return None

    def _tell(self, source: str, error: HostError | ParseError) -> None:
        """Say once that a source can't be read. What an ordinary user may not see is no news."""
        if source not in self._said and not isinstance(error, PermissionDenied):
            self._said.add(source)
            log.warning("no figures from %s", error)


def _read_kept(fd: int, _path: str) -> bytes:
    return _pread(fd, PAGE, 0)


def _whole(fd: int, text: bytes) -> bytes:
    """The rest of a file that filled its page."""
    return read_to_end(fd) if len(text) == PAGE else text
