"""``MainProcess``: the process that speaks for a container where the kernel keeps figures by process.

Any live process of the group will do, since they share the network namespace. The directory /proc/PID is kept open,
never a file below it: a kept net/dev holds the namespace alive and answers for a dead container.
"""

import os

from cadvcli.errors import HostError, PermissionDenied
from cadvcli.host import Host, refused
from cadvcli.kernel.cgroup import Cgroup

#: How many processes of a group are tried before it is taken for one without processes.
_TRIES = 8


class MainProcess:
    """The process of one group that answers for it; another takes over when it ends."""

    __slots__ = ("_cgroup", "_dir", "_host", "namespace", "pid")

    def __init__(self, host: Host, cgroup: Cgroup, pid: int | None) -> None:
        self._host = host
        self._cgroup = cgroup
        self._dir: int | None = None
        self.pid = pid
        #: ``net:[4026532334]``; None where this user may not see it, or before the first read.
        self.namespace: str | None = None

    def read(self, file: str) -> bytes | None:
        """A file below /proc/PID, None if the group has no process whose file this is."""
        for _ in range(2):
            if self._dir is None and not self._find():
                return None
            text = self._read(file)
            if text is not None:
                return text
            self.close()
        return None

    def open(self) -> bool:
        """Whether there is a process; ``namespace`` is known from then on, if it may be seen."""
        return self._dir is not None or self._find()

    def close(self) -> None:
        """Give the descriptor back; the next read looks for a process anew."""
        if self._dir is not None:
            os.close(self._dir)
            self._dir = None

    def _read(self, file: str) -> bytes | None:
        assert self._dir is not None
        path = f"/proc/{self.pid}/{file}"
        try:
            fd = os.open(file, os.O_RDONLY | os.O_CLOEXEC, dir_fd=self._dir)
            try:
                chunks = []
                while chunk := os.read(fd, 65536):
                    chunks.append(chunk)
                return b"".join(chunks)
            finally:
                os.close(fd)
        except OSError as error:
            refused(path, error)
            return None

    def _find(self) -> bool:
        """Open the directory of the main process, else of another live one of the group."""
        pids = [1] if self._cgroup.is_root else self._cgroup.procs() or self._cgroup.all_procs()
        if self.pid in pids:
            pids.insert(0, self.pid)
        for pid in pids[:_TRIES]:
            # A process outside of our pid namespace shows as 0.
            found = self._host.keep_dir(f"/proc/{pid}") if pid else None
            if found is not None:
                self._dir, self.pid = found, pid
                self.namespace = read_net_namespace(self._host, pid)
                return True
        return False


def read_net_namespace(host: Host, pid: int) -> str | None:
    """Which network namespace a process is in, to be compared with others; None if it is gone or that can't be told.

    An ordinary user may not read init's link. Then the inode of /proc/PID/net/dev tells namespaces apart: each has
    files of its own there.
    """
    try:
        try:
            host.readlink("/proc/1/ns/net")
        except PermissionDenied:
            file = host.stat(f"/proc/{pid}/net/dev")
            return None if file is None else f"net/dev:[{file.st_ino}]"
        return host.readlink(f"/proc/{pid}/ns/net")
    except HostError:
        return None
