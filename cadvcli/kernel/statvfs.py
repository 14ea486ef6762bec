"""``statvfs(2)``: size and use of one mounted file system, in bytes.

``available`` is what an ordinary user may still write, ``free`` includes what is kept for root. A file system that
makes inodes as it needs them (btrfs, many network ones) says 0 for their number: that is None here.
A dead NFS server blocks the call for good, so what is remote is asked on daemon threads, and for a limited time.
"""

import time
from collections.abc import Iterable
from weakref import WeakKeyDictionary

from msgspec import Struct

from cadvcli.errors import HostError
from cadvcli.host import Host

#: How long remote file systems are waited for, all together.
REMOTE_LIMIT_S = 2.0


class Usage(Struct, frozen=True, kw_only=True):
    """Size and use of a file system."""

    capacity_bytes: int
    free_bytes: int
    available_bytes: int
    inodes: int | None
    inodes_free: int | None


def read_usage(host: Host, path: str) -> Usage | None:
    """Size and use of the file system at ``path``, or None if it is gone."""
    found = host.statvfs(path)
    if found is None:
        return None
    return Usage(
        capacity_bytes=found.f_blocks * found.f_frsize,
        free_bytes=found.f_bfree * found.f_frsize,
        available_bytes=found.f_bavail * found.f_frsize,
        inodes=found.f_files or None,
        inodes_free=found.f_ffree if found.f_files else None,
    )


class _Probe:
    """One call on a thread of its own, which ends with the process at the latest."""

    def __init__(self, host: Host, path: str) -> None:
        from threading import Thread

        self.usage: Usage | None = None
        self.error: HostError | None = None
        self.thread = Thread(target=self._run, args=(host, path), name=f"statvfs {path}", daemon=True)
        self.thread.start()

    def _run(self, host: Host, path: str) -> None:
        try:
            self.usage = read_usage(host, path)
        except HostError as error:
            self.error = error


#: Calls that have not come back, by path: asked again they would block another thread.
_blocked: WeakKeyDictionary[Host, dict[str, _Probe]] = WeakKeyDictionary()


def read_remote_usages(
    host: Host, paths: Iterable[str], limit_s: float = REMOTE_LIMIT_S
) -> dict[str, Usage | HostError]:
    """Size and use, or why there is none, of those file systems that answer within the limit or are gone."""
    blocked = _blocked.setdefault(host, {})
    probes = {path: blocked.get(path) or _Probe(host, path) for path in paths}
    deadline = time.monotonic() + limit_s
    found: dict[str, Usage | HostError] = {}
    for path, probe in probes.items():
        # One that blocked in an earlier round gets no second wait.
        probe.thread.join(0 if path in blocked else max(0.0, deadline - time.monotonic()))
        if probe.thread.is_alive():
            blocked[path] = probe
            found[path] = HostError(path, f"the file system did not answer within {limit_s:g} s")
            continue
        blocked.pop(path, None)
        if answer := probe.error or probe.usage:
            found[path] = answer
    return found
