"""File system types, one file each: which mounts are file systems of the machine, their names and their sizes.

Each module's ``FILE_SYSTEM`` says which types of mountinfo it is for. The folder is the registry.
"""

import os
import pkgutil
import re
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from typing import NamedTuple

from msgspec import Struct

from cadvcli.errors import CadvcliError, HostError, PermissionDenied
from cadvcli.host import Host
from cadvcli.kernel.mountinfo import Mount, read_mountinfo, visible
from cadvcli.kernel.statvfs import Usage, read_remote_usages, read_usage

#: A mount that one container has for itself: its layers, its /dev/shm, a pod's volumes. They come and go by the
#: hundred, and their sizes are those of the file system they lie in.
_OF_A_CONTAINER = re.compile(r"/[0-9a-f]{64}(?:-init)?(?:/|$)|/kubelet/pods/|^/run/containerd/io\.containerd\.")


class FileSystem(Struct, frozen=True, kw_only=True):
    """What we know of one kind of file system."""

    types: frozenset[str]
    #: Its name on the wire. cAdvisor: the device that was mounted, where it is no device something unique.
    device: Callable[[Mount], str] = lambda mount: mount.source
    wire_type: str = "vfs"
    remote: bool = False  #: a server that is away blocks whoever asks
    has_inodes: bool = True
    #: Whether its files have other device numbers (stat) than its mounts (mountinfo).
    subvolumes: bool = False
    #: Whether containers get file systems of this kind for themselves, which are not the machine's.
    layers: bool = False


class Partition(NamedTuple):
    """One file system of the machine and where to find it; ``device`` is its name on the wire."""

    device: str
    mount: Mount
    kind: FileSystem


class Mounted(NamedTuple):
    """A partition with its size; ``usage`` is None for one that is gone, blocked or not for this user to see."""

    partition: Partition
    usage: Usage | None


@cache
def kinds() -> dict[str, FileSystem]:
    """The kind of each type of file system that has one."""
    modules = (import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    return {fstype: module.FILE_SYSTEM for module in modules for fstype in module.FILE_SYSTEM.types}


def partitions(mounts: Iterable[Mount]) -> list[Partition]:
    """The file systems of the machine among the mounts, each once, in the order of their mount points.

    The root is one whatever its type. One that is mounted more than once is taken where all of it shows, and nearest
    to the root: bind mounts are not it.
    """
    found: dict[str, Partition] = {}
    seen = set()
    for mount in sorted(visible(list(mounts)), key=lambda mount: (mount.root != "/", mount.mount_point)):
        root = mount.mount_point == "/"
        kind = kinds().get(mount.fstype) or (FileSystem(types=frozenset({mount.fstype})) if root else None)
        if kind is None or (kind.layers and not root and _OF_A_CONTAINER.search(mount.mount_point)):
            continue
        device, number = kind.device(mount), (mount.major, mount.minor)
        if device not in found and number not in seen:
            found[device] = Partition(device, mount, kind)
            seen.add(number)
    return sorted(found.values(), key=lambda partition: partition.mount.mount_point)


def read_file_systems(host: Host, warn: Callable[[CadvcliError], None]) -> list[Mounted]:
    """The file systems of the machine with their sizes; ``warn`` gets what went wrong with one."""
    found = partitions(read_mountinfo(host) or ())
    answers = read_remote_usages(host, [at.mount.mount_point for at in found if at.kind.remote])
    mounted = []
    for partition in found:
        point = partition.mount.mount_point
        usage = answers.get(point) if partition.kind.remote else _local_usage(host, partition)
        if isinstance(usage, HostError) and not isinstance(usage, PermissionDenied):
            warn(usage)
        mounted.append(Mounted(partition, usage if isinstance(usage, Usage) else None))
    return mounted


def _local_usage(host: Host, partition: Partition) -> Usage | HostError | None:
    try:
        return read_usage(host, partition.mount.mount_point) if _shows(host, partition) else None
    except HostError as error:
        return error


def _shows(host: Host, partition: Partition) -> bool:
    """Whether the mount can be seen below our root: one made after that was bound there may not reach it."""
    if host.root == "/" or partition.kind.subvolumes:
        return True
    found = host.stat(partition.mount.mount_point)
    return found is not None and found.st_dev == os.makedev(partition.mount.major, partition.mount.minor)
