"""cgroups: which hierarchies this machine has, one group's files in them, and the tree of all groups.

v2 is one tree; v1 a tree for each controller (some share one mount); hybrid is v1 with an extra v2 tree without
controllers, which has pressure files. v1 or v2 is asked here, where a group is opened, and where a collector picks
its decoder, nowhere else. https://docs.kernel.org/admin-guide/cgroup-v2.html, …/cgroup-v1/cgroups.html
"""

import os
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from cadvcli.errors import HostError, ParseError, PermissionDenied
from cadvcli.host import Host
from cadvcli.kernel.keyed import parse_numbers
from cadvcli.kernel.mountinfo import Mount, parse_mountinfo

Version = Literal[1, 2]

#: The controllers with figures of a group, in the order in which a v1 group's existence is asked.
CONTROLLERS = ("memory", "cpu", "cpuacct", "pids", "blkio", "devices", "cpuset", "hugetlb", "perf_event")
#: The hierarchies that v1 lists processes from: each has every group that has processes.
_WITH_PROCESSES = ("devices", "cpu", "pids", "memory", "cpuacct")
#: Where systemd mounts the v2 tree of a machine that has no other.
USUAL = "/sys/fs/cgroup"
#: Source prefix for the v2 tree of a hybrid host.
UNIFIED = "unified:"


class Hierarchies(Struct, frozen=True):
    """Where this machine's cgroup trees are mounted.

    ``version`` is 2 if the v2 tree is in the usual place or no v1 controller is mounted. ``mounts`` has a mount
    point for each v1 controller; ``unified`` is the mount point of the v2 tree, on a hybrid host too, or None.
    """

    version: Version
    mounts: dict[str, str]
    unified: str | None

    @property
    def mode(self) -> str:
        """``v2``, ``hybrid`` or ``v1``, for people."""
        return "v2" if self.version == 2 else "hybrid" if self.unified else "v1"

    @property
    def roots(self) -> tuple[str, ...]:
        """The mount points of the trees that groups live in, each once."""
        if self.version == 2:
            assert self.unified is not None
            return (self.unified,)
        return tuple(dict.fromkeys(self.mounts[name] for name in CONTROLLERS if name in self.mounts))


def read_hierarchies(host: Host) -> Hierarchies:
    """The cgroup trees of this machine. HostError if there is none at all."""
    path, text = _mountinfo(host)
    # Other mounts may be many, and what they are called is up to anybody: emptied, so that lines keep their numbers.
    lines = b"\n".join(line if b" - cgroup" in line else b"" for line in text.split(b"\n"))
    mounts: dict[str, str] = {}
    unified: str | None = None
    for mount in parse_mountinfo(lines, path):
        point = _without_prefix(mount, host.root)
        if mount.fstype == "cgroup2":
            unified = unified or point
        elif mount.fstype == "cgroup":
            for option in mount.super_options:
                if option in CONTROLLERS:
                    mounts.setdefault(option, point)
    if not mounts and unified is None:
        raise HostError("/sys/fs/cgroup", "no cgroup file system is mounted; is /sys of the host visible here?")
    # Somebody may mount a lone v1 controller beside a v2 tree; what /sys/fs/cgroup is tells what the machine lives in.
    return Hierarchies(1 if mounts and unified != USUAL else 2, mounts, unified)


def _mountinfo(host: Host) -> tuple[str, bytes]:
    """The mounts as the machine's own init sees them where the machine is mounted below a prefix, else as we do."""
    for path in ("/proc/self/mountinfo",) if host.root == "/" else ("/proc/1/mountinfo", "/proc/self/mountinfo"):
        try:
            text = host.read(path)
        except PermissionDenied:
            continue
        if text:
            return path, text
    raise HostError("/proc/self/mountinfo", "not there; is /proc mounted?")


def _without_prefix(mount: Mount, root: str) -> str:
    return mount.mount_point.removeprefix(root) if root != "/" else mount.mount_point


