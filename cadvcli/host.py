"""``Host``: the one way to this machine's files, all below one root prefix.

The root is ``/`` on a machine, ``/rootfs`` in a container that has the host mounted there, and a folder in a
test. Paths are given as the machine itself names them (``/proc/stat``), never with the prefix.

What is not there is ``None``: a file this kernel lacks, an interface switched off, a cgroup gone in the middle
of a read. What is there and may not be read is ``PermissionDenied``; any other failure is ``HostError``.
"""

import errno
import os
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from cadvcli.errors import HostError, PermissionDenied

T = TypeVar("T")

#: What reading a file that is gone, or that this kernel switched off, ends in. EOPNOTSUPP: PSI off by
#: cgroup.pressure, cgroup.procs of a threaded cgroup. EINVAL: /sys attributes without a value (net speed).
ABSENT = frozenset(
    {errno.ENOENT, errno.ENODEV, errno.ESRCH, errno.ENOTDIR, errno.EOPNOTSUPP, errno.EINVAL, errno.ENXIO}
)
DENIED = frozenset({errno.EACCES, errno.EPERM})

#: One read of this size takes a whole record: no kernel file that is one record is longer than a page.
PAGE = 4096


def machine_root(mounted: str = "/rootfs") -> str:
    """Where the machine's root lies for us: ``/rootfs`` in a container that has it there, else ``/``."""
    return mounted if os.path.exists(mounted + "/proc/1") else "/"


class Host:
    """The files of one machine."""

    def __init__(self, root: str = "/") -> None:
        self.root = root.rstrip("/") or "/"
        self._prefix = "" if self.root == "/" else self.root

    def path(self, path: str) -> str:
        """Where ``path`` of this machine lies in our own file system."""
        return self._prefix + path

    def read(self, path: str) -> bytes | None:
        """The file's whole content, or None if there is no such file."""
        return self._try(path, _read_all, self.path(path))

    def record(self, path: str) -> bytes | None:
        """The content of a file that is one record: one read, unless it fills a page. None if there is no such file."""
        return self._try(path, _read_record, self.path(path))

    def text(self, path: str) -> str | None:
        """The file's content as text without the white space around it, or None if there is no such file."""
        raw = self.read(path)
        return None if raw is None else raw.decode("utf-8", "surrogateescape").strip().strip("\0")

    def write(self, path: str, content: bytes) -> bool:
        """Write to a file that is there, as the kernel's switches are. False if there is no such file."""
        return self._try(path, partial(_write, content), self.path(path)) is not None

    def listdir(self, path: str) -> list[str] | None:
        """The names in a directory in no order, or None if there is no such directory."""
        return self._try(path, os.listdir, self.path(path))

    def subdirs(self, path: str) -> list[str] | None:
        """The names of the directories (not links to them) in a directory, or None if there is none."""
        return self._try(path, _subdirs, self.path(path))

    def readlink(self, path: str) -> str | None:
        """What a symbolic link says, unresolved, or None if there is no such link."""
        return self._try(path, os.readlink, self.path(path))

    def statvfs(self, path: str) -> os.statvfs_result | None:
        """The size and use of the file system at ``path``, or None if it is gone. May block on a dead NFS."""
        return self._try(path, os.statvfs, self.path(path))

    def stat(self, path: str) -> os.stat_result | None:
        """The stat of what ``path`` leads to, or None if there is nothing."""
        return self._try(path, os.stat, self.path(path))

    def exists(self, path: str) -> bool:
        """Whether there is anything at ``path`` that this user can see."""
        return os.path.exists(self.path(path))

    def keep(self, path: str) -> int | None:
        """A descriptor to ``os.pread`` again and again, or None if there is no such file. The caller closes it."""
        return self._try(path, _open, self.path(path))

    def keep_dir(self, path: str) -> int | None:
        """A descriptor of a directory to open files below, or None if there is none. The caller closes it."""
        return self._try(path, _open_dir, self.path(path))

    def _try(self, path: str, action: Callable[[str], T], real: str) -> T | None:
        try:
            return action(real)
        except OSError as error:
            refused(path, error)
            return None


def refused(path: str, error: OSError) -> None:
    """Nothing if ``error`` means that there is nothing at ``path``; else it raises the error of ours that it is."""
    if error.errno in ABSENT:
        return
    reason = os.strerror(error.errno) if error.errno else str(error)
    raise (PermissionDenied if error.errno in DENIED else HostError)(path, reason) from error


def read_to_end(fd: int) -> bytes:
    """Everything behind a descriptor from its start. Lists come a page at a time: read until nothing comes."""
    chunks: list[bytes] = []
    offset = 0
    while chunk := os.pread(fd, 16 * PAGE, offset):
        chunks.append(chunk)
        offset += len(chunk)
    return b"".join(chunks)


def _write(content: bytes, path: str) -> int:
    fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        return os.write(fd, content)
    finally:
        os.close(fd)


def _open(path: str) -> int:
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC)


def _open_dir(path: str) -> int:
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY | os.O_PATH)


def _read_all(path: str) -> bytes:
    fd = _open(path)
    try:
        chunks: list[bytes] = []
        while chunk := os.read(fd, 16 * PAGE):
            chunks.append(chunk)
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)
    finally:
        os.close(fd)


def _read_record(path: str) -> bytes:
    fd = _open(path)
    try:
        text = os.pread(fd, PAGE, 0)
        return text if len(text) < PAGE else read_to_end(fd)
    finally:
        os.close(fd)


def _subdirs(path: str) -> list[str]:
    with os.scandir(path) as entries:
        return [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