class Cgroup:
    """One group by its name, the path below the hierarchy's root (``/docker/3f2a…``; ``/`` is the root group).

    Files are named as the kernel names them; on v1 the word before the first dot tells the controller.
    """

    __slots__ = ("hierarchies", "host", "name")

    def __init__(self, host: Host, hierarchies: Hierarchies, name: str) -> None:
        self.host = host
        self.hierarchies = hierarchies
        self.name = name

    @property
    def version(self) -> Version:
        """1 on v1 and hybrid hosts, 2 on v2."""
        return self.hierarchies.version

    @property
    def is_root(self) -> bool:
        """Whether this is the group of the whole machine."""
        return self.name == "/"

    def path(self, file: str) -> str | None:
        """Where a file of this group lies on the machine; None if its controller is not mounted.

        ``unified:cpu.pressure`` means the v2 tree of a hybrid host. No promise that the file exists.
        """
        if file.startswith(UNIFIED):
            tree, file = self.hierarchies.unified, file[len(UNIFIED) :]
        elif self.hierarchies.version == 2:
            tree = self.hierarchies.unified
        else:
            controller = file.partition(".")[0]
            tree = self._with_processes() if controller == "cgroup" else self.hierarchies.mounts.get(controller)
        return None if tree is None else self._below(tree) + "/" + file

    def read(self, file: str) -> bytes | None:
        """What a file of this group says now, None if it is not there."""
        path = self.path(file)
        return None if path is None else self.host.record(path)

    def dirs(self) -> list[str]:
        """The group's directory in each tree that groups live in, whether or not it exists there."""
        return [self._below(root) for root in self.hierarchies.roots]

    def exists(self) -> bool:
        """Whether any tree still has this group."""
        return any(self.host.exists(path) for path in self.dirs())

    def procs(self) -> list[int]:
        """The processes of this group alone. A threaded group has only threads, and those are its answer."""
        path = self.path("cgroup.procs")
        if path is None:
            return []
        text = self.host.read(path)
        if text is None and self.version == 2:
            path = path.removesuffix("procs") + "threads"
            text = self.host.read(path)
        return [] if text is None else parse_numbers(text, path)

    def all_procs(self) -> list[int]:
        """The processes of this group and all groups below it (crun, systemd and Docker-in-Docker nest them)."""
        return [pid for group in self.with_below() for pid in group.procs()]

    def with_below(self) -> list["Cgroup"]:
        """This group and all groups below it that can have processes."""
        tree = self.hierarchies.unified if self.version == 2 else self._with_processes()
        below = () if tree is None else _below(self.host, tree, self.name)
        return [self, *(Cgroup(self.host, self.hierarchies, name) for name in below)]

    def _with_processes(self) -> str | None:
        mounts = self.hierarchies.mounts
        return next((mounts[name] for name in _WITH_PROCESSES if name in mounts), None)

    def _below(self, tree: str) -> str:
        return tree if self.name == "/" else tree.rstrip("/") + self.name


def list_cgroups(host: Host, hierarchies: Hierarchies) -> set[str]:
    """The names of all groups in all trees, the root ``/`` included."""
    found = {"/"}
    for root in hierarchies.roots:
        found.update(_below(host, root, "/"))
    return found


def children(cgroup: Cgroup) -> list[str]:
    """The names of the groups directly below, sorted."""
    names = {name for path in cgroup.dirs() for name in cgroup.host.subdirs(path) or ()}
    return [_join(cgroup.name, name) for name in sorted(names)]


def _below(host: Host, tree: str, start: str) -> Iterator[str]:
    """The names of all groups below ``start`` in one tree."""
    waiting = [start]
    while waiting:
        name = waiting.pop()
        path = host.path(tree if name == "/" else tree + name)
        try:
            # A kernfs directory counts its subdirectories, so a leaf costs one stat instead of a listing of its
            # forty files. File systems that don't count (overlayfs, btrfs: 1 link) are listed.
            if os.stat(path).st_nlink == 2:
                continue
            below = host.subdirs(tree if name == "/" else tree + name)
        except OSError:
            continue
        except PermissionDenied:
            continue
        for child in below or ():
            waiting.append(_join(name, child))
            yield waiting[-1]


def _join(parent: str, child: str) -> str:
    return parent.rstrip("/") + "/" + child


def parse_proc_cgroup(text: bytes, path: str) -> dict[str, str]:
    """``/proc/PID/cgroup``: the group's name for each controller; the v2 tree has the key ``""``."""
    found = {}
    for number, line in enumerate(text.split(b"\n"), 1):
        if not line:
            continue
        words = line.split(b":", 2)
        if len(words) != 3:
            raise ParseError(path, number, "no 'number:controllers:group'")
        for controller in words[1].decode("ascii", "replace").split(","):
            found[controller] = os.fsdecode(words[2])
    return found
